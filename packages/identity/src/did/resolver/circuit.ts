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

/** A map that forgets what was used longest ago. */
export class Recent<V> {
  readonly #most: number;
  readonly #values = new Map<string, V>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): V | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size <= this.#most) return;
    const [oldest] = this.#values.keys();
    if (oldest !== undefined) this.#values.delete(oldest);
  }

  delete(key: string): void {
    this.#values.delete(key);
  }
}
