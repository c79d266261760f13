/** Entries of which the first, by an order, can be taken at any time. */
export class Heap<T> {
  readonly #entries: T[] = [];
  readonly #isFirst: (a: T, b: T) => boolean;

  /** `isFirst` is a strict order that must not change for entries that are in. */
  constructor(isFirst: (a: T, b: T) => boolean) {
    this.#isFirst = isFirst;
  }

  get top(): T | undefined {
    return this.#entries[0];
  }

  push(entry: T): void {
    const entries = this.#entries;
    let at = entries.length;
    entries.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isFirst(entry, entries[parent] as T)) break;
      entries[at] = entries[parent] as T;
      at = parent;
    }
    entries[at] = entry;
  }

  pop(): T | undefined {
    const entries = this.#entries;
    const [first] = entries;
    const last = entries.pop();
    if (first === undefined || last === undefined || entries.length === 0) return first;
    let at = 0;
    for (let child = 1; child < entries.length; child = 2 * at + 1) {
      if (child + 1 < entries.length && this.#isFirst(entries[child + 1] as T, entries[child] as T)) child++;
      if (!this.#isFirst(entries[child] as T, last)) break;
      entries[at] = entries[child] as T;
      at = child;
    }
    entries[at] = last;
    return first;
  }
}
