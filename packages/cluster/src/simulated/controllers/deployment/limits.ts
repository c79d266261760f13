/** What a Deployment's strategy allows. Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment */
import type { Deployment, ReplicaSet } from '../../../model/kinds.ts';
import { scaledValue } from '../../../model/int-or-percent.ts';

/** What stands for "no limit" where Kubernetes wants a number. */
const MAX_INT32 = 2_147_483_647;
const QUARTER = '25%';

/** Wanted pods; 1 by default. */
export function replicasOf({ spec }: Deployment | ReplicaSet): number {
  return spec?.replicas ?? 1;
}

export function isRollingUpdate({ spec }: Deployment): boolean {
  return (spec?.strategy?.type ?? 'RollingUpdate') === 'RollingUpdate';
}

/** Pods above the wanted number, percents rounded up; 0 unless the update is rolling. */
export function maxSurge(deployment: Deployment): number {
  if (!isRollingUpdate(deployment)) return 0;
  const { maxSurge: surge = QUARTER } = deployment.spec?.strategy?.rollingUpdate ?? {};
  return scaledValue(surge, replicasOf(deployment), 'up');
}

/** Pods below the wanted number, percents rounded down; at least 1 where there is no surge, or nothing could ever move. */
export function maxUnavailable(deployment: Deployment): number {
  const replicas = replicasOf(deployment);
  if (!isRollingUpdate(deployment) || replicas === 0) return 0;
  const { maxUnavailable: unavailable = QUARTER } = deployment.spec?.strategy?.rollingUpdate ?? {};
  const allowed = scaledValue(unavailable, replicas, 'down');
  return Math.min(replicas, allowed === 0 && maxSurge(deployment) === 0 ? 1 : allowed);
}

/** `undefined` when progress is not watched. */
export function progressDeadlineMs({ spec }: Deployment): number | undefined {
  const seconds = spec?.progressDeadlineSeconds ?? 600;
  return seconds === MAX_INT32 ? undefined : seconds * 1000;
}

/** Old ReplicaSets to keep; `undefined` for all. */
export function historyLimit({ spec }: Deployment): number | undefined {
  const limit = spec?.revisionHistoryLimit ?? 10;
  return limit === MAX_INT32 ? undefined : limit;
}
