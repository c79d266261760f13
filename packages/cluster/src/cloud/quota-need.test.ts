import { describe, expect, it } from 'vitest';
import type { Service } from '../model/kinds.ts';
import type { Quota } from './cloud.ts';
import { bindingQuota, headroom } from './quota-headroom.ts';
import { quotaNeedOfLoadBalancer, quotaNeedOfNode } from './quota-need.ts';

const quota = (metric: string, limit: number, usage: number, region = 'us-central1'): Quota => ({
  metric,
  region,
  limit,
  usage,
});
const pool = {
  machineType: 'e2-standard-4',
  spot: false,
  diskType: 'pd-balanced',
  diskSizeGb: 100,
  privateNodes: false,
};
const amounts = (needs: readonly { metric: string; region: string; amount: number }[]): unknown =>
  Object.fromEntries(needs.map(({ metric, region, amount }) => [`${region}/${metric}`, amount]));

function service(spec: Service['spec'], annotations: Record<string, string> = {}): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 's', namespace: 'n', annotations },
    ...(spec === undefined ? {} : { spec }),
  };
}

describe('quotaNeedOfNode', () => {
  it('charges CPUs, instance, address and disk', () => {
    expect(amounts(quotaNeedOfNode(pool))).toEqual({
      'region/CPUS': 4,
      'global/CPUS_ALL_REGIONS': 4,
      'region/INSTANCES': 1,
      'region/IN_USE_ADDRESSES': 1,
      'region/SSD_TOTAL_GB': 100,
    });
  });

  it('knows families, private nodes, disk types, shared cores and GPUs', () => {
    const needs = quotaNeedOfNode({
      ...pool,
      machineType: 'n2d-standard-8',
      privateNodes: true,
      diskType: 'pd-standard',
    });
    expect(amounts(needs)).toEqual({
      'region/N2D_CPUS': 8,
      'global/CPUS_ALL_REGIONS': 8,
      'region/INSTANCES': 1,
      'region/DISKS_TOTAL_GB': 100,
    });
    expect(amounts(quotaNeedOfNode({ ...pool, machineType: 'e2-micro' }))).toMatchObject({ 'region/CPUS': 2 });
    expect(amounts(quotaNeedOfNode({ ...pool, machineType: 'a2-highgpu-2g' }))).toMatchObject({
      'region/A2_CPUS': 24,
      'region/NVIDIA_A100_GPUS': 2,
      'global/GPUS_ALL_REGIONS': 2,
    });
    expect(amounts(quotaNeedOfNode({ ...pool, machineType: 'unheard-of' }))).not.toHaveProperty('region/CPUS');
  });

  it('charges attached GPUs and local SSDs, and GPUs that come with the machine only once', () => {
    const t4 = { type: 'nvidia-tesla-t4', count: 2 };
    const n1 = { ...pool, machineType: 'n1-standard-8', accelerators: [t4], localSsds: 2 };
    expect(amounts(quotaNeedOfNode(n1))).toMatchObject({
      'region/CPUS': 8,
      'region/NVIDIA_T4_GPUS': 2,
      'global/GPUS_ALL_REGIONS': 2,
      'region/LOCAL_SSD_TOTAL_GB': 750,
    });
    expect(quotaNeedOfNode({ ...n1, spot: true })).toEqual(
      expect.arrayContaining([
        { metric: 'PREEMPTIBLE_NVIDIA_T4_GPUS', otherwise: 'NVIDIA_T4_GPUS', region: 'region', amount: 2 },
        { metric: 'PREEMPTIBLE_LOCAL_SSD_GB', otherwise: 'LOCAL_SSD_TOTAL_GB', region: 'region', amount: 750 },
      ]),
    );
    const g2 = { ...pool, machineType: 'g2-standard-24', accelerators: [{ type: 'nvidia-l4', count: 2 }] };
    expect(quotaNeedOfNode(g2).filter(({ metric }) => metric === 'NVIDIA_L4_GPUS')).toHaveLength(1);
    const odd = { ...pool, accelerators: [{ type: 'constructor', count: 1 }] };
    expect(amounts(quotaNeedOfNode(odd))).not.toHaveProperty('global/GPUS_ALL_REGIONS');
  });

  it('charges Spot nodes to the preemptible quota where there is one', () => {
    const needs = quotaNeedOfNode({ ...pool, spot: true });
    const cpus = quota('CPUS', 24, 24);
    expect(bindingQuota(needs, [cpus, quota('PREEMPTIBLE_CPUS', 8, 0)], 'us-central1').fits).toBe(2);
    expect(bindingQuota(needs, [cpus, quota('PREEMPTIBLE_CPUS', 0, 0)], 'us-central1').fits).toBe(0);
    expect(bindingQuota(needs, [cpus], 'us-central1').fits).toBe(0);
  });
});

describe('quotaNeedOfLoadBalancer', () => {
  const ports = [{ port: 80, protocol: 'TCP' }];

  it('counts one rule per address and protocol', () => {
    expect(
      amounts(quotaNeedOfLoadBalancer(service({ type: 'LoadBalancer', ports: [...ports, { port: 443 }] }))),
    ).toEqual({
      'region/FORWARDING_RULES': 1,
      'global/FORWARDING_RULES': 1,
      'region/EXTERNAL_NETWORK_LB_FORWARDING_RULES': 1,
      'region/IN_USE_ADDRESSES': 1,
      'region/TARGET_POOLS': 1,
      'global/TARGET_POOLS': 1,
      'global/FIREWALLS': 2,
    });
    const mixed = service({
      type: 'LoadBalancer',
      ports: [...ports, { port: 53, protocol: 'UDP' }],
      ipFamilies: ['IPv4', 'IPv6'],
    });
    expect(amounts(quotaNeedOfLoadBalancer(mixed))).toMatchObject({
      'region/FORWARDING_RULES': 4,
      'region/IN_USE_ADDRESSES': 2,
    });
  });

  it('tells backend services, internal ones, reserved addresses and local traffic apart', () => {
    const backend = amounts(
      quotaNeedOfLoadBalancer(
        service(
          { type: 'LoadBalancer', ports, externalTrafficPolicy: 'Local' },
          { 'cloud.google.com/l4-rbs': 'enabled' },
        ),
      ),
    );
    expect(backend).toMatchObject({
      'region/REGIONAL_EXTERNAL_NETWORK_LB_BACKEND_SERVICES': 1,
      'global/HEALTH_CHECKS': 1,
    });
    expect(backend).not.toHaveProperty('region/TARGET_POOLS');
    const internal = amounts(
      quotaNeedOfLoadBalancer(
        service({ type: 'LoadBalancer', ports }, { 'networking.gke.io/load-balancer-type': 'Internal' }),
      ),
    );
    expect(internal).toMatchObject({ 'region/INTERNAL_ADDRESSES': 1 });
    expect(internal).not.toHaveProperty('region/FORWARDING_RULES');
    const reserved = amounts(
      quotaNeedOfLoadBalancer(service({ type: 'LoadBalancer', ports, loadBalancerIP: '1.2.3.4' })),
    );
    expect(reserved).toMatchObject({ 'region/STATIC_ADDRESSES': 1 });
    expect(reserved).not.toHaveProperty('region/IN_USE_ADDRESSES');
  });

  it('is nothing for other Services and for classes of others', () => {
    expect(quotaNeedOfLoadBalancer(service({ type: 'ClusterIP', ports }))).toEqual([]);
    expect(quotaNeedOfLoadBalancer(service(undefined))).toEqual([]);
    expect(quotaNeedOfLoadBalancer(service({ type: 'LoadBalancer', loadBalancerClass: 'metallb.io/metallb' }))).toEqual(
      [],
    );
  });

  it('is bound by the tightest of the names for forwarding rules, and the unreported ones are no gap', () => {
    const needs = quotaNeedOfLoadBalancer(service({ type: 'LoadBalancer', ports }));
    const quotas = [
      quota('FORWARDING_RULES', 45, 4),
      quota('EXTERNAL_NETWORK_LB_FORWARDING_RULES', 5, 4),
      quota('IN_USE_ADDRESSES', 23, 8),
      quota('TARGET_POOLS', 50, 4, 'global'),
      quota('FIREWALLS', 100, 20, 'global'),
    ];
    const fit = bindingQuota(needs, quotas, 'us-central1');
    expect(fit).toMatchObject({
      fits: 1,
      binding: { headroom: { quota: { metric: 'EXTERNAL_NETWORK_LB_FORWARDING_RULES' } } },
      unknown: [],
    });
  });
});

describe('headroom and bindingQuota', () => {
  it('keep unknown, zero and unlimited apart', () => {
    const quotas = [
      quota('CPUS', 24, 24),
      quota('INSTANCES', 0, 0),
      quota('NETWORKS', -1, 5),
      quota('SSD_TOTAL_GB', 500, 512.5),
    ];
    expect(headroom(quotas, 'CPUS', 'us-central1')).toMatchObject({ free: 0, share: 1 });
    expect(headroom(quotas, 'CPUS', 'europe-west1')).toBeUndefined();
    expect(headroom(quotas, 'INSTANCES', 'us-central1')).toMatchObject({ free: 0, share: 1 });
    expect(headroom(quotas, 'NETWORKS', 'us-central1')).toMatchObject({ free: Infinity, share: 0 });
    expect(headroom(quotas, 'SSD_TOTAL_GB', 'us-central1')).toMatchObject({ free: 0, share: 1.025 });
  });

  it('say how many nodes fit, what binds, and what is not known', () => {
    const quotas = [
      quota('CPUS', 24, 12),
      quota('SSD_TOTAL_GB', 500, 299.99999999999994),
      quota('CPUS_ALL_REGIONS', 32, 12, 'global'),
    ];
    const fit = bindingQuota(quotaNeedOfNode(pool), quotas, 'us-central1');
    expect(fit.fits).toBe(2);
    expect(fit.known.map(({ headroom: free, fits }) => [free.quota.metric, fits])).toEqual([
      ['SSD_TOTAL_GB', 2],
      ['CPUS', 3],
      ['CPUS_ALL_REGIONS', 5],
    ]);
    expect(fit.unknown).toEqual(['INSTANCES', 'IN_USE_ADDRESSES']);
    expect(bindingQuota(quotaNeedOfNode(pool), [], 'us-central1')).toMatchObject({
      fits: undefined,
      binding: undefined,
    });
  });
});
