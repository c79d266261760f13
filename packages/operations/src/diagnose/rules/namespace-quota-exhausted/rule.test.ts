import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the resources, and none whose limit is 0', () => {
    expect(check(rule, failing).map(({ resource, facts }) => [resource.namespace, facts['resources']])).toEqual([
      ['blog', ['requests.memory']],
      ['shop', ['pods', 'requests.cpu']],
    ]);
  });
});
