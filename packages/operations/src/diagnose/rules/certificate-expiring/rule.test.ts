import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('counts the days and is worse below a week', () => {
    expect(check(rule, failing).map(({ severity, facts }) => [severity, facts['daysLeft']])).toEqual([
      ['high', 3],
      ['medium', 23],
    ]);
  });
});
