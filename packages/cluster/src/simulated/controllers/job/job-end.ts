/**
 * Whether and why a Job is at its end.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup; `pkg/controller/job`, `syncJob`
 */
import type { Job, Pod } from '../../../model/kinds.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import { findCondition } from '../conditions.ts';
import { completionsOf, hasCondition, isFailed, isSuspended, type JobCondition, type JobStatus } from './job-pods.ts';
import type { JobScene } from './job-scene.ts';
import { matchFailurePolicy } from './pod-failure-policy.ts';
import { matchSuccessPolicy } from './success-policy.ts';

export function jobCondition(
  now: number,
  type: string,
  status: 'True' | 'False',
  reason: string,
  message: string,
): JobCondition {
  const at = timestamp(now);
  return { type, status, lastProbeTime: at, lastTransitionTime: at, reason, message };
}

/** What decides before the pods are looked after: what was decided before, failures, the success policy. */
export function earlyEnd(scene: JobScene, startedAt: number | undefined, now: number): JobCondition | undefined {
  return decidedBefore(scene.status, now) ?? failure(scene, startedAt, now) ?? successByPolicy(scene, now);
}

/** All completions, and nothing that still runs. */
export function completion({ job, succeeded }: JobScene, active: number, now: number): JobCondition | undefined {
  const completions = completionsOf(job);
  const isComplete = completions === undefined ? succeeded > 0 : succeeded >= completions;
  const message = 'Reached expected number of succeeded pods';
  return isComplete && active === 0
    ? jobCondition(now, 'SuccessCriteriaMet', 'True', 'CompletionsReached', message)
    : undefined;
}

/** The last word: `Failed` for `FailureTarget`, `Complete` for `SuccessCriteriaMet`. */
export function finalCondition({ type, reason = '', message = '' }: JobCondition, now: number): JobCondition {
  const last = type === 'SuccessCriteriaMet' || type === 'Complete' ? 'Complete' : 'Failed';
  return jobCondition(now, last, 'True', reason, message);
}

function decidedBefore(status: JobStatus, now: number): JobCondition | undefined {
  const conditions = status.conditions ?? [];
  if (hasCondition(status, 'SuccessCriteriaMet')) return findCondition(conditions, 'SuccessCriteriaMet');
  const target = hasCondition(status, 'FailureTarget') ? findCondition(conditions, 'FailureTarget') : undefined;
  return target === undefined ? undefined : finalCondition(target, now);
}

function failure(scene: JobScene, startedAt: number | undefined, now: number): JobCondition | undefined {
  const [reason, message] = failureReason(scene, startedAt, now) ?? [];
  if (reason === undefined || message === undefined) return undefined;
  return jobCondition(now, 'FailureTarget', 'True', reason, message);
}

function failureReason(
  scene: JobScene,
  startedAt: number | undefined,
  now: number,
): readonly [string, string] | undefined {
  const { job, pods, failed } = scene;
  const byPolicy = pods
    .filter((pod) => job.spec?.podFailurePolicy !== undefined && isFailed(pod, job))
    .map((pod) => matchFailurePolicy(job, pod).jobFailure)
    .find((message) => message !== undefined);
  if (byPolicy !== undefined) return ['PodFailurePolicy', byPolicy];
  if (failed > backOffLimit(job) || isPastRestarts(job, pods))
    return ['BackoffLimitExceeded', 'Job has reached the specified backoff limit'];
  const deadlineAt = activeDeadline(job, startedAt);
  if (deadlineAt !== undefined && deadlineAt <= now)
    return ['DeadlineExceeded', 'Job was active longer than specified deadline'];
  return indexFailure(scene);
}

function indexFailure({ job, indexes }: JobScene): readonly [string, string] | undefined {
  if (indexes?.failed === undefined) return undefined;
  const failed = indexes.failed.size;
  if (failed > (job.spec?.maxFailedIndexes ?? Infinity))
    return ['MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes'];
  const isOver = failed > 0 && failed + indexes.succeeded.size >= (completionsOf(job) ?? 0);
  return isOver ? ['FailedIndexes', 'Job has failed indexes'] : undefined;
}

function successByPolicy({ job, indexes }: JobScene, now: number): JobCondition | undefined {
  const message = indexes === undefined ? undefined : matchSuccessPolicy(job, indexes.succeeded);
  return message === undefined ? undefined : jobCondition(now, 'SuccessCriteriaMet', 'True', 'SuccessPolicy', message);
}

/** Epoch milliseconds at which the Job has been active for too long; a suspended one is not active. */
export function activeDeadline(job: Job, startedAt: number | undefined): number | undefined {
  const seconds = job.spec?.activeDeadlineSeconds;
  return seconds === undefined || startedAt === undefined || isSuspended(job) ? undefined : startedAt + seconds * 1000;
}

function backOffLimit({ spec }: Job): number {
  return spec?.backoffLimit ?? (spec?.backoffLimitPerIndex === undefined ? 6 : 2_147_483_647);
}

/** Where containers are restarted in their pod, restarts are the failures. */
function isPastRestarts(job: Job, pods: readonly Pod[]): boolean {
  if (job.spec?.template.spec?.restartPolicy !== 'OnFailure') return false;
  let restarts = 0;
  for (const { status } of pods) {
    if (status?.phase !== 'Running' && status?.phase !== 'Pending') continue;
    for (const container of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])])
      restarts += container.restartCount;
  }
  const limit = backOffLimit(job);
  return limit === 0 ? restarts > 0 : restarts >= limit;
}
