/**
 * The status of a Deployment, and whether its rollout goes on.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
 */
import type { Deployment, ReplicaSet } from '../../../model/kinds.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import { findCondition, withCondition, withoutCondition, withoutEmpty, type WorkloadCondition } from '../conditions.ts';
import { maxUnavailable, progressDeadlineMs, replicasOf } from './limits.ts';
import { countOf, terminatingOf, wantedOf } from './replica-sets.ts';

/** `status`; `terminatingReplicas` is there since 1.33. */
export interface DeploymentStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly unavailableReplicas?: number;
  readonly terminatingReplicas?: number;
  readonly collisionCount?: number;
  readonly conditions?: readonly WorkloadCondition[];
}

/** A Deployment and its sets, the new one apart. */
export interface Rollout {
  readonly deployment: Deployment;
  readonly newSet: ReplicaSet | undefined;
  readonly oldSets: readonly ReplicaSet[];
}

export const PROGRESSING = 'Progressing';

export function statusOf({ status }: Deployment): DeploymentStatus {
  return (status ?? {}) as DeploymentStatus;
}

/** A condition of now. */
export function conditionAt(
  now: number,
  type: string,
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
): WorkloadCondition {
  const at = timestamp(now);
  return { type, status, lastUpdateTime: at, lastTransitionTime: at, reason, message };
}

export function allSets({ newSet, oldSets }: Rollout): readonly ReplicaSet[] {
  return newSet === undefined ? oldSets : [...oldSets, newSet];
}

/** The numbers, and whether enough pods are available. */
export function calculateStatus(rollout: Rollout, now: number): DeploymentStatus {
  const { deployment, newSet } = rollout;
  const sets = allSets(rollout);
  const before = statusOf(deployment);
  const available = countOf(sets, 'availableReplicas');
  const isEnough = available >= replicasOf(deployment) - maxUnavailable(deployment);
  const condition = isEnough
    ? conditionAt(now, 'Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
    : conditionAt(
        now,
        'Available',
        'False',
        'MinimumReplicasUnavailable',
        'Deployment does not have minimum availability.',
      );
  const terminating = terminatingOf(sets);
  return {
    ...withoutEmpty({
      observedGeneration: deployment.metadata.generation,
      replicas: countOf(sets, 'replicas'),
      updatedReplicas: newSet === undefined ? 0 : countOf([newSet], 'replicas'),
      readyReplicas: countOf(sets, 'readyReplicas'),
      availableReplicas: available,
      unavailableReplicas: Math.max(0, wantedOf(sets) - available),
    }),
    ...(terminating === undefined ? {} : { terminatingReplicas: terminating }),
    ...(before.collisionCount === undefined ? {} : { collisionCount: before.collisionCount }),
    conditions: withCondition(before.conditions ?? [], condition),
  };
}

/** {@link calculateStatus}, with progress and failures of the sets told in conditions. */
export function calculateRolloutStatus(rollout: Rollout, now: number): DeploymentStatus {
  const status = calculateStatus(rollout, now);
  const progressed = progressConditions(rollout, status, now);
  const failure = replicaFailure(rollout);
  const conditions =
    failure === undefined
      ? withoutCondition(progressed, 'ReplicaFailure')
      : withCondition(progressed, {
          ...failure,
          ...(failure.lastTransitionTime === undefined ? {} : { lastUpdateTime: failure.lastTransitionTime }),
        });
  return { ...status, conditions };
}

function progressConditions(rollout: Rollout, status: DeploymentStatus, now: number): readonly WorkloadCondition[] {
  const { deployment, newSet } = rollout;
  const { conditions = [] } = status;
  if (progressDeadlineMs(deployment) === undefined) return withoutCondition(conditions, PROGRESSING);
  const known = findCondition(conditions, PROGRESSING);
  const isDone = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && known?.reason === 'NewReplicaSetAvailable';
  if (isDone) return conditions;
  const subject =
    newSet === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${newSet.metadata.name}"`;
  const condition = (isTrue: boolean, reason: string, rest: string) =>
    conditionAt(now, PROGRESSING, isTrue ? 'True' : 'False', reason, `${subject} ${rest}`);
  if (isComplete(deployment, status))
    return withCondition(conditions, condition(true, 'NewReplicaSetAvailable', 'has successfully progressed.'));
  if (hasProgressed(statusOf(deployment), status))
    return withProgress(conditions, condition(true, 'ReplicaSetUpdated', 'is progressing.'));
  if (isTimedOut(deployment, status, now))
    return withCondition(conditions, condition(false, 'ProgressDeadlineExceeded', 'has timed out progressing.'));
  return conditions;
}

/** Each progress renews the time of the update, though status and reason stay. */
function withProgress(
  conditions: readonly WorkloadCondition[],
  condition: WorkloadCondition,
): readonly WorkloadCondition[] {
  const known = findCondition(conditions, PROGRESSING);
  const isSame = known?.status === 'True' && known.lastTransitionTime !== undefined;
  const kept = isSame ? { ...condition, lastTransitionTime: known.lastTransitionTime } : condition;
  return [...withoutCondition(conditions, PROGRESSING), kept];
}

/** All pods are new and available, and nothing else is left. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const wanted = replicasOf(deployment);
  return (
    (status.updatedReplicas ?? 0) === wanted &&
    (status.replicas ?? 0) === wanted &&
    (status.availableReplicas ?? 0) === wanted &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

function hasProgressed(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const oldPods = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus) => replicas - updatedReplicas;
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    oldPods(after) < oldPods(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function isTimedOut(deployment: Deployment, { conditions = [] }: DeploymentStatus, now: number): boolean {
  const known = findCondition(conditions, PROGRESSING);
  if (known === undefined || known.reason === 'NewReplicaSetAvailable') return false;
  if (known.reason === 'ProgressDeadlineExceeded') return true;
  const dueAt = deadlineOf(deployment, known);
  return dueAt !== undefined && dueAt < now;
}

function deadlineOf(deployment: Deployment, { lastUpdateTime }: WorkloadCondition): number | undefined {
  const deadlineMs = progressDeadlineMs(deployment);
  return deadlineMs === undefined || lastUpdateTime === undefined ? undefined : Date.parse(lastUpdateTime) + deadlineMs;
}

const NOT_WATCHED: ReadonlySet<string> = new Set(['ProgressDeadlineExceeded', 'NewReplicaSetAvailable']);

/** Milliseconds until a rollout without progress is to be looked at again. */
export function nextProgressCheck(deployment: Deployment, now: number): number | undefined {
  const status = statusOf(deployment);
  const known = findCondition(status.conditions ?? [], PROGRESSING);
  // What has succeeded once or is late already is not watched.
  if (known?.reason === undefined || NOT_WATCHED.has(known.reason) || isComplete(deployment, status)) return undefined;
  const dueAt = deadlineOf(deployment, known);
  return dueAt === undefined ? undefined : Math.max(0, dueAt - now) + 1000;
}

/** Of the new set before those of old ones. */
function replicaFailure({ newSet, oldSets }: Rollout): WorkloadCondition | undefined {
  for (const set of newSet === undefined ? oldSets : [newSet, ...oldSets]) {
    const failure = findCondition<WorkloadCondition>(set.status?.conditions ?? [], 'ReplicaFailure');
    if (failure !== undefined) return failure;
  }
  return undefined;
}
