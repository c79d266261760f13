/** What was brought about in one running cluster, by whoever asked for it. */
import { createRandom } from '../clock/random.ts';
import type { Timer } from '../clock/virtual-clock.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { FAULT_KINDS } from './catalogue.ts';
import { checkParameters, type FaultKind, type ParameterValues } from './fault.ts';
import { FaultSite } from './fault-site.ts';
import { injectFault, type InjectedFault } from './inject.ts';

/** A fault that somebody wants. */
export interface FaultRequest {
  /** Name of its kind. */
  readonly kind: string;
  /** `namespace/name` of the workload that it shall befall; by default one is drawn. */
  readonly target?: string;
  /** Laid over the kind's defaults. */
  readonly parameters?: ParameterValues;
  /** How long the cluster's time must pass before. Default 0. */
  readonly afterMs?: number;
}

/** One line of the ledger. */
export interface LedgerEntry {
  /** `1`, `2`, … in the order of requests. */
  readonly id: string;
  readonly kind: FaultKind;
  readonly target: string | undefined;
  readonly parameters: ParameterValues;
  /** Epoch milliseconds of the cluster at which it was or will be brought about. */
  readonly at: number;
  readonly state: 'waiting' | 'brought-about' | 'failed' | 'repaired' | 'withdrawn';
  /** Why it failed. */
  readonly message: string | undefined;
  /** With its truth; only once it was brought about. */
  readonly fault: InjectedFault | undefined;
}

/** Brings faults about on request, and repairs them. All share one site, so that they do not meet by chance. */
export class FaultLedger {
  readonly #cluster: SimulatedCluster;
  readonly #site: FaultSite;
  readonly #entries = new Map<string, LedgerEntry>();
  readonly #timers = new Map<string, Timer>();

  constructor(cluster: SimulatedCluster, seed = '0') {
    this.#cluster = cluster;
    this.#site = new FaultSite(cluster, createRandom(seed).fork('faults'));
  }

  /** All of them, the first first. */
  get entries(): readonly LedgerEntry[] {
    return [...this.#entries.values()];
  }

  entry(id: string): LedgerEntry | undefined {
    return this.#entries.get(id);
  }

  /**
   * Brings one about now, or later by the cluster's clock; what fails later is noted in its entry.
   * @throws RangeError for a kind that is not known and for parameters out of their ranges
   * @throws NoTargetError where the cluster has nothing that it could befall now
   */
  bring(request: FaultRequest): LedgerEntry {
    const { target, afterMs = 0 } = request;
    const kind = FAULT_KINDS.get(request.kind);
    if (kind === undefined) throw new RangeError(`there is no fault "${request.kind}"`);
    const parameters = checkParameters(kind, request.parameters ?? {});
    const at = this.#cluster.clock.now + afterMs;
    const id = String(this.#entries.size + 1);
    const entry: LedgerEntry = {
      ...{ id, kind, target, parameters, at, state: 'waiting', message: undefined, fault: undefined },
    };
    if (afterMs <= 0) return this.#note(this.#brought(entry));
    const timer = this.#cluster.clock.after(afterMs, () => void this.#note(this.#broughtLater(entry)));
    this.#timers.set(id, timer);
    return this.#note(entry);
  }

  /**
   * Repairs one that was brought about, and withdraws one that is still to come.
   * @throws RangeError where there is none of this id, or nothing helps against it
   */
  repair(id: string): LedgerEntry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new RangeError(`there is no fault with the id "${id}"`);
    if (entry.state === 'waiting') {
      this.#timers.get(id)?.cancel();
      return this.#note({ ...entry, state: 'withdrawn' });
    }
    if (entry.state !== 'brought-about') throw new RangeError(`fault ${id} (${entry.kind.name}) is ${entry.state}`);
    if (entry.fault?.repair === undefined)
      throw new RangeError(`fault ${id} (${entry.kind.name}): nothing in the cluster or its cloud helps against it`);
    entry.fault.repair(this.#cluster);
    return this.#note({ ...entry, state: 'repaired' });
  }

  #note(entry: LedgerEntry): LedgerEntry {
    this.#entries.set(entry.id, entry);
    return entry;
  }

  #brought(entry: LedgerEntry): LedgerEntry {
    const { kind, target, parameters } = entry;
    const fault = injectFault(this.#cluster, kind, {
      ...{ site: this.#site, parameters },
      ...(target !== undefined && { target }),
    });
    return { ...entry, state: 'brought-about', fault };
  }

  #broughtLater(entry: LedgerEntry): LedgerEntry {
    try {
      return this.#brought(entry);
    } catch (error) {
      return { ...entry, state: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  }
}
