/**
 * Replacing pods little by little.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment; `pkg/controller/deployment/rolling.go`
 */
import type { Deployment, ReplicaSet } from '../../../model/kinds.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { maxUnavailable, replicasOf } from './limits.ts';
import { newSetSize } from './new-set.ts';
import { allSets, type Rollout } from './progress.ts';
import { countOf, isActiveSet, oldestFirst, wantedOf } from './replica-sets.ts';
import { resize } from './scale-sets.ts';

/** Makes the new set larger if it may be, else the old ones smaller if they may be. */
export function moveRollingUpdate(context: SimulationContext, rollout: Rollout): void {
  if (!resizeNew(context, rollout)) shrinkOld(context, rollout);
}

function resizeNew(context: SimulationContext, rollout: Rollout): boolean {
  const { deployment, newSet } = rollout;
  if (newSet === undefined) return false;
  const wanted = replicasOf(deployment);
  const size = replicasOf(newSet) >= wanted ? wanted : newSetSize(deployment, newSet, wantedOf(allSets(rollout)));
  return resize(context, deployment, newSet, size) !== newSet;
}

function shrinkOld(context: SimulationContext, rollout: Rollout): void {
  const { deployment, newSet } = rollout;
  const oldSets = oldestFirst(rollout.oldSets.filter(isActiveSet));
  if (newSet === undefined || oldSets.length === 0) return;
  const minAvailable = replicasOf(deployment) - maxUnavailable(deployment);
  const notYet = replicasOf(newSet) - (newSet.status?.availableReplicas ?? 0);
  const most = wantedOf(allSets(rollout)) - minAvailable - notYet;
  if (most <= 0) return;
  const left = cleanUp(context, deployment, oldSets, most);
  if (left === undefined) return;
  scaleDown(context, deployment, left, countOf([...left, newSet], 'availableReplicas') - minAvailable);
}

/**
 * Pods that are not available go first: nothing is lost with them. Returns the sets as they are then; `undefined` where one still
 * counts more pods than it wants, so that its numbers are not to be gone by.
 */
function cleanUp(
  context: SimulationContext,
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  most: number,
): readonly ReplicaSet[] | undefined {
  const cleaned: ReplicaSet[] = [];
  let left = most;
  for (const set of sets) {
    const unhealthy = Math.min(left, replicasOf(set) - (set.status?.availableReplicas ?? 0));
    if (left > 0 && unhealthy < 0) return undefined;
    left -= Math.max(0, unhealthy);
    cleaned.push(resize(context, deployment, set, replicasOf(set) - Math.max(0, unhealthy)));
  }
  return cleaned;
}

function scaleDown(
  context: SimulationContext,
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  most: number,
): void {
  let left = most;
  for (const set of sets) {
    const fewer = Math.min(left, replicasOf(set));
    if (fewer <= 0) continue;
    left -= fewer;
    resize(context, deployment, set, replicasOf(set) - fewer);
  }
}
