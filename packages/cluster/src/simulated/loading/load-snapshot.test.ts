import { describe, expect, it } from 'vitest';
import { SnapshotBuilder } from '../../snapshot/builder.ts';
import { encodeSnapshot } from '../../snapshot/codec.ts';
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import { CONFIG_MAPS, DEPLOYMENTS, NAMESPACES } from '../api/built-in-types.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';
import { shiftTime } from './shift-time.ts';
import { unreadKinds } from './unread-kinds.ts';

const OBSERVED_AT = Date.UTC(2025, 8, 27, 12);

function recorded(...objects: readonly unknown[]): ClusterSnapshot {
  const builder = new SnapshotBuilder();
  for (const object of objects) builder.add(structuredClone(object), 'test');
  return builder.build({ source: { kind: 'dump', name: 'test' }, observedAt: OBSERVED_AT, serverVersion: 'v1.33.4' });
}

const settings = {
  ...{ apiVersion: 'v1', kind: 'ConfigMap', data: { since: 'deployed 2025-09-27T11:00:00Z' } },
  metadata: {
    name: 'settings',
    namespace: 'shop',
    uid: 'a',
    resourceVersion: '900',
    creationTimestamp: '2025-09-27T11:00:00Z',
  },
};
const web = {
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop', uid: 'b' } },
  spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } } } },
  status: { replicas: 2, readyReplicas: 2 },
};

describe('a cluster made from a snapshot', () => {
  it('holds the same objects, at the moment at which they were observed', () => {
    const cluster = new SimulatedCluster({ snapshot: recorded(settings, web) });
    expect(cluster.clock.now).toBe(OBSERVED_AT);
    expect(cluster.serverVersion).toBe('v1.33.4');
    expect(cluster.api.get(CONFIG_MAPS, 'shop', 'settings')).toEqual(settings);
    expect(cluster.api.get(DEPLOYMENTS, 'shop', 'web')).toMatchObject(web);
  });

  it('makes the namespaces that only objects tell of', () => {
    const { api } = new SimulatedCluster({ snapshot: recorded(settings) });
    expect(api.get(NAMESPACES, '', 'shop')).toMatchObject({ status: { phase: 'Active' } });
  });

  it('has the namespaces that every cluster has, though nothing tells of them', () => {
    const { api } = new SimulatedCluster({ snapshot: recorded(settings) });
    expect([...api.store.list(NAMESPACES)].map(({ metadata }) => metadata.name).sort()).toEqual([
      'default',
      'kube-node-lease',
      'kube-public',
      'kube-system',
      'shop',
    ]);
    expect(api.create(CONFIG_MAPS, { ...settings, metadata: { name: 'mine', namespace: 'default' } })).toBeDefined();
  });

  it('tells which controllers stay off, and for want of what', () => {
    const { idleControllers } = new SimulatedCluster({ snapshot: recorded(web) });
    expect(idleControllers.get('deployment-controller')).toContain('ReplicaSet');
    expect(new SimulatedCluster().idleControllers.size).toBe(0);
  });

  it('goes on with revisions after the newest, and does not know what came before', () => {
    const { api } = new SimulatedCluster({ snapshot: recorded(settings, web) });
    const first = api.change(CONFIG_MAPS, 'shop', 'settings', (one) => ({ ...one, data: {} }));
    expect(Number(first.metadata.resourceVersion)).toBeGreaterThan(900);
    expect(api.store.changesAfter(899)).toBeUndefined();
    expect(api.store.changesAfter(Number(first.metadata.resourceVersion) - 1)?.map(({ kind }) => kind)).toEqual([
      'MODIFIED',
    ]);
  });

  it('serves kinds that it does not know under the names that their definitions give', () => {
    const ingot = { apiVersion: 'forge.example.com/v1', kind: 'Ingot', metadata: { name: 'a', namespace: 'shop' } };
    const definition = {
      ...{
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'ingoti.forge.example.com' },
      },
      spec: { group: 'forge.example.com', names: { kind: 'Ingot', plural: 'ingoti' } },
    };
    const policy = { apiVersion: 'x.example.com/v1', kind: 'RetryPolicy', metadata: { name: 'a', namespace: 'shop' } };
    const { types } = new SimulatedCluster({ snapshot: recorded(definition, ingot, policy) }).api;
    expect(types.byPlural('forge.example.com', 'v1', 'ingoti')).toMatchObject({ kind: 'Ingot', namespaced: true });
    expect(types.byPlural('x.example.com', 'v1', 'retrypolicies')).toMatchObject({ kind: 'RetryPolicy' });
  });
});

describe('unreadKinds', () => {
  it('names kinds that other objects show to have been there', () => {
    expect(unreadKinds(recorded(web))).toContain('apps/ReplicaSet');
    expect(unreadKinds(recorded(web))).toContain('/Pod');
    expect(unreadKinds(recorded({ ...web, status: { replicas: 0 } }))).not.toContain('apps/ReplicaSet');
  });
});

describe('shiftTime', () => {
  it('moves every moment and keeps every age', () => {
    const snapshot = recorded(settings);
    const later = shiftTime(snapshot, 3_600_000);
    expect(later.observedAt - snapshot.observedAt).toBe(3_600_000);
    expect(later.objects[0]).toMatchObject({
      metadata: { creationTimestamp: '2025-09-27T12:00:00Z', resourceVersion: '900' },
      data: { since: 'deployed 2025-09-27T12:00:00Z' },
    });
    expect(encodeSnapshot(shiftTime(later, -3_600_000))).toEqual(encodeSnapshot(snapshot));
  });

  it("moves Go's way of writing times, fractions, and epoch milliseconds", () => {
    const status = {
      ...settings,
      data: { status: 'time: 2025-09-27 23:59:59.5 +0000 UTC', micro: '2025-09-27T11:00:00.123456Z' },
    };
    const parts = {
      ...recorded(status),
      certificates: [{ notAfterAt: OBSERVED_AT }],
      usage: { sources: [], containers: [{ cpu: { times: [OBSERVED_AT], values: [3] } }] },
    };
    const later = shiftTime(parts as never, 1000);
    expect(later.objects[0]).toMatchObject({
      data: { status: 'time: 2025-09-28 00:00:00.5 +0000 UTC', micro: '2025-09-27T11:00:01.123456Z' },
    });
    expect(later).toMatchObject({
      certificates: [{ notAfterAt: OBSERVED_AT + 1000 }],
      usage: { containers: [{ cpu: { times: [OBSERVED_AT + 1000], values: [3] } }] },
    });
  });
});
