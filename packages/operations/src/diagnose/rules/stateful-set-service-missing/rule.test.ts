import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('looks in the namespace of the set only', () => {
    expect(check(rule, failing).map(({ resource, facts }) => [resource.namespace, facts['objectName']])).toEqual([
      ['jobs', 'db'],
      ['shop', 'db-headless'],
    ]);
  });
});
