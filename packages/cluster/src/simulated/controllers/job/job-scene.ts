/** A Job and its pods at one moment, and what follows from them. */
import type { Job, Pod } from '../../../model/kinds.ts';
import { isActive, isReady, isTerminating } from '../pod-state.ts';
import { backOffAfter, type BackOff } from './back-off.ts';
import { parseIndexes } from './indexes.ts';
import {
  completionsOf,
  finishedAt,
  hasValidIndex,
  indexFailures,
  indexOf,
  isFailed,
  isIndexed,
  isSucceeded,
  isTracked,
  jobStatusOf,
  type JobStatus,
} from './job-pods.ts';
import { matchFailurePolicy } from './pod-failure-policy.ts';

/** Everything a look at a Job goes by. */
export interface JobScene {
  readonly job: Job;
  readonly status: JobStatus;
  readonly pods: readonly Pod[];
  readonly active: readonly Pod[];
  readonly ready: number;
  readonly terminating: number;
  /** With those that ended since the last look. */
  readonly succeeded: number;
  readonly failed: number;
  readonly backOff: BackOff;
  /** Only of indexed Jobs. */
  readonly indexes: JobIndexes | undefined;
}

/** The state of indexes. */
export interface JobIndexes {
  /** As the status had it. */
  readonly counted: ReadonlySet<number>;
  /** With those that succeeded since. */
  readonly succeeded: ReadonlySet<number>;
  /** Only with a limit per index. */
  readonly failed: ReadonlySet<number> | undefined;
  /** The last failed pod of indexes that are to be tried again; it stays until its replacement has taken its count. */
  readonly lastFailed: ReadonlyMap<number, Pod>;
}

export function jobScene(job: Job, pods: readonly Pod[], backOff: BackOff): JobScene {
  const status = jobStatusOf(job);
  const { succeeded: notedSucceeded = [], failed: notedFailed = [] } = status.uncountedTerminatedPods ?? {};
  const fresh = (noted: readonly string[]) => (pod: Pod) =>
    isTracked(pod) && !noted.includes(pod.metadata.uid ?? '') && (!isIndexed(job) || hasValidIndex(pod, job));
  const succeeded = pods.filter((pod) => isSucceeded(pod) && fresh(notedSucceeded)(pod));
  const failed = pods.filter((pod) => isFailed(pod, job) && fresh(notedFailed)(pod));
  const counting = failed.filter((pod) => matchFailurePolicy(job, pod).counts);
  const active = pods.filter(isActive);
  const indexes = isIndexed(job) ? jobIndexes(job, status, pods) : undefined;
  return {
    job,
    status,
    pods,
    active,
    ready: active.filter(isReady).length,
    terminating: pods.filter(isTerminating).length,
    succeeded: indexes?.succeeded.size ?? (status.succeeded ?? 0) + succeeded.length + notedSucceeded.length,
    failed: (status.failed ?? 0) + counting.length + notedFailed.length,
    backOff: backOffAfter(backOff, succeeded, failed),
    indexes,
  };
}

function jobIndexes(job: Job, status: JobStatus, pods: readonly Pod[]): JobIndexes {
  const completions = completionsOf(job) ?? 0;
  const tracked = pods.filter((pod) => isTracked(pod) && hasValidIndex(pod, job));
  const counted = parseIndexes(status.completedIndexes, completions);
  const succeeded = new Set([...counted, ...tracked.filter(isSucceeded).map(indexOf)]);
  if (job.spec?.backoffLimitPerIndex === undefined)
    return { counted, succeeded, failed: undefined, lastFailed: new Map() };
  const failed = new Set([
    ...parseIndexes(status.failedIndexes, completions),
    ...tracked.filter((pod) => isIndexFailed(job, pod)).map(indexOf),
  ]);
  const lastFailed = lastFailedByIndex(job, tracked, new Set([...succeeded, ...failed, ...activeIndexes(pods)]));
  return { counted, succeeded, failed, lastFailed };
}

export function activeIndexes(pods: readonly Pod[]): ReadonlySet<number> {
  return new Set(pods.filter(isActive).map(indexOf));
}

/** Whether this failure is the one too many for its index. */
function isIndexFailed(job: Job, pod: Pod): boolean {
  if (!isFailed(pod, job)) return false;
  const { action, counts } = matchFailurePolicy(job, pod);
  if (action === 'FailIndex') return true;
  return counts && indexFailures(pod).counted >= (job.spec?.backoffLimitPerIndex ?? 0);
}

function lastFailedByIndex(job: Job, pods: readonly Pod[], settled: ReadonlySet<number>): ReadonlyMap<number, Pod> {
  const last = new Map<number, Pod>();
  const failures = (pod: Pod) => indexFailures(pod).counted + indexFailures(pod).ignored;
  for (const pod of pods) {
    const index = indexOf(pod);
    if (!isFailed(pod, job) || settled.has(index)) continue;
    const known = last.get(index);
    if (known === undefined || (failures(known) <= failures(pod) && finishedAt(known) <= finishedAt(pod)))
      last.set(index, pod);
  }
  return last;
}
