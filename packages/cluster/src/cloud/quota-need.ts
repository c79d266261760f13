/**
 * Which quota a thing uses up: tables that can be replaced, and their reading for node pools and Services.
 * Source: https://cloud.google.com/compute/resource-usage and https://cloud.google.com/load-balancing/docs/quotas
 */
import type { Service } from '../model/kinds.ts';
import type { NodePool } from './cloud.ts';
import { machineType } from './machine-types.ts';

/** So much of a metric, in the region or project-wide. */
export interface QuotaNeed {
  readonly metric: string;
  readonly region: 'region' | 'global';
  readonly amount: number;
  /** Metric that is charged instead where `metric` is not reported or its limit is 0 (Spot CPUs). */
  readonly otherwise?: string;
  /**
   * Needs of one name stand for the same thing: the cloud has renamed and split such metrics. Whichever is reported counts,
   * and not knowing the others is no gap.
   */
  readonly group?: string;
}

/** Editable facts behind {@link quotaNeedOfNode}. */
export interface NodeQuotaTable {
  /** CPU metric by machine family; families that are not listed are charged to `CPUS`. */
  readonly familyCpus: Readonly<Record<string, string>>;
  /** Families charged to a per-family metric that listings of a region do not show; nothing can be computed for them. */
  readonly hiddenFamilies: readonly string[];
  /** Model in the metric `NVIDIA_‹model›_GPUS` by accelerator type. */
  readonly gpuModels: Readonly<Record<string, string>>;
  /** Metric for gigabytes by disk type; types that are not listed have quotas of their own. */
  readonly diskGigabytes: Readonly<Record<string, string>>;
}

/** What nodes draw on, as far as it is documented. */
export const NODE_QUOTAS: NodeQuotaTable = Object.freeze({
  familyCpus: {
    n2: 'N2_CPUS',
    n2d: 'N2D_CPUS',
    c2: 'C2_CPUS',
    c2d: 'C2D_CPUS',
    c3: 'C3_CPUS',
    t2a: 'T2A_CPUS',
    t2d: 'T2D_CPUS',
    a2: 'A2_CPUS',
    m1: 'M1_CPUS',
    m2: 'M2_CPUS',
    m3: 'M3_CPUS',
  },
  hiddenFamilies: ['a3', 'a4', 'c3d', 'c4', 'c4a', 'c4d', 'g2', 'h3', 'n4', 'n4d', 'z3'],
  gpuModels: {
    'nvidia-tesla-k80': 'K80',
    'nvidia-tesla-p4': 'P4',
    'nvidia-tesla-p100': 'P100',
    'nvidia-tesla-v100': 'V100',
    'nvidia-tesla-t4': 'T4',
    'nvidia-l4': 'L4',
    'nvidia-tesla-a100': 'A100',
    'nvidia-a100-80gb': 'A100_80GB',
    'nvidia-h100-80gb': 'H100',
    'nvidia-h100-mega-80gb': 'H100_MEGA',
    'nvidia-h200-141gb': 'H200',
    'nvidia-b200': 'B200',
  },
  diskGigabytes: {
    'pd-balanced': 'SSD_TOTAL_GB',
    'pd-ssd': 'SSD_TOTAL_GB',
    'pd-extreme': 'SSD_TOTAL_GB',
    'pd-standard': 'DISKS_TOTAL_GB',
    'hyperdisk-balanced': 'HDB_TOTAL_GB',
  },
});

/** Metric of families that listings do not show; it passes through as unknown. */
const HIDDEN_CPUS = 'CPUS_PER_VM_FAMILY';

/**
 * What one more node of a pool uses up. Machine types that are not known give the needs that do not depend on them, so
 * `bindingQuota` on these alone is an upper bound.
 */
export function quotaNeedOfNode(
  pool: Pick<NodePool, 'machineType' | 'spot' | 'diskType' | 'diskSizeGb' | 'privateNodes'> &
    Pick<NodePool, 'accelerators' | 'localSsds'>,
  table: NodeQuotaTable = NODE_QUOTAS,
): readonly QuotaNeed[] {
  const { spot, localSsds = 0 } = pool;
  const needs: QuotaNeed[] = [...cpuNeeds(pool.machineType, spot, table), ...gpuNeeds(pool, table)];
  needs.push({ metric: 'INSTANCES', region: 'region', amount: 1 });
  if (!pool.privateNodes) needs.push({ metric: 'IN_USE_ADDRESSES', region: 'region', amount: 1 });
  const disk = Object.hasOwn(table.diskGigabytes, pool.diskType) ? table.diskGigabytes[pool.diskType] : undefined;
  if (disk !== undefined && pool.diskSizeGb > 0)
    needs.push({ metric: disk, region: 'region', amount: pool.diskSizeGb });
  if (localSsds > 0) {
    const own = charged('LOCAL_SSD_TOTAL_GB', 'PREEMPTIBLE_LOCAL_SSD_GB', spot);
    needs.push({ ...own, region: 'region', amount: localSsds * LOCAL_SSD_GB });
  }
  return needs;
}

const LOCAL_SSD_GB = 375;

function cpuNeeds(name: string, spot: boolean, table: NodeQuotaTable): readonly QuotaNeed[] {
  const type = machineType(name);
  if (type === undefined) return [];
  const { family, vcpus: amount } = type;
  const usual = table.familyCpus[family] ?? (table.hiddenFamilies.includes(family) ? HIDDEN_CPUS : 'CPUS');
  return [
    { ...charged(usual, 'PREEMPTIBLE_CPUS', spot), region: 'region', amount },
    { metric: 'CPUS_ALL_REGIONS', region: 'global', amount },
  ];
}

/** GPUs that come with the machine type, else those attached to it; GKE lists the former as accelerators too. */
function gpuNeeds(
  { machineType: name, accelerators = [], spot }: Pick<NodePool, 'machineType' | 'accelerators' | 'spot'>,
  { gpuModels }: NodeQuotaTable,
): readonly QuotaNeed[] {
  const own = machineType(name)?.gpus;
  const attached = accelerators.flatMap(({ type, count }) => {
    const model = Object.hasOwn(gpuModels, type) ? gpuModels[type] : undefined;
    return model === undefined ? [] : [{ model, count }];
  });
  return (own === undefined ? attached : [own]).flatMap(({ model, count: amount }): QuotaNeed[] => [
    { ...charged(`NVIDIA_${model}_GPUS`, `PREEMPTIBLE_NVIDIA_${model}_GPUS`, spot), region: 'region', amount },
    { metric: 'GPUS_ALL_REGIONS', region: 'global', amount },
  ]);
}

/** Spot nodes draw on the preemptible quota where there is one. */
function charged(usual: string, preemptible: string, spot: boolean): Pick<QuotaNeed, 'metric' | 'otherwise'> {
  return spot ? { metric: preemptible, otherwise: usual } : { metric: usual };
}

/** What the parts of a load balancer are counted by. */
export type LoadBalancerUnit = 'rule' | 'address' | 'reserved-address' | 'load-balancer' | 'local-health-check';

/** One line of the table: so much of `metric` per unit. */
export interface LoadBalancerEffect {
  readonly metric: string;
  readonly region: 'region' | 'global';
  readonly per: LoadBalancerUnit;
  readonly amount: number;
  readonly group?: string;
}

/** How GKE implements a load balancer. */
export type LoadBalancerKind = 'external-target-pool' | 'external-backend-service' | 'internal';

const EXTERNAL_FRONT: readonly LoadBalancerEffect[] = [
  { metric: 'FORWARDING_RULES', region: 'region', per: 'rule', amount: 1, group: 'forwarding rules' },
  { metric: 'FORWARDING_RULES', region: 'global', per: 'rule', amount: 1, group: 'forwarding rules' },
  {
    metric: 'EXTERNAL_NETWORK_LB_FORWARDING_RULES',
    region: 'region',
    per: 'rule',
    amount: 1,
    group: 'forwarding rules',
  },
  { metric: 'IN_USE_ADDRESSES', region: 'region', per: 'address', amount: 1 },
  { metric: 'STATIC_ADDRESSES', region: 'region', per: 'reserved-address', amount: 1 },
  { metric: 'HEALTH_CHECKS', region: 'global', per: 'local-health-check', amount: 1 },
  { metric: 'FIREWALLS', region: 'global', per: 'load-balancer', amount: 2 },
];

/** What a Service of type LoadBalancer uses up on GKE. Counts per unit are Google's usual ones; edit where yours differ. */
const LOAD_BALANCER_QUOTAS: Readonly<Record<LoadBalancerKind, readonly LoadBalancerEffect[]>> = Object.freeze({
  'external-target-pool': [
    ...EXTERNAL_FRONT,
    { metric: 'TARGET_POOLS', region: 'region', per: 'load-balancer', amount: 1, group: 'target pools' },
    { metric: 'TARGET_POOLS', region: 'global', per: 'load-balancer', amount: 1, group: 'target pools' },
  ],
  'external-backend-service': [
    ...EXTERNAL_FRONT,
    {
      metric: 'REGIONAL_EXTERNAL_NETWORK_LB_BACKEND_SERVICES',
      region: 'region',
      per: 'load-balancer',
      amount: 1,
      group: 'backend services',
    },
    { metric: 'BACKEND_SERVICES', region: 'global', per: 'load-balancer', amount: 1, group: 'backend services' },
  ],
  internal: [
    { metric: 'INTERNAL_ADDRESSES', region: 'region', per: 'address', amount: 1 },
    {
      metric: 'REGIONAL_INTERNAL_LB_BACKEND_SERVICES',
      region: 'region',
      per: 'load-balancer',
      amount: 1,
      group: 'backend services',
    },
    { metric: 'BACKEND_SERVICES', region: 'global', per: 'load-balancer', amount: 1, group: 'backend services' },
    { metric: 'HEALTH_CHECKS', region: 'global', per: 'local-health-check', amount: 1 },
    { metric: 'FIREWALLS', region: 'global', per: 'load-balancer', amount: 2 },
  ],
});

/** The kind of load balancer GKE makes for a Service; `undefined` for other types and for classes handled elsewhere. */
export function loadBalancerKind(service: Service): LoadBalancerKind | undefined {
  if (service.spec?.type !== 'LoadBalancer') return undefined;
  const annotations = service.metadata.annotations ?? {};
  const wanted =
    annotations['networking.gke.io/load-balancer-type'] ?? annotations['cloud.google.com/load-balancer-type'];
  switch (service.spec.loadBalancerClass) {
    case undefined:
      if (wanted?.toLowerCase() === 'internal') return 'internal';
      return annotations['cloud.google.com/l4-rbs'] === 'enabled' ? 'external-backend-service' : 'external-target-pool';
    case 'networking.gke.io/l4-regional-external':
      return 'external-backend-service';
    case 'networking.gke.io/l4-regional-internal':
      return 'internal';
    default:
      return undefined;
  }
}

/** What a Service of type LoadBalancer uses up; empty for Services that make no Google load balancer. */
export function quotaNeedOfLoadBalancer(service: Service, table = LOAD_BALANCER_QUOTAS): readonly QuotaNeed[] {
  const kind = loadBalancerKind(service);
  if (kind === undefined) return [];
  const units = unitsOf(service);
  return table[kind]
    .map(({ per, amount, ...need }) => ({ ...need, amount: amount * units[per] }))
    .filter((need) => need.amount > 0);
}

/** One forwarding rule per address and protocol; one address per IP family. */
function unitsOf(service: Service): Readonly<Record<LoadBalancerUnit, number>> {
  const { ports = [], ipFamilies = [], loadBalancerIP, externalTrafficPolicy } = service.spec ?? {};
  const addresses = Math.max(1, new Set(ipFamilies).size);
  const protocols = Math.max(1, new Set(ports.map((port) => port.protocol ?? 'TCP')).size);
  const reserved =
    (loadBalancerIP ?? '') !== '' ||
    service.metadata.annotations?.['networking.gke.io/load-balancer-ip-addresses'] !== undefined;
  return {
    rule: addresses * protocols,
    address: reserved ? 0 : addresses,
    'reserved-address': reserved ? addresses : 0,
    'load-balancer': 1,
    // With traffic policy Cluster one health check is shared by all load balancers of the cluster.
    'local-health-check': externalTrafficPolicy === 'Local' ? 1 : 0,
  };
}
