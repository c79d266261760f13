import { describe, expect, it } from 'vitest';
import { parseContainerCluster, parseNodePools } from './parse-cluster.ts';

const pool = {
  name: 'default-pool',
  initialNodeCount: 1,
  locations: ['us-central1-a', 'us-central1-b', 'us-central1-c'],
  config: { machineType: 'e2-standard-4', diskSizeGb: 100, diskType: 'pd-balanced', spot: true },
  autoscaling: { enabled: true, minNodeCount: 1, maxNodeCount: 3, totalMinNodeCount: 0, totalMaxNodeCount: 0 },
};
const cluster = {
  name: 'aia',
  location: 'us-central1',
  selfLink: 'https://container.googleapis.com/v1/projects/aia-prod/locations/us-central1/clusters/aia',
  currentMasterVersion: '1.33.4-gke.1036000',
  autoscaling: { autoscalingProfile: 'BALANCED', resourceLimits: [{ resourceType: 'cpu', maximum: '100' }] },
  privateClusterConfig: { enablePrivateNodes: true },
  locations: ['us-central1-a'],
  nodePools: [pool],
};
const poolOf = (changes: object): unknown =>
  parseContainerCluster({ ...cluster, nodePools: [{ ...pool, ...changes }] }).value[0]?.cluster.nodePools[0];

describe('parseContainerCluster', () => {
  it('counts nodes over all zones', () => {
    const [parsed] = parseContainerCluster(cluster).value;
    expect(parsed?.project).toBe('aia-prod');
    expect(parsed?.cluster).toMatchObject({
      name: 'aia',
      location: 'us-central1',
      version: '1.33.4-gke.1036000',
      autopilot: false,
      autoscalingProfile: 'BALANCED',
    });
    expect(parsed?.cluster.nodePools[0]).toEqual({
      name: 'default-pool',
      machineType: 'e2-standard-4',
      diskType: 'pd-balanced',
      diskSizeGb: 100,
      spot: true,
      zones: ['us-central1-a', 'us-central1-b', 'us-central1-c'],
      autoscaling: { minNodes: 3, maxNodes: 9 },
      initialNodes: 3,
      privateNodes: true,
    });
    expect(parseContainerCluster({ clusters: [cluster] }).value).toEqual([parsed]);
  });

  it('reads labels, taints and the policy of locations, and which pools were made for pods', () => {
    const { config, autoscaling } = pool;
    const taints = [
      { key: 'team', value: 'ml', effect: 'NO_SCHEDULE' },
      { key: 'old', effect: 'UNKNOWN' },
    ];
    expect(
      poolOf({
        config: { ...config, labels: { team: 'ml' }, taints },
        autoscaling: { ...autoscaling, locationPolicy: 'ANY', autoprovisioned: true },
      }),
    ).toMatchObject({
      labels: { team: 'ml' },
      taints: [{ key: 'team', value: 'ml', effect: 'NoSchedule' }],
      autoscaling: { minNodes: 3, maxNodes: 9, locationPolicy: 'ANY' },
      autoprovisioned: true,
    });
  });

  it('reads GPUs and local SSDs, whichever field names them, and numbers written as text', () => {
    const { config } = pool;
    const accelerators = [{ acceleratorCount: '2', acceleratorType: 'nvidia-tesla-t4' }, { acceleratorType: '' }];
    expect(poolOf({ config: { ...config, accelerators, localSsdCount: 1 } })).toMatchObject({
      accelerators: [{ type: 'nvidia-tesla-t4', count: 2 }],
      localSsds: 1,
    });
    const nvme = { ...config, ephemeralStorageLocalSsdConfig: { localSsdCount: '4' } };
    expect(poolOf({ config: nvme })).toMatchObject({ localSsds: 4 });
    expect(poolOf({ config })).not.toHaveProperty('accelerators');
  });

  it('prefers total bounds, takes zero as unset, and knows autoscaling that is off', () => {
    expect(
      poolOf({
        autoscaling: {
          enabled: true,
          minNodeCount: 1,
          maxNodeCount: 3,
          totalMinNodeCount: '2',
          totalMaxNodeCount: '5',
        },
      }),
    ).toMatchObject({
      autoscaling: { minNodes: 2, maxNodes: 5 },
    });
    expect(poolOf({ autoscaling: { maxNodeCount: 3 } })).toMatchObject({ autoscaling: undefined });
    expect(poolOf({ autoscaling: {} })).toMatchObject({ autoscaling: undefined });
    expect(poolOf({ autoscaling: { enabled: true, totalMaxNodeCount: 0 } })).toMatchObject({
      autoscaling: { minNodes: 0, maxNodes: 1000 },
    });
  });

  it('takes zones from instance groups, then from the cluster, and lets a pool override private nodes', () => {
    const url = (zone: string): string =>
      `https://www.googleapis.com/compute/v1/projects/p/zones/${zone}/instanceGroupManagers/gke-aia-x-12345678-grp`;
    expect(
      poolOf({ locations: undefined, instanceGroupUrls: [url('us-central1-f'), url('us-central1-b')] }),
    ).toMatchObject({ zones: ['us-central1-b', 'us-central1-f'] });
    expect(poolOf({ locations: [] })).toMatchObject({ zones: ['us-central1-a'] });
    expect(poolOf({ networkConfig: { enablePrivateNodes: false } })).toMatchObject({ privateNodes: false });
  });
});

describe('parseNodePools', () => {
  it('groups pools by the cluster their URLs name', () => {
    const link = 'https://container.googleapis.com/v1/projects/p/zones/us-central1-a/clusters/aia/nodePools/';
    const { value } = parseNodePools([
      { ...pool, selfLink: `${link}a`, name: 'a', locations: undefined },
      { ...pool, name: 'b' },
    ]);
    expect(value).toMatchObject([
      { project: 'p', cluster: 'aia', location: 'us-central1-a', pools: [{ name: 'a', zones: ['us-central1-a'] }] },
      { cluster: undefined, pools: [{ name: 'b' }] },
    ]);
  });
});
