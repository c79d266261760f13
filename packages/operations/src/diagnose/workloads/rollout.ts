/** How far a Deployment's rollout is, and what it could go back to. */
import type { ClusterSnapshot, Deployment, KubeObject, Pod, ReplicaSet } from '@aia/cluster';
import { conditionOf, type FoundCondition } from '../conditions.ts';
import type { Examination } from '../examination.ts';

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

/** Set by the Deployment controller on the Deployment and on each of its ReplicaSets. */
export const REVISION = 'deployment.kubernetes.io/revision';

/** The revision of a Deployment or ReplicaSet. */
export function revisionNumber({ metadata }: KubeObject): number | undefined {
  const revision = Number(metadata.annotations?.[REVISION]);
  return Number.isSafeInteger(revision) && revision > 0 ? revision : undefined;
}

/** The newest ReplicaSet of an earlier revision: what a rollback returns to. */
export function previousReplicaSet({ snapshot }: Examination, deployment: Deployment): ReplicaSet | undefined {
  return newestBefore(snapshot, deployment, revisionNumber(deployment));
}

/** The image that a container of this name had in the revision before the pod's; `undefined` where that cannot be told. */
export function previousImageOf({ snapshot }: Examination, pod: Pod, container: string): string | undefined {
  const current = snapshot.ownerOf(pod);
  const deployment = current?.kind === 'ReplicaSet' ? snapshot.ownerOf(current) : undefined;
  if (current === undefined || deployment === undefined) return undefined;
  const template = newestBefore(snapshot, deployment, revisionNumber(current))?.spec?.template?.spec;
  const containers = [...(template?.containers ?? []), ...(template?.initContainers ?? [])];
  return containers.find(({ name }) => name === container)?.image;
}

function newestBefore(snapshot: ClusterSnapshot, deployment: KubeObject, revision = 0): ReplicaSet | undefined {
  const earlier = snapshot
    .ownedBy(deployment)
    .filter((owned): owned is ReplicaSet => owned.kind === 'ReplicaSet' && (revisionNumber(owned) ?? 0) < revision);
  return earlier.reduce<ReplicaSet | undefined>(
    (best, one) => (best === undefined || (revisionNumber(one) ?? 0) > (revisionNumber(best) ?? 0) ? one : best),
    undefined,
  );
}

/**
 * Whether a rollout has to start a pod before it may stop one: surge allowed, and no pod may be missing.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment
 */
export function surgesFirst({ spec }: Deployment): boolean {
  const { type = 'RollingUpdate', rollingUpdate } = spec?.strategy ?? {};
  if (type !== 'RollingUpdate' || spec?.paused === true) return false;
  const replicas = spec?.replicas ?? 1;
  const surge = Math.ceil(podsOf(rollingUpdate?.maxSurge ?? '25%', replicas));
  return surge > 0 && Math.floor(podsOf(rollingUpdate?.maxUnavailable ?? '25%', replicas)) === 0;
}

function podsOf(amount: string | number, replicas: number): number {
  const text = String(amount);
  const value = Number.parseFloat(text);
  if (Number.isNaN(value)) return 0;
  return text.endsWith('%') ? (value * replicas) / 100 : value;
}

/** Whether pods of the newest template are still to come while none may be stopped for them. */
export function isSurging({ spec, status }: Deployment): boolean {
  const { updatedReplicas = 0, replicas = 0, unavailableReplicas = 0 } = status ?? {};
  const wanted = spec?.replicas ?? 1;
  return status !== undefined && updatedReplicas < wanted && replicas <= wanted && unavailableReplicas === 0;
}
