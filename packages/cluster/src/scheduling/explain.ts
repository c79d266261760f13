/**
 * Why a pod does not fit, in the words of the snapshot's scheduler (1.24 and later): `0/6 nodes are available: 4
 * Insufficient cpu, 2 …`.
 * Source: https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/#my-pod-stays-pending
 */
import type { Pod } from '../model/kinds.ts';
import { availability, countReasons, NO_VICTIMS, NOT_HELPFUL, type CountedReason } from './availability.ts';
import { wordingOf } from './wording.ts';
import type { SchedulingWorld } from './world.ts';

/** A pod without a node, counted over the nodes. */
export interface Unschedulable {
  /** How many nodes there are. */
  readonly total: number;
  /** Why no node was looked at; then `reasons` is empty. */
  readonly problem: string | undefined;
  /** Reason → nodes that gave it, in the order of the message. A node may give several. */
  readonly reasons: readonly CountedReason[];
  /** As in the FailedScheduling event and the PodScheduled condition, without the sentence on preemption. */
  readonly message: string;
}

/** As the PodScheduled condition says of a pod that is held back on purpose. */
const GATED = 'Scheduling is blocked due to non-empty scheduling gates';

/** The message for a pod that no node takes; `undefined` when one does. */
export function explain(pod: Pod, world: SchedulingWorld): string | undefined {
  return unschedulable(pod, world)?.message;
}

/**
 * The counted reasons for a pod that no node takes; `undefined` when one does. The node `except` is left out as if it
 * were gone.
 */
export function unschedulable(pod: Pod, world: SchedulingWorld, except?: string): Unschedulable | undefined {
  const nodes = except === undefined ? world.nodes : world.nodes.filter(({ name }) => name !== except);
  const total = nodes.length;
  const problem = world.problemOf(pod);
  if ((pod.spec?.schedulingGates ?? []).length > 0) return { total, problem, reasons: [], message: GATED };
  if (total === 0) return { total, problem: undefined, reasons: [], message: 'no nodes available to schedule pods' };
  if (problem !== undefined)
    return { total, problem, reasons: [], message: `0/${total} nodes are available: ${problem}.` };
  const told: string[] = [];
  for (const { name } of nodes) {
    const refused = world.refusal(pod, name);
    if (refused === undefined) return undefined;
    told.push(...refused.reasons);
  }
  const counted = countReasons(told, wordingOf(world.snapshot.serverVersion));
  return { total, problem: undefined, reasons: counted, message: availability(total, counted) };
}

/**
 * The sentence that follows when evicting pods of lower priority does not help either; `undefined` when the pod fits
 * somewhere without, or would after evictions, or is not tried at all.
 */
export function explainPreemption(pod: Pod, world: SchedulingWorld): string | undefined {
  const total = world.nodes.length;
  if (total === 0 || (pod.spec?.schedulingGates ?? []).length > 0) return undefined;
  if (pod.spec?.preemptionPolicy === 'Never') return 'preemption: not eligible due to preemptionPolicy=Never.';
  const told: string[] = [];
  const trial = world.fork();
  for (const { name } of world.nodes) {
    const reasons = trial.problemOf(pod) === undefined ? afterEviction(pod, name, trial) : [NOT_HELPFUL];
    if (reasons === undefined) return undefined;
    told.push(...reasons);
  }
  return `preemption: ${availability(total, countReasons(told, wordingOf(world.snapshot.serverVersion)))}`;
}

/** Reasons that remain on one node without its pods of lower priority; leaves the world as it was. */
function afterEviction(pod: Pod, nodeName: string, world: SchedulingWorld): readonly string[] | undefined {
  const refused = world.refusal(pod, nodeName);
  if (refused === undefined) return undefined;
  if (!refused.preemptible) return [NOT_HELPFUL];
  const priority = pod.spec?.priority ?? 0;
  const victims = (world.node(nodeName)?.pods ?? [])
    .filter((other) => other.priority < priority)
    .map((other) => other.pod);
  if (victims.length === 0) return [NO_VICTIMS];
  for (const victim of victims) world.remove(victim, nodeName);
  const left = world.refusal(pod, nodeName)?.reasons;
  for (const victim of victims) world.place(victim, nodeName);
  return left;
}
