import { describe, expect, it } from 'vitest';
import { planningWith } from '../../capacity/usage-scene.suite.ts';
import { ACTION_KINDS } from '../../catalogue.ts';
import { clusterWith, deployment, proposalsOf, put, tried } from '../../trial.suite.ts';
import { createNodePool } from './create-node-pool.ts';

const ZONES = ['europe-west1-b', 'europe-west1-c'];

/** One pool of e2-standard-4, and pods that wait. */
function waiting(
  requests: Readonly<Record<string, string>>,
  {
    limits = {},
    stockOut,
    replicas = 1,
  }: { limits?: Readonly<Record<string, number>>; stockOut?: string; replicas?: number } = {},
) {
  const cluster = clusterWith([deployment('web', {}, {}, { replicas: 2 })], {
    nodePools: [{ name: 'general', initialNodes: 2, zones: ZONES, autoscaling: { minNodes: 2, maxNodes: 9 } }],
    limits,
  });
  if (stockOut !== undefined && cluster.cloud !== undefined)
    cluster.cloud.conditions.stockOuts = ZONES.map((zone) => ({ zone, machine: stockOut }));
  const extended = Object.keys(requests).filter((name) => name.includes('/'));
  const resources = { requests, ...(extended.length > 0 && { limits: requests }) };
  put(cluster, [deployment('late', {}, { resources }, { replicas })]);
  cluster.clock.advance(30 * 60_000);
  return planningWith(cluster);
}

function callOf(remedy: ReturnType<typeof proposalsOf>[number] | undefined) {
  const change = remedy?.drafts.at(-1)?.changes[0];
  return change?.kind === 'cloud' ? change.call : undefined;
}

describe('create-node-pool', () => {
  it('makes the smallest machines that take pods larger than any node, and they run', () => {
    const planning = waiting({ cpu: '6', memory: '8Gi' });
    expect(planning.causesOf('pod-larger-than-any-node')).toHaveLength(1);
    const [remedy] = proposalsOf(createNodePool, planning);
    expect(callOf(remedy)).toMatchObject({
      ...{ operation: 'create-node-pool', pool: 'general-e2-standard-8', like: 'general' },
      ...{ machineType: 'e2-standard-8', minNodes: 0, initialNodes: 1 },
    });
    const { outcomes, causes } = tried(ACTION_KINDS, remedy as never, planning);
    expect(outcomes).toEqual(['held']);
    expect(causes).not.toContain('pod-larger-than-any-node');
  });

  it('takes machines with more memory where memory is what lacks', () => {
    const call = callOf(proposalsOf(createNodePool, waiting({ cpu: '1', memory: '40Gi' }))[0]);
    expect(call).toMatchObject({ machineType: expect.stringMatching(/-highmem-8$/) });
  });

  it('gives GPUs to pods that ask for them, and they run', () => {
    const planning = waiting({ cpu: '1', memory: '2Gi', 'nvidia.com/gpu': '1' }, { limits: { NVIDIA_T4_GPUS: 4 } });
    expect(planning.causesOf('resource-not-offered')).toHaveLength(1);
    const [remedy] = proposalsOf(createNodePool, planning);
    expect(callOf(remedy)).toMatchObject({ accelerator: { type: expect.stringContaining('nvidia-'), count: 1 } });
    const { outcomes, causes } = tried(ACTION_KINDS, remedy as never, planning);
    expect(outcomes).toEqual(['held']);
    expect(causes).not.toContain('resource-not-offered');
  });

  it('guesses no device plugin', () => {
    expect(proposalsOf(createNodePool, waiting({ cpu: '1', 'example.com/fpga': '1' }))).toEqual([]);
  });

  it('takes another family of the same shape where the cloud has none left of one', () => {
    const planning = waiting({ cpu: '3', memory: '8Gi' }, { stockOut: 'e2', replicas: 3 });
    expect(planning.causesOf('stock-out')).toHaveLength(1);
    const [remedy] = proposalsOf(createNodePool, planning);
    expect(callOf(remedy)).toMatchObject({ machineType: expect.stringMatching(/^n\w+-standard-4$/) });
    const { outcomes, causes } = tried(ACTION_KINDS, remedy as never, planning);
    expect(outcomes).toEqual(['held']);
    expect(causes).not.toContain('stock-out');
  });

  it('asks for the quota that the machines lack before', () => {
    const [remedy] = proposalsOf(
      createNodePool,
      waiting({ cpu: '6' }, { limits: { CPUS: 10, N2_CPUS: 0, N2D_CPUS: 0 } }),
    );
    expect(remedy?.drafts.map(({ kind }) => kind)).toEqual(['request-quota', 'create-node-pool']);
  });
});
