/** Which pods succeed: the word of the reference document, made exact. */
import type { ClusterSnapshot, Pod } from '@aia/cluster';

export interface PodCount {
  readonly total: number;
  readonly succeeding: number;
  readonly failing: number;
}

/** Ready, or completed as its owner wants. A pod in CrashLoopBackOff is Running by phase and does not succeed. */
export function isSucceeding(pod: Pod): boolean {
  const { phase, conditions } = pod.status ?? {};
  if (phase === 'Succeeded') return true;
  return phase === 'Running' && conditions?.find((condition) => condition.type === 'Ready')?.status === 'True';
}

/** Counts pods; those being deleted are on their way out and count for neither side. */
export function countPods(snapshot: ClusterSnapshot, namespaces?: ReadonlySet<string>): PodCount {
  let total = 0;
  let succeeding = 0;
  for (const pod of snapshot.list('Pod')) {
    if (pod.metadata.deletionTimestamp !== undefined) continue;
    if (namespaces !== undefined && !namespaces.has(pod.metadata.namespace ?? '')) continue;
    total++;
    if (isSucceeding(pod)) succeeding++;
  }
  return { total, succeeding, failing: total - succeeding };
}
