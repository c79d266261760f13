/** Backend services of a cluster: made for the first Ingress that sends to a port, gone with the last. */
import type { QuotaNeed } from '../../../cloud/quota-need.ts';
import type { CloudLedger } from '../../cloud/fronts.ts';
import type { QuotaExceeded } from '../../cloud/quota-exceeded.ts';

/** One backend by its name, and what it uses up. */
export interface NamedNeeds {
  readonly name: string;
  readonly needs: readonly QuotaNeed[];
}

export class SharedBackends {
  readonly #ledger: Pick<CloudLedger, 'take' | 'release'>;
  readonly #needs = new Map<string, readonly QuotaNeed[]>();
  readonly #users = new Map<string, Set<string>>();
  readonly #byUser = new Map<string, ReadonlySet<string>>();

  constructor(ledger: Pick<CloudLedger, 'take' | 'release'>) {
    this.#ledger = ledger;
  }

  /** What is needed for those that are not there yet. */
  missing(backends: readonly NamedNeeds[]): readonly QuotaNeed[] {
    const names = new Set<string>();
    return backends.flatMap(({ name, needs }) => {
      if (this.#needs.has(name) || names.has(name)) return [];
      names.add(name);
      return needs;
    });
  }

  /** Gives a user these and no others. @returns the quota that is too small; then all is as before */
  assign(user: string, backends: readonly NamedNeeds[]): QuotaExceeded | undefined {
    const exceeded = this.#ledger.take(this.missing(backends));
    if (exceeded === undefined) this.adopt(user, backends);
    return exceeded;
  }

  /** {@link assign} for what is there and counted already. */
  adopt(user: string, backends: readonly NamedNeeds[]): void {
    const before = this.#byUser.get(user) ?? new Set<string>();
    const now = new Set(backends.map(({ name }) => name));
    this.#byUser.set(user, now);
    for (const { name, needs } of backends) {
      if (!this.#needs.has(name)) this.#needs.set(name, needs);
      const users = this.#users.get(name) ?? new Set();
      this.#users.set(name, users.add(user));
    }
    for (const name of before) if (!now.has(name)) this.#leave(user, name);
  }

  release(user: string): void {
    for (const name of this.#byUser.get(user) ?? []) this.#leave(user, name);
    this.#byUser.delete(user);
  }

  #leave(user: string, name: string): void {
    const users = this.#users.get(name);
    users?.delete(user);
    if (users === undefined || users.size > 0) return;
    this.#users.delete(name);
    this.#ledger.release(this.#needs.get(name) ?? []);
    this.#needs.delete(name);
  }
}
