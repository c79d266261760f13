/** What the pods of a Job say about it. Source: `pkg/controller/job` */
import type { Job, Pod } from '../../../model/kinds.ts';
import { isFinished } from '../../../scheduling/pod-owner.ts';
import type { WorkloadCondition } from '../conditions.ts';

/** Holds a pod until its end was counted. Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-tracking-with-finalizers */
export const TRACKING = 'batch.kubernetes.io/job-tracking';
export const COMPLETION_INDEX = 'batch.kubernetes.io/job-completion-index';
export const INDEX_FAILURES = 'batch.kubernetes.io/job-index-failure-count';
export const IGNORED_INDEX_FAILURES = 'batch.kubernetes.io/job-index-ignored-failure-count';

/** `status` with what is newer than the types. */
export interface JobStatus {
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly active?: number;
  readonly ready?: number;
  readonly terminating?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly completedIndexes?: string;
  readonly failedIndexes?: string;
  readonly uncountedTerminatedPods?: Uncounted;
  readonly conditions?: readonly JobCondition[];
}

/** A condition of a Job. */
export interface JobCondition extends WorkloadCondition {
  readonly lastProbeTime?: string;
}

/** Uids of pods whose end is noted and not yet added to the numbers. */
export interface Uncounted {
  readonly succeeded?: readonly string[];
  readonly failed?: readonly string[];
}

export type JobSpec = NonNullable<Job['spec']>;

export function jobStatusOf({ status }: Job): JobStatus {
  return (status ?? {}) as JobStatus;
}

export function hasCondition({ conditions = [] }: JobStatus, type: string): boolean {
  return conditions.some((condition) => condition.type === type && condition.status === 'True');
}

export function isJobFinished(job: Job): boolean {
  return hasCondition(jobStatusOf(job), 'Complete') || hasCondition(jobStatusOf(job), 'Failed');
}

export function isIndexed({ spec }: Job): boolean {
  return spec?.completionMode === 'Indexed';
}

export function isSuspended({ spec }: Job): boolean {
  return spec?.suspend === true;
}

/** Wanted completions; `undefined` where any success completes the Job. */
export function completionsOf({ spec }: Job): number | undefined {
  return spec?.completions ?? (spec?.parallelism === undefined ? 1 : undefined);
}

/** Whether a pod is replaced only when it has failed, and not while it is being deleted. */
export function replacesOnlyFailed({ spec }: Job): boolean {
  const byDefault = spec?.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed';
  return (spec?.podReplacementPolicy ?? byDefault) === 'Failed';
}

export function isTracked({ metadata }: Pod): boolean {
  return metadata.finalizers?.includes(TRACKING) === true;
}

export function isSucceeded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded';
}

/** Failed, or being deleted where that counts as failure: nobody may ever say how it ended. */
export function isFailed(pod: Pod, job: Job): boolean {
  if (pod.status?.phase === 'Failed') return true;
  return !replacesOnlyFailed(job) && pod.metadata.deletionTimestamp !== undefined && !isFinished(pod);
}

/** −1 where it has none. */
export function indexOf({ metadata }: Pod): number {
  const text = metadata.annotations?.[COMPLETION_INDEX] ?? '';
  return /^\d+$/.test(text) ? Number(text) : -1;
}

/** Whether it has an index that the Job wants. */
export function hasValidIndex(pod: Pod, job: Job): boolean {
  return indexOf(pod) >= 0 && indexOf(pod) < (completionsOf(job) ?? 0);
}

/** How often the index failed before this pod, counted against the limit of the index or not. */
export function indexFailures({ metadata }: Pod): { readonly counted: number; readonly ignored: number } {
  const read = (key: string) => Number(metadata.annotations?.[key] ?? 0) || 0;
  return { counted: read(INDEX_FAILURES), ignored: read(IGNORED_INDEX_FAILURES) };
}

/** Epoch milliseconds at which the pod ended, as well as its status tells. */
export function finishedAt({ metadata, spec, status }: Pod): number {
  const sidecars = new Set(
    (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name),
  );
  const statuses = [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name)),
  ];
  const ends = statuses.map(({ state }) => Date.parse(state?.terminated?.finishedAt ?? ''));
  if (ends.length > 0 && ends.every((at) => !Number.isNaN(at))) return Math.max(...ends);
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status === 'False' && ready.lastTransitionTime !== undefined) return Date.parse(ready.lastTransitionTime);
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp = '' } = metadata;
  if (deletionTimestamp !== undefined) return Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000;
  return Date.parse(creationTimestamp);
}
