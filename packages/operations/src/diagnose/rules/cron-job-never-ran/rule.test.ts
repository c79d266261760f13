import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is a fault once starts lie behind, information before', () => {
    expect(check(rule, failing)).toMatchObject([
      {
        severity: 'medium',
        message: 'CronJob shop/nightly with schedule "0 3 * * *" has started no Job since it was made 7 d ago.',
      },
      { severity: 'info', resource: { name: 'yearly' } },
    ]);
  });
});
