/** How many pods of a certain sort run in each topology domain (zone, node, …), kept current placement by placement. */
import type { NodeLedger } from './node-state.ts';
import type { PodProfile } from './pod-profile.ts';

export class TopologyCount {
  /** Node label whose values are the domains. */
  readonly topologyKey: string;
  /** Domain → pods. */
  readonly domains = new Map<string, number>();
  /** Pods over all domains. */
  total = 0;
  readonly #counts: (pod: PodProfile) => boolean;
  readonly #isEligible: ((node: NodeLedger) => boolean) | undefined;
  readonly #eligible = new Set<NodeLedger>();

  /**
   * `counts` says which pods to count and must depend on nothing that changes. `isEligible` says which nodes' domains
   * count, which then exist even without pods once {@link addNode} has told of the node; `undefined` for every node.
   */
  constructor(topologyKey: string, counts: (pod: PodProfile) => boolean, isEligible?: (node: NodeLedger) => boolean) {
    this.topologyKey = topologyKey;
    this.#counts = counts;
    this.#isEligible = isEligible;
  }

  /** Takes note of a node whose pods are not counted yet. */
  addNode(node: NodeLedger): void {
    if (this.#isEligible?.(node) !== true) return;
    this.#eligible.add(node);
    const domain = node.labels[this.topologyKey];
    if (domain !== undefined && !this.domains.has(domain)) this.domains.set(domain, 0);
  }

  /** Takes note of a pod that came to (`1`) or left (`-1`) a node. */
  change(pod: PodProfile, node: NodeLedger, by: 1 | -1): void {
    const domain = node.labels[this.topologyKey];
    if (domain === undefined || !this.#counts(pod)) return;
    if (this.#isEligible !== undefined && !this.#eligible.has(node)) return;
    this.domains.set(domain, (this.domains.get(domain) ?? 0) + by);
    this.total += by;
  }

  /** Pods in a node's domain; 0 where the node has no such label. */
  at(node: NodeLedger): number {
    const domain = node.labels[this.topologyKey];
    return domain === undefined ? 0 : (this.domains.get(domain) ?? 0);
  }

  /** Fewest pods in any domain; 0 without domains. */
  get least(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const count of this.domains.values()) if (count < least) least = count;
    return Number.isFinite(least) ? least : 0;
  }
}
