import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, policyFrom } from './policy.ts';
import { summaryOf } from './summary.ts';

describe('a policy in words', () => {
  it('tells every bound that is set, a line each', () => {
    const text = summaryOf(
      policyFrom(
        {
          version: 1,
          protected: {
            namespaces: ['payments'],
            kinds: ['Secret'],
            objects: ['Deployment shop/web'],
            labels: { tier: 'gold' },
          },
          roles: { 'mlops-specialist': ['patch'], 'cryptography-agent': [] },
          actions: { off: ['delete-*'], only: ['fix-*'] },
          windows: [{ schedule: '0 2 * * 6', minutes: 120, timeZone: 'Europe/Berlin' }],
          approvers: [{ name: 'platform', for: ['money'] }],
          budgets: {
            blastRadius: { podsPerPhase: 7, podShare: 0.125, namespacesPerPhase: 3, actions: 11 },
            money: { monthly: -20 },
            disruption: { outages: 1, podsAtOnce: 2 },
            risk: 'low',
            quotaShare: 0.9,
          },
        },
        'test',
      ),
    ).join('\n');
    for (const part of [
      'payments',
      'Secret',
      'Deployment shop/web',
      'tier=gold',
      'mlops-specialist may patch',
      'do nothing',
    ])
      expect(text).toContain(part);
    for (const part of ['delete-*', 'fix-*', '0 2 * * 6 (Europe/Berlin), 120 minutes', 'platform approves: money'])
      expect(text).toContain(part);
    for (const part of [
      '7 pods',
      '12.5 %',
      '3 namespaces',
      '11 actions',
      'save at least 20 USD',
      '1 Services',
      'action: low',
      '90 %',
    ])
      expect(text).toContain(part);
  });
  it('tells what holds without a file', () => {
    const text = summaryOf(DEFAULT_POLICY).join('\n');
    for (const part of ['gke-*', '60 % to 80 %', 'fewer than 5 load balancers', '95 %']) expect(text).toContain(part);
  });
});
