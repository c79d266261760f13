/**
 * Counting each pod's end exactly once: its uid is noted, then its finalizer goes, then it is counted.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-tracking-with-finalizers
 */
import type { Job, Pod } from '../../../model/kinds.ts';
import { isFinished } from '../../../scheduling/pod-owner.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { JOBS } from '../../api/built-in-types.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { findCondition, omit, withoutEmpty } from '../conditions.ts';
import { indexesText } from './indexes.ts';
import { finalCondition } from './job-end.ts';
import { removeTracking } from './job-pod-control.ts';
import {
  completionsOf,
  hasCondition,
  hasValidIndex,
  indexOf,
  isFailed,
  isSucceeded,
  isTracked,
  type JobCondition,
  type JobStatus,
  type Uncounted,
} from './job-pods.ts';
import type { JobScene } from './job-scene.ts';
import { matchFailurePolicy } from './pod-failure-policy.ts';

/** Writes the status, lets go of pods that ended, and ends the Job where that is decided. `noted` is called once ends are noted. */
export function track(
  context: SimulationContext,
  scene: JobScene,
  draft: JobStatus,
  end: JobCondition | undefined,
  noted: () => void,
): void {
  const { now } = context.clock;
  const ending = scene.pods.filter((pod) => isTracked(pod) && mayGo(scene, pod, end));
  const before = counted(draft, new Set(scene.pods.filter(isTracked).map(uidOf)));
  const first = withInterim(withIndexes(scene, noteEnds(scene, before, ending, end)), end);
  if (!sameJson(withoutTimes(first), withoutTimes(scene.status))) {
    writeStatus(context, scene.job, first);
    noted();
  }
  for (const pod of ending) removeTracking(context, pod);
  const second = counted(first, new Set());
  const isOver = end !== undefined && (draft.terminating ?? 0) === 0;
  const last = isOver ? withFinal(second, finalCondition(end, now)) : second;
  if (sameJson(last, first)) return;
  const written = writeStatus(context, scene.job, last);
  if (isOver) tellEnd(context, written, finalCondition(end, now));
}

/** The tracking of a pod ends when it has, or when nothing depends on it any more. */
function mayGo({ job, indexes }: JobScene, pod: Pod, end: JobCondition | undefined): boolean {
  if (job.metadata.deletionTimestamp !== undefined || end !== undefined || isSucceeded(pod)) return true;
  return isFailed(pod, job) && indexes?.lastFailed.get(indexOf(pod)) !== pod;
}

/** The uids of pods that end now, unless they were noted before. */
function noteEnds(
  { job, indexes }: JobScene,
  draft: JobStatus,
  ending: readonly Pod[],
  end: JobCondition | undefined,
): JobStatus {
  const uncounted = draft.uncountedTerminatedPods ?? {};
  const isFailing = end !== undefined && end.type !== 'SuccessCriteriaMet';
  const succeeded = [...(uncounted.succeeded ?? [])];
  const failed = [...(uncounted.failed ?? [])];
  for (const pod of ending) {
    const uid = uidOf(pod);
    if (isSucceeded(pod) && !failed.includes(uid)) {
      // An index tells by itself whether it was counted.
      if (indexes === undefined && !succeeded.includes(uid)) succeeded.push(uid);
    } else if (isFailed(pod, job) || (isFailing && !isFinished(pod))) {
      const isValid = indexes === undefined || hasValidIndex(pod, job);
      if (isValid && !failed.includes(uid) && matchFailurePolicy(job, pod).counts) failed.push(uid);
    }
  }
  return { ...draft, uncountedTerminatedPods: uncountedOf(succeeded, failed) };
}

function withIndexes({ indexes }: JobScene, draft: JobStatus): JobStatus {
  if (indexes === undefined) return draft;
  const text = indexesText(indexes.succeeded);
  return {
    ...omit(draft, 'succeeded', 'completedIndexes'),
    ...withoutEmpty({ succeeded: indexes.succeeded.size, completedIndexes: text }),
    ...(indexes.failed === undefined ? {} : { failedIndexes: indexesText(indexes.failed) }),
  };
}

/** Noted pods that have lost their finalizer become numbers. */
function counted(draft: JobStatus, tracked: ReadonlySet<string>): JobStatus {
  const { succeeded = [], failed = [] } = draft.uncountedTerminatedPods ?? {};
  const [leftSucceeded, leftFailed] = [succeeded, failed].map((uids) => uids.filter((uid) => tracked.has(uid)));
  return {
    ...draft,
    ...withoutEmpty({
      succeeded: (draft.succeeded ?? 0) + succeeded.length - (leftSucceeded?.length ?? 0),
      failed: (draft.failed ?? 0) + failed.length - (leftFailed?.length ?? 0),
    }),
    uncountedTerminatedPods: uncountedOf(leftSucceeded ?? [], leftFailed ?? []),
  };
}

function uncountedOf(succeeded: readonly string[], failed: readonly string[]): Uncounted {
  return withoutEmpty({ succeeded, failed });
}

/** What is decided is told before finalizers go, so that it stays decided. */
function withInterim(draft: JobStatus, end: JobCondition | undefined): JobStatus {
  if (end === undefined || end.type === 'Failed' || hasCondition(draft, end.type)) return draft;
  return { ...draft, conditions: [...(draft.conditions ?? []), end] };
}

function withFinal(draft: JobStatus, condition: JobCondition): JobStatus {
  const { conditions = [] } = draft;
  if (findCondition(conditions, condition.type) !== undefined) return draft;
  const { lastTransitionTime } = condition;
  const isComplete = condition.type === 'Complete' && lastTransitionTime !== undefined;
  return {
    ...draft,
    conditions: [...conditions, condition],
    ...(isComplete ? { completionTime: lastTransitionTime } : {}),
  };
}

function tellEnd({ events }: SimulationContext, job: Job, { type, reason = '', message = '' }: JobCondition): void {
  const source = { component: 'job-controller' };
  if (type !== 'Complete') return events.record(job, 'Warning', reason, message, source);
  const completions = completionsOf(job);
  if (completions !== undefined && (job.status?.succeeded ?? 0) > completions)
    events.record(
      job,
      'Warning',
      'TooManySucceededPods',
      'Too many succeeded pods running after completion count reached',
      source,
    );
  events.record(job, 'Normal', 'Completed', 'Job completed', source);
}

function writeStatus({ api }: SimulationContext, { metadata }: Job, status: JobStatus): Job {
  return api.changeStatus(JOBS, metadata.namespace ?? '', metadata.name, (job) => ({
    ...job,
    status: status as NonNullable<Job['status']>,
  }));
}

/** A start alone is no reason to write. */
function withoutTimes(status: JobStatus): JobStatus {
  return omit(status, 'startTime');
}

function uidOf({ metadata }: Pod): string {
  return metadata.uid ?? '';
}
