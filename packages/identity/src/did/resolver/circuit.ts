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
  readonly #values = new Map<string, V>();
  #weight = 0;

  /** Each weighs 1 by default, so that `most` is how many there are. */
  constructor(most: number, weigh: (value: V) => number = () => 1) {
    this.#most = most;
    this.#weigh = weigh;
  }

  get(key: string): V | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    this.delete(key);
    this.#values.set(key, value);
    this.#weight += this.#weigh(value);
    for (const oldest of this.#values.keys()) {
      if (this.#weight <= this.#most) return;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const value = this.#values.get(key);
    if (value === undefined) return;
    this.#values.delete(key);
    this.#weight -= this.#weigh(value);
  }
}
