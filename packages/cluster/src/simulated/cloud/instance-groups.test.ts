import { describe, expect, it } from 'vitest';
import { NODES } from '../api/built-in-types.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';
import { newCloud, type NewCloudOptions } from './new-cloud.ts';

const clusterWith = (cloud: NewCloudOptions = {}): SimulatedCluster => new SimulatedCluster({ cloud: newCloud(cloud) });
const nodesOf = ({ api }: SimulatedCluster) => api.list(NODES).items;
const usageOf = ({ cloud }: SimulatedCluster, metric: string) =>
  cloud?.snapshot.quotas?.find((quota) => quota.metric === metric)?.usage;
const groupsOf = (cluster: SimulatedCluster) => {
  const { instanceGroups } = cluster;
  if (instanceGroups === undefined) throw new Error('the cluster has no cloud');
  return instanceGroups;
};

describe('first nodes', () => {
  it('come with the cluster, one of each zone in turn, ready, with names as GKE gives them', () => {
    const nodes = nodesOf(clusterWith());
    expect(nodes.map(({ metadata }) => metadata.labels?.['topology.kubernetes.io/zone']).sort()).toEqual([
      'europe-west1-a',
      'europe-west1-b',
      'europe-west1-c',
    ]);
    for (const { metadata, spec, status } of nodes) {
      expect(metadata.name).toMatch(/^gke-example-default-pool-[0-9a-f]{8}-[a-z0-9]{4}$/);
      expect(spec?.providerID).toMatch(/^gce:\/\/example-project\/europe-west1-[abc]\/gke-/);
      expect(status?.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }));
    }
  });

  it('take quota', () => {
    const cluster = clusterWith();
    expect(usageOf(cluster, 'CPUS')).toBe(12);
    expect(usageOf(cluster, 'INSTANCES')).toBe(3);
    expect(usageOf(cluster, 'SSD_TOTAL_GB')).toBe(300);
  });

  it('are refused where limits are too small for them', () => {
    expect(() => clusterWith({ limits: { CPUS: 8 } })).toThrow(
      /node pool "default-pool": Instance .* creation failed: Quota 'CPUS' exceeded. {2}Limit: 8\.0 in region europe-west1\./,
    );
    expect(() => clusterWith({ limits: { 'global/CPUS_ALL_REGIONS': 8 } })).toThrow(RangeError);
  });

  it('are none in Autopilot mode', () => {
    expect(nodesOf(clusterWith({ autopilot: true }))).toEqual([]);
  });
});

describe('InstanceGroups', () => {
  it('adds a ready node at once, in the zone of the fewest, and removes it with what it took', () => {
    const cluster = clusterWith({ nodePools: [{ name: 'web', initialNodes: 1 }] });
    const [first] = nodesOf(cluster);
    const added = groupsOf(cluster).add('web');
    const zone = 'topology.kubernetes.io/zone';
    expect(added.metadata.labels?.[zone]).not.toBe(first?.metadata.labels?.[zone]);
    expect(groupsOf(cluster).sizeOf('web')).toBe(2);
    groupsOf(cluster).remove(added.metadata.name);
    expect(nodesOf(cluster)).toHaveLength(1);
    expect(usageOf(cluster, 'CPUS')).toBe(4);
    expect(() => groupsOf(cluster).remove(added.metadata.name)).toThrow(RangeError);
    expect(() => groupsOf(cluster).add('none')).toThrow(RangeError);
    expect(() => groupsOf(cluster).add('web', 'mars-1')).toThrow(RangeError);
  });

  it('makes a node of a machine after the time that machines take, and holds its quota from the request on', () => {
    const cluster = clusterWith({ nodePools: [{ name: 'web', initialNodes: 0 }] });
    const groups = groupsOf(cluster);
    const [group] = groups.groups;
    if (group === undefined) throw new Error('no group');
    const { name } = groups.request(group);
    expect(usageOf(cluster, 'CPUS')).toBe(4);
    cluster.clock.advance(39_999);
    expect(nodesOf(cluster)).toEqual([]);
    cluster.clock.advance(1);
    expect(nodesOf(cluster).map(({ metadata }) => metadata.name)).toEqual([name]);
    groups.delete(name);
    expect(groups.targetOf(group.key)).toBe(0);
    cluster.clock.advance(120_000);
    expect(nodesOf(cluster)).toEqual([]);
    expect(usageOf(cluster, 'CPUS')).toBe(0);
  });

  it.each([
    ['QUOTA_EXCEEDED', "Quota 'CPUS' exceeded.  Limit: 4.0 in region europe-west1.", { CPUS: 4 }, {}],
    [
      'QUOTA_EXCEEDED',
      "Quota 'CPUS_ALL_REGIONS' exceeded.  Limit: 4.0 globally.",
      { 'global/CPUS_ALL_REGIONS': 4 },
      {},
    ],
    [
      'ZONE_RESOURCE_POOL_EXHAUSTED',
      "The zone 'projects/example-project/zones/europe-west1-b' does not have enough resources available to fulfill the request. Try a different zone, or try again later.",
      {},
      { stockOuts: [{ zone: 'europe-west1-b', machine: 'e2' }] },
    ],
    ['IP_SPACE_EXHAUSTED', "IP space of 'projects/example-project/regions/europe-west1", {}, { podRangeNodes: 1 }],
    [
      'PERMISSIONS_ERROR',
      "Required 'compute.instances.create' permission",
      {},
      { refusal: () => "Required 'compute.instances.create' permission" },
    ],
  ])('is refused with %s: %s', (code, text, limits, conditions) => {
    const cluster = clusterWith({ zones: ['b'], nodePools: [{ name: 'web', initialNodes: 1 }], limits });
    const groups = groupsOf(cluster);
    const [group] = groups.groups;
    if (group === undefined || cluster.cloud === undefined) throw new Error('no group');
    Object.assign(cluster.cloud.conditions, conditions);
    const machine = groups.request(group);
    expect(machine.refusal?.code).toBe(code);
    expect(machine.refusal?.message).toContain(`Instance '${machine.name}' creation failed: ${text}`);
    expect(usageOf(cluster, 'CPUS')).toBe(4);
  });

  it('loses a machine without notice: its Node goes once it is missed, and another comes', () => {
    const cluster = clusterWith({ nodePools: [{ name: 'web', initialNodes: 1 }] });
    const [first] = nodesOf(cluster);
    groupsOf(cluster).lose(first?.metadata.name ?? '');
    // `--node-monitor-grace-period`
    cluster.clock.advance(49_000);
    expect(nodesOf(cluster)).toHaveLength(1);
    expect(usageOf(cluster, 'CPUS')).toBe(0);
    cluster.clock.advance(70_000);
    const [next, ...others] = nodesOf(cluster);
    expect(others).toEqual([]);
    expect(next?.metadata.name).not.toBe(first?.metadata.name);
    expect(usageOf(cluster, 'CPUS')).toBe(4);
  });

  it('counts blocks of the range that pods get their addresses from', () => {
    const podRange = { cidr: '10.0.0.0/22', nodeMask: 24, share: 0.5 };
    const cluster = clusterWith({ nodePools: [{ name: 'web', initialNodes: 2, podRange }] });
    expect(() => groupsOf(cluster).add('web')).toThrow(/IP space of/);
    const [first] = nodesOf(cluster);
    groupsOf(cluster).remove(first?.metadata.name ?? '');
    expect(() => groupsOf(cluster).add('web')).not.toThrow();
  });
});
