/** Origins that do not answer are left alone for a while, and tried by one request before all may come again. */

/** When a circuit opens, and for how long. */
export interface CircuitPolicy {
  /** Failures in a row. */
  readonly failures: number;
  readonly openMs: number;
}

interface Circuit {
  readonly failures: number;
  readonly openedAt: number;
}

/** One circuit for each origin; those that were used longest ago are forgotten. */
export class Circuits {
  readonly #policy: CircuitPolicy;
  readonly #circuits: Recent<Circuit>;

  constructor(policy: CircuitPolicy, most: number) {
    this.#policy = policy;
    this.#circuits = new Recent(most);
  }

  /** Whether an origin may be asked. After the pause one request is let through, and the pause begins again until it succeeds. */
  admits(origin: string, at: number): boolean {
    const circuit = this.#circuits.get(origin);
    if (circuit === undefined || circuit.failures < this.#policy.failures) return true;
    if (isWithin(at - circuit.openedAt, this.#policy.openMs)) return false;
    this.#circuits.set(origin, { ...circuit, openedAt: at });
    return true;
  }

  succeeded(origin: string): void {
    this.#circuits.delete(origin);
  }

  failed(origin: string, at: number): void {
    const failures = (this.#circuits.get(origin)?.failures ?? 0) + 1;
    this.#circuits.set(origin, { failures, openedAt: at });
  }
}

/** Whether some time has not passed yet. A clock that was set back makes it pass, so that nothing waits for a day that came too early. */
export function isWithin(passedMs: number, mostMs: number): boolean {
  return passedMs >= 0 && passedMs < mostMs;
}

/** A map that forgets what was used longest ago, once all of it weighs too much. */
export class Recent<V> {
  readonly #most: number;
  readonly #weigh: (value: V) => number;
  readonly #entries = new Map<string, { readonly value: V; readonly weight: number }>();
  #weight = 0;

  /** Each weighs 1 by default, so that `most` is how many there are. */
  constructor(most: number, weigh: (value: V) => number = () => 1) {
    this.#most = most;
    this.#weigh = weigh;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: V): void {
    this.delete(key);
    const weight = this.#weigh(value);
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#most) return;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }
}
