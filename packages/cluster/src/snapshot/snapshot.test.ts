import { describe, expect, it } from 'vitest';
import { SnapshotBuilder } from './builder.ts';
import { eventCount, eventTime, timeOf } from './event-time.ts';
import type { ClusterSnapshot } from './snapshot.ts';
import type { Event } from '../model/kinds.ts';

const owner = (apiVersion: string, kind: string, name: string, controller = true): unknown => ({
  apiVersion,
  kind,
  name,
  uid: `${kind}-${name}`,
  controller,
});
const object = (apiVersion: string, kind: string, name: string, metadata: object = {}, rest: object = {}): unknown => ({
  apiVersion,
  kind,
  metadata: { name, uid: `${kind}-${name}`, ...metadata },
  ...rest,
});
const event = (name: string, involvedObject: object, lastTimestamp: string, namespace = 'shop'): unknown =>
  object('v1', 'Event', name, { namespace }, { involvedObject, lastTimestamp });

const shop = { namespace: 'shop' };
const raws = (): unknown[] => [
  object('apps/v1', 'Deployment', 'web', shop),
  object('apps/v1', 'ReplicaSet', 'web-1', { ...shop, ownerReferences: [owner('apps/v1', 'Deployment', 'web')] }),
  object('v1', 'Pod', 'web-1-a', {
    ...shop,
    labels: { app: 'web', tier: 'front' },
    ownerReferences: [owner('apps/v1', 'ReplicaSet', 'web-1')],
  }),
  object('v1', 'Pod', 'web-1-b', {
    ...shop,
    labels: { app: 'web' },
    ownerReferences: [owner('apps/v1', 'ReplicaSet', 'web-1')],
  }),
  object('v1', 'Pod', 'web-1-a', { namespace: 'other', uid: 'other', labels: { app: 'web' } }),
  object('v1', 'Pod', 'mirror', { namespace: 'kube-system', ownerReferences: [owner('v1', 'Node', 'n1')] }),
  object('v1', 'Node', 'n1'),
  object('example.org/v1', 'Deployment', 'web', shop),
  event('e1', { kind: 'Pod', namespace: 'shop', name: 'web-1-a' }, '2025-01-01T00:00:00Z'),
  event('e2', { kind: 'Pod', namespace: 'shop', name: 'web-1-a' }, '2025-01-02T00:00:00Z'),
  event('e3', { kind: 'Node', name: 'n1' }, '2025-01-01T00:00:00Z', 'default'),
];

function snapshot(objects = raws()): ClusterSnapshot {
  const builder = new SnapshotBuilder();
  for (const raw of objects) builder.add(raw, 'f');
  return builder.build({ source: { kind: 'dump', name: 'd' } });
}
const names = (objects: readonly { metadata: { name: string } }[]): readonly string[] =>
  objects.map(({ metadata }) => metadata.name);

describe('the indexes of a snapshot', () => {
  const built = snapshot();

  it('find by kind, namespace, name, uid and reference', () => {
    expect(names(built.list('Pod'))).toEqual(['web-1-a', 'web-1-b', 'web-1-a', 'mirror']);
    expect(names(built.listIn('Pod', 'shop'))).toEqual(['web-1-a', 'web-1-b']);
    expect(built.listIn('Pod', 'nowhere')).toEqual([]);
    expect(built.list('Deployment')).toHaveLength(1);
    expect(built.listOf('example.org', 'Deployment')).toHaveLength(1);
    expect(built.get('Pod', 'other', 'web-1-a')?.metadata.uid).toBe('other');
    expect(built.get('Node', '', 'n1')?.kind).toBe('Node');
    expect(built.byUid('other')?.metadata.namespace).toBe('other');
    expect(built.resolve({ group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' })).toBe(
      built.list('Deployment')[0],
    );
    expect(built.resolve({ group: '', kind: 'Pod', namespace: 'shop', name: 'gone' })).toBeUndefined();
  });

  it('follow owners up and down, of the right group, and stop at nodes', () => {
    const pod = built.get('Pod', 'shop', 'web-1-a');
    const set = built.get('ReplicaSet', 'shop', 'web-1');
    const deployment = built.get('Deployment', 'shop', 'web');
    const mirror = built.get('Pod', 'kube-system', 'mirror');
    if (pod === undefined || set === undefined || deployment === undefined || mirror === undefined)
      throw new Error('not indexed');
    expect(names(built.ownedBy(set))).toEqual(['web-1-a', 'web-1-b']);
    expect(built.ownerOf(pod)).toBe(set);
    expect(built.rootOwnerOf(pod)).toBe(deployment);
    expect(built.rootOwnerOf(mirror)).toBe(mirror);
    expect(built.ownerOf(mirror)?.kind).toBe('Node');
  });

  it('find by labels within a namespace', () => {
    expect(names(built.withLabels('Pod', 'shop', { app: 'web' }))).toEqual(['web-1-a', 'web-1-b']);
    expect(names(built.withLabels('Pod', 'shop', { app: 'web', tier: 'front' }))).toEqual(['web-1-a']);
    expect(built.withLabels('Pod', 'shop', { app: 'gone' })).toEqual([]);
    expect(built.withLabels('Pod', 'shop', {})).toHaveLength(2);
  });

  it('find events newest first, also those of nodes', () => {
    const pod = built.get('Pod', 'shop', 'web-1-a');
    const node = built.get('Node', '', 'n1');
    const other = built.get('Pod', 'other', 'web-1-a');
    if (pod === undefined || node === undefined || other === undefined) throw new Error('not indexed');
    expect(names(built.eventsOf(pod))).toEqual(['e2', 'e1']);
    expect(names(built.eventsOf(node))).toEqual(['e3']);
    expect(built.eventsOf(other)).toEqual([]);
  });

  it('take an owner of the same name with another uid for somebody else', () => {
    const stale = { ...(owner('apps/v1', 'ReplicaSet', 'web-1') as object), uid: 'earlier' };
    const labels = { app: 'web', 'pod-template-hash': '1' };
    const cut = snapshot([...raws(), object('v1', 'Pod', 'late', { ...shop, labels, ownerReferences: [stale] })]);
    const pod = cut.get('Pod', 'shop', 'late');
    const set = cut.get('ReplicaSet', 'shop', 'web-1');
    if (pod === undefined || set === undefined) throw new Error('not indexed');
    expect(cut.ownerOf(pod)).toBeUndefined();
    expect(cut.rootOwnerOf(pod)).toBe(pod);
    expect(names(cut.ownedBy(set))).toEqual(['web-1-a', 'web-1-b']);
  });

  it('never cross from one namespace to another, but do reach cluster-scoped owners, both ways', () => {
    const mixed = snapshot([
      object('example.org/v1', 'Tenant', 'acme'),
      object('v1', 'ConfigMap', 'a', { ...shop, ownerReferences: [owner('example.org/v1', 'Tenant', 'acme')] }),
      object('v1', 'ConfigMap', 'b', {
        namespace: 'other',
        ownerReferences: [owner('example.org/v1', 'Tenant', 'acme')],
      }),
      object('apps/v1', 'ReplicaSet', 'web-1', { namespace: 'other' }),
      object('v1', 'Pod', 'p', { ...shop, ownerReferences: [owner('apps/v1', 'ReplicaSet', 'web-1')] }),
    ]);
    const tenant = mixed.listOf('example.org', 'Tenant')[0];
    const map = mixed.get('ConfigMap', 'shop', 'a');
    const pod = mixed.get('Pod', 'shop', 'p');
    const set = mixed.get('ReplicaSet', 'other', 'web-1');
    if (tenant === undefined || map === undefined || pod === undefined || set === undefined)
      throw new Error('not indexed');
    expect(names(mixed.ownedBy(tenant))).toEqual(['a', 'b']);
    expect(mixed.ownerOf(map)).toBe(tenant);
    expect(mixed.ownerOf(pod)).toBeUndefined();
    expect(mixed.ownedBy(set)).toEqual([]);
  });

  it('know all owners, references to old groups, and custom controllers', () => {
    const several = snapshot([
      object('argoproj.io/v1alpha1', 'Rollout', 'web', shop),
      object('apps/v1', 'ReplicaSet', 'web-1', {
        ...shop,
        ownerReferences: [owner('argoproj.io/v1alpha1', 'Rollout', 'web')],
      }),
      object('v1', 'ConfigMap', 'extra', shop),
      object('v1', 'Pod', 'p', {
        ...shop,
        ownerReferences: [owner('v1', 'ConfigMap', 'extra', false), owner('extensions/v1beta1', 'ReplicaSet', 'web-1')],
      }),
    ]);
    const pod = several.get('Pod', 'shop', 'p');
    if (pod === undefined) throw new Error('not indexed');
    expect(names(several.ownersOf(pod))).toEqual(['extra', 'web-1']);
    expect(several.ownerOf(pod)?.kind).toBe('ReplicaSet');
    expect(several.rootOwnerOf(pod).kind).toBe('Rollout');
  });

  it.each([
    ['pod-template-hash', 'apps/v1', 'Deployment', { selector: { matchLabels: { app: 'web' } } }],
    ['rollouts-pod-template-hash', 'argoproj.io/v1alpha1', 'Rollout', {}],
  ])('bridge a ReplicaSet that was not read by %s', (label, apiVersion, kind, spec) => {
    const bridged = snapshot([
      object(apiVersion, kind, 'web', shop, { spec }),
      object('v1', 'Pod', 'p', {
        ...shop,
        labels: { app: 'web', [label]: '7d9f' },
        ownerReferences: [owner('apps/v1', 'ReplicaSet', 'web-7d9f')],
      }),
      object('v1', 'Pod', 'q', { ...shop, ownerReferences: [owner('apps/v1', 'ReplicaSet', 'web-7d9f')] }),
    ]);
    const [p, q] = bridged.list('Pod');
    if (p === undefined || q === undefined) throw new Error('not indexed');
    expect(bridged.ownerOf(p)).toBeUndefined();
    expect(bridged.rootOwnerOf(p).kind).toBe(kind);
    expect(bridged.rootOwnerOf(q).metadata.name).toBe('web-7d9f');
  });

  it('name a controller that was not read by what its pods say, once for all of them', () => {
    const pod = (name: string, hash: string, reference: unknown) =>
      object('v1', 'Pod', name, { ...shop, labels: { 'pod-template-hash': hash }, ownerReferences: [reference] });
    const alone = snapshot([
      pod('web-7d9f-a', '7d9f', owner('apps/v1', 'ReplicaSet', 'web-7d9f')),
      pod('web-85c4-b', '85c4', owner('apps/v1', 'ReplicaSet', 'web-85c4')),
      pod('db-0', '', owner('apps/v1', 'StatefulSet', 'db')),
      pod('spark-1', '', owner('sparkoperator.k8s.io/v1', 'SparkApplication', 'spark')),
    ]);
    const roots = alone.list('Pod').map((one) => alone.rootOwnerOf(one));
    expect(roots.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`).sort()).toEqual([
      'Deployment shop/web',
      'Deployment shop/web',
      'Pod shop/spark-1',
      'StatefulSet shop/db',
    ]);
    expect(new Set(roots).size).toBe(3);
    expect(alone.list('Deployment')).toEqual([]);
  });

  it('find events of cluster-scoped custom resources, and none of an earlier object of the same name', () => {
    const pods = [
      object('v1', 'Pod', 'web-0', shop),
      object('v1', 'Pod', 'static', { ...shop, annotations: { 'kubernetes.io/config.mirror': 'hash' } }),
      object('karpenter.sh/v1', 'NodePool', 'main'),
      object('v1', 'Node', 'n1'),
    ];
    const about = snapshot([
      ...pods,
      event('old', { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'earlier' }, '2025-01-01T00:00:00Z'),
      event('new', { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'Pod-web-0' }, '2025-01-02T00:00:00Z'),
      event('kubelet', { kind: 'Pod', namespace: 'shop', name: 'static', uid: 'hash' }, '2025-01-02T00:00:00Z'),
      event('pool', { kind: 'NodePool', name: 'main' }, '2025-01-02T00:00:00Z', 'default'),
      event('node', { kind: 'Node', name: 'n1', uid: 'n1' }, '2025-01-02T00:00:00Z', 'default'),
    ]);
    const of = (group: string, kind: string, name: string, namespace = ''): readonly string[] => {
      const found = about.resolve({ group, kind, namespace, name });
      return found === undefined ? ['not indexed'] : names(about.eventsOf(found));
    };
    expect(of('', 'Pod', 'web-0', 'shop')).toEqual(['new']);
    expect(of('', 'Pod', 'static', 'shop')).toEqual(['kubelet']);
    expect(of('karpenter.sh', 'NodePool', 'main')).toEqual(['pool']);
    expect(of('', 'Node', 'n1')).toEqual(['node']);
  });

  it('end on owners that form a circle', () => {
    const loop = snapshot([
      object('apps/v1', 'ReplicaSet', 'a', { ...shop, ownerReferences: [owner('apps/v1', 'ReplicaSet', 'b')] }),
      object('apps/v1', 'ReplicaSet', 'b', { ...shop, ownerReferences: [owner('apps/v1', 'ReplicaSet', 'a')] }),
    ]);
    const [first] = loop.list('ReplicaSet');
    if (first === undefined) throw new Error('not indexed');
    expect(['a', 'b']).toContain(loop.rootOwnerOf(first).metadata.name);
  });

  it('cannot be written to', () => {
    expect(Object.isFrozen(built)).toBe(true);
    expect(() => (built.objects as unknown[]).push({})).toThrow(TypeError);
  });
});

describe('times of events', () => {
  const of = (fields: object): Event =>
    object('v1', 'Event', 'e', { creationTimestamp: '2025-01-01T00:00:00Z' }, fields) as Event;

  it('come from whichever field the emitter filled', () => {
    expect(eventTime(of({}))).toBe(Date.UTC(2025, 0, 1));
    expect(eventTime(of({ eventTime: '2025-01-02T00:00:00.123456Z' }))).toBe(Date.UTC(2025, 0, 2, 0, 0, 0, 123));
    expect(
      eventTime(
        of({ eventTime: '2025-01-02T00:00:00Z', series: { lastObservedTime: '2025-01-03T00:00:00Z', count: 9 } }),
      ),
    ).toBe(Date.UTC(2025, 0, 3));
    expect(eventTime(of({ lastTimestamp: 'rubbish' }))).toBe(0);
    expect(eventCount(of({}))).toBe(1);
    expect(eventCount(of({ series: { count: 9 } }))).toBe(9);
    expect(timeOf('x')).toBeUndefined();
  });
});
