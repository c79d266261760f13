/** Reading the quota table: which metrics a cluster draws on, and how full they are. */
import type { ClusterSnapshot, Quota, ResourceRef } from '@aia/cluster';
import { regionOf } from './capacity.ts';
import type { Evidence } from './evidence.ts';
import type { Severity } from './finding.ts';

/**
 * Metrics that GKE nodes, load balancers and volumes draw on (Compute Engine "Allocation quotas"). One of these at its
 * limit stops a cluster from growing; others belong to whatever else the project runs.
 */
const CLUSTER_METRICS =
  /^(?:.*_?CPUS(?:_ALL_REGIONS)?|INSTANCES|INSTANCE_GROUPS|INSTANCE_GROUP_MANAGERS|IN_USE_ADDRESSES|STATIC_ADDRESSES|.*FORWARDING_RULES|TARGET_POOLS|.*BACKEND_SERVICES|HEALTH_CHECKS|FIREWALLS|NETWORK_ENDPOINT_GROUPS|URL_MAPS|TARGET_HTTPS?_PROXIES|SSL_CERTIFICATES|.*_TOTAL_GB|(?:PREEMPTIBLE_)?(?:NVIDIA_.*_)?GPUS(?:_ALL_REGIONS)?)$/;

/** Severity for a quota finding: as given for what this cluster draws on, low for other metrics, info for other regions. */
export function quotaSeverity(snapshot: ClusterSnapshot, { metric, region }: Quota, severity: Severity): Severity {
  if (!isNearCluster(snapshot, region)) return 'info';
  return CLUSTER_METRICS.test(metric) ? severity : 'low';
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
