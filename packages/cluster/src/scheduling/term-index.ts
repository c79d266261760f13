/** Affinity terms of the pods that run, with where those run: found by the namespace of the pod that they are about. */
import type { NodeLedger } from './node-state.ts';
import type { PodProfile, PodTerm } from './pod-profile.ts';
import { TopologyCount } from './topology-count.ts';
import type { Topology } from './topology.ts';

/** A term that running pods have in common. */
export interface RunningTerm {
  readonly term: PodTerm;
  readonly weight: number;
  /** The pods that have it. */
  readonly count: TopologyCount;
}

/** For terms with a selector of namespaces. */
const ANYWHERE = '*';

/** Kept current pod by pod. */
export class TermIndex {
  /** Namespace that a term speaks of → term and weight → where. */
  readonly #places = new Map<string, Map<string, RunningTerm>>();
  readonly #topology: (key: string) => Topology;
  readonly #matches: (term: PodTerm, pod: PodProfile) => boolean;

  constructor(topology: (key: string) => Topology, matches: (term: PodTerm, pod: PodProfile) => boolean) {
    this.#topology = topology;
    this.#matches = matches;
  }

  /** Terms about a pod. */
  about(pod: PodProfile): readonly RunningTerm[] {
    const found: RunningTerm[] = [];
    for (const place of [pod.namespace, ANYWHERE]) {
      for (const running of this.#places.get(place)?.values() ?? [])
        if (running.count.total > 0 && this.#matches(running.term, pod)) found.push(running);
    }
    return found;
  }

  /** Takes note of a pod with a term that came to (`1`) or left (`-1`) a node; whether {@link about} may answer otherwise from now on. */
  change(term: PodTerm, weight: number, pod: PodProfile, node: NodeLedger, by: 1 | -1): boolean {
    const { count } = this.#entered(term, weight);
    const before = count.total;
    count.change(pod, node, by);
    return before > 0 !== count.total > 0;
  }

  /** The term, entered under every namespace it speaks of. */
  #entered(term: PodTerm, weight: number): RunningTerm {
    const key = `${weight} ${term.key}`;
    let entered: RunningTerm | undefined;
    for (const place of term.namespaceSelector === undefined ? term.namespaces : [ANYWHERE]) {
      let known = this.#places.get(place);
      if (known === undefined) this.#places.set(place, (known = new Map()));
      entered ??= known.get(key) ?? this.#fresh(term, weight);
      known.set(key, entered);
    }
    return entered ?? this.#fresh(term, weight);
  }

  #fresh(term: PodTerm, weight: number): RunningTerm {
    return { term, weight, count: new TopologyCount(this.#topology(term.topologyKey), () => true) };
  }
}
