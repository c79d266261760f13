import { describe, expect, it } from 'vitest';
import { RESOURCE_QUOTAS, SERVICES } from '../api/built-in-types.ts';
import { FAULT_KINDS } from './catalogue.ts';
import type { FaultKind } from './fault.ts';
import { newScene } from './fault-scene.suite.ts';
import { injectFault } from './inject.ts';
import { NoTargetError } from './no-target-error.ts';
import { Symptoms } from './symptoms.suite.ts';

const PUBLIC = 'Service shop/storefront-public';
const FAILED = 'SyncLoadBalancerFailed: Error syncing load balancer: failed to ensure load balancer: ';
const L4_FAILED = 'SyncExternalLoadBalancerFailed: Error ensuring Resource for L4 External LoadBalancer, err: ';

const addressOf = ({ cluster }: Symptoms, name = 'storefront-public') =>
  cluster.api.store.get(SERVICES, 'shop', name)?.status?.loadBalancer?.ingress?.[0]?.ip;

/** What is listed of a quota. */
const quotaOf = ({ cluster }: Symptoms, metric: string, region = 'europe-west1') =>
  cluster.cloud?.snapshot.quotas?.find((one) => one.metric === metric && one.region === region);

describe('quotas of load balancers', () => {
  it.each([
    ['IN_USE_ADDRESSES', 'europe-west1', 8, FAILED],
    ['FORWARDING_RULES', 'europe-west1', 8, FAILED],
    ['EXTERNAL_NETWORK_LB_FORWARDING_RULES', 'europe-west1', 8, FAILED],
    ['TARGET_POOLS', 'europe-west1', 8, FAILED],
    ['FIREWALLS', 'global', 17, FAILED],
    ['HEALTH_CHECKS', 'global', 8, FAILED],
    ['REGIONAL_EXTERNAL_NETWORK_LB_BACKEND_SERVICES', 'europe-west1', 8, L4_FAILED],
    ['BACKEND_SERVICES', 'global', 8, L4_FAILED],
    ['INTERNAL_ADDRESSES', 'europe-west1', 8, FAILED],
    ['REGIONAL_INTERNAL_LB_BACKEND_SERVICES', 'europe-west1', 8, FAILED],
  ])('%s of %s: the Service waits, and its event names the quota', (metric, region, limit, begin) => {
    const kind = `quota-${metric.toLowerCase().replaceAll('_', '-')}`;
    const symptoms = new Symptoms(kind, { target: 'shop/storefront' });
    expect(symptoms.fault.truth.entities).toEqual([`Quota ${region}/${metric}`, PUBLIC]);
    const place = region === 'global' ? 'globally' : `in region ${region}`;
    const told = symptoms.warnings(PUBLIC);
    expect(told).toHaveLength(1);
    expect(told[0]?.startsWith(begin)).toBe(true);
    const granted = quotaOf(symptoms, metric, region)?.limit ?? 0;
    expect(told[0]).toContain(
      `googleapi: Error 403: Quota '${metric}' exceeded.  Limit: ${granted}.0 ${place}., quotaExceeded`,
    );
    expect(granted).toBeGreaterThanOrEqual(limit - 1);
    expect(addressOf(symptoms)).toBeUndefined();
    expect(addressOf(symptoms.repair(3_600_000))).toBeDefined();
  });
});

describe('quotas of disks', () => {
  it.each([
    ['SSD_TOTAL_GB', 'standard-rwo'],
    ['DISKS_TOTAL_GB', 'pd-standard-retain'],
  ])('%s: the claim is refused', (metric, storageClass) => {
    const kind = `quota-${metric.toLowerCase().replaceAll('_', '-')}`;
    const symptoms = new Symptoms(kind, { target: 'search/indexer', parameters: { left: 40 } });
    const { limit = 0, usage = 0 } = quotaOf(symptoms, metric) ?? {};
    expect(limit - usage).toBe(40);
    const told = symptoms.warnings('PersistentVolumeClaim search/indexer-cache');
    expect(told[0]).toMatch(
      new RegExp(
        `^ProvisioningFailed: failed to provision volume with StorageClass "${storageClass}": rpc error: code = ResourceExhausted desc = .*Quota '${metric}' exceeded\\.  Limit: ${limit}\\.0 in region europe-west1\\.`,
      ),
    );
    expect(symptoms.unscheduled('search', 'indexer')).toEqual([
      'SchedulerError: running PreBind plugin "VolumeBinding": binding volumes: provisioning failed for PVC "indexer-cache"',
    ]);
    expect(symptoms.repair(3_600_000).unscheduled('search')).toEqual([]);
  });
});

const MACHINES = [
  ['quota-cpus', 'Quota europe-west1/CPUS'],
  ['quota-family-cpus', 'Quota europe-west1/N2_CPUS'],
  ['quota-cpus-all-regions', 'Quota global/CPUS_ALL_REGIONS'],
  ['quota-instances', 'Quota europe-west1/INSTANCES'],
  ['stock-out-zone', expect.stringMatching(/^Zone europe-west1-[abc]$/)],
  ['stock-out-region', 'Zone *'],
  ['pod-range-exhausted', 'Subnetwork europe-west1'],
  ['node-pool-at-maximum', expect.stringMatching(/^NodePool (default|memory)-pool$/)],
  ['autoscaling-off', expect.stringMatching(/^NodePool (default|memory)-pool$/)],
  ['machine-permission-missing', expect.stringMatching(/^NodePool (default|memory)-pool$/)],
] as const;

describe('machines that do not come', () => {
  it.each(MACHINES)('%s: pods wait for a node of their pool', (kind, entity) => {
    const symptoms = new Symptoms(kind, { target: 'shop/storefront' });
    expect(symptoms.fault.truth.entities[0]).toEqual(entity);
    const waiting = symptoms.unscheduled('shop', 'storefront');
    expect(waiting.length).toBeGreaterThan(0);
    for (const text of waiting) expect(text).toMatch(/^Unschedulable: 0\/\d+ nodes are available: .*Insufficient cpu/);
    expect(symptoms.fault.isGone?.(symptoms.cluster) ?? false).toBe(false);
  });

  it.each(['quota-cpus', 'quota-family-cpus', 'quota-cpus-all-regions', 'quota-instances'])(
    '%s leaves less than a node takes',
    (kind) => {
      const symptoms = new Symptoms(kind);
      const [, region = '', metric = ''] = /^Quota (\S+)\/(\S+)$/.exec(symptoms.fault.truth.entities[0] ?? '') ?? [];
      const { limit = 0, usage = 0 } = quotaOf(symptoms, metric, region) ?? {};
      expect(limit - usage).toBe(0);
    },
  );
});

const FAILED_UP = (why: string) =>
  new RegExp(
    `^FailedScaleUp: Node scale up in zones [a-z0-9, -]+ associated with this pod failed: ${why}. Pod is at risk of not being scheduled.$`,
  );
const NOT_UP = "NotTriggerScaleUp: pod didn't trigger scale-up: 3 node(s) didn't match Pod's node affinity/selector";

/** What GKE's autoscaler says of the pods, and what its status ConfigMap is told. */
const TOLD = [
  [
    'quota-cpus',
    FAILED_UP('GCE quota exceeded'),
    /OutOfResource\.QUOTA_EXCEEDED; .*Quota 'CPUS' exceeded\. {2}Limit: \d+\.0 in region europe-west1\./,
  ],
  [
    'quota-family-cpus',
    FAILED_UP('GCE quota exceeded'),
    /Quota 'N2_CPUS' exceeded\. {2}Limit: \d+\.0 in region europe-west1\./,
  ],
  [
    'quota-cpus-all-regions',
    FAILED_UP('GCE quota exceeded'),
    /Quota 'CPUS_ALL_REGIONS' exceeded\. {2}Limit: \d+\.0 globally\./,
  ],
  [
    'quota-instances',
    FAILED_UP('GCE quota exceeded'),
    /Quota 'INSTANCES' exceeded\. {2}Limit: \d+\.0 in region europe-west1\./,
  ],
  [
    'stock-out-zone',
    FAILED_UP('GCE out of resources'),
    /RESOURCE_POOL_EXHAUSTED; .*The zone 'projects\/example-project\/zones\/europe-west1-[abc]' does not have enough resources available to fulfill the request\./,
  ],
  ['stock-out-region', FAILED_UP('GCE out of resources'), /RESOURCE_POOL_EXHAUSTED; /],
  ['pod-range-exhausted', FAILED_UP('IP space exhausted'), /IP_SPACE_EXHAUSTED; /],
  [
    'machine-permission-missing',
    FAILED_UP('Internal error'),
    /PERMISSIONS_ERROR; .*Required 'compute\.instances\.create' permission for 'projects\/example-project\/zones\//,
  ],
] as const;

describe('what the autoscaler says', () => {
  it.each(TOLD)('%s: of pods and groups', (kind, ofPods, ofGroups) => {
    const symptoms = new Symptoms(kind, { target: 'shop/storefront' });
    expect(symptoms.warnings('Pod shop/storefront')).toContainEqual(expect.stringMatching(ofPods));
    const failed = symptoms.warnings('ConfigMap kube-system/cluster-autoscaler-status');
    expect(failed).toContainEqual(expect.stringMatching(/^ScaleUpFailed: Failed adding \d+ nodes to group https:/));
    expect(failed).toContainEqual(expect.stringMatching(ofGroups));
  });

  it.each([
    ['node-pool-at-maximum', `${NOT_UP}, 3 max node group size reached`],
    ['autoscaling-off', NOT_UP],
  ])('%s: why it does not try', (kind, text) => {
    const symptoms = new Symptoms(kind, { target: 'shop/storefront' });
    expect(symptoms.events('Pod shop/storefront')).toContain(text);
    expect(symptoms.warnings('ConfigMap kube-system/cluster-autoscaler-status')).toEqual([]);
  });
});

describe('machines', () => {
  it('are asked for by no workload whose namespace has a quota, which would refuse its pods first', () => {
    const cluster = newScene();
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'team', namespace: 'shop' } };
    cluster.api.create(RESOURCE_QUOTAS, { ...quota, spec: { hard: { 'requests.cpu': '20' } } });
    expect(() => new Symptoms('stock-out-zone', { cluster, target: 'shop/storefront' })).toThrow(NoTargetError);
    const { fault } = new Symptoms('stock-out-zone', { cluster });
    expect(fault.touched).not.toContainEqual(expect.stringContaining(' shop/'));
  });
});

describe('load balancers', () => {
  it('load-balancer-permission-missing: it is the truth of every Service that waits', () => {
    const { cluster } = new Symptoms('quota-in-use-addresses', { target: 'shop/storefront' });
    const { fault } = new Symptoms('load-balancer-permission-missing', { cluster, target: 'shop/catalog' });
    expect(fault.truth.entities).toEqual(['Service shop/catalog-public', PUBLIC]);
  });

  it('load-balancer-permission-missing: the cloud names the permission', () => {
    const symptoms = new Symptoms('load-balancer-permission-missing', { target: 'shop/storefront' });
    expect(symptoms.warnings(PUBLIC)).toEqual([
      expect.stringMatching(
        /^SyncLoadBalancerFailed: Error syncing load balancer: failed to ensure load balancer: googleapi: Error 403: Required 'compute\.forwardingRules\.create' permission for 'projects\/example-project\/regions\/europe-west1\/forwardingRules\/a[0-9a-f]{31}', forbidden$/,
      ),
    ]);
    expect(addressOf(symptoms.repair(3_600_000))).toBeDefined();
  });

  it('load-balancer-proliferation: most have an address, the last ones wait', () => {
    const symptoms = new Symptoms('load-balancer-proliferation', {
      target: 'shop/storefront',
      parameters: { count: 12, waiting: 2 },
    });
    const services = [...symptoms.cluster.api.store.list(SERVICES, 'shop')].filter(
      ({ spec }) => spec?.type === 'LoadBalancer',
    );
    const waiting = services.filter(({ status }) => (status?.loadBalancer?.ingress ?? []).length === 0);
    expect([services.length, waiting.length]).toEqual([12, 2]);
    for (const { metadata } of waiting)
      expect(symptoms.warnings(`Service shop/${metadata.name}`)).toContainEqual(
        expect.stringContaining("Quota 'IN_USE_ADDRESSES' exceeded.  Limit: "),
      );
    symptoms.repair();
    expect(symptoms.fault.isGone?.(symptoms.cluster)).toBe(true);
    expect(addressOf(symptoms)).toBeDefined();
  });
});

describe('faults of the cloud on top of each other', () => {
  /** Brings two about, and repairs them in the order of the numbers. */
  function repairing(kinds: readonly [string, string], order: readonly [number, number]) {
    const cluster = newScene();
    const faults = kinds.map((name) => injectFault(cluster, FAULT_KINDS.get(name) as FaultKind));
    const gone = order.map((i) => {
      faults[i]?.repair?.(cluster);
      return faults.map((fault) => fault.isGone?.(cluster));
    });
    return { cluster, gone };
  }

  it.each([
    [
      [0, 1],
      [true, false],
    ],
    [
      [1, 0],
      [false, true],
    ],
  ] as const)('permissions come back one by one (%j)', (order, after) => {
    const { cluster, gone } = repairing(['machine-permission-missing', 'load-balancer-permission-missing'], order);
    expect(gone).toEqual([after, [true, true]]);
    for (const type of ['machine', 'forwarding-rule'] as const)
      expect(cluster.cloud?.conditions.refusal({ type, name: 'x' })).toBeUndefined();
  });

  it.each([[[0, 1]], [[1, 0]]] as const)('the range of pod addresses has room again in the end (%j)', (order) => {
    const { cluster, gone } = repairing(['pod-range-exhausted', 'pod-range-exhausted'], order);
    expect(gone.at(-1)).toEqual([true, true]);
    expect(cluster.cloud?.conditions.podRangeNodes).toBeUndefined();
  });
});
