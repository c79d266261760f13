/**
 * How one source of events keeps the cluster from being flooded: equal events are counted, similar ones are combined, and who says too
 * much of one object is silenced for a while. Source: `k8s.io/client-go/tools/record`, `NewEventCorrelator`.
 */
import { BoundedMap } from './bounded-map.ts';

/** What correlation looks at. `about` names the object and its uid, `fieldPath` the part of it. */
export interface Observation {
  readonly about: string;
  readonly fieldPath: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

/** What is to be written: the message may say that it is combined, `name` and `firstAt` are those of the first event of its kind. */
export interface Correlated {
  readonly message: string;
  readonly count: number;
  readonly name: string;
  readonly firstAt: number;
}

interface Aggregate {
  readonly messages: Set<string>;
  lastAt: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Entries that each of the three memories holds. Source: `maxLruCacheEntries`. */
const CAPACITY = 4096;
/** From this many different messages on within the interval, similar events are combined. */
const SIMILAR = 10;
const SIMILAR_INTERVAL_MS = 600_000;
const BURST = 25;
const REFILL_MS = 300_000;

/** Memory of one source (a component, and on nodes the host). */
export class EventCorrelator {
  readonly #seen = new BoundedMap<string, Correlated>(CAPACITY);
  readonly #aggregates = new BoundedMap<string, Aggregate>(CAPACITY);
  readonly #buckets = new BoundedMap<string, Bucket>(CAPACITY);

  /**
   * Notes an event. `newName` makes its name if it is the first of its kind.
   * @returns `undefined` when the source said too much of the object
   */
  observe(event: Observation, now: number, newName: () => string): Correlated | undefined {
    const [message, key] = this.#aggregated(event, now);
    const known = this.#seen.get(key);
    const correlated: Correlated =
      known === undefined
        ? { message, count: 1, name: newName(), firstAt: now }
        : { ...known, message, count: known.count + 1 };
    this.#seen.set(key, correlated);
    return this.#accepts(event.about, now) ? correlated : undefined;
  }

  /** Goes on counting from an event that was written before. */
  remember({ about, fieldPath, type, reason, message }: Observation, known: Correlated): void {
    this.#seen.set(`${about}\n${type}\n${reason}\n${fieldPath}\n${message}`, known);
  }

  /** The message to show, and the key under which equal events are counted. */
  #aggregated({ about, fieldPath, type, reason, message }: Observation, now: number): readonly [string, string] {
    const similar = `${about}\n${type}\n${reason}`;
    let aggregate = this.#aggregates.get(similar);
    if (aggregate === undefined || now - aggregate.lastAt > SIMILAR_INTERVAL_MS) {
      aggregate = { messages: new Set(), lastAt: now };
      this.#aggregates.set(similar, aggregate);
    }
    aggregate.messages.add(message);
    aggregate.lastAt = now;
    if (aggregate.messages.size < SIMILAR) return [message, `${similar}\n${fieldPath}\n${message}`];
    // The set must not grow any further; which one goes does not matter.
    aggregate.messages.delete(message);
    return [`(combined from similar events): ${message}`, similar];
  }

  /** A bucket of tokens that fills up again with time. */
  #accepts(about: string, now: number): boolean {
    const bucket = this.#buckets.get(about) ?? { tokens: BURST, at: now };
    bucket.tokens = Math.min(BURST, bucket.tokens + (now - bucket.at) / REFILL_MS);
    bucket.at = now;
    this.#buckets.set(about, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }
}
