import * as fc from 'fast-check';
import { createDirectWrites, SimulatedCluster, snapshotOf, type ClusterSnapshot, type KubeObject } from '@aia/cluster';
import type { Change } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { performChange } from '../../rehearse/perform-change.ts';
import { anyChange, BASE, SETTINGS, SERVICE, snapshotWith, WEB } from './changes.suite.ts';
import { asObject, changedObjects } from './changed-objects.ts';
import { undoOf } from './inverse.ts';

/** What the law is about: spec, values, labels and annotations. */
function touched(object: KubeObject | undefined): unknown {
  if (object === undefined) return undefined;
  const { spec, data, metadata } = object as KubeObject & { readonly spec?: unknown; readonly data?: unknown };
  return JSON.parse(
    JSON.stringify({ spec, data: data ?? {}, labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {} }),
  ) as unknown;
}

/** Objects after changes, without a cluster. */
function applied(changes: readonly Change[], snapshot: ClusterSnapshot): ReadonlyMap<string, KubeObject | undefined> {
  return new Map(changedObjects(changes, snapshot).map(({ ref, after }) => [`${ref.kind}/${ref.name}`, after]));
}

/** Changes that an API server would take one after the other: nothing is made twice, and nothing that is gone is changed. */
function isSensible(changes: readonly Change[], snapshot: ClusterSnapshot): boolean {
  return changedObjects(changes, snapshot).every(
    ({ change, before }) => (change.kind === 'create') === (before === undefined),
  );
}

/** Patches that cannot be applied are a caller's mistake. */
function tryApplied(changes: readonly Change[], snapshot: ClusterSnapshot): boolean {
  try {
    return isSensible(changes, snapshot);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const several = fc.array(anyChange, { minLength: 1, maxLength: 4 });

describe('what undoes changes', () => {
  it('puts back what was alone in a map, which an API server drops once it is empty', () => {
    const annotations = { 'example.com/mark': 'false' };
    const marked = structuredClone(BASE.find(({ kind }) => kind === 'ConfigMap')) as unknown as KubeObject;
    const object = { ...marked, metadata: { ...marked.metadata, annotations } };
    const patch = { metadata: { annotations: { 'example.com/mark': null } }, data: null };
    const change: Change = { kind: 'patch', target: SETTINGS, patch: { type: 'merge', patch } };
    expect(undoOf([change], snapshotWith([object]))).toMatchObject({
      changes: [
        { patch: { operations: [{ op: 'add' }, { op: 'add', path: '/metadata/annotations', value: annotations }] } },
      ],
    });
  });

  it('gives back the touched objects exactly', () => {
    const snapshot = snapshotWith(BASE);
    fc.assert(
      fc.property(several, (changes) => {
        fc.pre(tryApplied(changes, snapshot));
        const undo = undoOf(changes, snapshot);
        expect(undo.kind).toBe('reversible');
        if (undo.kind !== 'reversible') return;
        for (const [key, after] of applied([...changes, ...undo.changes], snapshot)) {
          const [kind = '', name = ''] = key.split('/');
          const before = snapshot.objects.find((one) => one.kind === kind && one.metadata.name === name);
          expect(touched(after)).toEqual(touched(before));
        }
      }),
    );
  });

  it('gives them back on a cluster, which adds defaults of its own', () => {
    fc.assert(
      fc.property(several, (changes) => {
        const cluster = new SimulatedCluster({ seed: 'undo' });
        const writes = createDirectWrites(cluster, 'test');
        for (const object of BASE) expect(writes.create(asObject(structuredClone(object))).kind).toBe('done');
        const snapshot = snapshotOf(cluster, 'before');
        fc.pre(tryApplied(changes, snapshot));
        const undo = undoOf(changes, snapshot);
        const done = changes.map((change) => performChange(cluster, writes, change).outcome);
        fc.pre(done.every((outcome) => outcome === 'done'));
        expect(undo.kind).toBe('reversible');
        if (undo.kind !== 'reversible') return;
        for (const change of undo.changes)
          expect(performChange(cluster, writes, change)).toEqual({
            outcome: 'done',
            message: expect.any(String) as string,
          });
        for (const { ref } of changedObjects(changes, snapshot))
          expect(touched(writes.read(ref))).toEqual(touched(snapshot.resolve(ref)));
        cluster.stop();
      }),
      { numRuns: 60 },
    );
  });

  it('is nothing for what owners make anew, and irreversible where data, addresses or unread values go', () => {
    const owner = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'u', controller: true }];
    const meta = { namespace: 'default' };
    const ip = { status: { loadBalancer: { ingress: [{ ip: '35.1.1.1' }] } } };
    const objects = [
      { apiVersion: 'v1', kind: 'Pod', metadata: { ...meta, name: 'web-1-a', ownerReferences: owner } },
      { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { ...meta, name: 'data' } },
      { apiVersion: 'v1', kind: 'Secret', metadata: { ...meta, name: 'key' }, data: { a: 'YQ==' } },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { ...meta, name: 'front' },
        spec: { type: 'LoadBalancer' },
        ...ip,
      },
    ];
    const remove = (kind: string, name: string): Change => ({
      kind: 'delete',
      target: { group: '', kind, namespace: 'default', name },
    });
    const snapshot = snapshotWith(objects);
    expect(undoOf([remove('Pod', 'web-1-a')], snapshot)).toEqual({ kind: 'reversible', changes: [] });
    expect(undoOf([remove('PersistentVolumeClaim', 'data')], snapshot).kind).toBe('irreversible');
    expect(undoOf([remove('Secret', 'key')], snapshot).kind).toBe('irreversible');
    expect(undoOf([remove('Service', 'front')], snapshot)).toMatchObject({
      kind: 'irreversible',
      reason: expect.stringContaining('35.1.1.1') as string,
    });
    const reserve: Change = {
      kind: 'cloud',
      call: { operation: 'reserve-address', name: 'front', address: '35.1.1.1', region: 'us-central1' },
    };
    expect(undoOf([remove('Service', 'front')], snapshot, [reserve]).kind).toBe('reversible');
    const inside: Change = {
      kind: 'patch',
      target: { ...SERVICE, name: 'front' },
      patch: { type: 'merge', patch: { spec: { type: 'ClusterIP' } } },
    };
    expect(undoOf([inside], snapshot).kind).toBe('irreversible');
  });

  it('undoes what is changed in an object that an earlier action makes', () => {
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'fresh', namespace: 'default' },
      data: { a: '1' },
    };
    const patch: Change = {
      kind: 'patch',
      target: { ...SETTINGS, name: 'fresh' },
      patch: { type: 'merge', patch: { data: { a: '2' } } },
    };
    expect(undoOf([patch], snapshotWith([]), [{ kind: 'create', object }])).toMatchObject({
      changes: [{ patch: { type: 'json', operations: [{ op: 'replace', path: '/data/a', value: '1' }] } }],
    });
  });

  it('never puts back a value that was masked', () => {
    const masked = {
      ...BASE[0],
      spec: { template: { spec: { containers: [{ name: 'app', env: [{ name: 'PASSWORD', value: '[redacted]' }] }] } } },
    };
    const change: Change = {
      kind: 'patch',
      target: WEB,
      patch: { type: 'json', operations: [{ op: 'remove', path: '/spec/template/spec/containers/0/env' }] },
    };
    expect(undoOf([change], snapshotWith([masked])).kind).toBe('irreversible');
  });
});
