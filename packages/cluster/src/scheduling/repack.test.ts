import { describe, expect, it } from 'vitest';
import { node, pod, snapshotOf, type Json, type PodSample } from './sample.suite.ts';
import { repack, type RepackOptions } from './repack.ts';
import { createWorld } from './world.ts';

const POOL = 'cloud.google.com/gke-nodepool';
const owner = (kind: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name: 'owner', controller: true }],
});

function on(nodeName: string, name: string, sample: PodSample = {}): Json {
  return pod(name, {
    requests: { cpu: '500m' },
    ...sample,
    metadata: { ...owner('ReplicaSet'), ...sample.metadata },
    spec: { ...sample.spec, nodeName },
    status: { phase: 'Running' },
  });
}

function budget(allowed: number, namespace = 'shop'): Json {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'pdb', namespace },
    spec: { selector: { matchLabels: { app: 'web' } } },
    status: { disruptionsAllowed: allowed },
  };
}

function outcome(objects: readonly Json[], options: RepackOptions = {}) {
  const { removed, kept } = repack(createWorld(snapshotOf(objects)), options);
  return {
    removed: removed.map(({ node: name, moves }) => [
      name,
      ...moves.map(({ pod: { name: moved }, to }) => `${moved}>${to}`),
    ]),
    kept: kept.map(({ node: name, reason, blocker, detail }) =>
      [name, reason, blocker, detail].filter((part) => part !== undefined),
    ),
  };
}

describe('repack', () => {
  it('empties the least used node first and fills the others', () => {
    const objects = [
      node('n1'),
      node('n2'),
      node('n3'),
      on('n1', 'a'),
      on('n2', 'b', { requests: { cpu: '1' } }),
      on('n3', 'c', { requests: { cpu: '1500m' } }),
    ];
    const { removed, kept } = outcome(objects);
    expect(removed).toEqual([['n1', 'a>n3']]);
    expect(kept).toEqual([
      ['n2', 'no-place-to-move-pods', '0/1 nodes are available: 1 Insufficient cpu.'],
      ['n3', 'no-place-to-move-pods', '0/1 nodes are available: 1 Insufficient cpu.'],
    ]);
  });

  it('undoes the moves of a node that cannot be emptied, and leaves its own input alone', () => {
    const objects = [
      node('n1'),
      node('n2'),
      on('n1', 'a'),
      on('n1', 'b', { requests: { cpu: '600m' } }),
      on('n2', 'c', { requests: { cpu: '1200m' } }),
    ];
    const world = createWorld(snapshotOf(objects));
    const result = repack(world);
    expect(result.removed).toEqual([]);
    const used = (one: typeof world) =>
      one.nodes.map(({ name, requested, podCount }) => [name, requested.cpuMillis, podCount]);
    expect(used(result.world)).toEqual(used(world));
  });

  it('lets DaemonSet and static pods go with their node', () => {
    const objects = [
      node('n1'),
      node('n2'),
      on('n1', 'd', { metadata: owner('DaemonSet') }),
      on('n1', 's', { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } }),
      on('n2', 'a', { requests: { cpu: '2' } }),
    ];
    expect(outcome(objects).removed).toEqual([['n1']]);
  });

  const blocked: readonly [string, Json, readonly Json[], readonly string[]][] = [
    [
      'annotated as not safe to evict',
      on('n1', 'a', { metadata: { annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' } } }),
      [],
      ['not-safe-to-evict-annotation'],
    ],
    ['without controller', on('n1', 'a', { metadata: { ownerReferences: [] } }), [], ['not-replicated']],
    [
      'with a controller that the autoscaler does not know',
      on('n1', 'a', { metadata: owner('Workflow') }),
      [],
      ['not-replicated'],
    ],
    ['with local data', on('n1', 'a', { spec: { volumes: [{ name: 'v', emptyDir: {} }] } }), [], ['local-storage']],
    ['of kube-system without budget', on('n1', 'a', { namespace: 'kube-system' }), [], ['unmovable-kube-system-pod']],
    ['whose budget is spent', on('n1', 'a', { labels: { app: 'web' } }), [budget(0)], ['not-enough-pdb', 'pdb']],
    [
      'for the first reason that the autoscaler gives: local data before budgets',
      on('n1', 'a', { labels: { app: 'web' }, spec: { volumes: [{ name: 'v', hostPath: { path: '/x' } }] } }),
      [budget(0)],
      ['local-storage'],
    ],
    [
      'whose budget is spent, though annotated as safe',
      on('n1', 'a', {
        labels: { app: 'web' },
        metadata: { ...owner('ReplicaSet'), annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'true' } },
      }),
      [budget(0)],
      ['not-enough-pdb', 'pdb'],
    ],
    [
      'that is terminating, but not for long past its grace',
      on('n1', 'a', {
        metadata: { ownerReferences: [], deletionTimestamp: '2025-09-27T11:59:00Z' },
        spec: { terminationGracePeriodSeconds: 60 },
      }),
      [],
      ['not-replicated'],
    ],
  ];
  it.each(blocked)('keeps a node with a pod %s', (_, blocker, extra, reason) => {
    expect(outcome([node('n1'), node('n2'), blocker, ...extra], { removable: ['n1'] })).toEqual({
      removed: [],
      kept: [['n1', 'blocked-by-pod', ...reason]],
    });
  });

  it('lets pods go that have been terminating for more than their grace and 30 seconds', () => {
    const stuck = on('n1', 'a', {
      requests: { cpu: '2' },
      metadata: { ownerReferences: [], deletionTimestamp: '2025-09-27T11:58:00Z' },
      spec: { terminationGracePeriodSeconds: 60 },
    });
    expect(outcome([node('n1'), node('n2'), stuck], { removable: ['n1'] }).removed).toEqual([['n1']]);
  });

  const movable: readonly [string, Json, readonly Json[]][] = [
    [
      'annotated as safe, though without controller',
      on('n1', 'a', {
        metadata: { ownerReferences: [], annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'true' } },
      }),
      [],
    ],
    ['with data in memory', on('n1', 'a', { spec: { volumes: [{ name: 'v', emptyDir: { medium: 'Memory' } }] } }), []],
    [
      'whose local volumes may be lost',
      on('n1', 'a', {
        spec: { volumes: [{ name: 'v', emptyDir: {} }] },
        metadata: { annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes': 'u, v' } },
      }),
      [],
    ],
    ['whose budget allows it', on('n1', 'a', { labels: { app: 'web' } }), [budget(1)]],
    [
      'of kube-system with a budget',
      on('n1', 'a', { namespace: 'kube-system', labels: { app: 'web' } }),
      [budget(1, 'kube-system')],
    ],
  ];
  it.each(movable)('moves a pod %s', (_, pods, extra) => {
    expect(outcome([node('n1'), node('n2'), pods, ...extra], { removable: ['n1'] }).removed).toEqual([['n1', 'a>n2']]);
  });

  it('moves pods with local data on GKE', () => {
    const objects = [
      node('n1', { spec: { providerID: 'gce://p/z/n1' } }),
      node('n2'),
      on('n1', 'a', { spec: { volumes: [{ name: 'v', emptyDir: {} }] } }),
    ];
    expect(outcome(objects, { removable: ['n1'] }).removed).toEqual([['n1', 'a>n2']]);
  });

  it('respects pool minimums, utilisation and the annotation of nodes', () => {
    const inPool = (name: string, sample: Json = {}) => node(name, { labels: { [POOL]: 'main' }, ...sample });
    expect(outcome([inPool('n1'), inPool('n2'), inPool('n3')], { poolMinimums: new Map([['main', 2]]) })).toEqual({
      removed: [['n1']],
      kept: [
        ['n2', 'node-group-min-size-reached', 'main: 2'],
        ['n3', 'node-group-min-size-reached', 'main: 2'],
      ],
    });
    const objects = [
      inPool('n1', { annotations: { 'cluster-autoscaler.kubernetes.io/scale-down-disabled': 'true' } }),
      inPool('n2'),
      on('n2', 'a', { requests: { cpu: '1500m' } }),
    ];
    expect(outcome(objects, { utilisationAtMost: 0.5 }).kept).toEqual([
      ['n1', 'scale-down-disabled-annotation'],
      ['n2', 'not-underutilised'],
    ]);
  });
});
