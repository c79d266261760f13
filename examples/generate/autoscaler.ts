/** The ConfigMap in which the cluster autoscaler says how it is, in the YAML form of 1.30 and later. */
import type { ClusterBuilder } from './cluster-builder.ts';
import { DAY } from './identity.ts';

/** Why a node group waits before the next attempt. */
export interface Backoff {
  readonly errorCode: string;
  readonly errorMessage: string;
}

const TIME = '2025-09-27 11:59:51.014329312 +0000 UTC';
const PROBED = '"2025-09-27T11:59:51.014329312Z"';
const SETTLED = '"2025-09-07T11:58:12.710228801Z"';

/** Adds `cluster-autoscaler-status` of a cluster with one node group. */
export function addAutoscalerStatus(cluster: ClusterBuilder, nodes: number, maxNodes: number, backoff?: Backoff): void {
  const group = `https://www.googleapis.com/compute/v1/projects/${cluster.project}/zones/us-central1-b/instanceGroups/gke-${cluster.name}-default-pool-7f3c2a91-grp`;
  const times = [`lastProbeTime: ${PROBED}`, `lastTransitionTime: ${SETTLED}`];
  const counts = [
    'nodeCounts:',
    '  registered:',
    `    total: ${nodes}`,
    `    ready: ${nodes}`,
    '    notStarted: 0',
    '    unready:',
    '      total: 0',
    '      resourceUnready: 0',
    '  longUnregistered: 0',
    '  unregistered: 0',
  ];
  const refused =
    backoff === undefined
      ? ['status: NoActivity', 'backoffInfo: {}']
      : [
          'status: Backoff',
          'backoffInfo:',
          `  errorCode: ${backoff.errorCode}`,
          `  errorMessage: ${JSON.stringify(backoff.errorMessage)}`,
        ];
  const size = [`cloudProviderTarget: ${nodes}`, 'minSize: 1', `maxSize: ${maxNodes}`];
  const status = [
    `time: ${TIME}`,
    'autoscalerStatus: Running',
    'clusterWide:',
    ...block('health', ['status: Healthy', ...counts, ...times]),
    ...block('scaleUp', ['status: NoActivity', ...times]),
    ...block('scaleDown', ['status: NoCandidates', ...times]),
    'nodeGroups:',
    `- name: ${group}`,
    ...block('health', ['status: Healthy', ...counts, ...size, ...times]),
    ...block('scaleUp', [...refused, ...times]),
    ...block('scaleDown', ['status: NoCandidates', ...times]),
    '',
  ].join('\n');
  cluster.add('v1', 'ConfigMap', 'cluster-autoscaler-status', 'kube-system', 90 * DAY, {
    data: { status },
    metadata: { annotations: { 'cluster-autoscaler.kubernetes.io/last-updated': TIME } },
  });
}

function block(name: string, lines: readonly string[]): string[] {
  return [`  ${name}:`, ...lines.map((line) => `    ${line}`)];
}
