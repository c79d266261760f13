/** How far a Deployment's rollout is, and what it could go back to. */
import type { Deployment, ReplicaSet } from '@aia/cluster';
import { conditionOf, type FoundCondition } from './conditions.ts';
import type { Examination } from './examination.ts';

/** The API's default of `spec.progressDeadlineSeconds`. */
const PROGRESS_DEADLINE_S = 600;

/** The Deployment's word on its rollout. */
export function progressOf(deployment: Deployment): FoundCondition | undefined {
  return conditionOf(deployment.status?.conditions, 'Progressing');
}

/**
 * Whether a rollout is under way and within its deadline, counted from its last progress as the controller counts it. One
 * that has ended (`NewReplicaSetAvailable`) is over, even when pods fail later.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
 */
export function isRollingOut(examination: Examination, deployment: Deployment): boolean {
  const progress = progressOf(deployment);
  if (progress?.status !== 'True' || progress.reason === 'NewReplicaSetAvailable') return false;
  const idle = examination.ageMs(progress.lastUpdateTime ?? progress.lastTransitionTime);
  return idle !== undefined && idle < 1000 * (deployment.spec?.progressDeadlineSeconds ?? PROGRESS_DEADLINE_S);
}

/** `deployment.kubernetes.io/revision` of a Deployment or ReplicaSet. */
export function revisionNumber(object: Deployment | ReplicaSet): number | undefined {
  const revision = Number(object.metadata.annotations?.['deployment.kubernetes.io/revision']);
  return Number.isSafeInteger(revision) && revision > 0 ? revision : undefined;
}

/** The newest ReplicaSet of an earlier revision: what a rollback returns to. */
export function previousReplicaSet({ snapshot }: Examination, deployment: Deployment): ReplicaSet | undefined {
  const current = revisionNumber(deployment) ?? 0;
  const revision = (one: ReplicaSet): number => revisionNumber(one) ?? 0;
  return snapshot
    .ownedBy(deployment)
    .filter((owned): owned is ReplicaSet => owned.kind === 'ReplicaSet' && revision(owned as ReplicaSet) < current)
    .reduce<ReplicaSet | undefined>(
      (best, one) => (best === undefined || revision(one) > revision(best) ? one : best),
      undefined,
    );
}
