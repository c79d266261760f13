/** Writing logs: the DIDs of our own agents and clusters. Pre-rotation is not optional: every entry commits to the keys of the next one. */
import { provider as preset } from '#provider';
import { canonicalJson } from '../../canonical/jcs.ts';
import type { JsonObject } from '../../canonical/strict-json.ts';
import { toMultikey } from '../../encoding/multikey.ts';
import { createProof, type DataIntegrityProof } from '../../proof/data-integrity.ts';
import { formatTime } from '../../proof/time.ts';
import type { CryptoProvider, SigningKey } from '../../provider/provider.ts';
import { isDidDocument, type DidDocument } from '../document.ts';
import { didKeyUrl } from '../key.ts';
import { entryHashOf, multihashOf, type EntryContent } from './entry.ts';
import { linesOf, nextVersion, type DidVersion, type VerifiedLog } from './log.ts';
import { METHOD_VERSION, ruleParameter, type WitnessRule } from './parameters.ts';
import { SCID_PLACEHOLDER } from './webvh-did.ts';

/** Ed25519 keys that control a DID, which do nothing else. */
export interface ControlKeys {
  /** Signs this entry: one of those that the entry before committed to. */
  readonly signing: SigningKey;
  /** Public keys of which one may sign the next entry. */
  readonly next: readonly Uint8Array[];
}

/** Parameters that may be set. */
export interface LogSettings {
  /** `null`: no longer. */
  readonly witness?: WitnessRule | null;
  readonly watchers?: readonly string[];
  /** Whole seconds. */
  readonly ttlMs?: number;
  /** May only be given up after the first entry. */
  readonly portable?: boolean;
}

/** A log with an entry that was just signed. Where witnesses have to approve, their proofs come first, and the log is published after them. */
export interface WrittenLog {
  readonly did: string;
  readonly text: string;
  readonly versionId: string;
  readonly versions: readonly DidVersion[];
}

/** What a DID begins with. */
export interface Creation extends LogSettings {
  /** Host, port after `%3A`, path separated by colons; may have `{SCID}` in it. */
  readonly segments: string;
  /** The document of a DID, which still has a placeholder for its hash; default no keys. */
  readonly document?: (did: string) => JsonObject;
  readonly keys: ControlKeys;
  /** Now, in epoch milliseconds. */
  readonly at: number;
}

/** What follows. */
export interface Change extends LogSettings {
  /** Default as it was. Another `id` moves the DID, if the log is portable, and what it was known as is added. */
  readonly document?: DidDocument;
  readonly keys: ControlKeys;
  readonly at: number;
}

/** The first entry of a log, with the SCID that follows from it. @throws RangeError for keys, places and settings from which no log could be verified */
export function createLog(creation: Creation, provider: CryptoProvider = preset): WrittenLog {
  const { segments, document = emptyDocument, keys, at, ...settings } = creation;
  const placeholder: EntryContent = {
    versionId: SCID_PLACEHOLDER,
    versionTime: formatTime(at),
    parameters: {
      method: METHOD_VERSION,
      scid: SCID_PLACEHOLDER,
      ...keyParameters(keys, provider),
      ...written(settings),
    },
    state: document(`did:webvh:${SCID_PLACEHOLDER}:${segments}`) as DidDocument,
  };
  const scid = multihashOf(canonicalJson(placeholder), provider);
  const filled = filledIn(placeholder, scid);
  return appended('', [], { ...filled, versionId: scid }, keys, at, provider);
}

/** The next entry of a log. @throws RangeError where the log, with it, could not be verified */
export function updateLog(log: VerifiedLog, change: Change, provider: CryptoProvider = preset): WrittenLog {
  const { document, keys, at, ...settings } = change;
  const parameters = { ...keyParameters(keys, provider), ...written(settings) };
  return followed(log, parameters, document, keys, at, provider);
}

/** The last entry of a log: its document names no key, and nothing can follow. @throws RangeError as {@link updateLog} */
export function deactivateLog(
  log: VerifiedLog,
  change: { readonly signing: SigningKey; readonly at: number },
  provider: CryptoProvider = preset,
): WrittenLog {
  const { signing, at } = change;
  const parameters = { deactivated: true, updateKeys: [multikeyOf(signing.publicKey)], nextKeyHashes: [] };
  const empty = emptyDocument(last(log.versions).document.id);
  return followed(log, parameters, empty as DidDocument, { signing, next: [] }, at, provider);
}

/** A witness approves a version and all before it, once it has verified the log up to there. */
export function witnessProof(
  versionId: string,
  witness: SigningKey,
  at: number,
  provider: CryptoProvider = preset,
): DataIntegrityProof {
  return createProof({ versionId }, 'eddsa-jcs-2022', optionsOf(witness, at), witness, provider);
}

/** Text of did-witness.json. */
export function witnessFile(proofs: ReadonlyMap<string, readonly DataIntegrityProof[]>): string {
  return JSON.stringify(Array.from(proofs, ([versionId, proof]) => ({ versionId, proof })));
}

function followed(
  log: VerifiedLog,
  parameters: JsonObject,
  document: DidDocument | undefined,
  keys: ControlKeys,
  at: number,
  provider: CryptoProvider,
): WrittenLog {
  const previous = last(log.versions);
  const state = movedFrom(previous.document, document ?? previous.document);
  const versionTime = timeAfter(previous.versionAt, at);
  const content: EntryContent = { versionId: previous.versionId, versionTime, parameters, state };
  return appended(log.text, log.versions, content, keys, at, provider);
}

/** `content` has the `versionId` that the entry is chained to. */
function appended(
  text: string,
  versions: readonly DidVersion[],
  content: EntryContent,
  { signing }: ControlKeys,
  at: number,
  provider: CryptoProvider,
): WrittenLog {
  const versionId = `${versions.length + 1}-${entryHashOf(content, content.versionId, provider)}`;
  const entry = { ...content, versionId };
  const proof = createProof(entry, 'eddsa-jcs-2022', optionsOf(signing, at), signing, provider);
  const line = JSON.stringify({ ...entry, proof: [proof] });
  const scid = versions[0]?.parameters.scid ?? content.versionId;
  const whole = `${text}${line}\n`;
  const version = nextVersion(line, versions, scid, { at }, provider);
  const refusal = [linesOf(whole, {}), version].find((one) => typeof one === 'string');
  if (refusal !== undefined || typeof version === 'string')
    throw new RangeError(`log: would be refused with the entry: ${refusal}`);
  // Not the one that was parsed of the line: as long as such a piece is kept, JavaScript engines keep the whole.
  return { did: content.state.id, text: whole, versionId, versions: [...versions, version] };
}

function keyParameters({ signing, next }: ControlKeys, provider: CryptoProvider): JsonObject {
  if (next.length === 0) throw new RangeError('next: is empty, must have a key for the next entry');
  if (next.some((key) => multikeyOf(key) === multikeyOf(signing.publicKey)))
    throw new RangeError('next: has the key that signs now');
  return {
    updateKeys: [multikeyOf(signing.publicKey)],
    nextKeyHashes: next.map((key) => multihashOf(multikeyOf(key), provider)),
  };
}

function written({ witness, watchers, ttlMs, portable }: LogSettings): JsonObject {
  return {
    ...(witness === undefined ? {} : { witness: witness === null ? {} : ruleParameter(witness) }),
    ...(watchers === undefined ? {} : { watchers }),
    ...(ttlMs === undefined ? {} : { ttl: ttlMs / 1000 }),
    ...(portable === undefined ? {} : { portable }),
  };
}

function optionsOf(key: SigningKey, at: number) {
  const verificationMethod = didKeyUrl({ kind: 'Ed25519', bytes: key.publicKey });
  return { verificationMethod, proofPurpose: 'assertionMethod', created: formatTime(at) };
}

function filledIn(content: EntryContent, scid: string): EntryContent {
  return JSON.parse(JSON.stringify(content).replaceAll(SCID_PLACEHOLDER, scid)) as EntryContent;
}

/** With milliseconds only where seconds would not be later. */
function timeAfter(previous: number, at: number): string {
  const seconds = formatTime(at);
  return Date.parse(seconds) > previous ? seconds : new Date(at).toISOString();
}

function movedFrom(previous: DidDocument, document: DidDocument): DidDocument {
  if (!isDidDocument(document)) throw new RangeError('document: has no DID for its id');
  if (document.id === previous.id) return document;
  const names = Array.isArray(document.alsoKnownAs) ? (document.alsoKnownAs as readonly string[]) : [];
  return { ...document, alsoKnownAs: [...new Set([...names, previous.id])] };
}

function emptyDocument(did: string): JsonObject {
  return { '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'], id: did };
}

function multikeyOf(bytes: Uint8Array): string {
  return toMultikey({ kind: 'Ed25519', bytes });
}

function last(versions: readonly DidVersion[]): DidVersion {
  const version = versions.at(-1);
  if (version === undefined) throw new RangeError('log: has no entry');
  return version;
}
