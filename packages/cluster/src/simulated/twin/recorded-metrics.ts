/** What recorded autoscaling tells of the metrics API: whether it answers. */
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import type { Pod } from '../../model/kinds.ts';
import type { BehaviourRow } from '../kubelet/behaviour-table.ts';
import { PODS } from '../api/built-in-types.ts';
import type { ObjectStore } from '../store/object-store.ts';

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

/** A metrics API that did not answer goes on so until what serves it is another one. */
export function recordedMetrics(snapshot: ClusterSnapshot, store: ObjectStore): BehaviourRow | undefined {
  const why = metricsErrorOf(snapshot);
  if (why === undefined) return undefined;
  return { metricsError: () => (isServedAnew([...store.list(PODS)], snapshot.observedAt) ? undefined : why) };
}

/** Whether all pods of the metrics server were made after a moment, and there is one: a server that hangs is well once it is started anew. */
export function isServedAnew(pods: readonly Pod[], at: number): boolean {
  const serving = pods.filter(
    ({ metadata }) => metadata.namespace === 'kube-system' && metadata.name.startsWith('metrics-server'),
  );
  return serving.length > 0 && serving.every(({ metadata }) => Date.parse(metadata.creationTimestamp ?? '') > at);
}
