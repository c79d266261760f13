/** Which pods succeed, made exact. */
import { objectKey, type Pod } from '@aia/cluster';
import { isReady } from '../diagnose/conditions.ts';
import type { Examination } from '../diagnose/examination.ts';
import { NOTHING_EXCUSED, type Excused } from '../diagnose/suppressions/split.ts';
import { isRecovered } from '../diagnose/pods/lost-pods.ts';
import { failsAtUnknownAge, hasFailedContainer } from '../diagnose/pods/visible-failure.ts';

/** Pods that count, and how many of them are well. */
export interface PodCount {
  readonly total: number;
  readonly succeeding: number;
  readonly failing: number;
}

/** Ready, or completed as its owner wants. A pod in CrashLoopBackOff is Running by phase and does not succeed. */
export function isSucceeding(pod: Pod): boolean {
  const phase = pod.status?.phase;
  if (phase === 'Succeeded') return true;
  return phase === 'Running' && isReady(pod);
}

/**
 * Counts judged pods. Neither side counts those whose state says nothing of how well the cluster does: being deleted, starting
 * within the grace period without a failure so far, failed ones whose workload is complete again or whose Job goes on,
 * manifests that no kubelet has reported on, and failing ones whose findings are suppressed.
 */
export function countPods(examination: Examination, excused: Excused = NOTHING_EXCUSED): PodCount {
  let total = 0;
  let succeeding = 0;
  for (const pod of examination.snapshot.list('Pod')) {
    if (!examination.judges(pod.metadata.namespace ?? '') || !counts(pod, examination)) continue;
    const succeeds = isSucceeding(pod);
    if (!succeeds && isExcused(pod, examination, excused)) continue;
    total++;
    if (succeeds) succeeding++;
  }
  return { total, succeeding, failing: total - succeeding };
}

function isExcused(pod: Pod, examination: Examination, { pods, workloads, accused }: Excused): boolean {
  if (pods.size === 0 && workloads.size === 0) return false;
  const key = objectKey(pod);
  return pods.has(key) || (!accused.has(key) && workloads.has(objectKey(examination.workloadOf(pod))));
}

function counts(pod: Pod, examination: Examination): boolean {
  if (pod.metadata.deletionTimestamp !== undefined || pod.status?.phase === undefined) return false;
  if (pod.status.phase === 'Failed') return !isRecovered(examination, pod);
  return isSucceeding(pod) || !isStarting(pod, examination);
}

function isStarting(pod: Pod, examination: Examination): boolean {
  const age = examination.ageMs(pod.metadata.creationTimestamp);
  if (age === undefined || age >= examination.thresholds.graceMs) return false;
  return !hasFailedContainer(pod) && !failsAtUnknownAge(examination, pod);
}
