/**
 * Bringing a StatefulSet's pods to what is wanted, one after the other or all at once.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees; `pkg/controller/statefulset`
 */
import type { Pod, StatefulSet } from '../../../model/kinds.ts';
import { scaledValue } from '../../../model/int-or-percent.ts';
import { isFinished } from '../../../scheduling/pod-owner.ts';
import { ApiError } from '../../api/api-error.ts';
import { PODS } from '../../api/built-in-types.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { inGrowingBatches } from '../pod-control.ts';
import { templateOf, type ControllerRevision } from '../revision-history.ts';
import { fixClaimOwners, hasStaleClaim, makeClaims } from './claims.ts';
import {
  hasIdentity,
  identityLabels,
  isInRange,
  isLeaving,
  isMade,
  isRunningAndAvailable,
  isUnavailable,
  ordinalOf,
  podOf,
  replicasOf,
  revisionOfPod,
  startOrdinal,
  STATEFUL_SET_CONTROLLER,
} from './ordinals.ts';

/** A StatefulSet, its pods and its two versions. */
export interface SetScene {
  readonly set: StatefulSet;
  readonly pods: readonly Pod[];
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
}

/** What a step says: whether the following ones have to wait. */
type Step = (pod: Pod) => boolean;

/** Does what can be done now. Returns how many pods were deleted for the update. @throws ApiError what was refused */
export function movePods(context: SimulationContext, scene: SetScene): number {
  const { set, pods } = scene;
  const wanted = wantedPods(scene);
  const surplus = pods
    .filter((pod) => !isInRange(set, pod) && ordinalOf(pod)[1] >= 0)
    .sort((a, b) => ordinalOf(b)[1] - ordinalOf(a)[1]);
  const isOrdered = set.spec?.podManagementPolicy !== 'Parallel';
  const { now } = context.clock;
  const firstUnavailable = [...wanted, ...[...surplus].reverse()].find((pod) => isUnavailable(set, pod, now));
  if (runAll(wanted, isOrdered, (pod) => keep(context, set, pod, isOrdered))) return 0;
  for (const pod of surplus) fixClaimOwners(context, set, pod);
  if (runAll(surplus, isOrdered, (pod) => drop(context, set, pod, isOrdered, firstUnavailable))) return 0;
  return set.spec?.updateStrategy?.type === 'OnDelete' ? 0 : replaceOutdated(context, scene, wanted);
}

/** The pods of all ordinals; those that are not there as they are to be made. */
function wantedPods({ set, pods, current, update }: SetScene): readonly Pod[] {
  const there = new Map(pods.map((pod) => [ordinalOf(pod)[1], pod]));
  const start = startOrdinal(set);
  return Array.from({ length: replicasOf(set) }, (_, at) => {
    const ordinal = start + at;
    const version = isHeldBack(set, ordinal) ? current : update;
    return there.get(ordinal) ?? podOf(set, templateOf(version), version.metadata.name, ordinal);
  });
}

/** Below the partition pods keep the version that was current. */
function isHeldBack(set: StatefulSet, ordinal: number): boolean {
  const { type = 'RollingUpdate', rollingUpdate } = set.spec?.updateStrategy ?? {};
  return type === 'RollingUpdate' && ordinal < startOrdinal(set) + (rollingUpdate?.partition ?? 0);
}

function runAll(pods: readonly Pod[], isOrdered: boolean, step: Step): boolean {
  if (isOrdered) return pods.some(step);
  const { refusal } = inGrowingBatches(pods.length, (at) => step(pods[at] as Pod));
  if (refusal !== undefined) throw refusal;
  return false;
}

/** Makes the pod if it is not there, replaces it if it has ended, else sees that it is as it should be. */
function keep(context: SimulationContext, set: StatefulSet, pod: Pod, isOrdered: boolean): boolean {
  if (isFinished(pod)) {
    if (!isLeaving(pod)) deletePod(context, set, pod);
    return true;
  }
  if (!isMade(pod)) {
    if (hasStaleClaim(context, set, pod)) return true;
    createPod(context, set, pod);
    return isOrdered;
  }
  if (pod.status?.phase === 'Pending') makeClaims(context, set, pod);
  if (isOrdered && (isLeaving(pod) || !isRunningAndAvailable(set, pod, context.clock.now))) return true;
  correct(context, set, pod);
  return false;
}

/** Takes a pod away that is too much; in order, it waits for those before it, unless it is itself what is not well. */
function drop(
  context: SimulationContext,
  set: StatefulSet,
  pod: Pod,
  isOrdered: boolean,
  firstUnavailable: Pod | undefined,
): boolean {
  if (isLeaving(pod)) return isOrdered;
  const isWell = isRunningAndAvailable(set, pod, context.clock.now);
  if (isOrdered && !isWell && pod !== firstUnavailable) return true;
  deletePod(context, set, pod);
  return true;
}

/** Deletes pods of other versions, highest ordinals first, as many as may be unavailable. */
function replaceOutdated(context: SimulationContext, { set, update }: SetScene, wanted: readonly Pod[]): number {
  const { partition = 0, maxUnavailable = 1 } = set.spec?.updateStrategy?.rollingUpdate ?? {};
  const allowed = scaledValue(maxUnavailable, replicasOf(set), 'down') || 1;
  const unavailable = wanted.filter((pod) => isUnavailable(set, pod, context.clock.now)).length;
  const outdated = wanted
    .slice(partition)
    .reverse()
    .filter((pod) => revisionOfPod(pod) !== update.metadata.name && !isLeaving(pod))
    .slice(0, Math.max(0, allowed - unavailable));
  for (const pod of outdated) deletePod(context, set, pod);
  return outdated.length;
}

function createPod(context: SimulationContext, set: StatefulSet, pod: Pod): void {
  told(context, set, pod, 'create', () => {
    makeClaims(context, set, pod);
    const made = context.api.create(PODS, pod);
    fixClaimOwners(context, set, made);
  });
}

function deletePod(context: SimulationContext, set: StatefulSet, pod: Pod): void {
  told(context, set, pod, 'delete', () => context.api.delete(PODS, pod.metadata.namespace ?? '', pod.metadata.name));
}

/** Restores labels and the ownership of claims. */
function correct(context: SimulationContext, set: StatefulSet, pod: Pod): void {
  const { namespace = '', name } = pod.metadata;
  const isFixed = fixClaimOwners(context, set, pod);
  if (hasIdentity(set, pod) && !isFixed) return;
  told(context, set, pod, 'update', () => {
    makeClaims(context, set, pod);
    const labels = { ...pod.metadata.labels, ...identityLabels(name) };
    context.api.change(PODS, namespace, name, (one) => ({ ...one, metadata: { ...one.metadata, labels } }));
  });
}

const VERBS = { create: 'Create', delete: 'Delete', update: 'Update' } as const;

/** Runs what an event tells the outcome of. A name that is taken is tried again without a word. */
function told(
  { events }: SimulationContext,
  set: StatefulSet,
  pod: Pod,
  verb: keyof typeof VERBS,
  run: () => unknown,
): void {
  const what = `${verb} Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`;
  try {
    run();
    events.record(set, 'Normal', `Successful${VERBS[verb]}`, `${what} successful`, STATEFUL_SET_CONTROLLER);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const isTaken = verb === 'create' && error.reason === 'AlreadyExists';
    const message = `${what} failed error: ${error.message}`;
    if (!isTaken) events.record(set, 'Warning', `Failed${VERBS[verb]}`, message, STATEFUL_SET_CONTROLLER);
    throw error;
  }
}
