/** Which nodes pods select, remembered: most pods of a cluster share a few dozen selectors, affinities and tolerations. */
import { SELECTION_FILTERS, type Cycle } from './cycle.ts';
import type { NodeLedger } from './node-state.ts';

/** Distinct selections kept; clusters have a few dozen. */
const SELECTION_CAP = 256;
const UNDECIDED = 0;
const FITS = 1;
const REFUSED = 2;

/** Verdicts hold as long as the nodes are the same; `clear` when one comes. */
export class Selections {
  /** Selection → verdict per node index. */
  readonly #verdicts = new Map<string, Uint8Array>();

  clear(): void {
    this.#verdicts.clear();
  }

  /** Says of nodes whether the pod selects them; `nodes` is how many there are. */
  of(cycle: Cycle, nodes: number): (node: NodeLedger) => boolean {
    const selects = (node: NodeLedger) => SELECTION_FILTERS.every((filter) => filter(cycle, node) === undefined);
    // Pods that name nodes have verdicts of their own.
    if (cycle.named !== undefined) return selects;
    const verdicts = this.#verdictsOf(cycle.profile.placementKey, nodes);
    return (node) => {
      const known = verdicts[node.index] ?? UNDECIDED;
      if (known !== UNDECIDED) return known === FITS;
      const fits = selects(node);
      verdicts[node.index] = fits ? FITS : REFUSED;
      return fits;
    };
  }

  #verdictsOf(selection: string, nodes: number): Uint8Array {
    const known = this.#verdicts.get(selection);
    if (known !== undefined) return known;
    if (this.#verdicts.size >= SELECTION_CAP) this.#verdicts.clear();
    const verdicts = new Uint8Array(nodes);
    this.#verdicts.set(selection, verdicts);
    return verdicts;
  }
}
