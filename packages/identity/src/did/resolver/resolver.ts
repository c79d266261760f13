/**
 * The ladder to a document: what was verified before, the local store, peers, the origin. Nothing that anybody says is taken unverified, no history is
 * replaced by another one, and what is needed for a write fails closed unless the origin confirmed it recently.
 */
import { provider as preset } from '#provider';
import { CLOCK_SKEW_MS } from '../../proof/time.ts';
import type { CryptoProvider } from '../../provider/provider.ts';
import { parseDidUrl, type DidUrl } from '../did.ts';
import { documentOfDidKey } from '../key.ts';
import { Circuits, isWithin, Recent, type CircuitPolicy } from './circuit.ts';
import { placeOf, type Known, type Place, type Verdict } from './methods.ts';
import type { DidFiles, ResolverPorts } from './ports.ts';
import type { Attempt, Resolution, ResolutionRefusal, Rung } from './resolution.ts';
import { isSettled, metadataOf, selectVersion, versionQuery, type VersionQuery } from './version.ts';

/** How old an answer may be, and what is remembered. */
export interface ResolverPolicy {
  /** A read is answered from memory and store up to this age, or the log's own `ttl` if that is shorter; default an hour. */
  readonly readFreshMs: number;
  /** A write needs the origin's confirmation within this time; default five minutes. */
  readonly writeFreshMs: number;
  /** How long an origin's answer that there is nothing is believed; default half a minute. Files that fail verification are not remembered. */
  readonly absentMs: number;
  /** DIDs that are kept in memory, that are known to be absent, and origins whose failures are counted; default 4096 each. */
  readonly most: number;
  /** UTF-16 code units of the logs and documents that are kept in memory, in all; default 256 Mi. */
  readonly mostCharacters: number;
  /** Default three failures, half a minute. */
  readonly circuit: CircuitPolicy;
}

/** The default policy. */
export const RESOLVER_POLICY: ResolverPolicy = {
  readFreshMs: 3_600_000,
  writeFreshMs: 300_000,
  absentMs: 30_000,
  most: 4096,
  mostCharacters: 2 ** 28,
  circuit: { failures: 3, openMs: 30_000 },
};

/** What an answer is for. */
export interface ResolveOptions {
  /** Now, in epoch milliseconds. */
  readonly at: number;
  /** `write` for votes, mandates and whatever else cannot be taken back. */
  readonly purpose: 'read' | 'write';
}

/** Resolves DIDs and DID URLs with a version; never rejects but for a port that does not keep its word. */
export interface DidResolver {
  readonly resolve: (didUrl: string, options: ResolveOptions) => Promise<Resolution>;
}

/** A resolver over ports, with its own memory. */
export function createResolver(
  ports: ResolverPorts,
  policy: Partial<ResolverPolicy> = {},
  provider: CryptoProvider = preset,
): DidResolver {
  const ladder = new Ladder(ports, { ...RESOLVER_POLICY, ...policy }, provider);
  return { resolve: (didUrl, options) => ladder.resolve(didUrl, options) };
}

interface Kept {
  readonly known: Known;
  readonly confirmedAt: number | undefined;
}

interface Climb {
  readonly place: Place;
  readonly query: VersionQuery;
  readonly options: ResolveOptions;
  readonly attempts: Attempt[];
}

/** What peers and origin are asked for, once for all who wait. */
interface Errand {
  readonly place: Place;
  readonly at: number;
  readonly purpose: ResolveOptions['purpose'];
  /** What was known when it began; memory may have forgotten it since. */
  readonly kept: Kept | undefined;
  readonly attempts: Attempt[];
}

/** What was verified and kept, or why not. */
type Taken = { readonly kind: 'kept'; readonly kept: Kept } | Extract<Verdict, { kind: 'refused' }>;

/** What peers and origin gave. */
interface Refreshed {
  readonly attempts: readonly Attempt[];
  /** Files that are newer than before, or were confirmed. */
  readonly found?: { readonly rung: Rung; readonly kept: Kept };
  /** Why what they gave makes everything else doubtful, or useless. */
  readonly refusal?: Extract<Verdict, { kind: 'refused' }>;
}

class Ladder {
  readonly #ports: ResolverPorts;
  readonly #policy: ResolverPolicy;
  readonly #provider: CryptoProvider;
  readonly #memory: Recent<Kept>;
  readonly #absent: Recent<number>;
  readonly #circuits: Circuits;
  readonly #loads = new Flights<Kept | Attempt | undefined>();
  readonly #refreshes = new Flights<Refreshed>();

  constructor(ports: ResolverPorts, policy: ResolverPolicy, provider: CryptoProvider) {
    this.#ports = ports;
    this.#policy = policy;
    this.#provider = provider;
    const least = Math.floor(policy.mostCharacters / policy.most);
    this.#memory = new Recent(policy.mostCharacters, ({ known }) => Math.max(known.text.length, least));
    this.#absent = new Recent(policy.most);
    this.#circuits = new Circuits(policy.circuit, policy.most);
  }

  async resolve(didUrl: string, options: ResolveOptions): Promise<Resolution> {
    const url = parseDidUrl(didUrl);
    if (url === undefined) return refused('malformed-did-url');
    const query = versionQuery(url);
    if (query === undefined || url.path !== '') return refused('unsupported-query');
    if (url.method === 'key') return this.#ofDidKey(url, query);
    const place = placeOf(url.did);
    return typeof place === 'string' ? refused(place) : this.#climb({ place, query, options, attempts: [] });
  }

  #ofDidKey({ did }: DidUrl, query: VersionQuery): Resolution {
    if (Object.keys(query).length > 0) return refused('unsupported-query');
    const document = documentOfDidKey(did, this.#provider);
    if (document === undefined) return refused('malformed-did');
    const metadata = metadataOf({ log: undefined }, undefined);
    const attempts: readonly Attempt[] = [{ rung: 'self', outcome: 'answered' }];
    return { kind: 'resolved', did, document, metadata, rung: 'self', ageMs: 0, isStale: false, attempts };
  }

  async #climb(climb: Climb): Promise<Resolution> {
    const { place, options, attempts } = climb;
    const inMemory = this.#memory.get(place.key);
    // What is in memory is at least as new as what was stored.
    const kept = inMemory ?? (await this.#fromStore(climb));
    const near = this.#ifFresh(inMemory === undefined ? 'store' : 'memory', kept, climb);
    if (near !== undefined) return near;
    const name = `${options.purpose} ${place.did}`;
    const {
      attempts: made,
      found,
      refusal,
    } = await this.#refreshes.run(name, () => this.#refresh({ place, ...options, kept, attempts: [] }));
    attempts.push(...made);
    if (refusal !== undefined) return this.#inSpiteOf(refusal, climb);
    return found === undefined ? this.#atLast(kept, climb) : this.#answer(found.rung, found.kept, climb);
  }

  async #fromStore({ place, attempts, options }: Climb): Promise<Kept | undefined> {
    const loaded = await this.#loads.run(place.did, () => this.#load(place, options.at));
    if (loaded === undefined || 'known' in loaded) return loaded;
    attempts.push(loaded);
    return undefined;
  }

  async #load(place: Place, at: number): Promise<Kept | Attempt | undefined> {
    const stored = await settled(this.#ports.store?.read(place.key), undefined);
    if (stored === undefined) return undefined;
    const verdict = place.verify(stored, undefined, at, this.#provider, true);
    if (verdict.kind === 'refused') return { rung: 'store', outcome: 'refused', reason: verdict.reason };
    const kept = { known: verdict.known, confirmedAt: stored.confirmedAt };
    this.#memory.set(place.key, kept);
    return kept;
  }

  async #refresh(errand: Errand): Promise<Refreshed> {
    const { attempts, purpose } = errand;
    const newer = await this.#fromPeers(errand);
    if (newer !== undefined) return { attempts, found: { rung: 'peers', kept: newer } };
    const found = await this.#fromOrigin(errand);
    if (found === undefined) return { attempts };
    if (found.kind === 'kept') return { attempts, found: { rung: 'origin', kept: found.kept } };
    attempts.push({ rung: 'origin', outcome: 'refused', reason: found.reason });
    // To a read, an origin that lags behind is one that is away; one with another history is not.
    const isBehind = found.reason === 'truncated-log' && purpose === 'read';
    return isBehind ? { attempts } : { attempts, refusal: found };
  }

  /** What they know more. For reads: nobody but the origin can say that there is nothing newer. */
  async #fromPeers(errand: Errand): Promise<Kept | undefined> {
    const { place, purpose, attempts } = errand;
    const { peers } = this.#ports;
    if (peers === undefined || !place.isSelfCertifying || purpose === 'write') return undefined;
    const answers = await settled(peers.ask(place.did), []);
    const verdicts = answers.slice(0, MOST_PEERS).map((files) => this.#verified(files, errand));
    for (const verdict of verdicts)
      if (verdict.kind === 'refused') attempts.push({ rung: 'peers', outcome: 'refused', reason: verdict.reason });
    const best = longest(verdicts);
    if (best !== undefined && lengthOf(best) > lengthOf(this.#knownTo(errand)))
      return this.#keep(place, { known: best, confirmedAt: undefined });
    attempts.push({ rung: 'peers', outcome: best === undefined ? 'absent' : 'nothing-newer' });
    return undefined;
  }

  async #fromOrigin(errand: Errand): Promise<Taken | undefined> {
    const { place, at, attempts } = errand;
    if (this.#ports.origin === undefined) return undefined;
    if (isWithin(at - (this.#absent.get(place.did) ?? -Infinity), this.#policy.absentMs))
      return note(attempts, 'absent');
    if (!this.#circuits.admits(place.location.origin, at)) return note(attempts, 'open-circuit');
    const text = await this.#readFile(place.url, errand);
    if (text === undefined) return undefined;
    const taken = await this.#taken({ text }, errand);
    const isUnwitnessed = taken.kind === 'refused' && taken.reason === 'missing-witness-proofs';
    if (place.witnessUrl === undefined || !isUnwitnessed) return taken;
    const witnessProofs = await this.#readFile(place.witnessUrl, errand);
    return witnessProofs === undefined ? taken : this.#taken({ text, witnessProofs }, errand);
  }

  async #taken(files: DidFiles, errand: Errand): Promise<Taken> {
    const { place, at } = errand;
    const verdict = this.#verified(files, errand);
    if (verdict.kind === 'refused') return verdict;
    return { kind: 'kept', kept: await this.#keep(place, { known: verdict.known, confirmedAt: at }) };
  }

  async #readFile(url: string, { place, at, attempts }: Errand): Promise<string | undefined> {
    const unreachable = { kind: 'unreachable', cause: 'the port failed' } as const;
    const answer = (await settled(this.#ports.origin?.read(url), unreachable)) ?? unreachable;
    if (answer.kind === 'unreachable') {
      this.#circuits.failed(place.location.origin, at);
      return note(attempts, 'unreachable');
    }
    this.#circuits.succeeded(place.location.origin);
    if (answer.kind === 'found') return answer.text;
    if (url === place.url) this.#absent.set(place.did, at);
    return note(attempts, 'absent');
  }

  #verified(files: DidFiles, errand: Errand): Verdict {
    return errand.place.verify(files, this.#knownTo(errand), errand.at, this.#provider);
  }

  /** What others found out in the meantime, or what was known before. */
  #knownTo({ place, kept }: Errand): Known | undefined {
    return (this.#memory.get(place.key) ?? kept)?.known;
  }

  /** A version that holds by itself is the answer to a read that names it, whatever comes later. Source: step 11 of did:webvh's Read. */
  #inSpiteOf({ reason, entry, before = [] }: Extract<Verdict, { kind: 'refused' }>, climb: Climb): Resolution {
    const { query, options, attempts } = climb;
    const isSafe = options.purpose === 'read' && reason !== 'forked-log' && isSettled(before, query);
    const document = before.at(-1)?.document;
    if (!isSafe || document === undefined) return refused(reason, attempts, entry);
    const log = { text: '', versions: before, concessions: [] };
    return this.#answer('origin', { known: { text: '', document, log }, confirmedAt: options.at }, climb);
  }

  /** Nobody had anything that is new enough: what is known has to do for a read. */
  #atLast(before: Kept | undefined, climb: Climb): Resolution {
    const { place, attempts, options } = climb;
    const kept = this.#memory.get(place.key) ?? before;
    if (kept !== undefined && isNamed(kept.known, place))
      return options.purpose === 'write' ? refused('stale', attempts) : this.#answer('memory', kept, climb);
    const isAbsent = attempts.some(({ rung, outcome }) => rung === 'origin' && outcome === 'absent');
    return refused(isAbsent ? 'not-found' : 'unreachable', attempts);
  }

  /** Into memory at once, so that no other history can be verified in between. */
  async #keep({ key }: Place, kept: Kept): Promise<Kept> {
    this.#memory.set(key, kept);
    const { text, witnessProofs } = kept.known;
    await settled(this.#ports.store?.write(key, { text, witnessProofs, confirmedAt: kept.confirmedAt }), undefined);
    return kept;
  }

  #ifFresh(rung: Rung, kept: Kept | undefined, climb: Climb): Resolution | undefined {
    if (kept === undefined || !isNamed(kept.known, climb.place)) return undefined;
    if (this.#isFresh(kept, climb)) return this.#answer(rung, kept, climb);
    climb.attempts.push({ rung, outcome: 'stale' });
    return undefined;
  }

  #isFresh({ known, confirmedAt }: Kept, { query, options: { at, purpose } }: Climb): boolean {
    if (purpose === 'read' && isSettled(known.log?.versions ?? [], query)) return true;
    const most = purpose === 'write' ? this.#policy.writeFreshMs : this.#policy.readFreshMs;
    const { ttlMs } = metadataOf(known, undefined);
    const ageMs = at - (confirmedAt ?? -Infinity);
    // What was confirmed at a time to come was confirmed by a clock that was wrong.
    return ageMs >= -CLOCK_SKEW_MS && ageMs <= Math.min(most, ttlMs);
  }

  #answer(rung: Rung, kept: Kept, climb: Climb): Resolution {
    const { place, query, options, attempts } = climb;
    const { log, document } = kept.known;
    if (!isNamed(kept.known, place)) return refused('other-did', attempts);
    const version = log && selectVersion(log.versions, query);
    if (version === undefined && Object.keys(query).length > 0)
      return refused(log === undefined ? 'unsupported-query' : 'unknown-version', attempts);
    const metadata = metadataOf(kept.known, version);
    if (options.purpose === 'write' && metadata.concessions.length > 0) return refused('conceded', attempts);
    attempts.push({ rung, outcome: 'answered' });
    const ageMs = kept.confirmedAt === undefined ? undefined : Math.max(0, options.at - kept.confirmedAt);
    return {
      kind: version?.parameters.deactivated ? 'deactivated' : 'resolved',
      did: place.did,
      document: version?.document ?? document,
      metadata,
      rung,
      ageMs,
      isStale: !this.#isFresh(kept, climb),
      attempts,
    };
  }
}

/** Answers of peers that are verified for one question. */
const MOST_PEERS = 8;

/** Those who ask the same at the same time wait for the same answer. */
class Flights<T> {
  readonly #under = new Map<string, Promise<T>>();

  run(name: string, start: () => Promise<T>): Promise<T> {
    const under = this.#under.get(name);
    if (under !== undefined) return under;
    const flight = start().finally(() => this.#under.delete(name));
    this.#under.set(name, flight);
    return flight;
  }
}

/** A log is kept by its SCID, whoever asked for it; a DID with another place and the same SCID is another one. */
function isNamed({ log }: Known, { did }: Place): boolean {
  return log === undefined || log.versions.some(({ document }) => document.id === did);
}

function longest(verdicts: readonly Verdict[]): Known | undefined {
  const known = verdicts.flatMap((verdict) => (verdict.kind === 'known' ? [verdict.known] : []));
  return known.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0];
}

function lengthOf(known: Known | undefined): number {
  return known?.log?.versions.length ?? 0;
}

function note(attempts: Attempt[], outcome: Attempt['outcome']): undefined {
  attempts.push({ rung: 'origin', outcome });
  return undefined;
}

/** A port that fails is a rung that does not hold. */
async function settled<T, D>(answer: Promise<T> | undefined, otherwise: D): Promise<T | D> {
  try {
    return answer === undefined ? otherwise : await answer;
  } catch {
    return otherwise;
  }
}

function refused(reason: ResolutionRefusal, attempts: readonly Attempt[] = [], entry?: number): Resolution {
  return { kind: 'refused', reason, entry, attempts };
}
