/** How long failed daemon pods of a node stay: 1 s, 2 s, 4 s, … up to 15 minutes. Source: `client-go/util/flowcontrol`, `NewBackOff` */

const FIRST_MS = 1000;
const LONGEST_MS = 900_000;

interface Entry {
  readonly delayMs: number;
  readonly at: number;
}

/** Delays by key; a key that was quiet for twice the longest delay begins anew. */
export class FailureBackOff {
  readonly #entries = new Map<string, Entry>();

  /** Milliseconds that are still to wait; 0 counts as a failure that is acted upon, so that the next one waits longer. */
  next(key: string, now: number): number {
    const known = this.#entries.get(key);
    const isFresh = known !== undefined && now - known.at <= 2 * LONGEST_MS;
    if (isFresh && now - known.at < known.delayMs) return known.delayMs - (now - known.at);
    this.#entries.set(key, { delayMs: isFresh ? Math.min(LONGEST_MS, 2 * known.delayMs) : FIRST_MS, at: now });
    return 0;
  }

  /** Forgets all keys with this beginning. */
  forget(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#entries.delete(key);
  }
}
