/**
 * The ladder to a document: what was verified before, the local store, peers, the origin. Reads have what is known when nobody answers, and say so; what is needed for
 * a write fails closed unless the origin confirmed it recently.
 */
import { provider as preset } from '#provider';
import { CLOCK_SKEW_MS, requireTime } from '../../proof/time.ts';
import type { CryptoProvider } from '../../provider/provider.ts';
import { parseDidUrl, type DidUrl } from '../did.ts';
import { documentOfDidKey } from '../key.ts';
import { placeOf, type Known, type Place } from './methods.ts';
import { RESOLVER_POLICY, type ResolverPolicy } from './policy.ts';
import type { ResolverPorts } from './ports.ts';
import type { Attempt, Resolution, ResolutionRefusal, Rung } from './resolution.ts';
import { Rungs, type Kept, type Refusal, type Report } from './rungs.ts';
import { isSettled, metadataOf, selectVersion, versionQuery, type VersionQuery } from './version.ts';

/** What an answer is for. */
export interface ResolveOptions {
  /** Now, in epoch milliseconds. */
  readonly at: number;
  /** `write` for votes, mandates and whatever else cannot be taken back. */
  readonly purpose: 'read' | 'write';
  /** Ends the waiting for peers and origin: what is known has to do. Others who wait for the same answer go on. */
  readonly signal?: AbortSignal | undefined;
}

/** Resolves DIDs and DID URLs with a version; rejects with a RangeError for a time that is none, and for nothing else. */
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

interface Climb {
  readonly place: Place;
  readonly query: VersionQuery;
  readonly options: ResolveOptions;
  readonly attempts: Attempt[];
}

class Ladder {
  readonly #policy: ResolverPolicy;
  readonly #provider: CryptoProvider;
  readonly #rungs: Rungs;

  constructor(ports: ResolverPorts, policy: ResolverPolicy, provider: CryptoProvider) {
    this.#policy = policy;
    this.#provider = provider;
    this.#rungs = new Rungs(ports, policy, provider);
  }

  async resolve(didUrl: string, options: ResolveOptions): Promise<Resolution> {
    requireTime('at', options.at);
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
    const inMemory = this.#rungs.inMemory(place);
    const stored = inMemory ? undefined : await this.#rungs.fromStore({ place, at: options.at, kept: undefined });
    attempts.push(...(stored?.attempts ?? []));
    const kept = inMemory ?? stored?.kept;
    const near = this.#ifFresh(stored === undefined ? 'memory' : 'store', kept, climb);
    if (near !== undefined) return near;
    const reports = await this.#ask(kept, climb);
    attempts.push(...reports.flatMap((report) => report.attempts));
    for (const { rung, kept: news } of reports) if (news !== undefined) return this.#answer(rung, news, climb);
    return this.#withoutNews(kept, worst(reports), climb);
  }

  /** Peers and origin at once, so that neither can keep the other from answering; the first that has something is enough. */
  async #ask(kept: Kept | undefined, { place, options }: Climb): Promise<readonly Report[]> {
    const { at, purpose, signal } = options;
    if (signal?.aborted) return [];
    const errand = { place, at, kept };
    // Nobody but the origin can say that there is nothing newer, which is what a write has to know.
    const peers = purpose === 'read' ? [this.#rungs.fromPeers(errand)] : [];
    return answersUntil([...peers, this.#rungs.fromOrigin(errand)], (report) => report.kept !== undefined, signal);
  }

  /** What does not hold says nothing about a DID, so that whoever says it counts as away; but two histories that both hold leave nothing to rely on. */
  #withoutNews(before: Kept | undefined, refusal: Refusal | undefined, climb: Climb): Resolution {
    const { place, attempts, options } = climb;
    const isWrite = options.purpose === 'write';
    if (refusal !== undefined && (isWrite || refusal.reason === 'forked-log'))
      return refused(refusal.reason, attempts, refusal.entry);
    const kept = this.#rungs.inMemory(place) ?? before;
    const known = kept !== undefined && isNamed(kept.known, place) ? kept : undefined;
    if (known !== undefined && isWrite) return refused('stale', attempts);
    const named = this.#namedIn(refusal, climb) ?? (known && this.#answer('memory', known, climb));
    if (named !== undefined) return named;
    if (refusal !== undefined) return refused(refusal.reason, attempts, refusal.entry);
    const isAbsent = attempts.some(({ rung, outcome }) => rung === 'origin' && outcome === 'absent');
    return refused(isAbsent ? 'not-found' : 'unreachable', attempts);
  }

  /** A version that holds by itself is the answer to a read that names it, whatever comes later. Source: step 11 of did:webvh's Read. */
  #namedIn(refusal: Refusal | undefined, climb: Climb): Resolution | undefined {
    const versions = refusal?.before ?? [];
    const document = versions.at(-1)?.document;
    if (document === undefined || !isSettled(versions, climb.query)) return undefined;
    const known = { text: '', document, log: { text: '', versions, concessions: [] } };
    if (!isNamed(known, climb.place)) return undefined;
    return this.#answer('origin', { known, confirmedAt: climb.options.at }, climb);
  }

  #ifFresh(rung: Rung, kept: Kept | undefined, climb: Climb): Resolution | undefined {
    if (kept === undefined || !isNamed(kept.known, climb.place)) return undefined;
    if (this.#isFresh(kept, climb)) return this.#answer(rung, kept, climb);
    climb.attempts.push({ rung, outcome: 'stale' });
    return undefined;
  }

  #isFresh({ known, confirmedAt }: Kept, { query, options: { at, purpose } }: Climb): boolean {
    const versions = known.log?.versions ?? [];
    // Nothing can follow.
    if (versions.at(-1)?.parameters.deactivated) return true;
    if (purpose === 'read' && isSettled(versions, query)) return true;
    const { readFreshMs, writeFreshMs, absentMs } = this.#policy;
    const isMissing = known.log !== undefined && selectVersion(versions, query) === undefined;
    const most = Math.min(purpose === 'write' ? writeFreshMs : readFreshMs, isMissing ? absentMs : Infinity);
    const { ttlMs } = metadataOf(known, undefined);
    const ageMs = at - (confirmedAt ?? -Infinity);
    // What was confirmed at a time to come was confirmed by a clock that was wrong.
    return ageMs >= -CLOCK_SKEW_MS && ageMs <= Math.min(most, ttlMs);
  }

  #answer(rung: Rung, kept: Kept, climb: Climb): Resolution {
    const { place, query, options, attempts } = climb;
    const { log, document } = kept.known;
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

/** A log is kept by its SCID, whoever asked for it; a DID with another place and the same SCID is another one. */
function isNamed({ log }: Known, { did }: Place): boolean {
  return log === undefined || log.versions.some(({ document }) => document.id === did);
}

/** Another history outweighs whatever else does not hold. */
function worst(reports: readonly Report[]): Refusal | undefined {
  const refusals = reports.flatMap(({ refusal }) => refusal ?? []);
  return refusals.find(({ reason }) => reason === 'forked-log') ?? refusals.at(-1);
}

/** The answers that are there once one of them is enough, all are there, or enough was waited; in the order in which they were asked for. */
function answersUntil<T>(
  asked: readonly Promise<T>[],
  isEnough: (answer: T) => boolean,
  signal: AbortSignal | undefined,
): Promise<readonly T[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly T[]>();
  const came: (T | undefined)[] = asked.map(() => undefined);
  const end = () => resolve(came.filter((answer) => answer !== undefined));
  const hear = async (one: Promise<T>, i: number) => {
    const answer = await one;
    came[i] = answer;
    if (isEnough(answer)) end();
  };
  signal?.addEventListener('abort', end);
  Promise.all(asked.map(hear)).then(end, reject);
  return promise.finally(() => signal?.removeEventListener('abort', end));
}

function refused(reason: ResolutionRefusal, attempts: readonly Attempt[] = [], entry?: number): Resolution {
  return { kind: 'refused', reason, entry, attempts };
}
