import { describe, expect, it } from 'vitest';
import { autoscaledCluster, deploy, eventsAbout, nodesOf, placedOf, quotaOf } from './autoscaler-cluster.suite.ts';

const MINUTE = 60_000;
const GROUP =
  /https:\/\/www\.googleapis\.com\/compute\/v1\/projects\/example-project\/zones\/europe-west1-b\/instanceGroups\/gke-example-web-[0-9a-f]{8}-grp/;
const group = (text: string) =>
  text.replaceAll(new RegExp(GROUP, 'g'), 'GROUP').replaceAll(/gke-example-web-[0-9a-f]{8}-[a-z0-9]{4}/g, 'NODE');

describe('scale-up', () => {
  it('adds as many nodes as the pods that wait need, and says so on pods and on the status', () => {
    const cluster = autoscaledCluster();
    deploy(cluster, 'web', 3, '3');
    cluster.clock.advance(2 * MINUTE);
    expect(placedOf(cluster)).toBe(3);
    expect(nodesOf(cluster)).toHaveLength(3);
    expect(eventsAbout(cluster, 'ConfigMap').map(group)).toEqual([
      'Normal ScaledUpGroup Scale-up: setting group GROUP size to 3 instead of 1 (max: 9)',
      'Normal ScaledUpGroup Scale-up: group GROUP size set to 3 instead of 1 (max: 9)',
    ]);
    expect(eventsAbout(cluster, 'Pod').map(group)).toEqual([
      'Normal TriggeredScaleUp pod triggered scale-up: [{GROUP 1->3 (max: 9)}]',
      'Normal TriggeredScaleUp pod triggered scale-up: [{GROUP 1->3 (max: 9)}]',
    ]);
  });

  it('says of pods that no node of the pool would take why, and does nothing', () => {
    const cluster = autoscaledCluster();
    deploy(cluster, 'web', 1, '8');
    cluster.clock.advance(20 * MINUTE);
    expect(nodesOf(cluster)).toHaveLength(1);
    expect(eventsAbout(cluster, 'Pod')).toEqual([
      "Normal NotTriggerScaleUp pod didn't trigger scale-up: 1 Insufficient cpu",
    ]);
  });

  it('stops at the bound of the pool, whatever waits', () => {
    const cluster = autoscaledCluster({
      nodePools: [{ name: 'web', initialNodes: 1, autoscaling: { minNodes: 1, maxNodes: 2 } }],
    });
    deploy(cluster, 'web', 5, '3');
    cluster.clock.advance(20 * MINUTE);
    expect(nodesOf(cluster)).toHaveLength(2);
    expect(eventsAbout(cluster, 'Pod')).toContain(
      "Normal NotTriggerScaleUp pod didn't trigger scale-up: 1 max node group size reached",
    );
  });

  it.each([
    [
      'OutOfResource.QUOTA_EXCEEDED',
      "Instance 'NODE' creation failed: Quota 'CPUS' exceeded.  Limit: 4.0 in region europe-west1.",
      'GCE quota exceeded',
      { CPUS: 4 },
      {},
    ],
    [
      'OutOfResource.RESOURCE_POOL_EXHAUSTED',
      "Instance 'NODE' creation failed: The zone 'projects/example-project/zones/europe-west1-b' does not have enough resources available to fulfill the request. Try a different zone, or try again later.",
      'GCE out of resources',
      {},
      { stockOuts: [{ zone: 'europe-west1-b' }] },
    ],
    [
      'Other.IP_SPACE_EXHAUSTED',
      "Instance 'NODE' creation failed: IP space of 'projects/example-project/regions/europe-west1/subnetworks/default' is exhausted. The secondary range of the pods has no free block for another node.",
      'IP space exhausted',
      {},
      { podRangeNodes: 1 },
    ],
    [
      'Other.PERMISSIONS_ERROR',
      "Instance 'NODE' creation failed: Required 'compute.instances.create' permission for 'projects/example-project/zones/europe-west1-b/instances/x'",
      'Internal error',
      {},
      {
        refusal: () =>
          "Required 'compute.instances.create' permission for 'projects/example-project/zones/europe-west1-b/instances/x'",
      },
    ],
  ])('tells of %s', (code, message, reason, limits, conditions) => {
    const cluster = autoscaledCluster({ limits });
    Object.assign(cluster.cloud?.conditions ?? {}, conditions);
    deploy(cluster, 'web', 2, '3');
    cluster.clock.advance(MINUTE);
    expect(nodesOf(cluster)).toHaveLength(1);
    expect(eventsAbout(cluster, 'ConfigMap').map(group)).toContain(
      `Warning ScaleUpFailed Failed adding 1 nodes to group GROUP due to ${code}; source errors: ${message}`,
    );
    expect(eventsAbout(cluster, 'Pod')).toEqual(
      expect.arrayContaining([
        `Warning FailedScaleUp Node scale up in zones europe-west1-b associated with this pod failed: ${reason}. Pod is at risk of not being scheduled.`,
        "Normal NotTriggerScaleUp pod didn't trigger scale-up: 1 in backoff after failed scale-up",
      ]),
    );
    const [status] = cluster.cloud?.snapshot.autoscaler?.nodeGroups ?? [];
    expect(status).toMatchObject({
      scaleUp: 'Backoff',
      target: 1,
      ready: 1,
      backoff: { errorCode: code.split('.')[1] },
    });
    expect(group(status?.backoff?.errorMessage ?? '')).toBe(message);
  });

  it('waits 5 minutes after a failure, then twice as long, and gets the nodes at the next try after the limit was raised', () => {
    const cluster = autoscaledCluster({ limits: { CPUS: 4 } });
    const failures = () =>
      cluster.cloud?.snapshot.visibility?.filter(({ messageId }) => messageId.startsWith('scale.up.error'));
    deploy(cluster, 'web', 2, '3');
    cluster.clock.advance(4 * MINUTE);
    expect(failures()).toHaveLength(1);
    cluster.clock.advance(2 * MINUTE);
    expect(failures()).toHaveLength(2);
    cluster.clock.advance(9 * MINUTE);
    expect(failures()).toHaveLength(2);
    cluster.cloud?.setLimit('CPUS', 8);
    cluster.clock.advance(3 * MINUTE);
    expect(failures()).toHaveLength(2);
    expect(placedOf(cluster)).toBe(2);
    expect(quotaOf(cluster, 'CPUS')).toBe(8);
    expect(cluster.cloud?.snapshot.autoscaler?.nodeGroups[0]).toMatchObject({ scaleUp: 'NoActivity', ready: 2 });
  });

  it('gives machines up that do not come within 15 minutes', () => {
    const cluster = autoscaledCluster();
    if (cluster.cloud !== undefined) cluster.cloud.conditions.machineMs = () => 60 * MINUTE;
    deploy(cluster, 'web', 2, '3');
    cluster.clock.advance(16 * MINUTE);
    expect(eventsAbout(cluster, 'ConfigMap').map(group)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Warning ScaleUpTimedOut Nodes added to group GROUP failed to register within 15m10s$/),
        expect.stringMatching(/^Normal DeleteUnregistered Removed unregistered node NODE$/),
      ]),
    );
    expect(eventsAbout(cluster, 'Pod').some((text) => text.includes('failed to appear in time'))).toBe(true);
    expect(quotaOf(cluster, 'CPUS')).toBe(4);
  });

  it.each([
    // The zone without machines is tried, and left alone after that.
    ['BALANCED', 'abbbcc', 1],
    ['ANY', 'abbbbc', 0],
  ])('spreads new nodes over zones by %s', (locationPolicy, zones, failures) => {
    const autoscaling = { minNodes: 1, maxNodes: 9, locationPolicy };
    const nodePools = [{ name: 'web', initialNodes: 3, autoscaling }];
    const cluster = autoscaledCluster({ zones: ['a', 'b', 'c'], nodePools });
    if (cluster.cloud !== undefined) cluster.cloud.conditions.stockOuts = [{ zone: 'europe-west1-a' }];
    deploy(cluster, 'web', 6, '3');
    cluster.clock.advance(2 * MINUTE);
    const found = nodesOf(cluster).map(({ metadata }) => metadata.labels?.['topology.kubernetes.io/zone']?.slice(-1));
    expect(found.sort().join('')).toBe(zones);
    expect(eventsAbout(cluster, 'ConfigMap').filter((text) => text.includes('ScaleUpFailed'))).toHaveLength(failures);
  });

  it.each([
    ['price', 'small'],
    ['priority', 'large'],
    ['least-waste', 'small'],
  ] as const)('by %s chooses the pool %s', (expander, chosen) => {
    const pool = (name: string, machineType: string) => ({
      name,
      machineType,
      initialNodes: 0,
      autoscaling: { minNodes: 0, maxNodes: 5 },
    });
    const cluster = autoscaledCluster(
      { nodePools: [pool('large', 'n2-standard-16'), pool('small', 'e2-standard-4')] },
      { expander, priorities: { large: 10 } },
    );
    deploy(cluster, 'web', 1, '3');
    cluster.clock.advance(2 * MINUTE);
    expect(nodesOf(cluster).map(({ metadata }) => metadata.labels?.['cloud.google.com/gke-nodepool'])).toEqual([
      chosen,
    ]);
  });

  it('adds nodes of the zone of a volume, and of the pool that a selector and a toleration ask for', () => {
    const taints = [{ key: 'team', value: 'ml', effect: 'NoSchedule' }];
    const labels = { team: 'ml' };
    const autoscaling = { minNodes: 0, maxNodes: 5 };
    const cluster = autoscaledCluster({
      nodePools: [
        { name: 'web', initialNodes: 1 },
        { name: 'ml', initialNodes: 0, autoscaling, taints, labels },
      ],
    });
    deploy(cluster, 'train', 1, '3', { nodeSelector: labels, tolerations: [{ key: 'team', operator: 'Exists' }] });
    cluster.clock.advance(2 * MINUTE);
    expect(placedOf(cluster)).toBe(1);
    expect(nodesOf(cluster)).toHaveLength(2);
  });

  it('costs nothing while nothing waits and nothing can go', () => {
    const steps = (autoscaling: { minNodes: number; maxNodes: number } | undefined) => {
      const cluster = autoscaledCluster({ nodePools: [{ name: 'web', initialNodes: 1, autoscaling }] });
      deploy(cluster, 'web', 1, '1');
      cluster.clock.advance(5 * MINUTE);
      const until = cluster.clock.now + 24 * 60 * MINUTE;
      let count = 0;
      for (; (cluster.clock.nextAt ?? Infinity) <= until; count++) cluster.clock.step();
      return count;
    };
    expect(steps({ minNodes: 1, maxNodes: 9 })).toBe(steps(undefined));
  });
});
