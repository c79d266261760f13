/** The counts behind spread constraints and inter-pod terms: each made on first use, then kept current. */
import { isEmptySelector, matchesSelector, type Labels, type LabelSelector } from '../model/selector.ts';
import type { Neighbourhood } from './filters/inter-pod-affinity.ts';
import { untoleratedTaint } from './filters/node-selection.ts';
import type { Spread } from './filters/pod-topology-spread.ts';
import type { NodeLedger } from './node-state.ts';
import { PlacedPods } from './placed-pods.ts';
import { acceptsNode, termMatches, type PodProfile, type PodTerm, type SpreadConstraint } from './pod-profile.ts';
import { TermIndex } from './term-index.ts';
import { TopologyCount } from './topology-count.ts';
import { Topology } from './topology.ts';

/** Counts about more than one namespace. */
const EVERYWHERE = '*';
const NONE: readonly never[] = [];

/** Pods of some sort in a node's domain, and what each of them is worth. */
export interface Preference {
  readonly count: TopologyCount;
  readonly weight: number;
}

/**
 * What the pods that run mean for a waiting one. Counting them costs a look at each, so it is done when a filter first asks:
 * most pods that wait find no room anywhere, and nothing else matters for them then.
 */
export class Company {
  readonly #counts: PlacedCounts;
  readonly #pod: PodProfile;
  #spreads: readonly Spread[] | undefined;
  #around: Neighbourhood | undefined | 'not counted' = 'not counted';

  constructor(counts: PlacedCounts, pod: PodProfile) {
    this.#counts = counts;
    this.#pod = pod;
  }

  get spreads(): readonly Spread[] {
    return (this.#spreads ??= this.#counts.spreads(this.#pod, this.#pod.spread));
  }

  /** `undefined` when no affinity term of the pod or of a running pod concerns it. */
  get around(): Neighbourhood | undefined {
    if (this.#around === 'not counted') this.#around = this.#counts.neighbourhood(this.#pod);
    return this.#around;
  }
}

export class PlacedCounts {
  /** Grows when what {@link spreads}, {@link neighbourhood} and {@link preferences} gave may no longer be right. */
  version = 0;
  readonly #nodes: readonly NodeLedger[];
  readonly #namespaceLabels: (namespace: string) => Labels;
  readonly #topologies = new Map<string, Topology>();
  readonly #counts = new Map<string, TopologyCount>();
  /** The same by the only namespace whose pods they count; those about several under {@link EVERYWHERE}. */
  readonly #byNamespace = new Map<string, TopologyCount[]>();
  #pods: PlacedPods | undefined;
  /** Required anti-affinity of pods that run. */
  #guards: TermIndex | undefined;
  /** Preferred terms of pods that run. */
  #wishes: TermIndex | undefined;

  constructor(nodes: readonly NodeLedger[], namespaceLabels: (namespace: string) => Labels) {
    this.#nodes = nodes;
    this.#namespaceLabels = namespaceLabels;
  }

  /** Takes note of a pod that came to (`1`) or left (`-1`) a node. */
  change(pod: PodProfile, node: NodeLedger, by: 1 | -1): void {
    if (this.#counts.size > 0) {
      for (const count of this.#byNamespace.get(pod.namespace) ?? NONE) count.change(pod, node, by);
      for (const count of this.#byNamespace.get(EVERYWHERE) ?? NONE) count.change(pod, node, by);
    }
    this.#pods?.change(pod, node, by);
    if (this.#guards !== undefined && pod.antiAffinity.length > 0) this.#guard(this.#guards, pod, node, by);
    if (this.#wishes !== undefined && pod.wishes.length > 0) this.#wish(this.#wishes, pod, node, by);
  }

  /** Takes note of a node that is new and still empty. */
  addNode(node: NodeLedger): void {
    for (const count of this.#counts.values()) count.addNode(node);
  }

  /** Forgets what was counted by domain, after nodes went, or changed their labels, taints or numbers. */
  forget(): void {
    this.version++;
    this.#topologies.clear();
    this.#counts.clear();
    this.#byNamespace.clear();
    this.#guards = undefined;
    this.#wishes = undefined;
  }

  /**
   * Spread constraints with their counts. Nodes must have the topology keys of all of them to count, unless `someKeys`, as for the
   * constraints that a cluster has by default.
   */
  spreads(pod: PodProfile, constraints: readonly SpreadConstraint[], someKeys = false): readonly Spread[] {
    if (constraints.length === 0) return NONE;
    const keys = someKeys ? NONE : constraints.map(({ topologyKey }) => topologyKey);
    return constraints.map((constraint) => {
      const self = matchesSelector(constraint.selector, pod.labels) ? 1 : 0;
      return { constraint, count: this.#spreadCount(pod, constraint, keys), self };
    });
  }

  /** `undefined` when no affinity term of the pod or of a running pod concerns it. */
  neighbourhood(pod: PodProfile): Neighbourhood | undefined {
    const { affinity, antiAffinity } = pod;
    const avoiding = this.#allGuards()
      .about(pod)
      .map(({ count }) => count);
    if (affinity.length === 0 && antiAffinity.length === 0 && avoiding.length === 0) return undefined;
    const all = affinity.map(({ key }) => key).join('\n');
    return {
      wanted: affinity.map(({ topologyKey }) => this.#termCount(`${topologyKey}\n${all}`, topologyKey, affinity)),
      satisfiesItself: affinity.every((term) => this.#matches(term, pod)),
      avoided: antiAffinity.map((term) => this.#ownTermCount(term)),
      avoiding,
    };
  }

  /** What preferred terms of the pod, and those of running pods about it, are worth on a node. */
  preferences(pod: PodProfile): readonly Preference[] {
    const own = pod.traits.preferences.map(({ term, weight }) => ({ count: this.#ownTermCount(term), weight }));
    return [...own, ...this.#allWishes().about(pod)];
  }

  #matches(term: PodTerm, pod: PodProfile): boolean {
    return termMatches(term, pod.namespace, pod.labels, this.#namespaceLabels);
  }

  #spreadCount(pod: PodProfile, constraint: SpreadConstraint, keys: readonly string[]): TopologyCount {
    const { selector, topologyKey, honoursAffinity, honoursTaints } = constraint;
    const { namespace } = pod;
    const policy = honoursAffinity || honoursTaints ? [honoursAffinity, honoursTaints, pod.placementKey] : [];
    const key = `spread ${JSON.stringify([namespace, selector, topologyKey, keys, policy])}`;
    // The scheduler counts no pod under an empty selector, although it matches all.
    const empty = selector !== undefined && isEmptySelector(selector);
    const counts = (other: PodProfile) =>
      !empty && other.namespace === namespace && !other.isTerminating && matchesSelector(selector, other.labels);
    return this.#count(
      key,
      () => new TopologyCount(this.#topology(topologyKey), counts, domainNode(pod, constraint, keys)),
      (name) => name === namespace,
      namespace,
      selector,
    );
  }

  #ownTermCount(term: PodTerm): TopologyCount {
    return this.#termCount(`${term.topologyKey}\n${term.key}`, term.topologyKey, [term]);
  }

  /** Pods that satisfy all the terms. */
  #termCount(key: string, topologyKey: string, terms: readonly PodTerm[]): TopologyCount {
    const counts = (other: PodProfile) => terms.every((term) => this.#matches(term, other));
    const inside = (namespace: string) =>
      terms.every(
        (term) =>
          term.namespaces.has(namespace) ||
          (term.namespaceSelector !== undefined &&
            matchesSelector(term.namespaceSelector, this.#namespaceLabels(namespace))),
      );
    const only = terms.find(
      ({ namespaces, namespaceSelector }) => namespaceSelector === undefined && namespaces.size === 1,
    );
    const [place = EVERYWHERE] = only?.namespaces ?? [];
    return this.#count(
      `term ${key}`,
      () => new TopologyCount(this.#topology(topologyKey), counts),
      inside,
      place,
      terms[0]?.selector,
    );
  }

  /** A count by its key; a new one looks once at the pods of the namespaces it is about, as far as `selector` may match them. */
  #count(
    key: string,
    make: () => TopologyCount,
    concerns: (namespace: string) => boolean,
    place: string,
    selector: LabelSelector | undefined,
  ): TopologyCount {
    const known = this.#counts.get(key);
    if (known !== undefined) return known;
    const count = make();
    for (const node of this.#nodes) count.addNode(node);
    const placed = (this.#pods ??= new PlacedPods(this.#nodes));
    for (const namespace of placed.namespaces) {
      if (!concerns(namespace)) continue;
      for (const [pod, node] of placed.candidates(namespace, selector)) count.change(pod, node, 1);
    }
    this.#counts.set(key, count);
    const there = this.#byNamespace.get(place);
    if (there === undefined) this.#byNamespace.set(place, [count]);
    else there.push(count);
    return count;
  }

  #topology(key: string): Topology {
    let topology = this.#topologies.get(key);
    if (topology === undefined) this.#topologies.set(key, (topology = new Topology(key)));
    return topology;
  }

  #allGuards(): TermIndex {
    if (this.#guards !== undefined) return this.#guards;
    const guards = (this.#guards = this.#newIndex());
    for (const node of this.#nodes) for (const pod of node.eachPod()) this.#guard(guards, pod, node, 1);
    return guards;
  }

  #allWishes(): TermIndex {
    if (this.#wishes !== undefined) return this.#wishes;
    const wishes = (this.#wishes = this.#newIndex());
    for (const node of this.#nodes) for (const pod of node.eachPod()) this.#wish(wishes, pod, node, 1);
    return wishes;
  }

  #newIndex(): TermIndex {
    return new TermIndex(
      (key) => this.#topology(key),
      (term, pod) => this.#matches(term, pod),
    );
  }

  #guard(guards: TermIndex, pod: PodProfile, node: NodeLedger, by: 1 | -1): void {
    const terms = pod.antiAffinity;
    for (const [i, term] of terms.entries()) {
      // A pod may repeat a term; it still guards its domain once.
      if (terms.findIndex(({ key }) => key === term.key) === i && guards.change(term, 1, pod, node, by)) this.version++;
    }
  }

  #wish(wishes: TermIndex, pod: PodProfile, node: NodeLedger, by: 1 | -1): void {
    for (const { term, weight } of pod.wishes) if (wishes.change(term, weight, pod, node, by)) this.version++;
  }
}

/** Nodes that have every topology label of the pod's constraints and, where the constraint says so, could take the pod. */
function domainNode(
  pod: PodProfile,
  { honoursAffinity, honoursTaints }: SpreadConstraint,
  keys: readonly string[],
): (node: NodeLedger) => boolean {
  return ({ labels, name, node }) =>
    keys.every((key) => Object.hasOwn(labels, key)) &&
    (!honoursAffinity || acceptsNode(pod, name, labels)) &&
    (!honoursTaints || untoleratedTaint(pod.tolerations, node.spec?.taints) === undefined);
}
