import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('takes the reason from the event, else from a quota that is used up', () => {
    const findings = check(rule, failing);
    expect(
      findings.map(({ resource, facts }) => [resource.name, facts['cause'], facts['metric'], facts['region']]),
    ).toEqual([
      ['admin', 'quota', 'IN_USE_ADDRESSES', 'us-central1'],
      ['web', 'quota', 'IN_USE_ADDRESSES', 'us-central1'],
    ]);
    expect(findings[1]?.evidence.some(({ kind }) => kind === 'event')).toBe(true);
    expect(findings[0]?.evidence.some(({ kind }) => kind === 'quota')).toBe(true);
  });

  const said = (reason: string, message: string) => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'shop', creationTimestamp: '2025-09-20T08:00:00Z' },
      spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
      status: { loadBalancer: {} },
    };
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'web.1', namespace: 'shop' },
      involvedObject: { kind: 'Service', namespace: 'shop', name: 'web' },
      type: 'Warning',
      reason,
      message,
      lastTimestamp: '2025-09-27T11:59:00Z',
    };
    const [finding] = check(rule, examine({ observedAt: '2025-09-27T12:00:00Z', objects: [service, event] }));
    return [finding?.facts['cause'], finding?.message];
  };
  it('reads MetalLB, and quotes what it does not know', () => {
    expect(said('AllocationFailed', 'Failed to allocate IP for "shop/web": no available IPs')).toEqual([
      'ip-space',
      'Service shop/web has waited 7 d for an external address: the subnet or pool has no address left.',
    ]);
    expect(said('Odd', 'the moon is full.')).toEqual([
      undefined,
      'Service shop/web has waited 7 d for an external address: the moon is full.',
    ]);
  });
});
