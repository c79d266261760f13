/** What became of the Job that a pod belongs to: a failed pod of a Job that carries on is no failure. */
import { timeOf, type Job, type KindMap, type KubeObject, type Pod } from '@aia/cluster';
import { siblingsOf } from './absent-owners.ts';
import { isTrue } from '../conditions.ts';
import type { Examination } from '../examination.ts';
import { createdAt } from '../age.ts';

/** `superseded`: the Job failed, but a later run of the same CronJob succeeded. */
export type JobOutcome = 'none' | 'retrying' | 'complete' | 'failed' | 'superseded';

/** Default of `spec.backoffLimit`, https://kubernetes.io/docs/concepts/workloads/controllers/job/ */
const BACKOFF_LIMIT = 6;
/** A limit that no Job reaches would hide its failures for ever. */
const MOST_ATTEMPTS = 50;

/** Outcome of the Job that owns the pod; `none` when no Job does. One that was not read is complete once a pod of it succeeded. */
export function jobOutcome(examination: Examination, pod: Pod): JobOutcome {
  const owner = examination.snapshot.ownerOf(pod);
  if (owner === undefined) {
    const siblings = siblingsOf(examination, pod);
    return siblings?.owner.kind === 'Job' && siblings.succeeded > 0 ? 'complete' : 'none';
  }
  if (owner.kind !== 'Job') return 'none';
  const job = examination.snapshot.get('Job', owner.metadata.namespace ?? '', owner.metadata.name);
  return job === undefined ? 'none' : outcomeOf(examination, job, pod);
}

/** Outcome of a Job; `pod` is one of its pods, whose restarts count as attempts. */
export function outcomeOf(examination: Examination, job: Job, pod?: Pod): Exclude<JobOutcome, 'none'> {
  if (has(job, 'Complete') || has(job, 'SuccessCriteriaMet')) return 'complete';
  if (isSuperseded(examination, job)) return 'superseded';
  // FailureTarget: a podFailurePolicy gave up, and the other pods are still ending.
  return has(job, 'Failed') || has(job, 'FailureTarget') || isSpent(job, pod) ? 'failed' : 'retrying';
}

/** Whether a failure of this pod is one that its Job still takes in its stride, or that no longer matters. */
export function isJobRetrying(examination: Examination, pod: Pod): boolean {
  const outcome = jobOutcome(examination, pod);
  return outcome !== 'none' && outcome !== 'failed';
}

/** Whether a Job has ended or is about to, in whichever way. */
export function isOver(job: Job): boolean {
  return ['Complete', 'Failed', 'SuccessCriteriaMet', 'FailureTarget'].some((type) => has(job, type));
}

function has({ status }: Job, type: string): boolean {
  return isTrue(status?.conditions, type);
}

/**
 * Failed pods count, and restarts within this pod (restartPolicy OnFailure). With backoffLimitPerIndex each index has a
 * limit of its own, and the Job says itself when it gives up.
 */
function isSpent(job: Job, pod: Pod | undefined): boolean {
  if (job.spec?.backoffLimitPerIndex !== undefined) return false;
  const restarts = (pod?.status?.containerStatuses ?? []).reduce(
    (sum, { restartCount }) => sum + (restartCount ?? 0),
    0,
  );
  return (job.status?.failed ?? 0) + restarts > Math.min(job.spec?.backoffLimit ?? BACKOFF_LIMIT, MOST_ATTEMPTS);
}

function isSuperseded({ snapshot }: Examination, job: Job): boolean {
  const cron = snapshot.ownerOf(job);
  if (cron === undefined) return false;
  // The run that succeeded may have been tidied away.
  const { lastSuccessfulTime } = (cron as KindMap['CronJob']).status ?? {};
  if ((timeOf(lastSuccessfulTime) ?? 0) > createdAt(job)) return true;
  const isLater = (other: KubeObject) => createdAt(other) > createdAt(job);
  return snapshot.ownedBy(cron).some((other) => isLater(other) && has(other as Job, 'Complete'));
}
