import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('counts minor versions, and none ahead', () => {
    expect(check(rule, failing).map(({ resource, facts }) => [resource.name, facts['behind']])).toEqual([
      ['newer', -1],
      ['old', 4],
    ]);
  });
});
