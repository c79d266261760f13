import { describe, expect, it } from 'vitest';
import { NO_CLOUD, type CloudSnapshot, type Quota } from '../../../cloud/cloud.ts';
import type { Event, Service } from '../../../model/kinds.ts';
import { SnapshotBuilder } from '../../../snapshot/builder.ts';
import type { ClusterSnapshot } from '../../../snapshot/snapshot.ts';
import { EVENTS, SERVICES } from '../../api/built-in-types.ts';
import { SimulatedCluster } from '../../simulated-cluster.ts';
import { unexplainedWaits } from './recorded-waits.ts';

const OBSERVED_AT = Date.UTC(2025, 8, 27, 12);
const MINUTE = 60_000;
const time = (at: number) => new Date(at).toISOString().replace('.000', '');

function recordedService(name: string, ip?: string, more: Partial<Service['spec']> = {}): Service {
  return {
    ...{ apiVersion: 'v1', kind: 'Service' },
    metadata: {
      ...{ name, namespace: 'shop', uid: `0000-${name}`, creationTimestamp: time(OBSERVED_AT - 3_600_000) },
      finalizers: ['service.kubernetes.io/load-balancer-cleanup'],
    },
    spec: {
      ...{ type: 'LoadBalancer', clusterIP: '10.12.0.7', clusterIPs: ['10.12.0.7'], selector: { app: name } },
      ports: [{ port: 80, protocol: 'TCP', nodePort: 31_000 }],
      ...more,
    },
    status: { loadBalancer: ip === undefined ? {} : { ingress: [{ ip }] } },
  };
}

function refusal(name: string, words: string, count = 40): Event {
  const lastAt = OBSERVED_AT - 100_000;
  return {
    ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: `${name}.1`, namespace: 'shop' } },
    involvedObject: { kind: 'Service', namespace: 'shop', name, uid: `0000-${name}` },
    ...{ type: 'Warning', reason: 'SyncLoadBalancerFailed', count, lastTimestamp: time(lastAt) },
    message: `Error syncing load balancer: failed to ensure load balancer: ${words}`,
    source: { component: 'service-controller' },
  };
}

const quota = (metric: string, limit: number, usage: number): Quota => ({
  metric,
  region: 'us-central1',
  limit,
  usage,
});
const exceeded = (limit: number) =>
  `failed to create forwarding rule for load balancer (a(shop/b)): googleapi: Error 403: Quota 'IN_USE_ADDRESSES' exceeded.  Limit: ${limit}.0 in region us-central1., quotaExceeded`;

function recorded(cloud: Partial<CloudSnapshot>, ...objects: readonly (Service | Event)[]): ClusterSnapshot {
  const builder = new SnapshotBuilder();
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', creationTimestamp: time(OBSERVED_AT - 9e7) } };
  for (const object of [...objects, node]) builder.add(structuredClone(object), 'test');
  return builder.build({
    source: { kind: 'dump', name: 'test' },
    observedAt: OBSERVED_AT,
    cloud: { ...NO_CLOUD, provider: 'gcp', ...cloud },
  });
}

function twinOf(snapshot: ClusterSnapshot) {
  const cluster = new SimulatedCluster({ snapshot });
  const addressOf = (name: string) =>
    cluster.api.store.get(SERVICES, 'shop', name)?.status?.loadBalancer?.ingress?.[0]?.ip;
  const usage = () => cluster.cloud?.snapshot.quotas?.map((one) => one.usage);
  const tries = () =>
    [...cluster.api.store.list(EVENTS)].filter(({ source }) => source?.component === 'service-controller');
  return { ...cluster, api: cluster.api, clock: cluster.clock, gcp: cluster.cloud, addressOf, usage, tries };
}

describe('a recorded Service with an address', () => {
  const full = { quotas: [quota('IN_USE_ADDRESSES', 1, 1)], forwardingRules: [], addresses: [] };

  it('keeps it, and nothing is told of it', () => {
    const { clock, gcp, addressOf, tries } = twinOf(recorded(full, recordedService('a', '34.1.2.3')));
    const before = gcp?.snapshot;
    clock.advance(30 * MINUTE);
    expect([addressOf('a'), tries(), gcp?.snapshot]).toEqual(['34.1.2.3', [], before]);
  });

  it('gives its quota back when it goes, to the next that waits', () => {
    const { api, clock, addressOf, usage } = twinOf(
      recorded(full, recordedService('a', '34.1.2.3'), recordedService('b'), refusal('b', exceeded(1))),
    );
    clock.advance(30 * MINUTE);
    expect(addressOf('b')).toBeUndefined();
    api.delete(SERVICES, 'shop', 'a');
    clock.advance(MINUTE);
    expect(api.store.get(SERVICES, 'shop', 'a')).toBeUndefined();
    clock.advance(10 * MINUTE);
    expect([addressOf('b') !== undefined, usage()]).toEqual([true, [1]]);
  });

  it('gives it back with another type as well, at once', () => {
    const { api, clock, usage } = twinOf(recorded(full, recordedService('a', '34.1.2.3')));
    api.change(SERVICES, 'shop', 'a', (one) => ({ ...one, spec: { ...one.spec, type: 'ClusterIP' } }));
    clock.advance(MINUTE);
    expect(usage()).toEqual([0]);
    expect(api.get(SERVICES, 'shop', 'a').metadata.finalizers ?? []).toEqual([]);
    expect(api.get(SERVICES, 'shop', 'a')).toMatchObject({
      status: { loadBalancer: {} },
    });
  });

  it('takes its rule out of the listing, and keeps a reserved address', () => {
    const name = 'a0000a';
    const rule = { name, region: 'us-central1', ipAddress: '34.1.2.3', protocol: 'TCP', scheme: 'EXTERNAL' };
    const row = { name: 'kept', address: '34.1.2.3', region: 'us-central1', status: 'IN_USE', addressType: 'EXTERNAL' };
    const { api, clock, gcp } = twinOf(
      recorded(
        {
          quotas: [quota('IN_USE_ADDRESSES', 8, 3), quota('STATIC_ADDRESSES', 8, 1)],
          forwardingRules: [{ ...rule, description: '{"kubernetes.io/service-name":"shop/a"}' }],
          addresses: [{ ...row, users: [`forwardingRules/${name}`] }],
        },
        recordedService('a', '34.1.2.3'),
      ),
    );
    api.delete(SERVICES, 'shop', 'a');
    clock.advance(MINUTE);
    expect(gcp?.snapshot).toMatchObject({
      quotas: [{ usage: 3 }, { usage: 1 }],
      forwardingRules: [],
      addresses: [{ status: 'RESERVED', users: [] }],
    });
  });
});

describe('a recorded Service without an address', () => {
  it('waits in the rhythm of its last failures', () => {
    const { clock, tries } = twinOf(
      recorded({ quotas: [quota('IN_USE_ADDRESSES', 1, 1)] }, recordedService('b'), refusal('b', exceeded(1))),
    );
    expect(tries()).toHaveLength(1);
    clock.advance(199_000);
    expect(tries()).toHaveLength(1);
    clock.advance(2000);
    expect(tries().map(({ reason }) => reason)).toContain('EnsuringLoadBalancer');
  });

  it('is explained by a quota that is full, also by one that only a refusal tells of', () => {
    const waiting = [recordedService('b'), refusal('b', exceeded(8))];
    expect(unexplainedWaits(recorded({ quotas: [quota('IN_USE_ADDRESSES', 8, 8)] }, ...waiting))).toEqual([]);
    const unread = recorded({}, recordedService('a', '34.1.2.3'), ...waiting);
    expect(unexplainedWaits(unread)).toEqual([]);
    const { api, clock, gcp, addressOf } = twinOf(unread);
    clock.advance(30 * MINUTE);
    expect(addressOf('b')).toBeUndefined();
    api.delete(SERVICES, 'shop', 'a');
    clock.advance(10 * MINUTE);
    expect([addressOf('b') !== undefined, gcp?.snapshot.quotas]).toEqual([true, undefined]);
  });

  it('goes on waiting with the words on record where the quota would fit, until more of it is free', () => {
    const snapshot = recorded(
      { quotas: [quota('IN_USE_ADDRESSES', 8, 4)] },
      recordedService('b'),
      refusal('b', exceeded(8)),
    );
    expect(unexplainedWaits(snapshot)).toEqual([{ about: 'Service shop/b', words: exceeded(8), cause: 'fits' }]);
    const { clock, gcp, addressOf, tries } = twinOf(snapshot);
    clock.advance(30 * MINUTE);
    expect(addressOf('b')).toBeUndefined();
    expect(new Set(tries().map(({ message }) => message))).toContain(
      `Error syncing load balancer: failed to ensure load balancer: ${exceeded(8)}`,
    );
    gcp?.setLimit('IN_USE_ADDRESSES', 16);
    clock.advance(10 * MINUTE);
    expect(addressOf('b')).toBeDefined();
  });

  it('is held by what nobody recorded until it is changed itself', () => {
    const words = 'googleapi: Error 400: Something odd., invalid';
    const snapshot = recorded({ quotas: [] }, recordedService('b'), refusal('b', words));
    expect(unexplainedWaits(snapshot)).toMatchObject([{ words, cause: 'fits' }]);
    const { api, clock, addressOf } = twinOf(snapshot);
    clock.advance(60 * MINUTE);
    expect(addressOf('b')).toBeUndefined();
    api.change(SERVICES, 'shop', 'b', (one) => ({ ...one, spec: { ...one.spec, sessionAffinity: 'ClientIP' } }));
    clock.advance(MINUTE);
    expect(addressOf('b')).toBeDefined();
  });

  it('is silent where nothing is on record, and says so', () => {
    const snapshot = recorded({}, recordedService('b'));
    expect(unexplainedWaits(snapshot)).toEqual([{ about: 'Service shop/b', words: undefined, cause: 'unread' }]);
    const { clock, addressOf, tries } = twinOf(snapshot);
    clock.advance(60 * MINUTE);
    expect([addressOf('b'), tries()]).toEqual([undefined, []]);
  });

  it('is nothing of ours outside of the cloud, with an address, or for other classes', () => {
    const others = [recordedService('a', '34.1.2.3'), recordedService('b', undefined, { loadBalancerClass: 'x.io/y' })];
    expect(unexplainedWaits(recorded({}, ...others))).toEqual([]);
    expect(unexplainedWaits(recorded({ provider: 'unknown' }, recordedService('b')))).toEqual([]);
  });
});
