/**
 * How long a Job waits after failures before it makes another pod: 10 s, 20 s, 40 s, … up to 10 minutes.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy
 */
import type { Pod } from '../../../model/kinds.ts';
import { finishedAt, indexFailures } from './job-pods.ts';

const FIRST_MS = 10_000;
const LONGEST_MS = 600_000;

/** Failures since the last success. */
export interface BackOff {
  readonly failures: number;
  readonly lastFailureAt: number;
}

export const NO_BACK_OFF: BackOff = { failures: 0, lastFailureAt: 0 };

/** What pods that ended since then add. */
export function backOffAfter(before: BackOff, succeeded: readonly Pod[], failed: readonly Pod[]): BackOff {
  const failures = failed.map(finishedAt);
  if (succeeded.length === 0)
    return failures.length === 0
      ? before
      : { failures: before.failures + failures.length, lastFailureAt: Math.max(...failures) };
  const lastSuccessAt = Math.max(...succeeded.map(finishedAt));
  const later = failures.filter((at) => at > lastSuccessAt);
  return later.length === 0 ? NO_BACK_OFF : { failures: later.length, lastFailureAt: Math.max(...later) };
}

/** Milliseconds that are left to wait; 0 for none. */
export function remainingBackOff({ failures, lastFailureAt }: BackOff, now: number): number {
  if (failures === 0) return 0;
  const delay = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return Math.max(0, lastFailureAt + delay - now);
}

/** {@link remainingBackOff} of one index, given its last failed pod. */
export function remainingIndexBackOff(lastFailed: Pod | undefined, now: number): number {
  if (lastFailed === undefined) return 0;
  const { counted, ignored } = indexFailures(lastFailed);
  return remainingBackOff({ failures: counted + ignored + 1, lastFailureAt: finishedAt(lastFailed) }, now);
}
