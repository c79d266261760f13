/** One scheduling cycle up to the choice of a node: filter, score, choose. Source: `pkg/scheduler/schedule_one.go` */
import type { Cycle } from '../../scheduling/cycle.ts';
import { firstRefusal, OUTER_FILTERS } from '../../scheduling/cycle.ts';
import type { Refusal } from '../../scheduling/filters/refusal.ts';
import type { NodeLedger } from '../../scheduling/node-state.ts';
import type { PodProfile, SpreadConstraint } from '../../scheduling/pod-profile.ts';
import { interPodScores } from '../../scheduling/scores/inter-pod-affinity.ts';
import { normalised } from '../../scheduling/scores/node-preference.ts';
import { spreadScores } from '../../scheduling/scores/pod-topology-spread.ts';
import type { Random } from '../clock/random.ts';
import type { NominatedPods } from './nominated-pods.ts';
import type { PodTemplate } from './pod-template.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import { enoughNodes } from './sampling.ts';
import type { SchedulerWorld } from './scheduler-world.ts';

/** Weights of the default profile. Source: https://kubernetes.io/docs/reference/scheduling/config/#scheduling-plugins */
const WEIGHTS = { taintToleration: 3, nodeAffinity: 2, podTopologySpread: 2, interPodAffinity: 2 } as const;

/** What a search is about. */
export interface Candidate {
  readonly profile: PodProfile;
  readonly template: PodTemplate;
  readonly cycle: Cycle;
  /** Constraints `ScheduleAnyway`, the cluster's own where the pod has none. */
  readonly softSpread: readonly SpreadConstraint[];
  /** They are the cluster's own. */
  readonly isSpreadByDefault: boolean;
}

/** Chooses nodes for pods. */
export class NodeSearch {
  readonly #world: SchedulerWorld;
  readonly #nominated: NominatedPods;
  readonly #random: Random;
  readonly #percentage: number;
  #startAt = 0;
  /** Reused by each search. */
  readonly #found: NodeLedger[] = [];
  #scores = new Int32Array(256);

  constructor(world: SchedulerWorld, nominated: NominatedPods, random: Random, options: SchedulerOptions) {
    this.#world = world;
    this.#nominated = nominated;
    this.#random = random;
    this.#percentage = options.percentageOfNodesToScore ?? 0;
  }

  /** The node for a pod; `undefined` when none takes it. */
  find(candidate: Candidate): NodeLedger | undefined {
    const { profile, cycle } = candidate;
    if (cycle.problem !== undefined) return undefined;
    const wanted = this.#world.node(profile.pod.status?.nominatedNodeName ?? '');
    if (wanted !== undefined && this.#takes(candidate, wanted)) return wanted;
    this.#filter(candidate);
    return this.#found.length <= 1 ? this.#found[0] : this.#best(candidate);
  }

  /** Why each node does not take a pod that no node takes, in the order in which nodes are looked at. */
  refusals({ profile, cycle }: Candidate): readonly Refusal[] {
    return this.#world.nodes.flatMap((node) => this.#crowded(profile, node) ?? firstRefusal(cycle, node) ?? []);
  }

  /** Why a node does not take a pod; `undefined` when it does. */
  refusalOf(profile: PodProfile, node: NodeLedger): Refusal | undefined {
    return this.#crowded(profile, node) ?? this.#world.refusal(profile, node);
  }

  /** The nodes that take the pod, as far as enough of them are found, with their scores for resources. */
  #filter(candidate: Candidate): void {
    const { nodes } = this.#world;
    const { named } = candidate.cycle;
    const needsMore = looksFurther(candidate.cycle) || this.#nominated.size > 0;
    this.#found.length = 0;
    if (named !== undefined) return this.#filterNamed(candidate, named, needsMore);
    const enough = enoughNodes(nodes.length, this.#percentage);
    let at = this.#startAt % Math.max(1, nodes.length);
    for (let looked = 0; looked < nodes.length && this.#found.length < enough; looked++) {
      this.#look(candidate, nodes[at] as NodeLedger, needsMore);
      at = at + 1 === nodes.length ? 0 : at + 1;
    }
    this.#startAt = at;
  }

  #filterNamed(candidate: Candidate, named: ReadonlySet<string>, needsMore: boolean): void {
    for (const name of named) {
      const node = this.#world.node(name);
      if (node !== undefined) this.#look(candidate, node, needsMore);
    }
  }

  /** Enters a node that takes the pod. */
  #look(candidate: Candidate, node: NodeLedger, needsMore: boolean): void {
    const score = candidate.template.resourceScore(candidate.cycle, node);
    if (score < 0 || (needsMore && !this.#passesMore(candidate, node))) return;
    const found = this.#found.push(node);
    if (found > this.#scores.length) this.#scores = grown(this.#scores);
    this.#scores[found - 1] = score;
  }

  #takes(candidate: Candidate, node: NodeLedger): boolean {
    return candidate.template.resourceScore(candidate.cycle, node) >= 0 && this.#passesMore(candidate, node);
  }

  /** The filters that look further than at the node, and room for the pods nominated for it. */
  #passesMore({ cycle, profile }: Candidate, node: NodeLedger): boolean {
    if (looksFurther(cycle) && OUTER_FILTERS.some((filter) => filter(cycle, node) !== undefined)) return false;
    const others = this.#nominated.before(profile, node.name);
    return others === undefined || (hasRoomBeside(profile, others, node) && this.#crowded(profile, node) === undefined);
  }

  /** Why a node does not take a pod as if the pods nominated for it ran there already; `undefined` also where there are none. */
  #crowded(profile: PodProfile, node: NodeLedger): Refusal | undefined {
    const others = this.#nominated.before(profile, node.name);
    if (others === undefined) return undefined;
    const { version } = this.#world;
    for (const other of others) this.#world.place(other, node.name);
    const refused = this.#world.refusal(profile, node);
    for (const other of others) this.#world.remove(other.pod.metadata.uid ?? '');
    this.#world.version = version;
    return refused;
  }

  #best(candidate: Candidate): NodeLedger {
    this.#addNodePreferences(candidate);
    this.#addNeighbours(candidate);
    this.#addImages(candidate);
    return this.#choose();
  }

  #addNodePreferences({ template, profile }: Candidate): void {
    const prefers = profile.preferredNodeTerms.length > 0;
    if (!prefers && !template.knowsSoftTaints) return;
    const found = this.#found;
    let [mostTaints, mostWeight] = [0, 0];
    for (const node of found) mostTaints = Math.max(mostTaints, template.softTaints(node));
    if (prefers) for (const node of found) mostWeight = Math.max(mostWeight, template.preferredWeight(node));
    if (mostTaints === 0 && mostWeight === 0) return;
    found.forEach((node, i) => {
      const taints = normalised(template.softTaints(node), mostTaints, true);
      const affinity = prefers ? normalised(template.preferredWeight(node), mostWeight, false) : 0;
      this.#scores[i] =
        (this.#scores[i] as number) + WEIGHTS.taintToleration * taints + WEIGHTS.nodeAffinity * affinity;
    });
  }

  #addNeighbours({ template, softSpread, isSpreadByDefault }: Candidate): void {
    if (softSpread.length > 0) {
      const spreads = template.softSpreads(softSpread, isSpreadByDefault);
      this.#add(spreadScores(spreads, this.#found, isSpreadByDefault), WEIGHTS.podTopologySpread);
    }
    const { preferences } = template;
    if (preferences.length > 0) this.#add(interPodScores(preferences, this.#found), WEIGHTS.interPodAffinity);
  }

  #addImages({ profile }: Candidate): void {
    const scoreOf = this.#world.images.scorer(profile.pod, this.#world.nodes.length);
    if (scoreOf === undefined) return;
    for (const [i, node] of this.#found.entries()) this.#scores[i] = (this.#scores[i] as number) + scoreOf(node);
  }

  #add(scores: Int32Array, weight: number): void {
    for (let i = 0; i < this.#found.length; i++)
      this.#scores[i] = (this.#scores[i] as number) + weight * (scores[i] as number);
  }

  /** One of the best, by lot. */
  #choose(): NodeLedger {
    let most = Number.NEGATIVE_INFINITY;
    let equals = 0;
    for (let i = 0; i < this.#found.length; i++) {
      const score = this.#scores[i] as number;
      if (score > most) [most, equals] = [score, 1];
      else if (score === most) equals++;
    }
    let skip = equals === 1 ? 0 : Math.floor(this.#random.next() * equals);
    for (let i = 0; i < this.#found.length; i++)
      if (this.#scores[i] === most && skip-- === 0) return this.#found[i] as NodeLedger;
    return this.#found[0] as NodeLedger;
  }
}

/** Whether more than the node itself decides. */
function looksFurther({ volumes, company }: Cycle): boolean {
  return volumes !== undefined || company.spreads.length > 0 || company.around !== undefined;
}

function grown(scores: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * scores.length);
  larger.set(scores);
  return larger;
}

/** Whether CPU and memory last for the pod and for those that are to come; a cheap look before the real one. */
function hasRoomBeside({ requests }: PodProfile, others: readonly PodProfile[], node: NodeLedger): boolean {
  let cpuMillis = node.allocatable.cpuMillis - node.usedCpuMillis;
  let memoryBytes = node.allocatable.memoryBytes - node.usedMemoryBytes;
  for (const other of others) {
    cpuMillis -= other.requests.cpuMillis;
    memoryBytes -= other.requests.memoryBytes;
  }
  return (
    (requests.cpuMillis === 0 || requests.cpuMillis <= cpuMillis) &&
    (requests.memoryBytes === 0 || requests.memoryBytes <= memoryBytes)
  );
}
