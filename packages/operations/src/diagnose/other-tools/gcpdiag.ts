/** What gcpdiag looks at of GKE. */
import type { CheckGroup } from './check.ts';

/** Source: https://gcpdiag.dev/rules/gke/. */
export const GCPDIAG: readonly CheckGroup[] = [
  {
    area: 'resources',
    batch: 'static',
    checks: { 'gke/ERR/2023_009': 'no CPU request', 'gke/ERR/2023_012': 'no memory request' },
  },
  {
    area: 'cloud',
    checks: {
      'gke/ERR/2021_006': 'scale-up failed',
      'gke/ERR/2021_010': 'limit of internal forwarding rules reached',
      'gke/WARN/2021_003': 'range of pod addresses almost used up',
      'gke/WARN/2023_004': 'few pods allowed per node',
      'gke/WARN/2024_001': 'limits of node auto-provisioning reached',
    },
  },
  {
    area: 'cloud',
    batch: 'declined',
    reason: 'ranges of subnets are not read; the load balancer that waits for an address is',
    checks: {
      'gke/WARN/2024_007': 'no IPv6 range for internal load balancers',
      'gke/WARN/2025_001': 'no IPv6 range for external load balancers',
    },
  },
  {
    area: 'cloud',
    batch: 'alerts',
    checks: {
      'gke/WARN/2021_005': 'disks of nodes are slow',
      'gke/WARN/2021_006': 'connection table of nodes almost full',
      'gke/WARN/2021_007': 'boot disks of nodes almost full',
    },
  },
  {
    area: 'ingress',
    checks: {
      'gke/ERR/2023_004': 'Ingress that cannot be set up',
      'gke/ERR/2023_006': 'Gateway with an annotation that is wrong',
      'gke/ERR/2023_007': 'HTTPRoute that cannot be set up',
      'gke/WARN/2024_003': 'Service of an Ingress is missing',
      'gke/WARN/2024_004': 'BackendConfig of a Service is missing',
      'gke/WARN/2024_005': 'Service of an Ingress is neither NodePort nor NEG',
    },
  },
  { area: 'extensions', checks: { 'gke/ERR/2024_002': 'webhook without an endpoint' } },
  { area: 'pods', checks: { 'gke/ERR/2023_008': 'container is crash-looping' } },
  {
    area: 'workloads',
    checks: { 'gke/ERR/2024_001': 'pods refused by Pod Security' },
  },
  {
    area: 'cluster',
    checks: {
      'gke/BP/2022_003': 'version close to the end of its life',
      'gke/ERR/2021_009': 'nodes too far behind the control plane',
      'gke/ERR/2026_001': 'version no longer supported',
      'gke/WARN/2021_001': 'version of the control plane no longer offered',
      'gke/WARN/2021_002': 'version of nodes no longer offered',
    },
  },
  {
    area: 'placement',
    batch: 'static',
    checks: { 'gke/BP/2023_002': 'StatefulSet on nodes that may vanish' },
  },
  {
    area: 'access',
    batch: 'static',
    checks: {
      'gke/ERR/2021_007': 'service account of nodes deleted',
      'gke/ERR/2021_008': 'service account of the project deleted',
      'gke/ERR/2021_012': 'service account of nodes disabled',
      'gke/SEC/2021_001': 'nodes use the default service account',
      'gke/SEC/2023_001': 'Workload Identity is off',
      'gke/WARN/2024_002': 'more than 3000 service accounts',
    },
  },
];
