/**
 * The rungs of the ladder: memory, the local store, peers, the origin. Nothing that anybody says is taken unverified, no history is replaced by another one, and
 * nobody but the origin confirms: a log of peers that goes on from what is known is as authentic as the origin's, but there may be a newer one.
 */
import type { CryptoProvider } from '../../provider/provider.ts';
import { weightOf } from '../weight.ts';
import { Circuits, isWithin, Recent } from './circuit.ts';
import type { Known, Place, Verdict } from './methods.ts';
import type { ResolverPolicy } from './policy.ts';
import type { DidFiles, ResolverPorts } from './ports.ts';
import type { Attempt } from './resolution.ts';

/** What was verified, and when an origin last had it, in epoch milliseconds; `undefined`: none ever told us. */
export interface Kept {
  readonly known: Known;
  readonly confirmedAt: number | undefined;
}

/** Files that do not hold. */
export type Refusal = Extract<Verdict, { kind: 'refused' }>;

/** What came of asking a rung. */
export interface Report {
  readonly rung: 'store' | 'peers' | 'origin';
  readonly attempts: readonly Attempt[];
  /** What is kept now, because it is newer than what was known, or confirmed. */
  readonly kept?: Kept;
  readonly refusal?: Refusal | undefined;
}

/** What a rung is asked for; once for all who wait for it. */
export interface Errand {
  readonly place: Place;
  /** Now, in epoch milliseconds. */
  readonly at: number;
  /** What was known when it began; memory may have forgotten it since. */
  readonly kept: Kept | undefined;
}

/** Answers of peers that are verified for one question. */
const MOST_PEERS = 8;

/** All rungs, over ports. None of them rejects. */
export class Rungs {
  readonly #ports: ResolverPorts;
  readonly #policy: ResolverPolicy;
  readonly #provider: CryptoProvider;
  readonly #memory: Recent<Kept>;
  readonly #absent: Recent<number>;
  readonly #circuits: Circuits;
  readonly #flights = new Map<string, Promise<Report>>();

  constructor(ports: ResolverPorts, policy: ResolverPolicy, provider: CryptoProvider) {
    this.#ports = ports;
    this.#policy = policy;
    this.#provider = provider;
    const least = Math.floor(policy.mostBytes / policy.most);
    const weigh = ({ known: { text, witnessProofs = '' } }: Kept) =>
      Math.max(weightOf(text) + witnessProofs.length, least);
    this.#memory = new Recent(policy.mostBytes, weigh);
    this.#absent = new Recent(policy.most);
    this.#circuits = new Circuits(policy.circuit, policy.most);
  }

  /** What was verified before; at least as new as what is stored. */
  inMemory({ key }: Place): Kept | undefined {
    return this.#memory.get(key);
  }

  fromStore(errand: Errand): Promise<Report> {
    return this.#once(`store ${errand.place.did}`, () => this.#load(errand));
  }

  fromPeers(errand: Errand): Promise<Report> {
    return this.#once(`peers ${errand.place.did}`, () => this.#askPeers(errand));
  }

  fromOrigin(errand: Errand): Promise<Report> {
    return this.#once(`origin ${errand.place.did}`, () => this.#askOrigin(errand));
  }

  /** Those who ask the same at the same time wait for the same answer. */
  #once(name: string, ask: () => Promise<Report>): Promise<Report> {
    const under = this.#flights.get(name) ?? ask().finally(() => this.#flights.delete(name));
    this.#flights.set(name, under);
    return under;
  }

  async #load({ place, at }: Errand): Promise<Report> {
    const rung = 'store';
    const stored = await settled(() => this.#ports.store?.read(place.key));
    // What came in the meantime is newer than what was stored before it.
    const since = this.#memory.get(place.key);
    if (stored === undefined || since !== undefined) return { rung, attempts: [], ...(since && { kept: since }) };
    const verdict = place.verify(stored, undefined, at, this.#provider, true);
    if (verdict.kind === 'refused') return { rung, attempts: [{ rung, outcome: 'refused', reason: verdict.reason }] };
    const kept = { known: verdict.known, confirmedAt: stored.confirmedAt };
    this.#memory.set(place.key, kept);
    return { rung, attempts: [], kept };
  }

  /** What they know more than is known here. */
  async #askPeers(errand: Errand): Promise<Report> {
    const rung = 'peers';
    const { place } = errand;
    const { peers } = this.#ports;
    if (peers === undefined || !place.isSelfCertifying) return { rung, attempts: [] };
    const answers = (await settled(() => peers.ask(place.did))) ?? [];
    const attempts: Attempt[] = [];
    const before = this.#knownTo(errand);
    let newest = before;
    let fork: Refusal | undefined;
    for (const files of answers.slice(0, MOST_PEERS)) {
      const verdict = this.#verified(files, newest, errand);
      if (verdict.kind === 'known') newest = verdict.known;
      else attempts.push({ rung, outcome: 'refused', reason: verdict.reason });
      if (verdict.kind === 'refused' && verdict.reason === 'forked-log') fork = verdict;
    }
    if (fork !== undefined) return { rung, attempts, refusal: fork };
    if (newest !== undefined && lengthOf(newest) > lengthOf(before))
      return { rung, attempts, kept: await this.#keep(place, { known: newest, confirmedAt: undefined }) };
    attempts.push({ rung, outcome: newest === undefined ? 'absent' : 'nothing-newer' });
    return { rung, attempts };
  }

  async #askOrigin(errand: Errand): Promise<Report> {
    const rung = 'origin';
    const attempts: Attempt[] = [];
    const verdict = await this.#readOrigin(errand, attempts);
    if (verdict === undefined) return { rung, attempts };
    if (verdict.kind === 'known')
      return { rung, attempts, kept: await this.#keep(errand.place, { ...verdict, confirmedAt: errand.at }) };
    attempts.push({ rung, outcome: 'refused', reason: verdict.reason });
    return { rung, attempts, refusal: verdict };
  }

  async #readOrigin(errand: Errand, attempts: Attempt[]): Promise<Verdict | undefined> {
    const { place, at } = errand;
    if (this.#ports.origin === undefined) return undefined;
    if (isWithin(at - (this.#absent.get(place.did) ?? -Infinity), this.#policy.absentMs))
      return note(attempts, 'absent');
    if (!this.#circuits.admits(place.location.origin, at)) return note(attempts, 'open-circuit');
    const text = await this.#readFile(place.url, errand, attempts);
    if (text === undefined) return undefined;
    const verdict = this.#verified({ text }, this.#knownTo(errand), errand);
    const isUnwitnessed = verdict.kind === 'refused' && verdict.reason === 'missing-witness-proofs';
    if (place.witnessUrl === undefined || !isUnwitnessed) return verdict;
    const witnessProofs = await this.#readFile(place.witnessUrl, errand, attempts);
    if (witnessProofs === undefined) return verdict;
    return this.#verified({ text, witnessProofs }, this.#knownTo(errand), errand);
  }

  async #readFile(url: string, { place, at }: Errand, attempts: Attempt[]): Promise<string | undefined> {
    const answer = await settled(() => this.#ports.origin?.read(url));
    if (answer === undefined || answer.kind === 'unreachable') {
      this.#circuits.failed(place.location.origin, at);
      return note(attempts, 'unreachable', answer?.cause);
    }
    this.#circuits.succeeded(place.location.origin);
    if (answer.kind === 'found') return answer.text;
    if (answer.kind === 'absent' && url === place.url) this.#absent.set(place.did, at);
    return note(attempts, answer.kind, answer.kind === 'unusable' ? answer.cause : undefined);
  }

  #verified(files: DidFiles, known: Known | undefined, { place, at }: Errand): Verdict {
    return place.verify(files, known, at, this.#provider);
  }

  /** What others found out in the meantime, or what was known before. */
  #knownTo({ place, kept }: Errand): Known | undefined {
    return (this.#memory.get(place.key) ?? kept)?.known;
  }

  /** Into memory before anything else happens, so that no other history can be verified in between. */
  async #keep({ key }: Place, { known, confirmedAt }: Kept): Promise<Kept> {
    const kept = { known, confirmedAt };
    this.#memory.set(key, kept);
    const { text, witnessProofs } = known;
    await settled(() => this.#ports.store?.write(key, { text, witnessProofs, confirmedAt }));
    return kept;
  }
}

/** Entries of a log; 0 for what has none. */
function lengthOf(known: Known | undefined): number {
  return known?.log?.versions.length ?? 0;
}

function note(attempts: Attempt[], outcome: Attempt['outcome'], cause?: string): undefined {
  attempts.push({ rung: 'origin', outcome, ...(cause !== undefined && { cause }) });
  return undefined;
}

/** A port that fails has no answer. */
async function settled<T>(ask: () => Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}
