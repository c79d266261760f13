import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is high with the failures at hand, medium where only successes lack', () => {
    expect(check(rule, failing)).toMatchObject([
      {
        severity: 'high',
        message: 'The last 2 runs of CronJob shop/nightly failed, and none has succeeded for 3 d.',
        facts: { failedRuns: 2, succeeded: true },
      },
      {
        severity: 'medium',
        message: 'Runs of CronJob shop/hourly are started, and none has succeeded for 7 d.',
        facts: { failedRuns: 0, succeeded: true },
      },
    ]);
  });
});
