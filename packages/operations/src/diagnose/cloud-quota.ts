/** Reading the quota table: which metrics a cluster draws on, and how full they are. */
import type { Quota, ResourceRef } from '@aia/cluster';
import type { Evidence } from './evidence.ts';
import type { Severity } from './finding.ts';

/**
 * Metrics that GKE nodes, load balancers and volumes draw on (Compute Engine "Allocation quotas"). One of these at its
 * limit stops a cluster from growing; others belong to whatever else the project runs.
 */
const CLUSTER_METRICS =
  /^(?:.*_?CPUS(?:_ALL_REGIONS)?|INSTANCES|INSTANCE_GROUPS|INSTANCE_GROUP_MANAGERS|IN_USE_ADDRESSES|STATIC_ADDRESSES|.*FORWARDING_RULES|TARGET_POOLS|.*BACKEND_SERVICES|HEALTH_CHECKS|FIREWALLS|NETWORK_ENDPOINT_GROUPS|URL_MAPS|TARGET_HTTPS?_PROXIES|SSL_CERTIFICATES|.*_TOTAL_GB|(?:PREEMPTIBLE_)?(?:NVIDIA_.*_)?GPUS(?:_ALL_REGIONS)?)$/;

/** Severity for a quota finding: as given for what clusters draw on, else low. */
export function quotaSeverity(metric: string, severity: Severity): Severity {
  return CLUSTER_METRICS.test(metric) ? severity : 'low';
}

/** Share used, 0 for metrics without a limit to reach. */
export function usedShare(quota: Quota): number {
  return quota.limit > 0 ? quota.usage / quota.limit : 0;
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
