/** Pods that wait for a node: which limit keeps it away, and what would help. Expectations from Kubernetes and GKE, not from output. */
import { parseAutoscalerStatus } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { HOUR, pending, running } from './pod-states.suite.ts';
import {
  causeOf,
  causesOf,
  GIB,
  group,
  outcomesOf,
  quota,
  Scene,
  ZONE,
  type Made,
  type NodeOptions,
  type WorkloadOptions,
} from './scene.suite.ts';

const FULL = (nodes: number, resource = 'cpu') =>
  `0/${nodes} nodes are available: ${nodes} Insufficient ${resource}. preemption: 0/${nodes} nodes are available: ${nodes} No preemption victims found for incoming pod.`;
const ROOMY = [
  quota('CPUS', 12, 72),
  quota('INSTANCES', 3, 100),
  quota('IN_USE_ADDRESSES', 3, 23),
  quota('SSD_TOTAL_GB', 300, 5000),
  quota('CPUS_ALL_REGIONS', 12, 100, 'global'),
];
const withQuota = (...changed: readonly ReturnType<typeof quota>[]) => [
  ...ROOMY.filter(({ metric }) => !changed.some((row) => row.metric === metric)),
  ...changed,
];

/** Three full nodes of 3920m, each holding one pod of 3600m, and `waiting` pods of 1000m. */
function crowded(waiting = 4, node: NodeOptions = {}, waiter: Partial<WorkloadOptions> = {}) {
  const scene = new Scene();
  const nodes = scene.nodes(3, node);
  const holders = scene.deployment('catalogue', {
    cpu: '3600m',
    memory: '2Gi',
    pods: nodes.map((name) => running(name)),
  });
  const pods = scene.deployment('api', {
    cpu: '1000m',
    memory: '1Gi',
    ...waiter,
    pods: Array.from({ length: waiting }, () => pending(FULL(3))),
  });
  return { scene, nodes, holders, pods };
}

const CPUS_SPENT =
  "Instance 'gke-shop-default-pool-7f3c2a91-x' creation failed: Quota 'CPUS' exceeded.  Limit: 12.0 in region us-central1.";

describe('CPU quota', () => {
  function refused(usedMillis: number, waiting: number) {
    const { scene, holders, pods } = crowded(waiting);
    scene.scaleUpFailed(pods, 'GCE quota exceeded');
    scene.history(holders, usedMillis, GIB);
    scene.gke([{ name: 'default-pool' }], withQuota(quota('CPUS', 12, 12)), [
      group('default-pool', 3, 10, { errorCode: 'QUOTA_EXCEEDED', errorMessage: CPUS_SPENT }),
    ]);
    return scene.assess();
  }

  it('with requests of which a tenth is used: one cause, and right-sizing schedules all without more quota', () => {
    const assessment = refused(300, 4);
    expect(causesOf(assessment)).toEqual(['requests-exceed-quota Quota us-central1/CPUS 4']);
    const outcomes = outcomesOf(causeOf(assessment, 'requests-exceed-quota'));
    expect(outcomes).toContainEqual(
      expect.stringMatching(
        /requests of 3 running pods at their measured use.*8 days.*all 4 pending pods would schedule, without more quota/,
      ),
    );
    expect(outcomes).toContainEqual(
      expect.stringMatching(
        /^with 8 more CPUs in us-central1 \(2 more e2-standard-4 nodes\): all 4 pending pods would schedule/,
      ),
    );
    expect(outcomes).toContainEqual(
      expect.stringMatching(
        /^with 4 more CPUs in us-central1 \(1 more e2-standard-4 node\): 3 of 4 pending pods would schedule/,
      ),
    );
  });

  it('with half of the requests unused: right-sizing schedules six of eight', () => {
    // 3920 − 1500 = 2420 free per node: two pods of 1000m each.
    const assessment = refused(1500, 8);
    expect(causesOf(assessment)).toEqual(['requests-exceed-quota Quota us-central1/CPUS 8']);
    expect(causeOf(assessment, 'requests-exceed-quota').counterfactuals).toContainEqual(
      expect.objectContaining({
        resolved: 6,
        affected: 8,
        outcome: '6 of 8 pending pods would schedule, without more quota',
      }),
    );
  });

  it('with requests that are used: the quota alone is the cause, and right-sizing is said to help nobody', () => {
    const assessment = refused(3500, 4);
    expect(causesOf(assessment)).toEqual(['quota-exhausted Quota us-central1/CPUS 4']);
    const cause = causeOf(assessment, 'quota-exhausted');
    expect(cause.remediation.class).toBe('raise-quota');
    expect(outcomesOf(cause)).toContainEqual(
      expect.stringMatching(/measured use.*: none of the 4 pending pods would schedule/),
    );
    expect(
      cause.chain.some(({ evidence }) => evidence.some((one) => one.kind === 'quota' && one.metric === 'CPUS')),
    ).toBe(true);
  });

  it('does not call requests far above usage that are three quarters used', () => {
    const assessment = refused(2700, 4);
    expect(causesOf(assessment)).toEqual(['quota-exhausted Quota us-central1/CPUS 4']);
    expect(causeOf(assessment, 'quota-exhausted').counterfactuals).toContainEqual(
      expect.objectContaining({ resolved: 3, affected: 4 }),
    );
  });

  it('does not propose right-sizing from half a day of usage, and says so', () => {
    const { scene, holders, pods } = crowded();
    scene.scaleUpFailed(pods, 'GCE quota exceeded');
    scene.history(holders, 300, GIB, 0.5);
    scene.gke([{ name: 'default-pool' }], withQuota(quota('CPUS', 12, 12)));
    const cause = causeOf(scene.assess(), 'quota-exhausted');
    expect(outcomesOf(cause).join()).not.toMatch(/measured use/);
    expect(cause.statement).toMatch(/usage history.*too short/);
  });

  it('says that the usage is not known when none was read', () => {
    const { scene, pods } = crowded();
    scene.scaleUpFailed(pods, 'GCE quota exceeded');
    scene.gke([{ name: 'default-pool' }], withQuota(quota('CPUS', 12, 12)));
    expect(causeOf(scene.assess(), 'quota-exhausted').statement).toMatch(/usage history is missing/);
  });

  it('of another region is not the cause', () => {
    const { scene } = crowded();
    scene.gke([{ name: 'default-pool' }], [...ROOMY, quota('CPUS', 24, 24, 'us-east1')]);
    const assessment = scene.assess();
    expect(causesOf(assessment)[0]).toBe('capacity-exhausted Node (all) 4');
    expect(assessment.rootCauses[0]?.explains.join()).not.toContain('us-east1');
    expect(JSON.stringify(assessment.rootCauses[0])).not.toContain('us-east1');
  });

  it('is weighed by the region of the pool where nodes span regions', () => {
    const { scene } = crowded();
    scene.node('gke-shop-east-7f3c2a91-e0', {
      zone: 'us-east1-b',
      pool: 'east',
      taints: [{ key: 'team', value: 'ml', effect: 'NoSchedule' }],
    });
    scene.gke([{ name: 'default-pool' }, { name: 'east', zones: ['us-east1-b'] }], withQuota(quota('CPUS', 12, 12)));
    expect(causesOf(scene.assess())).toContain('quota-exhausted Quota us-central1/CPUS 4');
  });
});

describe('quotas other than CPUS, read from the table alone', () => {
  it.each([
    ['N2_CPUS', { type: 'n2-standard-4' }, { machineType: 'n2-standard-4' }, quota('N2_CPUS', 12, 12), 'us-central1'],
    ['CPUS_ALL_REGIONS', {}, {}, quota('CPUS_ALL_REGIONS', 11, 12, 'global'), 'global'],
    [
      'PREEMPTIBLE_CPUS',
      { labels: { 'cloud.google.com/gke-spot': 'true' } },
      { spot: true },
      quota('PREEMPTIBLE_CPUS', 10, 12),
      'us-central1',
    ],
    ['SSD_TOTAL_GB', {}, {}, quota('SSD_TOTAL_GB', 450.5, 500), 'us-central1'],
    ['INSTANCES', {}, {}, quota('INSTANCES', 8, 8), 'us-central1'],
    ['IN_USE_ADDRESSES', {}, {}, quota('IN_USE_ADDRESSES', 8, 8), 'us-central1'],
  ] as const)('%s', (metric, node, pool, row, region) => {
    const { scene } = crowded(4, node);
    scene.gke([{ name: 'default-pool', ...pool }], withQuota(row));
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual([`quota-exhausted Quota ${region}/${metric} 4`]);
    const outcomes = outcomesOf(causeOf(assessment, 'quota-exhausted')).join('\n');
    expect(outcomes).toContain(metric);
  });

  it('IN_USE_ADDRESSES does not hold back private nodes', () => {
    const { scene } = crowded(4, { external: false });
    scene.gke([{ name: 'default-pool', privateNodes: true }], withQuota(quota('IN_USE_ADDRESSES', 8, 8)));
    expect(causesOf(scene.assess())).toContain('capacity-exhausted Node (all) 4');
  });

  it('names every quota that keeps the next node away, and promises nothing of more of one alone', () => {
    const { scene, pods } = crowded();
    scene.scaleUpFailed(pods, 'GCE quota exceeded');
    scene.gke([{ name: 'default-pool' }], withQuota(quota('CPUS', 12, 12), quota('IN_USE_ADDRESSES', 23, 23)), [
      group('default-pool', 3, 10, { errorCode: 'QUOTA_EXCEEDED', errorMessage: CPUS_SPENT }),
    ]);
    const cause = causeOf(scene.assess(), 'quota-exhausted');
    expect(cause.resource.name).toBe('us-central1/CPUS');
    expect(cause.title).toBe('Quotas CPUS and IN_USE_ADDRESSES in us-central1 allow no further node');
    expect(cause.statement).toContain('More of one alone does not help.');
    expect(cause.remediation.text).toContain('CPUS and IN_USE_ADDRESSES');
    // A node of e2-standard-4 takes four CPUs and, not being private, one external address.
    const [first] = outcomesOf(cause);
    expect(first).toMatch(
      /^with 4 more CPUs and 1 more IN_USE_ADDRESSES in us-central1 \(1 more e2-standard-4 node\): /,
    );
  });

  it('says of requests far above usage that several quotas leave no other way', () => {
    const { scene, holders } = crowded();
    scene.history(holders, 300, GIB);
    scene.gke([{ name: 'default-pool' }], withQuota(quota('CPUS', 12, 12), quota('IN_USE_ADDRESSES', 23, 23)));
    const { title } = causeOf(scene.assess(), 'requests-exceed-quota');
    expect(title).toMatch(/quotas CPUS and IN_USE_ADDRESSES in us-central1 allow no more of them$/);
  });

  it('tells where a quota of the region and one of the project bind', () => {
    const { scene } = crowded();
    scene.gke(
      [{ name: 'default-pool' }],
      withQuota(quota('CPUS', 12, 12), quota('CPUS_ALL_REGIONS', 12, 12, 'global')),
    );
    expect(causeOf(scene.assess(), 'quota-exhausted').title).toMatch(
      /^Quotas CPUS in us-central1 and CPUS_ALL_REGIONS \(all regions\) allow no further node$/,
    );
  });

  it('names a second quota that would bind next', () => {
    const { scene, pods } = crowded();
    scene.scaleUpFailed(pods, 'GCE quota exceeded');
    scene.gke([{ name: 'default-pool' }], withQuota(quota('CPUS', 12, 12), quota('IN_USE_ADDRESSES', 22, 23)));
    const [first, last] = outcomesOf(causeOf(scene.assess(), 'quota-exhausted'));
    // One address is free, so the first further node has one and the second has not.
    expect(first).not.toContain('IN_USE_ADDRESSES');
    expect(last).toMatch(/2 IN_USE_ADDRESSES.*1 (?:is|are) free/);
  });

  it('names the node groups that could take the pods, whatever cloud labels them', () => {
    const scene = new Scene();
    const byGroup = (name: string) => ({
      pool: name,
      labels: { 'cloud.google.com/gke-nodepool': undefined, 'eks.amazonaws.com/nodegroup': name },
    });
    scene.nodes(1, byGroup('web'));
    const [node = ''] = scene.nodes(1, byGroup('batch'));
    const load = { cpu: '3600m', memory: '1Gi', spec: { nodeSelector: { 'eks.amazonaws.com/nodegroup': 'batch' } } };
    scene.deployment('holder', { ...load, pods: [running(node)] });
    scene.deployment('report', { ...load, pods: [pending(FULL(1))] });
    expect(causesOf(scene.assess())).toContain('capacity-exhausted Node (of batch) 1');
  });

  it('a full quota that no node draws on is not the cause', () => {
    const { scene } = crowded();
    scene.gke([{ name: 'default-pool' }], withQuota(quota('TARGET_POOLS', 50, 50), quota('N2_CPUS', 8, 8)));
    expect(causesOf(scene.assess())).toContain('capacity-exhausted Node (all) 4');
  });
});

describe('stock-out', () => {
  it('is told from quota by its words', () => {
    const { scene, pods } = crowded();
    scene.scaleUpFailed(pods, 'GCE out of resources');
    scene.gke([{ name: 'default-pool' }], ROOMY);
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual([`stock-out Zone ${ZONE} 4`]);
    expect(causeOf(assessment, 'stock-out').probability).toBeGreaterThan(0.95);
  });

  it('is suspected behind "GCE quota exceeded" when every quota has room, with quota as a rival', () => {
    const { scene, pods } = crowded();
    scene.scaleUpFailed(pods, 'GCE quota exceeded');
    scene.gke([{ name: 'default-pool' }], ROOMY);
    const cause = causeOf(scene.assess(), 'stock-out');
    expect(cause.rivals.map((rival) => rival.class)).toContain('quota-exhausted');
    expect(cause.probability).toBeLessThan(0.95);
    expect(cause.title).not.toMatch(/has no machines left/);
  });

  it('is not suspected when the machine family is charged to a quota that tables do not show', () => {
    const { scene, pods } = crowded(4, { type: 'c4-standard-4' });
    scene.scaleUpFailed(pods, 'GCE quota exceeded');
    scene.gke([{ name: 'default-pool', machineType: 'c4-standard-4', diskType: 'hyperdisk-balanced' }], ROOMY);
    const [first] = scene.assess().rootCauses;
    expect(first?.class).toBe('quota-exhausted');
    expect(first?.rivals.map((rival) => rival.class)).toContain('stock-out');
  });
});

describe('other limits', () => {
  it('exhausted IP space is told apart', () => {
    const { scene, pods } = crowded();
    scene.scaleUpFailed(pods, 'IP space exhausted');
    scene.gke([{ name: 'default-pool' }], ROOMY);
    expect(causesOf(scene.assess())).toEqual(['ip-space-exhausted Subnetwork us-central1 4']);
  });

  it('a pool at its maximum, by the words of the autoscaler', () => {
    const { scene, pods } = crowded();
    for (const pod of pods)
      scene.event(pod, 'Normal', 'NotTriggerScaleUp', "pod didn't trigger scale-up: 1 max node group size reached");
    scene.gke([{ name: 'default-pool', autoscaling: { minNodes: 1, maxNodes: 3 } }], ROOMY, [
      group('default-pool', 3, 3),
    ]);
    const assessment = scene.assess();
    expect(assessment.rootCauses.map(({ class: name, impact }) => [name, impact.pods])).toEqual([
      ['node-pool-at-maximum', 4],
    ]);
    expect(outcomesOf(causeOf(assessment, 'node-pool-at-maximum')).join('\n')).toMatch(/maximum of default-pool is 3/);
  });

  it('a pool at its maximum is no reason for a pod that none of its nodes would take', () => {
    const scene = new Scene();
    scene.nodes(3);
    const unmatched = "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.";
    const pods = scene.deployment('api', { spec: { nodeSelector: { disk: 'fast' } }, pods: [pending(unmatched)] });
    for (const pod of pods)
      scene.event(pod, 'Normal', 'NotTriggerScaleUp', "pod didn't trigger scale-up: 1 max node group size reached");
    scene.gke([{ name: 'default-pool', autoscaling: { minNodes: 1, maxNodes: 3 } }], ROOMY, [
      group('default-pool', 3, 3),
    ]);
    expect(scene.assess().rootCauses.map(({ class: name }) => name)).not.toContain('node-pool-at-maximum');
  });

  it('a pool at its maximum, when the events are gone but the status is there, in the old text format', () => {
    const { scene } = crowded();
    scene.gke([{ name: 'default-pool', autoscaling: { minNodes: 1, maxNodes: 3 } }], ROOMY);
    const status = parseAutoscalerStatus(OLD_STATUS).value;
    expect(status?.format).toBe('text');
    scene.cloud = { ...scene.cloud, autoscaler: status };
    expect(scene.assess().rootCauses.map(({ class: name, impact }) => [name, impact.pods])).toEqual([
      ['node-pool-at-maximum', 4],
    ]);
  });

  it('a pool at its maximum and a full quota: the maximum binds first, the quota is the next limit', () => {
    const { scene, pods } = crowded();
    for (const pod of pods)
      scene.event(pod, 'Normal', 'NotTriggerScaleUp', "pod didn't trigger scale-up: 1 max node group size reached");
    scene.gke([{ name: 'default-pool', autoscaling: { minNodes: 1, maxNodes: 3 } }], withQuota(quota('CPUS', 12, 12)), [
      group('default-pool', 3, 3),
    ]);
    const cause = causeOf(scene.assess(), 'node-pool-at-maximum');
    expect(cause.impact.pods).toBe(4);
    expect(cause.rivals.map((rival) => rival.class)).toContain('quota-exhausted');
    expect(outcomesOf(cause).join('\n')).toMatch(/maximum of default-pool is 3.*CPUS/);
  });

  it('autoscaling that is off', () => {
    const { scene } = crowded();
    scene.gke([{ name: 'default-pool', autoscaling: undefined }], ROOMY);
    const assessment = scene.assess();
    expect(assessment.rootCauses.map(({ class: name, impact }) => [name, impact.pods])).toEqual([
      ['autoscaling-off', 4],
    ]);
  });

  it('autoscaling that is off for the only pool that fits, while the autoscaler says that the others do not', () => {
    const { scene, pods } = crowded(
      4,
      {},
      { spec: { nodeSelector: { 'cloud.google.com/gke-nodepool': 'default-pool' } } },
    );
    scene.node('gke-shop-other-7f3c2a91-o0', { pool: 'other' });
    for (const pod of pods)
      scene.event(
        pod,
        'Normal',
        'NotTriggerScaleUp',
        "pod didn't trigger scale-up: 1 node(s) didn't match Pod's node affinity/selector",
      );
    scene.gke([{ name: 'default-pool', autoscaling: undefined }, { name: 'other' }], ROOMY);
    const [first] = scene.assess().rootCauses;
    expect([first?.class, first?.resource.name, first?.impact.pods]).toEqual(['autoscaling-off', 'default-pool', 4]);
  });

  it('a reservation, a deleted service account, a node that never came: named as what they are', () => {
    const { scene, pods } = crowded();
    scene.scaleUpFailed(pods, 'Service Account was deleted');
    scene.gke([{ name: 'default-pool' }], ROOMY);
    const [cause, ...others] = scene.assess().rootCauses;
    expect(others).toEqual([]);
    expect(cause?.class).toBe('scale-up-refused-service-account');
    expect(cause?.impact.pods).toBe(4);
    expect(cause?.probability).toBeGreaterThan(0.9);
  });

  it('full nodes on a cluster without a cloud', () => {
    const { scene } = crowded(4, { pool: 'kind', type: 'kind' });
    scene.missing.push('quotas');
    const cause = causeOf(scene.assess(), 'capacity-exhausted');
    expect(cause.impact.pods).toBe(4);
  });

  it('memory, not CPU', () => {
    const scene = new Scene();
    const nodes = scene.nodes(2);
    scene.deployment('cache', { memory: '12Gi', pods: nodes.map((name) => running(name)) });
    scene.deployment('api', { memory: '4Gi', pods: [pending(FULL(2, 'memory'))] });
    scene.gke([{ name: 'default-pool' }], withQuota(quota('CPUS', 12, 12)));
    expect(causesOf(scene.assess())).toEqual(['quota-exhausted Quota us-central1/CPUS 1']);
  });

  it('the pod limit of the nodes', () => {
    const scene = new Scene();
    const nodes = scene.nodes(1, { pods: '2' });
    scene.deployment('web', { pods: [running(nodes[0] as string), running(nodes[0] as string)] });
    scene.deployment('api', {
      pods: [
        pending(
          '0/1 nodes are available: 1 Too many pods. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
        ),
      ],
    });
    expect(scene.assess().rootCauses.map(({ class: name }) => name)).toEqual(['capacity-exhausted']);
  });
});

describe('pods that no further node helps', () => {
  it('larger than any node', () => {
    const { scene } = crowded(2, {}, { cpu: '6' });
    scene.gke([{ name: 'default-pool' }], withQuota(quota('CPUS', 12, 12)));
    const assessment = scene.assess();
    expect(assessment.rootCauses.map(({ class: name, impact }) => [name, impact.pods])).toContainEqual([
      'pod-larger-than-any-node',
      2,
    ]);
    expect(assessment.rootCauses.map(({ class: name }) => name)).not.toContain('requests-exceed-quota');
    expect(assessment.findings.find(({ code }) => code === 'pod-unschedulable')?.explainedBy).toBe(
      causeOf(assessment, 'pod-larger-than-any-node').id,
    );
  });

  it('a GPU that no node offers, beside pods short of CPU: two causes', () => {
    const { scene, pods } = crowded();
    scene.scaleUpFailed(pods, 'GCE quota exceeded');
    const gpu = {
      resources: { requests: { cpu: '1', memory: '1Gi', 'nvidia.com/gpu': '1' }, limits: { 'nvidia.com/gpu': '1' } },
    };
    scene.deployment('training', {
      container: gpu,
      pods: [
        pending(
          '0/3 nodes are available: 3 Insufficient cpu, 3 Insufficient nvidia.com/gpu. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
        ),
      ],
    });
    scene.gke([{ name: 'default-pool' }], withQuota(quota('CPUS', 12, 12)));
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual([
      'quota-exhausted Quota us-central1/CPUS 4',
      'resource-not-offered Deployment shop/training 1',
    ]);
    expect(causeOf(assessment, 'resource-not-offered').statement).toContain('nvidia.com/gpu');
  });

  it('is not claimed while a pool without nodes may offer the GPU', () => {
    const { scene } = crowded(1);
    const gpu = {
      resources: { requests: { cpu: '1', memory: '1Gi', 'nvidia.com/gpu': '1' }, limits: { 'nvidia.com/gpu': '1' } },
    };
    // As admission adds it to pods that ask for GPUs.
    const tolerations = [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }];
    const [pod] = scene.deployment('training', {
      container: gpu,
      spec: { tolerations },
      pods: [pending('0/3 nodes are available: 3 Insufficient nvidia.com/gpu.')],
    });
    scene.scaleUpFailed([pod as Made], 'GCE quota exceeded');
    scene.gke(
      [
        { name: 'default-pool' },
        { name: 'gpu', machineType: 'a2-highgpu-1g', autoscaling: { minNodes: 0, maxNodes: 4 } },
      ],
      [...ROOMY, quota('NVIDIA_A100_GPUS', 0, 0), quota('A2_CPUS', 0, 12)],
    );
    const finding = scene
      .assess()
      .findings.find(({ code, resource }) => code === 'pod-unschedulable' && resource.name.startsWith('training'));
    expect(finding?.explainedBy).toBe('quota-exhausted@compute.googleapis.com/Quota//us-central1/NVIDIA_A100_GPUS');
  });

  it('are none where machines are chosen by the pods (Autopilot)', () => {
    const { scene } = crowded(2, {}, { cpu: '6' });
    scene.gke([{ name: 'default-pool' }]);
    const { cluster } = scene.cloud;
    if (cluster !== undefined) scene.cloud = { ...scene.cloud, cluster: { ...cluster, autopilot: true } };
    expect(scene.assess().rootCauses.map(({ class: name }) => name)).toEqual(['capacity-exhausted']);
  });

  it('a DaemonSet pod whose own node is full', () => {
    const { scene, nodes } = crowded(0);
    const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodes[1]] }] };
    scene.daemonSet('log-agent', {
      cpu: '500m',
      spec: {
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } },
      },
      pods: [
        pending(
          "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.",
        ),
      ],
    });
    scene.gke([{ name: 'default-pool' }], withQuota(quota('CPUS', 12, 12)));
    expect(causesOf(scene.assess())).toContain(`node-full Node ${nodes[1]} 1`);
  });
});

describe('several pools', () => {
  function twoPools(quotas = ROOMY) {
    const { scene, pods } = crowded(4);
    const big = scene.nodes(1, {
      pool: 'big',
      type: 'n2-standard-8',
      cpu: '7910m',
      memory: '28Gi',
      zone: 'us-central1-c',
    });
    scene.deployment('batch', { cpu: '7800m', memory: '2Gi', pods: big.map((name) => running(name)) });
    scene.gke(
      [
        { name: 'default-pool', autoscaling: { minNodes: 1, maxNodes: 3 } },
        {
          name: 'big',
          machineType: 'n2-standard-8',
          zones: ['us-central1-c'],
          autoscaling: { minNodes: 1, maxNodes: 4 },
        },
      ],
      quotas,
    );
    return { scene, pods };
  }

  it('each gets its own what-if, within its own maximum and quota', () => {
    const { scene } = twoPools([...ROOMY, quota('N2_CPUS', 8, 8)]);
    const outcomes = outcomesOf(scene.assess().rootCauses[0] as never);
    expect(outcomes).toContainEqual(
      expect.stringMatching(/n2-standard-8 node\): all 4 pending pods would schedule; .*N2_CPUS/),
    );
    expect(outcomes).toContainEqual(
      expect.stringMatching(/e2-standard-4 nodes\): all 4 pending pods would schedule; .*maximum of default-pool is 3/),
    );
  });

  it('that lack one quota are one cause', () => {
    const scene = new Scene();
    const [a = ''] = scene.nodes(1, { pool: 'a', taints: [{ key: 'team', value: 'a', effect: 'NoSchedule' }] });
    const [b = ''] = scene.nodes(1, { pool: 'b', taints: [{ key: 'team', value: 'b', effect: 'NoSchedule' }] });
    for (const [team, node] of [
      ['a', a],
      ['b', b],
    ] as const) {
      const spec = {
        tolerations: [{ key: 'team', value: team, effect: 'NoSchedule' }],
        nodeSelector: { 'cloud.google.com/gke-nodepool': team },
      };
      scene.deployment(`holder-${team}`, { cpu: '3600m', spec, pods: [running(node)] });
      scene.deployment(`api-${team}`, {
        cpu: '1',
        spec,
        pods: [
          pending("0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match Pod's node affinity/selector."),
        ],
      });
    }
    scene.gke([{ name: 'a' }, { name: 'b' }], withQuota(quota('CPUS', 8, 8)));
    expect(causesOf(scene.assess())).toEqual(['quota-exhausted Quota us-central1/CPUS 2']);
  });

  it('a full quota of one pool is not the cause while another may grow', () => {
    const { scene } = twoPools(withQuota(quota('CPUS', 12, 12), quota('N2_CPUS', 8, 64)));
    expect(causesOf(scene.assess())[0]).toBe('capacity-exhausted Node (all) 4');
  });
});

describe('nodes that are there and take nothing', () => {
  it('a lost node whose pods the others cannot take', () => {
    const { scene } = crowded(2);
    scene.node('lost', { ready: 'Unknown' });
    const cause = causeOf(scene.assess(), 'nodes-lost');
    expect(cause.impact.pods).toBe(2);
    expect(outcomesOf(cause)[0]).toBe('with lost ready again: all 2 pending pods would schedule');
  });

  it('a cordoned node that would take all of them', () => {
    const scene = new Scene();
    const [node = ''] = scene.nodes(1);
    scene.node('cordoned', { unschedulable: true });
    scene.deployment('web', { cpu: '3600m', pods: [running(node)] });
    scene.deployment('api', {
      cpu: '1',
      pods: [pending('0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable.')],
    });
    const cause = causeOf(scene.assess(), 'nodes-cordoned');
    expect(cause.rivals.map((rival) => rival.class)).toContain('capacity-exhausted');
    expect(outcomesOf(cause)[0]).toMatch(/uncordoned: the pending pod would schedule/);
  });
});

describe('what is not known', () => {
  it('whether the cluster tried to grow, where events were not read', () => {
    const { scene } = crowded(4, { pool: 'kind', type: 'kind' });
    expect(causeOf(scene.assess(), 'capacity-exhausted').title).toContain('does not grow');
    scene.missing.push('events');
    const cause = causeOf(scene.assess(), 'capacity-exhausted');
    expect(cause.title).not.toContain('does not grow');
    expect(cause.statement).toContain('events were not read');
  });

  it('a refusal without a metric and without a quota table names no metric', () => {
    const { scene, pods } = crowded();
    scene.scaleUpFailed(pods, 'GCE quota exceeded');
    scene.missing.push('quotas');
    const cause = causeOf(scene.assess(), 'quota-exhausted');
    expect(cause.title).not.toContain('CPUS');
    expect(cause.statement).toMatch(/does not name|was not read/);
    expect(cause.probability).toBeLessThan(0.99);
  });

  it('requests far above usage fill the nodes of a cluster without a cloud', () => {
    const { scene, holders } = crowded(3);
    scene.history(holders, 200, GIB);
    const cause = causeOf(scene.assess(), 'requests-exceed-capacity');
    expect(cause.impact.pods).toBe(3);
    expect(cause.statement).not.toMatch(/quota/);
  });

  it('a back-off without a reason, as the old status format gives it, is said to be one', () => {
    const { scene } = crowded();
    scene.gke([{ name: 'default-pool' }], ROOMY);
    const status = parseAutoscalerStatus(
      OLD_STATUS.replace('maxSize=3', 'maxSize=9').replace(
        'ScaleUp:     NoActivity (ready=3 cloud',
        'ScaleUp:     Backoff (ready=3 cloud',
      ),
    ).value;
    scene.cloud = { ...scene.cloud, autoscaler: status };
    const cause = causeOf(scene.assess(), 'capacity-exhausted');
    expect(cause.statement).toMatch(/holds back after a failed scale-up/);
  });

  it('each further piece of evidence for the quota makes it more probable', () => {
    const table = withQuota(quota('CPUS', 12, 12));
    const probability = (quotas: typeof table | undefined, event: boolean, status: boolean) => {
      const { scene, pods } = crowded();
      if (event) scene.scaleUpFailed(pods, 'GCE quota exceeded');
      scene.gke(
        [{ name: 'default-pool' }],
        quotas,
        status ? [group('default-pool', 3, 10, { errorCode: 'QUOTA_EXCEEDED', errorMessage: CPUS_SPENT })] : [],
      );
      return causeOf(scene.assess(), 'quota-exhausted').probability;
    };
    const steps = [
      probability(undefined, true, false),
      probability(table, true, false),
      probability(table, true, true),
    ];
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(probability(table, false, false)).toBeLessThan(probability(table, true, false));
  });

  it('a refusal about pods that were replaced since still concerns those that wait now', () => {
    const { scene, pods } = crowded();
    const gone = {
      ...(pods[0] as Made),
      metadata: {
        ...(pods[0] as Made).metadata,
        name: 'api-6d5f8c7b94-gone',
        uid: '0a0a0a0a-12c4-41e1-a23d-000000000000',
      },
    };
    scene.scaleUpFailed([gone], 'GCE out of resources');
    scene.gke([{ name: 'default-pool' }], ROOMY);
    expect(causesOf(scene.assess())).toEqual([`stock-out Zone ${ZONE} 4`]);
  });

  it('a refusal of long ago in the log says nothing about now', () => {
    const { scene } = crowded();
    scene.gke([{ name: 'default-pool' }], ROOMY);
    const record = {
      at: Date.parse('2025-09-25T12:00:00Z'),
      type: 'result' as const,
      eventId: 'e',
      messageId: 'scale.up.error.quota.exceeded',
      parameters: [],
      pods: [],
      groups: [],
    };
    scene.cloud = { ...scene.cloud, visibility: [record] };
    expect(causesOf(scene.assess())).toEqual(['capacity-exhausted Node (all) 4']);
  });

  it('a pod that waits for less than the grace is no finding', () => {
    const scene = new Scene();
    const nodes = scene.nodes(1);
    scene.deployment('web', { cpu: '3600m', pods: [running(nodes[0] as string)] });
    scene.deployment('api', { cpu: '1', ageMs: HOUR / 30, pods: [pending(FULL(1), HOUR / 30)] });
    expect(scene.assess().rootCauses).toEqual([]);
  });
});

const OLD_STATUS = `Cluster-autoscaler status at 2025-09-27 11:59:12.508 +0000 UTC:
Cluster-wide:
  Health:      Healthy (ready=3 unready=0 (resourceUnready=0) notStarted=0 longNotStarted=0 registered=3 longUnregistered=0)
               LastProbeTime:      2025-09-27 11:59:12.4 +0000 UTC m=+100.1
               LastTransitionTime: 2025-09-20 10:00:00.0 +0000 UTC m=+10.1
  ScaleUp:     NoActivity (ready=3 registered=3)
               LastProbeTime:      2025-09-27 11:59:12.4 +0000 UTC m=+100.1
               LastTransitionTime: 2025-09-20 10:00:00.0 +0000 UTC m=+10.1
  ScaleDown:   NoCandidates (candidates=0)
               LastProbeTime:      2025-09-27 11:59:12.4 +0000 UTC m=+100.1
               LastTransitionTime: 2025-09-20 10:00:00.0 +0000 UTC m=+10.1

NodeGroups:
  Name:        https://www.googleapis.com/compute/v1/projects/acme/zones/us-central1-b/instanceGroups/gke-shop-default-pool-7f3c2a91-grp
  Health:      Healthy (ready=3 unready=0 (resourceUnready=0) notStarted=0 longNotStarted=0 registered=3 longUnregistered=0 cloudProviderTarget=3 (minSize=1, maxSize=3))
               LastProbeTime:      2025-09-27 11:59:12.4 +0000 UTC m=+100.1
               LastTransitionTime: 2025-09-20 10:00:00.0 +0000 UTC m=+10.1
  ScaleUp:     NoActivity (ready=3 cloudProviderTarget=3)
               LastProbeTime:      2025-09-27 11:59:12.4 +0000 UTC m=+100.1
               LastTransitionTime: 2025-09-20 10:00:00.0 +0000 UTC m=+10.1
  ScaleDown:   NoCandidates (candidates=0)
               LastProbeTime:      2025-09-27 11:59:12.4 +0000 UTC m=+100.1
               LastTransitionTime: 2025-09-20 10:00:00.0 +0000 UTC m=+10.1
`;
