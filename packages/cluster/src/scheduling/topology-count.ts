/** How many pods of a certain sort run in each topology domain (zone, node, …), kept current placement by placement. */
import type { NodeLedger } from './node-state.ts';
import type { PodProfile } from './pod-profile.ts';
import { NO_DOMAIN, type Topology } from './topology.ts';

const ABSENT = -1;

export class TopologyCount {
  readonly topology: Topology;
  /** Pods over all domains. */
  total = 0;
  /** By domain; {@link ABSENT} for domains that do not count. */
  readonly #pods: number[] = [];
  readonly #counts: (pod: PodProfile) => boolean;
  readonly #isEligible: ((node: NodeLedger) => boolean) | undefined;
  readonly #eligible = new Set<NodeLedger>();
  #domains = 0;
  /** Fewest pods in any domain, and how many domains have so few; counted anew when none is left. */
  #least = 0;
  #atLeast = 0;

  /**
   * `counts` says which pods to count and must depend on nothing that changes. `isEligible` says which nodes' domains
   * count, which then exist even without pods once {@link addNode} has told of the node; `undefined` for every node.
   */
  constructor(topology: Topology, counts: (pod: PodProfile) => boolean, isEligible?: (node: NodeLedger) => boolean) {
    this.topology = topology;
    this.#counts = counts;
    this.#isEligible = isEligible;
  }

  /** Takes note of a node whose pods are not counted yet. */
  addNode(node: NodeLedger): void {
    if (this.#isEligible?.(node) !== true) return;
    this.#eligible.add(node);
    const domain = this.topology.domainOf(node);
    if (domain !== NO_DOMAIN) this.#open(domain);
  }

  /** Takes note of a pod that came to (`1`) or left (`-1`) a node. */
  change(pod: PodProfile, node: NodeLedger, by: 1 | -1): void {
    const domain = this.topology.domainOf(node);
    if (domain === NO_DOMAIN || !this.#counts(pod)) return;
    if (this.#isEligible !== undefined && !this.#eligible.has(node)) return;
    this.#open(domain);
    const before = this.#pods[domain] as number;
    this.#pods[domain] = before + by;
    this.total += by;
    this.#shift(before, before + by);
  }

  /** Pods in a node's domain; 0 where the node has no such label. */
  at(node: NodeLedger): number {
    const domain = this.topology.domainOf(node);
    return domain === NO_DOMAIN ? 0 : Math.max(0, this.#pods[domain] ?? 0);
  }

  /** How many domains there are. */
  get domains(): number {
    return this.#domains;
  }

  /** Fewest pods in any domain; 0 without domains. */
  get least(): number {
    if (this.#atLeast === 0 && this.#domains > 0) this.#findLeast();
    return this.#least;
  }

  #open(domain: number): void {
    while (this.#pods.length <= domain) this.#pods.push(ABSENT);
    if (this.#pods[domain] !== ABSENT) return;
    this.#pods[domain] = 0;
    this.#domains++;
    this.#shift(undefined, 0);
  }

  /** A domain that had `before` pods (`undefined`: is new) has `now`. */
  #shift(before: number | undefined, now: number): void {
    const isFirst = before === undefined && this.#domains === 1;
    if (this.#atLeast === 0 && !isFirst) return;
    if (isFirst || now < this.#least) {
      this.#least = now;
      this.#atLeast = 1;
      return;
    }
    if (before === this.#least) this.#atLeast--;
    if (now === this.#least) this.#atLeast++;
  }

  #findLeast(): void {
    this.#least = Number.POSITIVE_INFINITY;
    for (const pods of this.#pods) {
      if (pods === ABSENT || pods > this.#least) continue;
      this.#atLeast = pods === this.#least ? this.#atLeast + 1 : 1;
      this.#least = pods;
    }
  }
}
