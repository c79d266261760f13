import type { newCloud } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { strategise } from '../../../strategy.ts';
import { clusterWith, deployment, planningOf, proposalsOf } from '../../trial.suite.ts';
import { changeMachineType } from './change-machine-type.ts';

type Pool = NonNullable<NonNullable<Parameters<typeof newCloud>[0]>['nodePools']>[number];

const POOL: Pool = {
  name: 'general',
  machineType: 'e2-standard-4',
  initialNodes: 4,
  zones: ['europe-west1-b'],
  autoscaling: { minNodes: 4, maxNodes: 8 },
};
const asking = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });

/** Four nodes of 3.92 CPU and about 13 GiB, of which pods ask for nearly all memory and little CPU. */
function hungry(
  pod: Readonly<Record<string, unknown>> = {},
  more: readonly object[] = [],
  pool: Partial<Pool> = {},
  limits = {},
) {
  const cluster = clusterWith([deployment('cache', pod, asking('600m', '5Gi'), { replicas: 8 }), ...more], {
    nodePools: [{ ...POOL, ...pool }],
    limits,
  });
  cluster.clock.advance(10 * 60_000);
  return planningOf(cluster);
}

const callsOf = (remedy: ReturnType<typeof proposalsOf>[number] | undefined) =>
  (remedy?.drafts ?? [])
    .flatMap(({ changes }) => changes)
    .flatMap((change) => (change.kind === 'cloud' ? [change.call] : []));

describe('change-machine-type', () => {
  it('makes a pool of fitting machines, empties the old one node by node, and deletes it', () => {
    const [remedy] = proposalsOf(changeMachineType, hungry());
    const operations = callsOf(remedy).map(({ operation }) => operation);
    expect(operations).toEqual(['create-node-pool', 'set-pool-autoscaling', 'delete-node-pool']);
    expect(callsOf(remedy)[0]).toMatchObject({ like: 'general', zones: POOL.zones });
    expect(callsOf(remedy)[0]).toMatchObject({ machineType: expect.stringMatching(/^e2-highmem-/) as string });
    const drains = (remedy?.drafts ?? []).filter(({ kind }) => kind === 'drain-node');
    expect(drains).toHaveLength(4);
    expect(drains.slice(1).map(({ after }) => after)).toEqual(
      drains.slice(0, 3).map(({ target }) => [`drain-node:/Node//${target.name}`]),
    );
  });

  it('brings the cluster into the band on the twin, with every pod and no node of the old pool', () => {
    const planning = hungry();
    const { plan, rehearsal } = strategise(planning.snapshot, { version: 'test' });
    const actions = plan.phases.flatMap((phase) => phase.actions);
    expect(actions.map(({ kind }) => kind)).toContain(changeMachineType.kind);
    expect(rehearsal?.actions.every(({ outcome }) => outcome === 'held')).toBe(true);
    expect(rehearsal?.after.pods.succeeding).toBe(rehearsal?.after.pods.total);
    expect(rehearsal?.after.monthlyCost).toBeLessThan(rehearsal?.before.monthlyCost ?? 0);
    const last = actions.find(({ kind }) => kind === changeMachineType.kind);
    expect(last?.inverse).toMatchObject({
      steps: [{ change: { call: { operation: 'create-node-pool', pool: 'general', machineType: 'e2-standard-4' } } }],
    });
  });

  it('asks for the quota of both pools side by side first', () => {
    const [remedy] = proposalsOf(changeMachineType, hungry({}, [], {}, { CPUS: 18 }));
    expect(callsOf(remedy).map(({ operation }) => operation)).toEqual([
      'request-quota',
      'create-node-pool',
      'set-pool-autoscaling',
      'delete-node-pool',
    ]);
    expect(remedy?.drafts[1]?.after).toEqual(['request-quota:compute.googleapis.com/Quota//europe-west1/CPUS']);
  });

  const budget = {
    ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'cache', namespace: 'shop' } },
    spec: { maxUnavailable: 0, selector: { matchLabels: { app: 'cache' } } },
  };
  const selector = { 'cloud.google.com/gke-nodepool': 'general' };
  it.each([
    ['keep data on their node', { volumes: [{ name: 'spool', emptyDir: {} }] }, []],
    ['have a budget that lets none go', {}, [budget]],
    ['ask for the pool by name', { nodeSelector: selector }, []],
    ['ask for its machines', { nodeSelector: { 'node.kubernetes.io/instance-type': 'e2-standard-4' } }, []],
  ])('refuses where pods %s', (_, pod, more) => {
    expect(proposalsOf(changeMachineType, hungry(pod, more))).toEqual([]);
  });

  it('leaves a pool alone whose machines have the right shape', () => {
    const cluster = clusterWith([deployment('web', {}, asking('500m', '2Gi'), { replicas: 6 })], { nodePools: [POOL] });
    expect(proposalsOf(changeMachineType, planningOf(cluster))).toEqual([]);
  });
});
