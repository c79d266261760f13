import type { CloudAddress } from '@aia/cluster';
import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { NOW, service } from '../../scene.suite.ts';
import { rule } from './rule.ts';

const address = (more: Partial<CloudAddress>): CloudAddress => ({
  name: 'kept',
  address: '34.1.2.4',
  region: 'us-central1',
  status: 'RESERVED',
  addressType: 'EXTERNAL',
  users: [],
  ...more,
});
const findings = (objects: readonly unknown[], ...addresses: readonly CloudAddress[]) =>
  check(rule, examine({ observedAt: NOW, objects, cloud: { addresses } }));

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is information with cost and doubt', () => {
    const [finding] = check(rule, failing);
    expect(finding?.severity).toBe('info');
    expect(finding?.message).toBe(
      'External address kept (34.1.2.3) in us-central1 is reserved and not in use, for about 7.30 USD a month (list price as of 2026-10); nothing says whether it belongs to this cluster.',
    );
  });
  it('names the Service for which it was made', () => {
    const description = '{"kubernetes.io/service-name":"shop/old"}';
    const [finding] = findings([service('web')], address({ description }));
    expect(finding?.message).toContain(
      'Service shop/old, for which it was made, is not in this cluster, and nothing says',
    );
  });
  it('costs nothing inside the network', () => {
    const [finding] = findings([], address({ addressType: 'INTERNAL', purpose: 'GCE_ENDPOINT' }));
    expect(finding?.facts['monthlyCost']).toBe(0);
    expect(finding?.message).toMatch(
      /^Internal address kept \(34\.1\.2\.4\) in us-central1 is reserved and not in use; /,
    );
  });
});
