/** What recorded autoscaling tells of the metrics API: whether it answers. */
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import type { BehaviourRow } from '../kubelet/behaviour-table.ts';

const NO_ANSWER = /unable to fetch metrics from resource metrics API: (.+)$/s;

/** Why it does not answer, as HorizontalPodAutoscalers quote it; `undefined` where it does, or nobody says so. */
export function metricsErrorOf(snapshot: ClusterSnapshot): string | undefined {
  if (snapshot.listOf('metrics.k8s.io', 'PodMetrics').length > 0) return undefined;
  return snapshot
    .list('HorizontalPodAutoscaler')
    .flatMap(({ status }) => status?.conditions ?? [])
    .filter(({ type, status }) => type === 'ScalingActive' && status === 'False')
    .map(({ message = '' }) => NO_ANSWER.exec(message)?.[1])
    .find((why) => why !== undefined);
}

/** A metrics API that did not answer goes on so. */
export function recordedMetrics(snapshot: ClusterSnapshot): BehaviourRow | undefined {
  const why = metricsErrorOf(snapshot);
  return why === undefined ? undefined : { metricsError: () => why };
}
