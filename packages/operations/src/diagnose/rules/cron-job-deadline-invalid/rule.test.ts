import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is high where nothing ever starts, low where a start may be missed', () => {
    expect(check(rule, failing)).toMatchObject([
      { severity: 'high', facts: { seconds: -60 } },
      {
        severity: 'low',
        message: 'CronJob shop/tight may miss its starts: its startingDeadlineSeconds is 5.',
      },
    ]);
  });
});
