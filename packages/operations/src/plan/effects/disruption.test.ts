import type { Change } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { SERVICE, snapshotWith, WEB } from './changes.suite.ts';
import { disruptionOf } from './disruption.ts';

type Fields = Record<string, unknown>;

const meta = (name: string, more: Fields = {}) => ({ name, namespace: 'default', ...more });
const TEMPLATE = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'a:1' }] } };

function workload(kind: string, spec: Fields): Fields {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: meta('web', { uid: 'w' }),
    spec: { selector: { matchLabels: { app: 'web' } }, template: TEMPLATE, ...spec },
  };
}

function pods(count: number, ownerKind: string, ready = count): readonly Fields[] {
  return Array.from({ length: count }, (_, i) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta(`web-${i}`, {
      labels: { app: 'web' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: ownerKind, name: 'web', uid: 'w', controller: true }],
    }),
    spec: { nodeName: `n${i}`, containers: TEMPLATE.spec.containers },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: i < ready ? 'True' : 'False' }] },
  }));
}

const service = (name = 'web') => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: meta(name),
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
});
const target = (kind: string) => ({ group: 'apps', kind, namespace: 'default', name: 'web' });
const newImage = (kind: string): Change => ({
  kind: 'patch',
  target: target(kind),
  patch: {
    type: 'strategic',
    patch: { spec: { template: { spec: { containers: [{ name: 'app', image: 'a:2' }] } } } },
  },
});

interface Case {
  readonly kind: string;
  readonly spec: Fields;
  readonly count: number;
  readonly ready?: number;
  readonly services: readonly string[];
  readonly isOutage: boolean;
  readonly replaced: number;
}

const roll = (maxUnavailable: number | string, maxSurge: number | string) => ({
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable, maxSurge } },
});

describe('a rollout', () => {
  it.each<Case>([
    // 25 % of 1, rounded down, is 0: the new pod comes first.
    { kind: 'Deployment', spec: { replicas: 1 }, count: 1, services: [], isOutage: false, replaced: 1 },
    {
      kind: 'Deployment',
      spec: { replicas: 4 },
      count: 4,
      services: ['Service default/web'],
      isOutage: false,
      replaced: 4,
    },
    {
      kind: 'Deployment',
      spec: { replicas: 1, ...roll(1, 0) },
      count: 1,
      services: ['Service default/web'],
      isOutage: true,
      replaced: 1,
    },
    {
      kind: 'Deployment',
      spec: { replicas: 2, ...roll('100%', 0) },
      count: 2,
      services: ['Service default/web'],
      isOutage: true,
      replaced: 2,
    },
    {
      kind: 'Deployment',
      spec: { replicas: 3, strategy: { type: 'Recreate' } },
      count: 3,
      services: ['Service default/web'],
      isOutage: true,
      replaced: 3,
    },
    // One of three is not ready: with one missing at a time no ready one is taken.
    {
      kind: 'Deployment',
      spec: { replicas: 3, ...roll(1, 0) },
      count: 3,
      ready: 2,
      services: [],
      isOutage: false,
      replaced: 3,
    },
    { kind: 'Deployment', spec: { replicas: 3, paused: true }, count: 3, services: [], isOutage: false, replaced: 0 },
    {
      kind: 'StatefulSet',
      spec: { replicas: 1 },
      count: 1,
      services: ['Service default/web'],
      isOutage: true,
      replaced: 1,
    },
    {
      kind: 'StatefulSet',
      spec: { replicas: 3 },
      count: 3,
      services: ['Service default/web'],
      isOutage: false,
      replaced: 3,
    },
    {
      kind: 'StatefulSet',
      spec: { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
      count: 3,
      services: ['Service default/web'],
      isOutage: false,
      replaced: 1,
    },
    {
      kind: 'StatefulSet',
      spec: { replicas: 3, updateStrategy: { type: 'OnDelete' } },
      count: 3,
      services: [],
      isOutage: false,
      replaced: 0,
    },
    { kind: 'DaemonSet', spec: {}, count: 3, services: ['Service default/web'], isOutage: false, replaced: 3 },
    {
      kind: 'DaemonSet',
      spec: { updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
      count: 1,
      services: [],
      isOutage: false,
      replaced: 1,
    },
  ])('of $kind $spec with $count pods', ({ kind, spec, count, ready, services, isOutage, replaced }) => {
    const snapshot = snapshotWith([workload(kind, spec), ...pods(count, kind, ready), service()]);
    expect(disruptionOf([newImage(kind)], snapshot)).toMatchObject({ pods: replaced, services, isOutage });
  });

  it('leaves the pods of a revision that is rolled back to', () => {
    const set = (name: string, image: string) => ({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: meta(name, {
        uid: name,
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'w', controller: true }],
      }),
      spec: {
        template: {
          metadata: { labels: { app: 'web', 'pod-template-hash': name } },
          spec: { containers: [{ name: 'app', image }] },
        },
      },
    });
    const of = (name: string, i: number, isReady: boolean) => ({
      ...(pods(1, 'ReplicaSet')[0] as Fields),
      metadata: meta(`${name}-${i}`, {
        labels: { app: 'web' },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid: name, controller: true }],
      }),
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
    });
    const broken = { ...TEMPLATE, spec: { containers: [{ name: 'app', image: 'a:bad' }] } };
    const snapshot = snapshotWith([
      workload('Deployment', { replicas: 2, template: broken }),
      ...[
        set('old', 'a:1'),
        set('new', 'a:bad'),
        of('old', 0, true),
        of('old', 1, true),
        of('new', 0, false),
        service(),
      ],
    ]);
    const back: Change = {
      kind: 'patch',
      target: WEB,
      patch: { type: 'json', operations: [{ op: 'replace', path: '/spec/template', value: TEMPLATE }] },
    };
    expect(disruptionOf([back], snapshot)).toMatchObject({ pods: 1, services: [], isOutage: false });
  });

  it('by a restart counts as well, labels of the workload alone do not', () => {
    const snapshot = snapshotWith([workload('Deployment', { replicas: 2 }), ...pods(2, 'Deployment'), service()]);
    const merge = (patch: Fields): Change => ({ kind: 'patch', target: WEB, patch: { type: 'merge', patch } });
    const restart = merge({
      spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'x' } } } },
    });
    expect(disruptionOf([restart], snapshot).pods).toBe(2);
    expect(disruptionOf([merge({ metadata: { labels: { a: 'b' } } })], snapshot).pods).toBe(0);
  });
});

describe('who notices', () => {
  const objects = [workload('Deployment', { replicas: 3 }), ...pods(3, 'Deployment', 2), service()];
  const scale = (replicas: number): Change => ({ kind: 'scale', target: WEB, replicas });

  it('scaling down takes what is not ready first', () => {
    const snapshot = snapshotWith(objects);
    expect(disruptionOf([scale(2)], snapshot)).toMatchObject({ pods: 1, services: [], isOutage: false });
    expect(disruptionOf([scale(1)], snapshot)).toMatchObject({
      pods: 2,
      services: ['Service default/web'],
      isOutage: false,
    });
    expect(disruptionOf([scale(0)], snapshot)).toMatchObject({ pods: 3, isOutage: true });
  });

  it('evicting all ready pods of a Service is an outage, and budgets count them', () => {
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: meta('guard'),
      spec: { selector: { matchLabels: { app: 'web' } } },
    };
    const evict = (i: number): Change => ({
      kind: 'evict',
      target: { group: '', kind: 'Pod', namespace: 'default', name: `web-${i}` },
    });
    const snapshot = snapshotWith([...objects, budget]);
    expect(disruptionOf([evict(0)], snapshot)).toMatchObject({
      pods: 1,
      isOutage: false,
      budgets: ['PodDisruptionBudget default/guard'],
    });
    expect(disruptionOf([evict(0), evict(1)], snapshot)).toMatchObject({ pods: 2, isOutage: true });
  });

  it('deleting the last Service in front of ready pods is an outage, deleting one of two is none', () => {
    const remove: Change = { kind: 'delete', target: SERVICE };
    expect(disruptionOf([remove], snapshotWith(objects)).isOutage).toBe(true);
    expect(disruptionOf([remove], snapshotWith([...objects, service('other')])).isOutage).toBe(false);
  });

  it('a selector that matches no ready pod is an outage', () => {
    const change: Change = {
      kind: 'patch',
      target: SERVICE,
      patch: { type: 'merge', patch: { spec: { selector: { app: 'other' } } } },
    };
    expect(disruptionOf([change], snapshotWith(objects))).toMatchObject({ pods: 0, isOutage: true });
  });

  it('machines that go take their pods along', () => {
    const nodes = [0, 1, 2].map((i) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: `n${i}`,
        labels: { 'cloud.google.com/gke-nodepool': 'main', 'topology.kubernetes.io/zone': i < 2 ? 'a' : 'b' },
      },
    }));
    const snapshot = snapshotWith([...objects, ...nodes]);
    const call = (one: Extract<Change, { kind: 'cloud' }>['call']): Change => ({ kind: 'cloud', call: one });
    expect(disruptionOf([call({ operation: 'delete-machine', node: 'n0', zone: 'a' })], snapshot).pods).toBe(1);
    expect(disruptionOf([call({ operation: 'resize-node-pool', pool: 'main', from: 3, to: 1 })], snapshot).pods).toBe(
      2,
    );
    expect(
      disruptionOf([call({ operation: 'set-pool-zones', pool: 'main', from: ['a', 'b'], to: ['b'] })], snapshot),
    ).toMatchObject({ pods: 2, isOutage: true });
    expect(disruptionOf([call({ operation: 'delete-node-pool', pool: 'main' })], snapshot)).toMatchObject({
      pods: 3,
      isOutage: true,
    });
  });
});
