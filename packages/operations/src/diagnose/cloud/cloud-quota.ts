/** Reading the quota table: which metrics a cluster draws on, and how full they are. */
import type { ClusterSnapshot, Pod, Quota, ResourceRef } from '@aia/cluster';
import { regionOf } from '../nodes/node-kinds.ts';
import type { Evidence } from '../evidence.ts';
import type { Severity } from '../finding.ts';

/**
 * Metrics that every GKE cluster's nodes, load balancers and volumes draw on (Compute Engine "Allocation quotas"). One of
 * these at its limit stops a cluster from growing; others belong to whatever else the project runs.
 */
const CLUSTER_METRICS =
  /^(?:CPUS(?:_ALL_REGIONS)?|INSTANCES|INSTANCE_GROUPS|INSTANCE_GROUP_MANAGERS|IN_USE_ADDRESSES|STATIC_ADDRESSES|.*FORWARDING_RULES|TARGET_POOLS|.*BACKEND_SERVICES|HEALTH_CHECKS|FIREWALLS|NETWORK_ENDPOINT_GROUPS|URL_MAPS|TARGET_HTTPS?_PROXIES|SSL_CERTIFICATES|(?:DISKS|SSD)_TOTAL_GB)$/;

/** Metrics that only some nodes draw on, with the question whether this cluster has such. */
const BY_NODES: readonly (readonly [RegExp, (snapshot: ClusterSnapshot, family: string) => boolean])[] = [
  [/^PREEMPTIBLE_(?:CPUS|LOCAL_SSD_GB)$/, hasSpotNodes],
  [/GPUS(?:_ALL_REGIONS)?$/, hasAccelerators],
  [/^LOCAL_SSD_TOTAL_GB$/, hasLocalDisks],
  [/^([A-Z]\d[A-Z]*)_CPUS$/, hasFamily],
];

/** Severity for a quota finding: as given for what this cluster draws on, low for other metrics, info for other regions. */
export function quotaSeverity(snapshot: ClusterSnapshot, { metric, region }: Quota, severity: Severity): Severity {
  if (!isNearCluster(snapshot, region)) return 'info';
  return isDrawnOn(snapshot, metric) ? severity : 'low';
}

/** Whether this cluster's nodes, load balancers and volumes draw on a metric. */
export function isDrawnOn(snapshot: ClusterSnapshot, metric: string): boolean {
  if (CLUSTER_METRICS.test(metric)) return true;
  return BY_NODES.some(([pattern, has]) => {
    const match = pattern.exec(metric);
    return match !== null && has(snapshot, (match[1] ?? '').toLowerCase());
  });
}

function hasLabel(snapshot: ClusterSnapshot, test: (key: string, value: string) => boolean): boolean {
  return snapshot
    .list('Node')
    .some(({ metadata }) => Object.entries(metadata.labels ?? {}).some(([k, v]) => test(k, v)));
}

function hasSpotNodes(snapshot: ClusterSnapshot): boolean {
  const isSpot = (key: string, value: string) =>
    /^cloud\.google\.com\/gke-(?:spot|preemptible)$/.test(key) && value === 'true';
  return (snapshot.cloud.cluster?.nodePools ?? []).some(({ spot }) => spot) || hasLabel(snapshot, isSpot);
}

function hasLocalDisks(snapshot: ClusterSnapshot): boolean {
  return hasLabel(snapshot, (key) => /^cloud\.google\.com\/gke-.*local-(?:nvme-)?ssd/.test(key));
}

/** Nodes with accelerators, or pods that wait for one. */
function hasAccelerators(snapshot: ClusterSnapshot): boolean {
  const isWanted = ({ spec }: Pod): boolean =>
    (spec?.containers ?? []).some(({ resources }) => resources?.limits?.['nvidia.com/gpu'] !== undefined);
  return hasLabel(snapshot, (key) => key === 'cloud.google.com/gke-accelerator') || snapshot.list('Pod').some(isWanted);
}

/** Machine families by nodes and pools; any while neither is known. */
function hasFamily(snapshot: ClusterSnapshot, family: string): boolean {
  const pools = (snapshot.cloud.cluster?.nodePools ?? []).map(({ machineType }) => machineType);
  const nodes = snapshot
    .list('Node')
    .flatMap(({ metadata }) => metadata.labels?.['node.kubernetes.io/instance-type'] ?? []);
  const types = [...pools, ...nodes];
  return types.length === 0 || types.some((type) => type.startsWith(`${family}-`));
}

/** Whether the cluster can draw on quotas of a region: its own, the project's, or any while its own is not known. */
export function isNearCluster(snapshot: ClusterSnapshot, region: string): boolean {
  const location = snapshot.cloud.cluster?.location.replace(/-[a-z]$/, '') ?? '';
  const own = location === '' ? regionOf(snapshot) : location;
  return own === '' || region === own || region === 'global' || region === '';
}

/**
 * Share used. 0 for metrics without a limit to reach: unlimited (negative), or never granted (limit and usage 0). A limit that
 * was taken back while something was in use counts as reached.
 */
export function usedShare({ limit, usage }: Quota): number {
  if (limit > 0) return usage / limit;
  return limit === 0 && usage > 0 ? 1 : 0;
}

/** A quota as a resource. */
export function quotaRef(metric: string, region: string): ResourceRef {
  return { group: 'compute.googleapis.com', kind: 'Quota', namespace: '', name: `${region}/${metric}` };
}

/** Its row as evidence. */
export function quotaEvidence({ metric, region, limit, usage }: Quota): Evidence {
  return { kind: 'quota', metric, region, limit, usage };
}

/** Quotas in a stable order. */
export function sortedQuotas(quotas: readonly Quota[] | undefined): readonly Quota[] {
  return (quotas ?? []).toSorted((a, b) => (`${a.region}/${a.metric}` < `${b.region}/${b.metric}` ? -1 : 1));
}
