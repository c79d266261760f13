import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is about the workload, and tells a quota from an absent account', () => {
    expect(check(rule, failing).map(({ resource, facts }) => [resource.kind, resource.name, facts['cause']])).toEqual([
      ['Deployment', 'web', 'quota'],
      ['StatefulSet', 'db', 'service-account-missing'],
    ]);
  });
  it('gives the figures of the quota', () => {
    const [finding] = check(rule, failing);
    expect(finding?.facts).toMatchObject({ quota: 'compute', resources: ['requests.cpu'] });
    expect(finding?.message).toContain('requests.cpu 8 of 8 used, 2 more wanted');
  });
});
