/** One line of a log, and what is hashed of it. Source: https://identity.foundation/didwebvh/v1.0/#the-did-log-file */
import { canonicalJson } from '../../canonical/jcs.ts';
import { parseJson, type JsonObject, type JsonValue } from '../../canonical/strict-json.ts';
import { toBase58 } from '../../encoding/multibase.ts';
import type { CryptoProvider } from '../../provider/provider.ts';
import { isDidDocument, type DidDocument } from '../document.ts';
import type { WebvhRefusal } from './refusal.ts';
import { SCID_PLACEHOLDER } from './webvh-did.ts';

/** What is hashed and signed. */
export interface EntryContent extends JsonObject {
  readonly versionId: string;
  readonly versionTime: string;
  readonly parameters: JsonObject;
  readonly state: DidDocument;
}

/** An entry, taken apart. */
export interface LogEntry {
  readonly content: EntryContent;
  readonly proofs: readonly JsonValue[];
}

/** Proofs of one entry that are looked at. */
const MOST_PROOFS = 16;

/** A line that has the shape of an entry, or why not. */
export function parseEntry(line: string, most: number): LogEntry | WebvhRefusal {
  const parsed = parseJson(line, { most });
  if (parsed.kind === 'refused') return parsed.reason;
  if (!isObject(parsed.value)) return 'malformed-entry';
  const { versionId, versionTime, parameters, state, proof, ...others } = parsed.value;
  const isEntry = typeof versionId === 'string' && typeof versionTime === 'string' && isObject(parameters);
  if (!isEntry || !isDidDocument(state) || Object.keys(others).length > 0) return 'malformed-entry';
  // The specification has a list; its schema takes a single proof as well.
  const proofs = proof === undefined ? [] : Array.isArray(proof) ? (proof as readonly JsonValue[]) : [proof];
  if (proofs.length === 0) return 'missing-proof';
  return proofs.length > MOST_PROOFS
    ? 'too-many-proofs'
    : { content: { versionId, versionTime, parameters, state }, proofs };
}

/** The SCID that a first entry has, whose own SCID is given; `undefined` where the entry says nothing that could be hashed. */
export function scidOf(content: EntryContent, scid: string, provider: CryptoProvider): string | undefined {
  const text = canonicalJson({ ...content, versionId: SCID_PLACEHOLDER });
  // Whatever is left as a placeholder would be hashed as if the SCID stood there: two entries with one SCID.
  if (text.replace(`"versionId":"${SCID_PLACEHOLDER}"`, '').includes(SCID_PLACEHOLDER)) return undefined;
  const replaced = text.replaceAll(scid, SCID_PLACEHOLDER);
  // Names may have it as well, so that their order is another one.
  const parsed = parseJson(replaced, { most: replaced.length });
  return parsed.kind === 'value' ? multihashOf(canonicalJson(parsed.value), provider) : undefined;
}

/** `entryHash`, chained to the `versionId` of the entry before, or to the SCID. */
export function entryHashOf(content: EntryContent, previous: string, provider: CryptoProvider): string {
  return multihashOf(canonicalJson({ ...content, versionId: previous }), provider);
}

/** SHA-256 multihash of a text in base58btc; of a Multikey it is what `nextKeyHashes` has. */
export function multihashOf(text: string, provider: CryptoProvider): string {
  const digest = provider.sha256(new TextEncoder().encode(text));
  return toBase58(Uint8Array.from([0x12, 0x20, ...digest]));
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
