import { describe, expect, it } from 'vitest';
import type { NodePool } from '../../cloud/cloud.ts';
import { machineType } from '../../cloud/machine-types.ts';
import { newCloud } from './new-cloud.ts';
import { SimulatedCloud } from './simulated-cloud.ts';
import { capacityOf, reservedCpuMillis, reservedMemoryBytes } from './machine-capacity.ts';
import { nodeOptionsOf } from './machines.ts';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

function poolOf(changes: Partial<NodePool> = {}): NodePool {
  const [pool] = newCloud({ nodePools: [{ name: 'pool', ...changes }] }).cluster?.nodePools ?? [];
  if (pool === undefined) throw new Error('no pool');
  return pool;
}

describe('what GKE keeps of a node', () => {
  it.each([
    ['n1-standard-1', 60],
    ['n1-standard-2', 70],
    ['e2-standard-4', 80],
    ['e2-standard-8', 90],
    ['n2-standard-16', 110],
    ['n2-standard-32', 150],
    ['e2-medium', 1060],
    ['e2-small', 1060],
  ])('of CPU on %s: %im', (name, millis) => {
    const type = machineType(name);
    expect(type && reservedCpuMillis(type)).toBe(millis);
  });

  it('of CPU 400m more where nodes take more than 110 pods', () => {
    const type = machineType('e2-standard-4');
    expect(type && reservedCpuMillis(type, 256)).toBe(480);
  });

  it.each([
    [0.6, 255 / 1024],
    [2, 0.5],
    [4, 1],
    [8, 1.8],
    [16, 2.6],
    [32, 3.56],
    [128, 9.32],
    [256, 11.88],
  ])('of %f GiB of memory %f GiB, and 100 MiB under which pods are evicted', (gib, reserved) => {
    expect(reservedMemoryBytes(gib * GIB)).toBeCloseTo(reserved * GIB + 100 * MIB, -1);
  });

  it('of a boot disk of 100 GB as the documentation shows a node: 98831908Ki of which pods may have 47060071478 bytes', () => {
    const { capacity, reserved } = capacityOf(poolOf());
    const all = Number(capacity['ephemeral-storage']?.replace('Ki', ''));
    expect(all / 98_831_908).toBeCloseTo(1, 3);
    expect((all * 1024 - Number(reserved['ephemeral-storage'])) / 47_060_071_478).toBeCloseTo(1, 2);
  });
});

describe('nodeOptionsOf', () => {
  it('says that a node is of Spot machines, has GPUs and local SSDs, and is tainted for its GPUs and by its pool', () => {
    const cloud = new SimulatedCloud(newCloud());
    const pool = poolOf({
      machineType: 'n1-standard-4',
      spot: true,
      accelerators: [{ type: 'nvidia-tesla-t4', count: 2 }],
      localSsds: 1,
      labels: { team: 'ml' },
      taints: [{ key: 'team', value: 'ml', effect: 'NoSchedule' }],
    });
    const { labels, taints, capacity } = nodeOptionsOf(cloud, pool, 'europe-west1-b', 'one');
    expect(labels).toMatchObject({
      'cloud.google.com/gke-nodepool': 'pool',
      'cloud.google.com/gke-spot': 'true',
      'cloud.google.com/gke-provisioning': 'spot',
      'cloud.google.com/gke-accelerator': 'nvidia-tesla-t4',
      'cloud.google.com/gke-ephemeral-storage-local-ssd': 'true',
      'topology.gke.io/zone': 'europe-west1-b',
      team: 'ml',
    });
    expect(taints).toEqual([
      { key: 'team', value: 'ml', effect: 'NoSchedule' },
      { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' },
    ]);
    expect(capacity).toMatchObject({ 'nvidia.com/gpu': '2', cpu: '4' });
  });
});
