/** Keeps what has many pods from being looked at for each of them: a look costs as much as there are pods. */

/** From this many pods on. */
const LARGE = 500;
const PERIOD_MS = 1000;

export class Throttle {
  readonly #looks = new Map<string, { readonly at: number; readonly size: number }>();

  /** Milliseconds until the key may be looked at; 0 for now. */
  waitMs(key: string, now: number): number {
    const last = this.#looks.get(key);
    return last === undefined || last.size < LARGE ? 0 : Math.max(0, last.at + PERIOD_MS - now);
  }

  /** Notes a look at so many pods. */
  looked(key: string, size: number, now: number): void {
    this.#looks.set(key, { at: now, size });
  }

  forget(key: string): void {
    this.#looks.delete(key);
  }
}
