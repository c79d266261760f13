/** Amounts of node resources as the scheduler counts them. */
import { cpuMillis, wholeUnits } from '../model/quantity.ts';

/** What a pod asks for, or a node has. */
export interface Resources {
  /** CPU in millicores. */
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  /** Every other resource in whole units (`ephemeral-storage` in bytes, `nvidia.com/gpu` as a count); zeros are left out. */
  readonly others: ReadonlyMap<string, number>;
}

/** Amounts as they stand in a manifest. */
export type Quantities = Readonly<Record<string, string | number>>;

const NO_OTHERS: ReadonlyMap<string, number> = new Map();
export const NO_RESOURCES: Resources = Object.freeze({ cpuMillis: 0, memoryBytes: 0, others: NO_OTHERS });

/** Reads a resource list; amounts outside the grammar and negative ones count as 0, as admission would have refused them. */
export function resourcesOf(quantities: Quantities | undefined): Resources {
  const tally = new Tally();
  tally.add(quantities);
  return tally.result();
}

/** `a + b`. */
export function addResources(a: Resources, b: Resources): Resources {
  return {
    cpuMillis: a.cpuMillis + b.cpuMillis,
    memoryBytes: a.memoryBytes + b.memoryBytes,
    others: mergeOthers(a.others, b.others, (x, y) => x + y),
  };
}

/** The larger of each. */
export function maxResources(a: Resources, b: Resources): Resources {
  return {
    cpuMillis: Math.max(a.cpuMillis, b.cpuMillis),
    memoryBytes: Math.max(a.memoryBytes, b.memoryBytes),
    others: mergeOthers(a.others, b.others, Math.max),
  };
}

function mergeOthers(
  a: ReadonlyMap<string, number>,
  b: ReadonlyMap<string, number>,
  merge: (x: number, y: number) => number,
): ReadonlyMap<string, number> {
  if (b.size === 0) return a;
  if (a.size === 0) return b;
  const merged = new Map(a);
  for (const [name, amount] of b) merged.set(name, merge(merged.get(name) ?? 0, amount));
  return merged;
}

/** Adds up resource lists without an intermediate object per list: snapshots hold hundreds of thousands of containers. */
export class Tally {
  cpuMillis = 0;
  memoryBytes = 0;
  #others: Map<string, number> | undefined;

  add(quantities: Quantities | undefined): void {
    for (const name in quantities) this.addAmount(name, quantities[name] as string | number);
  }

  addAmount(name: string, quantity: string | number): void {
    if (name === 'cpu') this.cpuMillis += amount(cpuMillis(quantity));
    else if (name === 'memory') this.memoryBytes += amount(wholeUnits(quantity));
    else this.#addOther(name, amount(wholeUnits(quantity)));
  }

  /** Replaces one amount. */
  set(name: string, quantity: string | number): void {
    if (name === 'cpu') this.cpuMillis = amount(cpuMillis(quantity));
    else if (name === 'memory') this.memoryBytes = amount(wholeUnits(quantity));
    else (this.#others ??= new Map()).set(name, amount(wholeUnits(quantity)));
  }

  result(): Resources {
    return { cpuMillis: this.cpuMillis, memoryBytes: this.memoryBytes, others: this.#others ?? NO_OTHERS };
  }

  #addOther(name: string, value: number): void {
    if (value === 0) return;
    this.#others ??= new Map();
    this.#others.set(name, (this.#others.get(name) ?? 0) + value);
  }
}

function amount(value: number | undefined): number {
  return value === undefined || value < 0 ? 0 : value;
}
