import { withPatch } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { ACTION_KINDS } from '../catalogue.ts';
import { requestQuota } from '../actions/request-quota/request-quota.ts';
import { replaceNode } from '../actions/replace-node/replace-node.ts';
import { resizeNodePool } from '../actions/resize-node-pool/resize-node-pool.ts';
import { setPoolAutoscaling } from '../actions/set-pool-autoscaling/set-pool-autoscaling.ts';
import { uncordonNode } from '../actions/uncordon-node/uncordon-node.ts';
import { strategise } from '../../strategy.ts';
import { clusterWith, deployment, proposalsOf, put, tried } from '../trial.suite.ts';
import { shrinkIntoBand } from './band.ts';
import { planningWith } from './usage-scene.suite.ts';

const ZONE = ['europe-west1-b'];
const asking = (cpu: string, memory = '512Mi') => ({ resources: { requests: { cpu, memory } } });
const pool = (autoscaling: object | undefined, initialNodes = 3, zones = ZONE) => ({
  nodePools: [{ name: 'general', initialNodes, zones, autoscaling: autoscaling as never }],
});

/** A pool full of large pods, and pods that wait for more nodes. */
function full(autoscaling: object | undefined, limits: Readonly<Record<string, number>> = {}) {
  const cluster = clusterWith([deployment('web', {}, asking('3'), { replicas: 3 })], { ...pool(autoscaling), limits });
  put(cluster, [deployment('late', {}, asking('3'), { replicas: 2 })]);
  cluster.clock.advance(20 * 60_000);
  return planningWith(cluster);
}

function callsOf(remedy: ReturnType<typeof proposalsOf>[number] | undefined) {
  return (remedy?.drafts ?? [])
    .flatMap(({ changes }) => changes)
    .map((change) => (change.kind === 'cloud' ? change.call : change.kind));
}

describe('set-pool-autoscaling', () => {
  it('raises a maximum by the nodes that the waiting pods need, and they run', () => {
    const planning = full({ minNodes: 1, maxNodes: 3 });
    const [remedy] = proposalsOf(setPoolAutoscaling, planning);
    expect(callsOf(remedy)).toEqual([
      expect.objectContaining({
        pool: 'general',
        from: { minNodes: 1, maxNodes: 3 },
        to: { minNodes: 1, maxNodes: 6 },
      }),
    ]);
    const { outcomes, causes } = tried(ACTION_KINDS, remedy as never, planning);
    expect(outcomes).toEqual(['held']);
    expect(causes).not.toContain('node-pool-at-maximum');
  });

  it('switches autoscaling on where it is off, with what there is as the least', () => {
    const planning = full(undefined);
    const [remedy] = proposalsOf(setPoolAutoscaling, planning);
    expect(callsOf(remedy)).toEqual([expect.objectContaining({ to: { minNodes: 3, maxNodes: 6 } })]);
    expect(tried(ACTION_KINDS, remedy as never, planning).outcomes).toEqual(['held']);
  });

  it('asks for the quota that the nodes need before', () => {
    const [remedy] = proposalsOf(setPoolAutoscaling, full({ minNodes: 1, maxNodes: 3 }, { CPUS: 16 }));
    expect(remedy?.drafts.map(({ kind }) => kind)).toEqual(['request-quota', 'set-pool-autoscaling']);
    expect(remedy?.drafts[1]?.after).toEqual(['request-quota:compute.googleapis.com/Quota//europe-west1/CPUS']);
  });

  it('says nothing while the pool may grow', () => {
    const planning = full({ minNodes: 1, maxNodes: 9 }, { CPUS: 12 });
    expect(proposalsOf(setPoolAutoscaling, planning)).toEqual([]);
    expect(proposalsOf(requestQuota, planning)).not.toEqual([]);
  });
});

describe('resize-node-pool', () => {
  const idle = (nodes: number, autoscaling: object | undefined = undefined, zones = ZONE, replicas = 6) =>
    planningWith(
      clusterWith([deployment('web', {}, asking('900m', '3Gi'), { replicas })], pool(autoscaling, nodes, zones)),
    );

  it('gives back what brings CPU nearest to the middle of the band, and all pods run on the rest', () => {
    // 5.4 CPU on nodes of 3.92 each: 2 nodes make 69 %.
    const planning = idle(4);
    const [remedy] = proposalsOf(resizeNodePool, planning);
    expect(callsOf(remedy)).toEqual([{ operation: 'resize-node-pool', pool: 'general', from: 4, to: 2 }]);
    const { rehearsal } = strategise(planning.snapshot, { version: 'test' });
    expect(rehearsal?.after).toMatchObject({ nodes: 2, pods: { succeeding: rehearsal?.after.pods.total } });
    expect(rehearsal?.after.requestedCpu).toBeGreaterThanOrEqual(0.6);
    expect(rehearsal?.after.requestedCpu).toBeLessThanOrEqual(0.8);
  });

  it('keeps the least size of a pool, and whole numbers for each of its zones', () => {
    expect(proposalsOf(resizeNodePool, idle(4, { minNodes: 4, maxNodes: 9 }))).toEqual([]);
    const zones = ['europe-west1-b', 'europe-west1-c', 'europe-west1-d'];
    expect(callsOf(proposalsOf(resizeNodePool, idle(5, undefined, zones, 9))[0])).toEqual([
      expect.objectContaining({ from: 5, to: 3 }),
    ]);
  });

  it('moves nothing that a budget keeps', () => {
    const budget = {
      ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web', namespace: 'shop' } },
      spec: { maxUnavailable: 0, selector: { matchLabels: { app: 'web' } } },
    };
    const planning = planningWith(
      clusterWith([deployment('web', {}, asking('900m'), { replicas: 6 }), budget], pool(undefined, 4)),
    );
    const shrinking = shrinkIntoBand(planning.examination.world, planning);
    for (const { moves } of shrinking?.removed ?? []) expect(moves).toEqual([]);
  });
});

describe('uncordon-node', () => {
  it('lets pods onto ready nodes again that they wait for', () => {
    const cluster = clusterWith([deployment('web', {}, asking('3'), { replicas: 2 })], pool(undefined));
    const type = cluster.api.types.byKind('', 'Node') as never;
    const nodes = [...cluster.api.store.list(type)] as { metadata: { name: string } }[];
    for (const { metadata } of nodes)
      cluster.api.change(type, '', metadata.name, (one) =>
        withPatch(one, { type: 'merge', patch: { spec: { unschedulable: true } } }),
      );
    put(cluster, [deployment('late', {}, asking('3'), { replicas: 1 })]);
    cluster.clock.advance(20 * 60_000);
    const planning = planningWith(cluster);
    const [remedy] = proposalsOf(uncordonNode, planning);
    const { outcomes, causes } = tried(ACTION_KINDS, remedy as never, planning);
    expect(new Set(outcomes)).toEqual(new Set(['held']));
    expect(causes).not.toContain('nodes-cordoned');
  });
});

describe('replace-node', () => {
  it('has the machine of a silent node made anew', () => {
    const cluster = clusterWith([deployment('web', {}, asking('3'), { replicas: 3 })], pool(undefined));
    const type = cluster.api.types.byKind('', 'Node') as never;
    const [first] = [...cluster.api.store.list(type)] as { metadata: { name: string } }[];
    cluster.kubelets.stopNode(first?.metadata.name ?? '');
    cluster.clock.advance(20 * 60_000);
    const planning = planningWith(cluster);
    const [remedy] = proposalsOf(replaceNode, planning);
    expect(callsOf(remedy)).toEqual([
      expect.objectContaining({ operation: 'delete-machine', node: first?.metadata.name }),
    ]);
    const { outcomes, causes } = tried(ACTION_KINDS, remedy as never, planning);
    expect(outcomes).toEqual(['held']);
    expect(causes).toEqual([]);
  });

  it('waits for a node that has just been lost', () => {
    const cluster = clusterWith([deployment('web', {}, asking('3'), { replicas: 3 })], pool(undefined));
    const type = cluster.api.types.byKind('', 'Node') as never;
    const [first] = [...cluster.api.store.list(type)] as { metadata: { name: string } }[];
    cluster.kubelets.stopNode(first?.metadata.name ?? '');
    cluster.clock.advance(2 * 60_000);
    expect(proposalsOf(replaceNode, planningWith(cluster))).toEqual([]);
  });
});
