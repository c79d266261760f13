/** The counts behind spread constraints and inter-pod terms: each made on first use, then kept current. */
import { isEmptySelector, matchesSelector, type Labels, type LabelSelector } from '../model/selector.ts';
import type { Neighbourhood } from './filters/inter-pod-affinity.ts';
import { untoleratedTaint } from './filters/node-selection.ts';
import { spreadOver, type Spread } from './filters/pod-topology-spread.ts';
import type { NodeLedger } from './node-state.ts';
import { PlacedPods } from './placed-pods.ts';
import { acceptsNode, termMatches, type PodProfile, type PodTerm, type SpreadConstraint } from './pod-profile.ts';
import { TopologyCount } from './topology-count.ts';

/** An anti-affinity term that running pods have, with where they run. */
interface Guard {
  readonly term: PodTerm;
  readonly count: TopologyCount;
}

const ANYWHERE = '*';

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
    return (this.#spreads ??= this.#counts.spreads(this.#pod));
  }

  /** `undefined` when no affinity term of the pod or of a running pod concerns it. */
  get around(): Neighbourhood | undefined {
    if (this.#around === 'not counted') this.#around = this.#counts.neighbourhood(this.#pod);
    return this.#around;
  }
}

export class PlacedCounts {
  readonly #nodes: readonly NodeLedger[];
  readonly #namespaceLabels: (namespace: string) => Labels;
  readonly #counts = new Map<string, TopologyCount>();
  #pods: PlacedPods | undefined;
  /** Namespace that a term speaks of ({@link ANYWHERE} where a selector decides) → term → guard. */
  #guards: Map<string, Map<string, Guard>> | undefined;

  constructor(nodes: readonly NodeLedger[], namespaceLabels: (namespace: string) => Labels) {
    this.#nodes = nodes;
    this.#namespaceLabels = namespaceLabels;
  }

  /** Takes note of a pod that came to (`1`) or left (`-1`) a node. */
  change(pod: PodProfile, node: NodeLedger, by: 1 | -1): void {
    for (const count of this.#counts.values()) count.change(pod, node, by);
    this.#pods?.change(pod, node, by);
    if (this.#guards !== undefined && pod.antiAffinity.length > 0) this.#guard(this.#guards, pod, node, by);
  }

  /** Takes note of a node that is new and still empty. */
  addNode(node: NodeLedger): void {
    for (const count of this.#counts.values()) count.addNode(node);
  }

  spreads(pod: PodProfile): readonly Spread[] {
    if (pod.spread.length === 0) return [];
    const keys = pod.spread.map(({ topologyKey }) => topologyKey);
    return pod.spread.map((constraint) => {
      const self = matchesSelector(constraint.selector, pod.labels) ? 1 : 0;
      return spreadOver(constraint, this.#spreadCount(pod, constraint, keys), self);
    });
  }

  /** `undefined` when no affinity term of the pod or of a running pod concerns it. */
  neighbourhood(pod: PodProfile): Neighbourhood | undefined {
    const { affinity, antiAffinity } = pod;
    const avoiding = this.#guardsAgainst(pod);
    if (affinity.length === 0 && antiAffinity.length === 0 && avoiding.length === 0) return undefined;
    const all = affinity.map(({ key }) => key).join('\n');
    return {
      wanted: affinity.map(({ topologyKey }) => this.#termCount(`${topologyKey}\n${all}`, topologyKey, affinity)),
      satisfiesItself: affinity.every((term) => this.#matches(term, pod)),
      avoided: antiAffinity.map((term) =>
        this.#termCount(`${term.topologyKey}\n${term.key}`, term.topologyKey, [term]),
      ),
      avoiding,
    };
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
      () => new TopologyCount(topologyKey, counts, domainNode(pod, constraint, keys)),
      (name) => name === namespace,
      selector,
    );
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
    return this.#count(`term ${key}`, () => new TopologyCount(topologyKey, counts), inside, terms[0]?.selector);
  }

  /** A count by its key; a new one looks once at the pods of the namespaces it is about, as far as `selector` may match them. */
  #count(
    key: string,
    make: () => TopologyCount,
    concerns: (namespace: string) => boolean,
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
    return count;
  }

  #guardsAgainst(pod: PodProfile): readonly TopologyCount[] {
    if (this.#guards === undefined) {
      this.#guards = new Map();
      for (const node of this.#nodes) for (const other of node.eachPod()) this.#guard(this.#guards, other, node, 1);
    }
    const against: TopologyCount[] = [];
    for (const place of [pod.namespace, ANYWHERE]) {
      for (const { term, count } of this.#guards.get(place)?.values() ?? [])
        if (count.total > 0 && this.#matches(term, pod)) against.push(count);
    }
    return against;
  }

  #guard(guards: Map<string, Map<string, Guard>>, pod: PodProfile, node: NodeLedger, by: 1 | -1): void {
    const terms = pod.antiAffinity;
    for (const [i, term] of terms.entries()) {
      // A pod may repeat a term; it still guards its domain once.
      if (terms.findIndex(({ key }) => key === term.key) === i) guardOf(guards, term).count.change(pod, node, by);
    }
  }
}

/** Nodes that have every topology label of the pod's constraints and, where the constraint says so, could take the pod. */
function domainNode(
  pod: PodProfile,
  { honoursAffinity, honoursTaints }: SpreadConstraint,
  keys: readonly string[],
): (node: NodeLedger) => boolean {
  return ({ labels, name, node }) =>
    keys.every((key) => labels[key] !== undefined) &&
    (!honoursAffinity || acceptsNode(pod, name, labels)) &&
    (!honoursTaints || untoleratedTaint(pod.tolerations, node.spec?.taints) === undefined);
}

/** The guard of a term, entered under every namespace it speaks of. */
function guardOf(guards: Map<string, Map<string, Guard>>, term: PodTerm): Guard {
  const places = term.namespaceSelector === undefined ? term.namespaces : [ANYWHERE];
  let guard: Guard | undefined;
  for (const place of places) {
    const known = guards.get(place) ?? new Map<string, Guard>();
    guards.set(place, known);
    guard ??= known.get(term.key) ?? { term, count: new TopologyCount(term.topologyKey, () => true) };
    known.set(term.key, guard);
  }
  return guard ?? { term, count: new TopologyCount(term.topologyKey, () => true) };
}
