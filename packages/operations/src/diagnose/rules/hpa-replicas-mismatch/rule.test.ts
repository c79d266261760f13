import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('says what was asked for and what there is', () => {
    expect(check(rule, failing)).toMatchObject([
      { facts: { replicas: 1, desired: 3 } },
      {
        severity: 'medium',
        message: 'Autoscaler shop/web has asked for 4 replicas for 2 h, and its target has 2.',
        facts: { replicas: 2, desired: 4, workload: 'apps/Deployment/shop/web' },
      },
    ]);
  });
});
