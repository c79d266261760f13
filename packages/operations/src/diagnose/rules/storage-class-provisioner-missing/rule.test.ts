import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is one finding for all claims of the class', () => {
    expect(check(rule, failing).map(({ resource, facts }) => [resource.name, facts])).toEqual([
      ['left', { provisioner: 'ebs.csi.aws.com', claims: ['shop/a', 'shop/b'] }],
    ]);
  });
});
