import { describe, expect, it } from 'vitest';
import { NO_CLOUD, type CloudSnapshot, type Quota } from '../../../cloud/cloud.ts';
import type { Event, KindMap, Service } from '../../../model/kinds.ts';
import { SnapshotBuilder } from '../../../snapshot/builder.ts';
import { EVENTS, INGRESSES } from '../../api/built-in-types.ts';
import { SimulatedCluster } from '../../simulated-cluster.ts';

const OBSERVED_AT = Date.UTC(2025, 8, 27, 12);
const MINUTE = 60_000;
const time = (at: number) => new Date(at).toISOString().replace('.000', '');
const created = { creationTimestamp: time(OBSERVED_AT - 86_400_000) };

const backend: Service = {
  ...{ apiVersion: 'v1', kind: 'Service' },
  metadata: {
    ...{ name: 'web', namespace: 'shop', annotations: { 'cloud.google.com/neg': '{"ingress":true}' } },
    ...created,
  },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, protocol: 'TCP' }] },
};

function recordedIngress(ip?: string): KindMap['Ingress'] {
  const annotations = { 'ingress.kubernetes.io/backends': '{"k8s1-0a-shop-web-80-1b":"HEALTHY"}' };
  const finalizers = ['networking.gke.io/ingress-finalizer-V2'];
  return {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
    metadata: { ...{ name: 'front', namespace: 'shop', annotations, finalizers, uid: 'i1' }, ...created },
    spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
    status: { loadBalancer: ip === undefined ? {} : { ingress: [{ ip }] } },
  };
}

function failure(words: string): Event {
  return {
    ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: 'front.1', namespace: 'shop' } },
    involvedObject: { kind: 'Ingress', namespace: 'shop', name: 'front', uid: 'i1' },
    ...{ type: 'Warning', reason: 'Sync', count: 30, lastTimestamp: time(OBSERVED_AT - 100_000) },
    message: `Error syncing to GCP: ${words}`,
    source: { component: 'loadbalancer-controller' },
  };
}

const global = (metric: string, limit: number, usage: number): Quota => ({ metric, region: 'global', limit, usage });

function twinOf(cloud: Partial<CloudSnapshot>, ...objects: readonly object[]) {
  const builder = new SnapshotBuilder();
  for (const object of objects) builder.add(structuredClone(object), 'test');
  const snapshot = builder.build({
    source: { kind: 'dump', name: 'test' },
    observedAt: OBSERVED_AT,
    cloud: { ...NO_CLOUD, provider: 'gcp', ...cloud },
  });
  const cluster = new SimulatedCluster({ snapshot });
  const front = () => cluster.api.store.get(INGRESSES, 'shop', 'front');
  const words = () => [...cluster.api.store.list(EVENTS)].map(({ type, message }) => `${type} ${message}`);
  return { api: cluster.api, clock: cluster.clock, gcp: cluster.cloud, front, words };
}

describe('a recorded Ingress', () => {
  it('keeps its address and its annotations, and gives back what it used when it goes', () => {
    const quotas = [global('FORWARDING_RULES', 9, 3), global('BACKEND_SERVICES', 9, 5), global('URL_MAPS', 9, 1)];
    const { api, clock, gcp, front, words } = twinOf({ quotas }, backend, recordedIngress('34.120.1.2'));
    const [before, state] = [front(), gcp?.snapshot];
    clock.advance(30 * MINUTE);
    expect([front(), gcp?.snapshot, new Set(words())]).toEqual([before, state, new Set(['Normal Scheduled for sync'])]);
    api.delete(INGRESSES, 'shop', 'front');
    clock.advance(MINUTE);
    expect(front()).toBeUndefined();
    expect(gcp?.snapshot.quotas?.map(({ usage }) => usage)).toEqual([2, 4, 0]);
  });

  it('goes on failing for want of a quota, until there is more of it', () => {
    const quotas = [global('BACKEND_SERVICES', 5, 5)];
    const said =
      "error running backend syncing routine: googleapi: Error 403: Quota 'BACKEND_SERVICES' exceeded.  Limit: 5.0 globally., quotaExceeded";
    const { clock, gcp, front, words } = twinOf({ quotas }, backend, recordedIngress(), failure(said));
    clock.advance(40 * MINUTE);
    expect(front()?.status).toEqual({ loadBalancer: {} });
    expect(
      words()
        .filter((text) => text.startsWith('Warning'))
        .every((text) => text.endsWith(said)),
    ).toBe(true);
    gcp?.setLimit('BACKEND_SERVICES', 6, 'global');
    clock.advance(60 * MINUTE);
    expect(front()?.status?.loadBalancer?.ingress).toHaveLength(1);
  });

  it('goes on failing with the words on record where nothing else refuses it, until it is changed', () => {
    const { api, clock, front, words } = twinOf({ quotas: [] }, backend, recordedIngress(), failure('something odd'));
    clock.advance(60 * MINUTE);
    expect(front()?.status).toEqual({ loadBalancer: {} });
    expect(words()).toContain('Warning Error syncing to GCP: something odd');
    api.change(INGRESSES, 'shop', 'front', (one) => ({
      ...one,
      metadata: { ...one.metadata, annotations: { 'kubernetes.io/ingress.class': 'gce' } },
    }));
    clock.advance(2 * MINUTE);
    expect(front()?.status?.loadBalancer?.ingress).toHaveLength(1);
  });

  it('is served by nobody where nothing tells of it', () => {
    const bare = recordedIngress();
    const { clock, front, words } = twinOf({ quotas: [] }, backend, {
      ...bare,
      metadata: { ...bare.metadata, finalizers: [] },
    });
    clock.advance(60 * MINUTE);
    expect([front()?.status, words()]).toEqual([{ loadBalancer: {} }, []]);
  });
});
