import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names what no pod, no template and no wanted replica uses', () => {
    expect(check(rule, failing).map(({ resource, severity }) => [resource.name, severity])).toEqual([
      ['data-db-2', 'info'],
      ['left', 'info'],
    ]);
  });
});
