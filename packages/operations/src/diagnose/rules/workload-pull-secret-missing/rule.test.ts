import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('looks at the template first, else at its ServiceAccount; is low while the workload is complete', () => {
    expect(
      check(rule, failing).map(({ severity, resource, facts }) => [severity, resource.name, facts['objectName']]),
    ).toEqual([
      ['medium', 'web', 'registry'],
      ['low', 'steady', 'from-account'],
    ]);
  });
});
