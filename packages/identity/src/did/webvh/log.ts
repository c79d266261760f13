/** Verifying a log from its first entry to its last. Source: https://identity.foundation/didwebvh/v1.0/#read-resolve */
import { provider as preset } from '#provider';
import type { JsonObject, JsonValue } from '../../canonical/strict-json.ts';
import { toMultikey } from '../../encoding/multikey.ts';
import { whyNotProven } from '../../proof/data-integrity.ts';
import { CLOCK_SKEW_MS, parseTime, requireTime } from '../../proof/time.ts';
import type { CryptoProvider } from '../../provider/provider.ts';
import { frozen, type DidDocument } from '../document.ts';
import { keyOfDidKeyUrl } from '../key.ts';
import { weightOf } from '../weight.ts';
import { entryHashOf, multihashOf, parseEntry, scidOf, type LogEntry } from './entry.ts';
import { nextParameters, type Parameters } from './parameters.ts';
import type { WebvhRefusal } from './refusal.ts';
import { isMultihash, parseWebvhDid } from './webvh-did.ts';
import { witnessing, type Concession, type Witnessed } from './witness.ts';

/** A version of a document that was verified. */
export interface DidVersion {
  /** From 1. */
  readonly number: number;
  /** Number, dash, hash of the entry and so of all before it. */
  readonly versionId: string;
  /** Epoch milliseconds from which it holds, as its controller says. */
  readonly versionAt: number;
  readonly document: DidDocument;
  /** What is active after it. */
  readonly parameters: Parameters;
}

/** A log that holds. */
export interface VerifiedLog {
  /** Lines, each with its end. */
  readonly text: string;
  /** At least one. */
  readonly versions: readonly DidVersion[];
  /** Where it was taken although it does not keep to the letter of the specification. */
  readonly concessions: readonly Concession[];
}

/** A log that holds, or why not: which entry (from 1) breaks which rule, and the versions before it, which hold by themselves. */
export type LogVerdict =
  | { readonly kind: 'verified'; readonly log: VerifiedLog }
  | {
      readonly kind: 'refused';
      readonly reason: WebvhRefusal;
      /** `undefined` where no single entry is to blame. */
      readonly entry: number | undefined;
      readonly before: readonly DidVersion[];
    };

/** What a log is verified against. */
export interface LogChecks {
  /** Now, in epoch milliseconds. */
  readonly at: number;
  /** Text of did-witness.json, if there is one. */
  readonly witnessProofs?: string | undefined;
  /** What was verified earlier: the log has to continue it, and only what is new is verified. */
  readonly known?: VerifiedLog | undefined;
  /** The log may be of another place with the same SCID: one that moved, before the DID was known; default false. */
  readonly anyName?: boolean;
  /** Entries that are read; default 1024. */
  readonly mostEntries?: number;
  /** UTF-16 code units that are read of an entry; default 256 Ki. */
  readonly mostCharacters?: number;
}

const MOST_ENTRIES = 1024;
const MOST_CHARACTERS = 2 ** 18;
/** Of a whole log, see {@link weightOf}: that of 1024 entries with keys of all kinds is two thirds of it. */
const MOST_BYTES = 2 ** 25;

/** Verifies the log of a DID. Never throws on what others wrote. @throws RangeError for a time that is none */
export function verifyLog(did: string, text: string, checks: LogChecks, provider: CryptoProvider = preset): LogVerdict {
  requireTime('at', checks.at);
  const asked = parseWebvhDid(did);
  if (typeof asked === 'string') return refused(asked);
  const lines = linesOf(text, checks);
  if (typeof lines === 'string') return refused(lines);
  const chain = chained(lines, asked.scid, checks, provider);
  const { versions, shared } = chain;
  const witnessed = witnessedChain(chain, checks, provider);
  if (witnessed.kind === 'refused')
    return refused(witnessed.reason, versions.slice(0, witnessed.index), witnessed.index + 1);
  const { known, anyName = false } = checks;
  const isBehind = shared < (known?.versions.length ?? 0);
  if (isBehind && shared < versions.length) return refused('forked-log', versions.slice(0, shared), shared + 1);
  if (chain.broken !== undefined) return refused(chain.broken, versions, versions.length + 1);
  if (isBehind) return refused('truncated-log', versions);
  if (!anyName && !versions.some(({ document }) => document.id === did)) return refused('other-did');
  const concessions = [...new Set([...(known?.concessions ?? []), ...witnessed.concessions])];
  return { kind: 'verified', log: { text: text.endsWith('\n') ? text : `${text}\n`, versions, concessions } };
}

/** Lines of a log that is not too long to be read, or why not. */
export function linesOf(
  text: string,
  { mostEntries = MOST_ENTRIES }: Pick<LogChecks, 'mostEntries'>,
): readonly string[] | WebvhRefusal {
  if (weightOf(text) > MOST_BYTES) return 'too-long';
  const lines = text.split('\n', mostEntries + 2);
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) return 'empty-log';
  return lines.length > mostEntries ? 'too-many-entries' : lines;
}

/** Versions up to the first entry that does not hold. */
interface Chain {
  readonly versions: readonly DidVersion[];
  /** How many of them are the ones that are known. */
  readonly shared: number;
  /** Why the next entry does not hold; `undefined`: there is none. */
  readonly broken: WebvhRefusal | undefined;
}

function chained(lines: readonly string[], scid: string, checks: LogChecks, provider: CryptoProvider): Chain {
  const knownLines = checks.known?.text.split('\n') ?? [];
  const versions: DidVersion[] = [];
  let shared = 0;
  for (const [i, line] of lines.entries()) {
    const known = shared === i ? checks.known?.versions[i] : undefined;
    // The same entry in other words, or with other proofs, is verified again.
    const next =
      known !== undefined && line === knownLines[i] ? known : nextVersion(line, versions, scid, checks, provider);
    if (typeof next === 'string') return { versions, shared, broken: next };
    versions.push(next);
    if (next.versionId === known?.versionId) shared++;
  }
  return { versions, shared, broken: undefined };
}

/** Whether what is new has the approval of its witnesses, whatever comes after it. */
function witnessedChain({ versions, shared }: Chain, { at, witnessProofs }: LogChecks, provider: CryptoProvider) {
  const needed = witnessedOf(versions).filter(({ index }) => index >= shared);
  return witnessing(
    witnessProofs,
    needed,
    versions.map(({ versionId }) => versionId),
    at,
    provider,
  );
}

/** The version that a line makes of a log, without what only the whole shows, or why it is none. */
export function nextVersion(
  line: string,
  before: readonly DidVersion[],
  scid: string,
  { at, mostCharacters = MOST_CHARACTERS }: LogChecks,
  provider: CryptoProvider,
): DidVersion | WebvhRefusal {
  const previous = before.at(-1);
  if (previous?.parameters.deactivated) return 'change-after-deactivation';
  const entry = parseEntry(line, mostCharacters);
  if (typeof entry === 'string') return entry;
  const parameters = nextParameters(entry.content.parameters, previous?.parameters);
  if (typeof parameters === 'string') return parameters;
  if (parameters.scid !== scid) return 'other-scid';
  const broken =
    whyNotChained(entry, previous, scid, provider) ??
    whyNotInTime(entry, previous, at) ??
    whyNotCommitted(parameters, previous?.parameters, provider) ??
    whyNotAuthorised(entry, keysFor(parameters, previous?.parameters), at, provider) ??
    whyNotNamed(entry.content.state, previous?.document, parameters);
  if (broken !== undefined) return broken;
  const { versionId, versionTime, state } = entry.content;
  const versionAt = parseTime(versionTime) ?? NaN;
  return frozen({ number: before.length + 1, versionId, versionAt, document: state, parameters });
}

function whyNotChained(
  { content }: LogEntry,
  previous: DidVersion | undefined,
  scid: string,
  provider: CryptoProvider,
): WebvhRefusal | undefined {
  const [, number, hash = ''] = /^([1-9]\d*)-(.+)$/.exec(content.versionId) ?? [];
  if (number === undefined || !isMultihash(hash)) return 'malformed-version-id';
  if (Number(number) !== (previous?.number ?? 0) + 1) return 'wrong-version-number';
  if (previous === undefined && scidOf(content, scid, provider) !== scid) return 'wrong-scid';
  const isChained = entryHashOf(content, previous?.versionId ?? scid, provider) === hash;
  return isChained ? undefined : 'wrong-entry-hash';
}

function whyNotInTime({ content }: LogEntry, previous: DidVersion | undefined, now: number): WebvhRefusal | undefined {
  const at = /(?:Z|[+-]00:00)$/.test(content.versionTime) ? parseTime(content.versionTime) : undefined;
  if (at === undefined) return 'malformed-time';
  if (previous !== undefined && at <= previous.versionAt) return 'time-not-later';
  return at > now + CLOCK_SKEW_MS ? 'time-in-future' : undefined;
}

/** With pre-rotation active before an entry, its update keys are those that were committed to. */
function whyNotCommitted(
  { updateKeys }: Parameters,
  active: Parameters | undefined,
  provider: CryptoProvider,
): WebvhRefusal | undefined {
  if (!isPreRotated(active)) return undefined;
  const hashes = new Set(active?.nextKeyHashes);
  return updateKeys.every((key) => hashes.has(multihashOf(key, provider))) ? undefined : 'unmet-pre-rotation';
}

function keysFor(parameters: Parameters, active: Parameters | undefined): readonly string[] {
  return active === undefined || isPreRotated(active) ? parameters.updateKeys : active.updateKeys;
}

function isPreRotated(active: Parameters | undefined): boolean {
  return active !== undefined && active.nextKeyHashes.length > 0;
}

/** All proofs have to hold, each by a key that may sign. */
function whyNotAuthorised(
  { content, proofs }: LogEntry,
  keys: readonly string[],
  at: number,
  provider: CryptoProvider,
): WebvhRefusal | undefined {
  for (const proof of proofs) {
    const { cryptosuite, proofPurpose, verificationMethod } = isObject(proof) ? proof : {};
    if (typeof cryptosuite === 'string' && cryptosuite !== 'eddsa-jcs-2022') return 'unknown-cryptosuite';
    if (typeof proofPurpose === 'string' && proofPurpose !== 'assertionMethod') return 'wrong-proof-purpose';
    const key = typeof verificationMethod === 'string' ? keyOfDidKeyUrl(verificationMethod) : undefined;
    if (key === undefined || !keys.includes(toMultikey(key))) return 'unauthorised-key';
    const broken = whyNotProven(content, proof, key, at, provider);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

/** A document keeps its DID, or its log is portable and it says what it was known as. */
function whyNotNamed(
  document: DidDocument,
  previous: DidDocument | undefined,
  { scid, portable }: Parameters,
): WebvhRefusal | undefined {
  const did = parseWebvhDid(document.id);
  if (typeof did === 'string') return did;
  if (did.scid !== scid) return 'other-scid';
  if (previous === undefined || previous.id === document.id) return undefined;
  if (!portable) return 'not-portable';
  const names = document.alsoKnownAs;
  return Array.isArray(names) && names.includes(previous.id) ? undefined : 'missing-prior-did';
}

/** A rule still approves the entry that sets another one; a first rule approves the entry that sets it. */
function witnessedOf(versions: readonly DidVersion[]): readonly Witnessed[] {
  return versions.flatMap(({ parameters: { witness } }, index) => {
    const before = versions[index - 1]?.parameters.witness;
    const rule = before ?? witness;
    const isReduced = witness !== before && witness?.witnesses.every((key) => before?.witnesses.includes(key));
    return rule === undefined ? [] : [{ index, rule, reduced: isReduced ? witness : undefined }];
  });
}

function refused(reason: WebvhRefusal, before: readonly DidVersion[] = [], entry?: number): LogVerdict {
  return { kind: 'refused', reason, entry, before };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
