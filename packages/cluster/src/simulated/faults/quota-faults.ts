/** Quotas of the cloud that are used up, one row per metric. Source: https://cloud.google.com/compute/resource-usage */
import type { Quota } from '../../cloud/cloud.ts';
import { quotaNeedOfNode } from '../../cloud/quota-need.ts';
import type { Deployment, KindMap } from '../../model/kinds.ts';
import { DEPLOYMENTS, PERSISTENT_VOLUME_CLAIMS, STORAGE_CLASSES } from '../api/built-in-types.ts';
import { entityOf } from '../entity.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { balancers, hasAddress } from './load-balancer-demand.ts';
import type { FaultKind, Parameter } from './fault.ts';
import type { FaultSite } from './fault-site.ts';
import { cloudOf, growingPools, outgrow } from './machine-demand.ts';
import { NoTargetError } from './no-target-error.ts';
import { isSingle, makeClaim, mounting } from './storage-faults.ts';
import { byEntity } from './targets.ts';

type StorageClass = KindMap['StorageClass'];

/** What comes to need more of a metric than there is. */
type Demand = 'machines' | 'disk' | 'load-balancer';

interface QuotaRow {
  /** The first that is listed and needed. */
  readonly metrics: readonly string[];
  /** Default `quota-` and the metric. */
  readonly name?: string;
  readonly region?: 'global';
  readonly demand: Demand;
  /** Of the Service, where a load balancer is what needs it. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Type of the disk, where one is what needs it. */
  readonly disk?: string;
  /** Of the metric that one of them takes, where that is not one. */
  readonly amount?: number;
}

const INTERNAL = { 'networking.gke.io/load-balancer-type': 'Internal' };
const BY_BACKEND_SERVICE = { 'cloud.google.com/l4-rbs': 'enabled' };
const DISK_GB = 100;
const PD_DRIVER = 'pd.csi.storage.gke.io';
/** So many of them a project that comes to its limit has at least. */
const FEW = 8;
/** So many more are granted than are missing. */
const AMPLE = 8;

/** Machines of these families count there, and not in `CPUS`. */
const FAMILY_CPUS = [
  'N2_CPUS',
  'N2D_CPUS',
  'C2_CPUS',
  'C2D_CPUS',
  'C3_CPUS',
  'T2A_CPUS',
  'T2D_CPUS',
  'A2_CPUS',
  'M1_CPUS',
];

const ROWS: readonly QuotaRow[] = [
  { metrics: ['CPUS'], demand: 'machines' },
  { name: 'quota-family-cpus', metrics: FAMILY_CPUS, demand: 'machines' },
  { metrics: ['CPUS_ALL_REGIONS'], region: 'global', demand: 'machines' },
  { metrics: ['INSTANCES'], demand: 'machines' },
  { metrics: ['SSD_TOTAL_GB'], demand: 'disk', disk: 'pd-balanced', amount: DISK_GB },
  { metrics: ['DISKS_TOTAL_GB'], demand: 'disk', disk: 'pd-standard', amount: DISK_GB },
  { metrics: ['IN_USE_ADDRESSES'], demand: 'load-balancer' },
  { metrics: ['FORWARDING_RULES'], demand: 'load-balancer' },
  { metrics: ['EXTERNAL_NETWORK_LB_FORWARDING_RULES'], demand: 'load-balancer' },
  { metrics: ['TARGET_POOLS'], demand: 'load-balancer' },
  { metrics: ['FIREWALLS'], region: 'global', demand: 'load-balancer', amount: 2 },
  {
    ...{ metrics: ['HEALTH_CHECKS'], region: 'global', demand: 'load-balancer' },
    spec: { externalTrafficPolicy: 'Local' },
  },
  {
    ...{ metrics: ['REGIONAL_EXTERNAL_NETWORK_LB_BACKEND_SERVICES'], demand: 'load-balancer' },
    annotations: BY_BACKEND_SERVICE,
  },
  { ...{ metrics: ['BACKEND_SERVICES'], region: 'global', demand: 'load-balancer' }, annotations: BY_BACKEND_SERVICE },
  { metrics: ['INTERNAL_ADDRESSES'], demand: 'load-balancer', annotations: INTERNAL },
  { metrics: ['REGIONAL_INTERNAL_LB_BACKEND_SERVICES'], demand: 'load-balancer', annotations: INTERNAL },
];

const COUNT: Readonly<Record<Demand, Parameter>> = {
  machines: { type: 'number', summary: 'nodes that are missing', min: 1, max: 4, default: 2 },
  disk: { type: 'number', summary: 'gigabytes that are left of the quota', min: 0, max: DISK_GB - 1, default: 20 },
  'load-balancer': { type: 'number', summary: 'Services that wait', min: 1, max: 4, default: 1 },
};
const CLASSES: Readonly<Record<Demand, readonly string[]>> = {
  machines: ['quota-exhausted'],
  disk: ['volume-quota-exhausted', 'quota-exhausted'],
  'load-balancer': ['load-balancer-quota-exhausted', 'quota-exhausted'],
};
const DEMANDED: Readonly<Record<Demand, string>> = {
  machines: 'a workload that needs another node is scaled up',
  disk: 'a workload claims a disk',
  'load-balancer': 'another load balancer is asked for',
};
const SOURCE: Readonly<Record<Demand, string>> = {
  machines: 'https://cloud.google.com/kubernetes-engine/docs/troubleshooting/cluster-autoscaler-scale-up',
  disk: 'https://cloud.google.com/compute/resource-usage#disk_quota',
  'load-balancer': 'https://cloud.google.com/load-balancing/docs/quotas',
};

function quotaFault(row: QuotaRow): FaultKind {
  const { metrics, demand } = row;
  const { name = `quota-${(metrics[0] ?? '').toLowerCase().replaceAll('_', '-')}` } = row;
  return {
    ...{ name, family: 'cloud', source: SOURCE[demand] },
    summary: `The quota ${row.name === undefined ? (metrics[0] ?? '') : 'of a family of machines'} is used up, and ${DEMANDED[demand]}.`,
    parameters: { [demand === 'disk' ? 'left' : 'count']: COUNT[demand] },
    bring: (site, { count = 1, left = 0 }) => {
      const cloud = cloudOf(site.cluster);
      needQuota(site.cluster, row);
      const { metric, entities, need, isMet } = ASK[demand](site, row, Number(count));
      const { region, limit } = quotaOf(site.cluster, metric, row);
      const usage = useElsewhere(site.cluster, quotaOf(site.cluster, metric, row), FEW * need);
      // Somewhat less than one of them takes is always left in real projects.
      cloud.setLimit(metric, usage + Math.min(Number(left), need - 1), region);
      site.touchOutside(`quota ${region}/${metric}`);
      return {
        truth: { entities: [`Quota ${region}/${metric}`, ...entities], classes: CLASSES[demand] },
        touched: site.takeTouched(),
        settlesMs: 600_000,
        remedy: `Ask for more of the quota ${metric}, or free some of it.`,
        repair: () => cloud.setLimit(metric, limit + AMPLE * need, region),
        isGone: (cluster) => {
          const now = quotaOf(cluster, metric, row);
          return now.limit - now.usage >= need || isMet(cluster);
        },
      };
    },
  };
}

/** Has others of the project use a quota as well, of which hardly anything is used. @returns what is used then */
function useElsewhere({ cloud }: SimulatedCluster, { metric, region, usage: own }: Quota, least: number): number {
  const usage = Math.max(own, least);
  cloud?.change(({ quotas = [] }) => ({
    quotas: quotas.map((one) => (one.metric === metric && one.region === region ? { ...one, usage } : one)),
  }));
  return usage;
}

function findQuota({ cloud }: SimulatedCluster, metric: string, { region }: QuotaRow): Quota | undefined {
  return cloud?.snapshot.quotas?.find((one) => one.metric === metric && one.region === (region ?? cloud.region));
}

/** @throws NoTargetError where it is not listed */
function quotaOf(cluster: SimulatedCluster, metric: string, row: QuotaRow): Quota {
  const quota = findQuota(cluster, metric, row);
  if (quota === undefined) throw new NoTargetError(`quota ${metric} is not listed`);
  return quota;
}

/** @throws NoTargetError where none of them is listed */
function needQuota(cluster: SimulatedCluster, row: QuotaRow): void {
  if (!row.metrics.some((metric) => findQuota(cluster, metric, row) !== undefined))
    throw new NoTargetError(`quota ${row.metrics.join(', ')} is not listed`);
}

/** What asks for more, and how much of the metric one more of it takes. */
interface Asked {
  readonly metric: string;
  readonly entities: readonly string[];
  readonly need: number;
  isMet(cluster: SimulatedCluster): boolean;
}

const ASK: Readonly<Record<Demand, (site: FaultSite, row: QuotaRow, count: number) => Asked>> = {
  machines: askMachines,
  disk: askDisk,
  'load-balancer': askLoadBalancers,
};

function askMachines(site: FaultSite, row: QuotaRow, extra: number): Asked {
  const { metrics, region = 'region' } = row;
  const takers = growingPools(site.cluster).flatMap((one) => {
    const need = quotaNeedOfNode(one.pool).find(
      (each) =>
        metrics.includes(each.metric) &&
        each.region === region &&
        findQuota(site.cluster, each.metric, row) !== undefined,
    );
    return need === undefined ? [] : [{ one, need }];
  });
  const { one, need } = site.pick(`node pool that takes ${metrics.join(', ')}`, takers);
  const target = outgrow(site, one, { extra });
  return {
    ...{ metric: need.metric, need: need.amount, entities: [entityOf(target)] },
    isMet: (cluster) => isComplete(cluster, target),
  };
}

function askDisk(site: FaultSite, { metrics: [metric = ''], disk = '', amount: need = 1 }: QuotaRow): Asked {
  const target = site.deployment(isSingle);
  const storageClassName = classOf(site, disk);
  const claim = makeClaim(site, target, { storageClassName }, `${DISK_GB}Gi`);
  const { pod, first } = mounting(target, claim);
  site.roll(target, pod, first);
  const { namespace = '', name } = claim.metadata;
  return {
    ...{ metric, need, entities: [entityOf(claim), entityOf(target)] },
    isMet: ({ api: { store } }) => store.get(PERSISTENT_VOLUME_CLAIMS, namespace, name)?.status?.phase === 'Bound',
  };
}

/** A class of the cloud's own disks of a type; one is made where there is none. */
function classOf(site: FaultSite, disk: string): string {
  const isOfType = ({ provisioner, parameters }: StorageClass) =>
    provisioner === PD_DRIVER && (parameters?.['type'] ?? 'pd-standard') === disk;
  const known = byEntity(site.cluster.api.store.list(STORAGE_CLASSES)).find(isOfType);
  if (known !== undefined) return known.metadata.name;
  const made = site.create({
    ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: `${disk}-retain` } },
    ...{ provisioner: PD_DRIVER, parameters: { type: disk }, volumeBindingMode: 'WaitForFirstConsumer' },
  });
  return made.metadata.name;
}

function askLoadBalancers(
  site: FaultSite,
  { metrics: [metric = ''], annotations, spec, amount: need = 1 }: QuotaRow,
  count: number,
): Asked {
  const target = site.deployment(({ spec: of }) => (of?.template.spec?.containers[0]?.ports ?? []).length > 0);
  const services = balancers(site, target, count, { ...(annotations && { annotations }), ...(spec && { spec }) });
  return {
    ...{ metric, need, entities: services.map(entityOf) },
    isMet: (cluster) => services.every((service) => hasAddress(cluster, service)),
  };
}

function isComplete({ api: { store } }: SimulatedCluster, { metadata: { namespace = '', name } }: Deployment): boolean {
  const { spec, status } = store.get(DEPLOYMENTS, namespace, name) ?? {};
  return spec !== undefined && (status?.readyReplicas ?? 0) >= (spec.replicas ?? 1);
}

export const QUOTA_FAULTS: readonly FaultKind[] = ROWS.map(quotaFault);
