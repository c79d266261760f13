import { createDirectWrites, newCloud, SimulatedCluster, type NewCloudOptions } from '@aia/cluster';
import type { CloudCall } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { performCall } from './perform-call.ts';

const POOL = { name: 'web', initialNodes: 2, autoscaling: undefined, zones: ['europe-west1-b'] };

function stage(options: NewCloudOptions = { nodePools: [POOL] }) {
  const cluster = new SimulatedCluster({ cloud: newCloud(options) });
  const writes = createDirectWrites(cluster, 'test');
  const type = cluster.api.types.byKind('', 'Node');
  return {
    cluster,
    call: (call: CloudCall) => performCall(cluster, writes, call),
    nodes: () => (type === undefined ? [] : [...cluster.api.store.list(type)].map(({ metadata }) => metadata.name)),
    quota: (metric: string) => cluster.cloud?.snapshot.quotas?.find((quota) => quota.metric === metric),
    pool: (name: string) => cluster.cloud?.pools.find((pool) => pool.name === name),
  };
}

describe('resize-node-pool', () => {
  it('adds and takes away machines, with their quota', () => {
    const { cluster, call, nodes, quota } = stage();
    expect(call({ operation: 'resize-node-pool', pool: 'web', from: 2, to: 4 }).outcome).toBe('done');
    cluster.clock.advance(120_000);
    expect([nodes().length, quota('CPUS')?.usage]).toEqual([4, 16]);
    expect(call({ operation: 'resize-node-pool', pool: 'web', from: 4, to: 1 }).outcome).toBe('done');
    cluster.clock.advance(300_000);
    expect([nodes().length, quota('CPUS')?.usage]).toEqual([1, 4]);
  });

  it('is refused where the quota has no room, or there is no such pool', () => {
    const { call } = stage({ nodePools: [POOL], limits: { CPUS: 8 } });
    expect(call({ operation: 'resize-node-pool', pool: 'web', from: 2, to: 3 })).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining("Quota 'CPUS' exceeded") as string,
    });
    expect(call({ operation: 'resize-node-pool', pool: 'other', from: 0, to: 1 }).outcome).toBe('refused');
  });
});

describe('node pools', () => {
  it('are made like another one, and go with all their nodes', () => {
    const { cluster, call, nodes, pool } = stage();
    const made = call({
      ...{ operation: 'create-node-pool', pool: 'big', like: 'web', machineType: 'e2-standard-8' },
      ...{ zones: ['europe-west1-c'], minNodes: 1, maxNodes: 3, initialNodes: 1 },
    });
    cluster.clock.advance(120_000);
    expect(made.outcome).toBe('done');
    expect(pool('big')).toMatchObject({ machineType: 'e2-standard-8', autoscaling: { minNodes: 1, maxNodes: 3 } });
    expect(nodes()).toHaveLength(3);
    call({ operation: 'delete-node-pool', pool: 'web' });
    cluster.clock.advance(600_000);
    expect(nodes()).toHaveLength(1);
    expect(pool('web')).toBeUndefined();
  });

  it('change bounds, zones and profile', () => {
    const { call, pool, cluster } = stage();
    call({ operation: 'set-pool-autoscaling', pool: 'web', to: { minNodes: 1, maxNodes: 5 } });
    call({ operation: 'set-pool-zones', pool: 'web', from: POOL.zones, to: ['europe-west1-c'] });
    call({ operation: 'set-autoscaling-profile', from: 'balanced', to: 'optimize-utilization' });
    expect(pool('web')).toMatchObject({ autoscaling: { minNodes: 1, maxNodes: 5 }, zones: ['europe-west1-c'] });
    expect(cluster.cloud?.snapshot.cluster?.autoscalingProfile).toBe('OPTIMIZE_UTILIZATION');
  });

  it('replace a machine by another of its group', () => {
    const { cluster, call, nodes } = stage();
    const [node = ''] = nodes();
    expect(call({ operation: 'delete-machine', node, zone: 'europe-west1-b' }).outcome).toBe('done');
    cluster.clock.advance(120_000);
    expect(nodes()).toHaveLength(2);
    expect(nodes()).not.toContain(node);
    expect(call({ operation: 'delete-machine', node, zone: 'europe-west1-b' }).outcome).toBe('refused');
  });
});

describe('around nodes', () => {
  it('grants quota and reserves addresses', () => {
    const { call, quota } = stage();
    call({ operation: 'request-quota', metric: 'CPUS', region: 'europe-west1', from: 200, to: 240 });
    expect(quota('CPUS')?.limit).toBe(240);
    expect(call({ operation: 'reserve-address', name: 'front', region: 'europe-west1' }).outcome).toBe('done');
    expect(quota('STATIC_ADDRESSES')?.usage).toBe(1);
    expect(call({ operation: 'release-address', name: 'front', address: '', region: 'europe-west1' }).outcome).toBe(
      'done',
    );
    expect(quota('STATIC_ADDRESSES')?.usage).toBe(0);
  });

  it('refuses outside of any cloud', () => {
    const cluster = new SimulatedCluster();
    const call: CloudCall = { operation: 'delete-node-pool', pool: 'web' };
    expect(performCall(cluster, createDirectWrites(cluster, 'test'), call).outcome).toBe('refused');
  });
});
