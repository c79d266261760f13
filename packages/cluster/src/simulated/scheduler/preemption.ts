/**
 * Which pods of lower priority would have to leave for a pod that fits nowhere.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/; `plugins/defaultpreemption`
 */
import type { KindMap, Pod } from '../../model/kinds.ts';
import { isEmptySelector, matchesSelector } from '../../model/selector.ts';
import { availability, countReasons, NO_VICTIMS, NOT_HELPFUL } from '../../scheduling/availability.ts';
import type { NodeLedger } from '../../scheduling/node-state.ts';
import type { PodProfile } from '../../scheduling/pod-profile.ts';
import { drawInteger, type Random } from '../clock/random.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { SchedulerWorld } from './scheduler-world.ts';

type Budget = KindMap['PodDisruptionBudget'];

/** A node with the pods that would leave it, the most important first. */
export interface Candidate {
  readonly node: NodeLedger;
  readonly victims: readonly PodProfile[];
  /** How many of them a budget protects. */
  readonly violations: number;
}

/** What came of it: a node, or why there is none. */
export type Preemption =
  | { readonly chosen: Candidate }
  | {
      readonly chosen: undefined;
      /** What follows the message of the failure: `no new claims to deallocate, preemption: …`. */
      readonly message: string;
      /** Whether a node that the pod was nominated for is none any more. */
      readonly clearsNomination: boolean;
    };

/** What it is worked out from. */
export interface PreemptionContext {
  readonly world: SchedulerWorld;
  readonly random: Random;
  readonly budgets: readonly Budget[];
  readonly wording: (reason: string) => string;
  /** See `Features`. */
  readonly asksForClaims: boolean;
  /** Whether a node takes the pod, room for nominated pods included; else why not. */
  refusal(pod: PodProfile, node: NodeLedger): readonly string[] | undefined;
}

/** What the plugin for devices says, which is asked before any pod must go. Source: `dynamicresources.go` of 1.34 to 1.36 */
const NO_CLAIMS = 'no new claims to deallocate, ';
/**
 * Where no node was even looked at, that plugin has not begun with the pod, misses its own notes of it, and nobody is asked after it.
 * Source: the same
 */
export const NOBODY_ASKED: Preemption = { chosen: undefined, message: 'not found', clearsNomination: false };

/** Candidates looked for: a tenth of the nodes, at least so many. Source: `DefaultPreemptionArgs` */
const LEAST_CANDIDATES = 100;

/** Works out for whom room can be made, and where it costs least. */
export function preempt(pod: PodProfile, diagnosis: Diagnosis, context: PreemptionContext): Preemption {
  const claims = context.asksForClaims ? NO_CLAIMS : '';
  const ineligible = whyNotEligible(pod, diagnosis, context.world);
  if (ineligible !== undefined)
    return { chosen: undefined, message: `${claims}preemption: ${ineligible}`, clearsNomination: false };
  const told: string[] = [];
  const { version } = context.world;
  const candidates = candidatesFor(pod, diagnosis.preemptible, context, told);
  // Everybody is back where they were.
  context.world.version = version;
  const [first] = candidates;
  if (first !== undefined) return { chosen: cheapest(candidates, first) };
  const total = context.world.nodes.length;
  for (let i = diagnosis.preemptible.length; i < total; i++) told.push(NOT_HELPFUL);
  const message = `${claims}preemption: ${availability(total, countReasons(told, context.wording))}`;
  return { chosen: undefined, message, clearsNomination: true };
}

function whyNotEligible(
  { pod, priority }: PodProfile,
  diagnosis: Diagnosis,
  world: SchedulerWorld,
): string | undefined {
  if (pod.spec?.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const nominated = pod.status?.nominatedNodeName ?? '';
  if (nominated === '' || diagnosis.isHopeless(nominated)) return undefined;
  for (const other of world.node(nominated)?.eachPod() ?? [])
    if (other.priority < priority && isPreempted(other.pod))
      return 'not eligible due to a terminating pod on the nominated node.';
  return undefined;
}

function isPreempted({ metadata, status }: Pod): boolean {
  if (metadata.deletionTimestamp === undefined) return false;
  const target = status?.conditions?.find(({ type }) => type === 'DisruptionTarget');
  return target?.status === 'True' && target.reason === 'PreemptionByScheduler';
}

/** Candidates from a node by lot on, those that violate no budget first; tells why nodes are none. */
function candidatesFor(
  pod: PodProfile,
  nodes: readonly NodeLedger[],
  context: PreemptionContext,
  told: string[],
): readonly Candidate[] {
  if (nodes.length === 0) return [];
  const enough = Math.min(nodes.length, Math.max(LEAST_CANDIDATES, Math.trunc(nodes.length / 10)));
  const offset = drawInteger(context.random, 0, nodes.length - 1);
  const harmless: Candidate[] = [];
  const violating: Candidate[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[(offset + i) % nodes.length] as NodeLedger;
    const found = candidateOn(pod, node, context);
    if ('reasons' in found) told.push(...found.reasons);
    else (found.violations === 0 ? harmless : violating).push(found);
    if (harmless.length > 0 && harmless.length + violating.length >= enough) break;
  }
  return [...harmless.slice(0, enough), ...violating.slice(0, enough)];
}

/** The fewest pods that must leave a node: all of lower priority do, then who can stay comes back, the important and protected first. */
function candidateOn(
  pod: PodProfile,
  node: NodeLedger,
  { world, budgets, refusal }: PreemptionContext,
): Candidate | { readonly reasons: readonly string[] } {
  const potential = node.pods.filter(({ priority }) => priority < pod.priority);
  if (potential.length === 0) return { reasons: [NO_VICTIMS] };
  for (const victim of potential) world.lift(victim);
  const reasons = refusal(pod, node);
  const victims: PodProfile[] = [];
  let violations = 0;
  if (reasons === undefined) {
    const { violating, harmless } = byBudget(potential.sort(moreImportant), budgets);
    for (const victim of [...violating, ...harmless]) {
      world.putBack(victim, node);
      if (refusal(pod, node) === undefined) continue;
      world.lift(victim);
      victims.push(victim);
    }
    violations = victims.filter((victim) => violating.includes(victim)).length;
    for (const victim of victims) world.putBack(victim, node);
  } else for (const victim of potential) world.putBack(victim, node);
  return reasons === undefined ? { node, victims: victims.sort(moreImportant), violations } : { reasons };
}

/** By priority, then by who runs longer. */
function moreImportant(a: PodProfile, b: PodProfile): number {
  if (a.priority !== b.priority) return b.priority - a.priority;
  return startOf(a.pod) - startOf(b.pod);
}

/** Epoch milliseconds; of pods that have not started, later than any. */
function startOf({ status }: Pod): number {
  return status?.startTime === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(status.startTime);
}

/** Takes a budget's disruptions in the order of importance. */
function byBudget(
  pods: readonly PodProfile[],
  budgets: readonly Budget[],
): { readonly violating: readonly PodProfile[]; readonly harmless: readonly PodProfile[] } {
  const left = new Map(budgets.map((budget) => [budget, budget.status?.disruptionsAllowed ?? 0]));
  const violating: PodProfile[] = [];
  const harmless: PodProfile[] = [];
  for (const pod of pods) {
    let isViolation = false;
    for (const [budget, allowed] of left) {
      if (!protects(budget, pod)) continue;
      left.set(budget, allowed - 1);
      if (allowed - 1 < 0) isViolation = true;
    }
    (isViolation ? violating : harmless).push(pod);
  }
  return { violating, harmless };
}

/** A budget without selector, or with an empty one, protects nothing here; nor does one that counts the pod as gone already. */
function protects({ metadata, spec, status }: Budget, { pod, namespace, labels }: PodProfile): boolean {
  const selector = spec?.selector;
  if (metadata.namespace !== namespace || selector === undefined || isEmptySelector(selector)) return false;
  return matchesSelector(selector, labels) && status?.disruptedPods?.[pod.metadata.name] === undefined;
}

/** What a candidate costs, in the order in which it counts; less is better. */
const COSTS: readonly ((candidate: Candidate) => number)[] = [
  ({ violations }) => violations,
  ({ victims }) => victims[0]?.priority ?? 0,
  // Each victim counts, also those of negative priority.
  ({ victims }) => victims.reduce((sum, { priority }) => sum + priority + 2 ** 31, 0),
  ({ victims }) => victims.length,
  ({ victims }) => -earliestStart(victims),
];

/** Of the victims that matter most, when the first started. */
function earliestStart(victims: readonly PodProfile[]): number {
  const highest = victims[0]?.priority;
  return Math.min(...victims.filter(({ priority }) => priority === highest).map(({ pod }) => startOf(pod)));
}

function cheapest(candidates: readonly Candidate[], first: Candidate): Candidate {
  let left = candidates;
  for (const cost of COSTS) {
    const costs = left.map(cost);
    const least = Math.min(...costs);
    left = left.filter((_, i) => costs[i] === least);
    if (left.length === 1) break;
  }
  return left[0] ?? first;
}
