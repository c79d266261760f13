/** The values that the nodes of a world have for one label, numbered: what the scheduler calls the domains of a topology key. */
import { entryOf } from '../model/unknown-json.ts';
import type { NodeLedger } from './node-state.ts';

const UNKNOWN = -2;
/** Of a node that has no such label. */
export const NO_DOMAIN = -1;

/** Domains of one topology key. Holds as long as the nodes keep their numbers and labels. */
export class Topology {
  readonly key: string;
  readonly #numbers = new Map<string, number>();
  /** By node index. */
  #domains = new Int32Array(64).fill(UNKNOWN);

  constructor(key: string) {
    this.key = key;
  }

  /** The node's domain, or {@link NO_DOMAIN}. */
  domainOf(node: NodeLedger): number {
    const known = this.#domains[node.index];
    return known === undefined || known === UNKNOWN ? this.#enter(node) : known;
  }

  #enter({ index, labels }: NodeLedger): number {
    if (index >= this.#domains.length) {
      const grown = new Int32Array(Math.max(index + 1, 2 * this.#domains.length)).fill(UNKNOWN);
      grown.set(this.#domains);
      this.#domains = grown;
    }
    const value = entryOf(labels, this.key);
    const domain = value === undefined ? NO_DOMAIN : this.#number(value);
    this.#domains[index] = domain;
    return domain;
  }

  #number(value: string): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    this.#numbers.set(value, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}
