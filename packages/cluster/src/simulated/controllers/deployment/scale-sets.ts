/** Changing the sizes of a Deployment's sets: one, or all in proportion. */
import type { Deployment, ReplicaSet } from '../../../model/kinds.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { REPLICA_SETS } from '../../api/built-in-types.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isRollingUpdate, maxSurge, replicasOf } from './limits.ts';
import type { Rollout } from './progress.ts';
import { activeOrLatest, isActiveSet, largestFirst, wantedOf } from './replica-sets.ts';
import { desiredReplicas, maxReplicas, sizeAnnotations } from './revisions.ts';

/** As the source of events. */
export const DEPLOYMENT_CONTROLLER = { component: 'deployment-controller' } as const;

/** Gives a set another size, with the event that tells it; returns the set as it is then. @throws ApiError */
export function resize(
  context: SimulationContext,
  deployment: Deployment,
  set: ReplicaSet,
  replicas: number,
): ReplicaSet {
  return replicasOf(set) === replicas ? set : writeSize(context, deployment, set, replicas);
}

/** {@link resize}, which also corrects annotations where the size stays. */
function writeSize(
  { api, events }: SimulationContext,
  deployment: Deployment,
  set: ReplicaSet,
  replicas: number,
): ReplicaSet {
  const before = replicasOf(set);
  const annotations = sizeAnnotations(deployment, set.metadata.annotations ?? {});
  if (before === replicas && sameJson(annotations, set.metadata.annotations)) return set;
  const written = api.change(REPLICA_SETS, set.metadata.namespace ?? '', set.metadata.name, (current) => ({
    ...current,
    metadata: { ...current.metadata, annotations: sizeAnnotations(deployment, current.metadata.annotations ?? {}) },
    spec: { ...current.spec, replicas } as NonNullable<ReplicaSet['spec']>,
  }));
  if (before !== replicas) {
    const message = `Scaled ${before < replicas ? 'up' : 'down'} replica set ${set.metadata.name} from ${before} to ${replicas}`;
    events.record(deployment, 'Normal', 'ScalingReplicaSet', message, DEPLOYMENT_CONTROLLER);
  }
  return written;
}

/**
 * Follows a change of the wanted number, or of sizes while paused, without moving the rollout on.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#proportional-scaling
 */
export function followScaling(context: SimulationContext, { deployment, newSet, oldSets }: Rollout): void {
  const only = activeOrLatest(newSet, oldSets);
  if (only !== undefined) {
    resize(context, deployment, only, replicasOf(deployment));
    return;
  }
  if (newSet !== undefined && isSaturated(deployment, newSet)) {
    for (const old of oldSets.filter(isActiveSet)) resize(context, deployment, old, 0);
    return;
  }
  if (!isRollingUpdate(deployment)) return;
  const sets = (newSet === undefined ? oldSets : [...oldSets, newSet]).filter(isActiveSet);
  for (const [set, replicas] of proportionalSizes(deployment, sets)) writeSize(context, deployment, set, replicas);
}

function isSaturated(deployment: Deployment, set: ReplicaSet): boolean {
  const wanted = replicasOf(deployment);
  return (
    replicasOf(set) === wanted && desiredReplicas(set) === wanted && (set.status?.availableReplicas ?? 0) === wanted
  );
}

/** The sizes that share out what is to be added or removed, larger sets first; what rounding leaves goes to the largest. */
function proportionalSizes(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
): readonly (readonly [ReplicaSet, number])[] {
  const allowed = replicasOf(deployment) > 0 ? replicasOf(deployment) + maxSurge(deployment) : 0;
  const toAdd = allowed - wantedOf(sets);
  if (toAdd === 0) return sets.map((set) => [set, replicasOf(set)] as const);
  const sorted = largestFirst(sets, toAdd > 0 ? 'newer' : 'older');
  let added = 0;
  const sizes = sorted.map((set) => {
    const share = shareOf(deployment, set, toAdd, added);
    added += share;
    return replicasOf(set) + share;
  });
  return sorted.map((set, i) => {
    const size = sizes[i] as number;
    return [set, i === 0 ? Math.max(0, size + toAdd - added) : size] as const;
  });
}

function shareOf(deployment: Deployment, set: ReplicaSet, toAdd: number, added: number): number {
  if (replicasOf(set) === 0 || toAdd === added) return 0;
  const fraction = fractionOf(deployment, set);
  const left = toAdd - added;
  return toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
}

/** By how much the set grows when it keeps its part of the whole. */
function fractionOf(deployment: Deployment, set: ReplicaSet): number {
  const size = replicasOf(set);
  if (replicasOf(deployment) === 0) return -size;
  const known = maxReplicas(set) ?? 0;
  // Sets that were made by hand do not say it.
  const before = known === 0 ? (deployment.status?.replicas ?? 0) : known;
  if (before === 0) return 0;
  return roundHalfAway((size * (replicasOf(deployment) + maxSurge(deployment))) / before) - size;
}

function roundHalfAway(value: number): number {
  return value < 0 ? -Math.floor(-value + 0.5) : Math.floor(value + 0.5);
}
