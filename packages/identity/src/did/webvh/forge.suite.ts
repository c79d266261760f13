/** Logs in which all is right but for one thing: entries are chained and signed whatever they say, unless that is what shall be wrong. */
import { canonicalJson } from '../../canonical/jcs.ts';
import type { JsonObject, JsonValue } from '../../canonical/strict-json.ts';
import { toMultikey } from '../../encoding/multikey.ts';
import { createProof, type DataIntegrityProof } from '../../proof/data-integrity.ts';
import { formatTime } from '../../proof/time.ts';
import { provider } from '../../provider/node.ts';
import { didKeyUrl } from '../key.ts';
import { entryHashOf, multihashOf, type EntryContent } from './entry.ts';

/** 1 January 2026. */
export const AT = Date.UTC(2026, 0, 1);
/** A day. */
export const DAY = 86_400_000;
/** Long after all entries. */
export const NOW = AT + 100 * DAY;

/** A key by its number. */
export const key = (n: number) => provider.ed25519.signingKey(new Uint8Array(32).fill(n));
/** Its Multikey. */
export const multikey = (n: number): string => toMultikey({ kind: 'Ed25519', bytes: key(n).publicKey });
/** What `nextKeyHashes` has of it. */
export const keyHash = (n: number): string => multihashOf(multikey(n), provider);

/** What is said in an entry, and what of its making is wrong. */
export interface Forged {
  readonly parameters?: Readonly<Record<string, JsonValue | undefined>>;
  readonly state?: Readonly<Record<string, JsonValue | undefined>>;
  readonly versionTime?: JsonValue;
  /** Numbers of the keys that sign. */
  readonly signers?: readonly number[];
  readonly proof?: Partial<Record<keyof DataIntegrityProof, JsonValue>>;
  /** Of the finished entry. */
  readonly change?: (entry: Readonly<Record<string, JsonValue>>) => JsonValue;
  /** Instead of number and hash. */
  readonly versionId?: (right: string) => string;
}

/** Lines of a log that are chained to each other. */
export class Forge {
  readonly lines: string[] = [];
  readonly versionIds: string[] = [];
  scid = '';

  get did(): string {
    return `did:webvh:${this.scid}:a.example`;
  }

  get text(): string {
    return this.lines.map((line) => `${line}\n`).join('');
  }

  /** The first entry, with key 1 unless something else is said. */
  create({ parameters = {}, state = {}, ...more }: Forged = {}): this {
    const content = plain({
      versionId: '{SCID}',
      versionTime: (more.versionTime ?? formatTime(AT)) as string,
      parameters: { method: 'did:webvh:1.0', scid: '{SCID}', updateKeys: [multikey(1)], ...parameters },
      state: { id: 'did:webvh:{SCID}:a.example', ...state },
    });
    this.scid = multihashOf(canonicalJson(content), provider);
    const filled = plain(content, this.scid);
    return this.#append({ ...filled, versionId: this.scid }, more, [1]);
  }

  /** The next entry, signed by key 1. */
  update({ parameters = {}, state = {}, ...more }: Forged = {}): this {
    const at = AT + this.lines.length * DAY;
    const content = plain({
      versionId: this.versionIds.at(-1) ?? '',
      versionTime: (more.versionTime ?? formatTime(at)) as string,
      parameters,
      state: { id: this.did, ...state },
    });
    return this.#append(content, more, [1]);
  }

  #append(content: EntryContent, forged: Forged, signers: readonly number[]): this {
    const right = `${this.lines.length + 1}-${entryHashOf(content, content.versionId, provider)}`;
    const entry = { ...content, versionId: forged.versionId?.(right) ?? right };
    const proof = (forged.signers ?? signers).map((n) => ({ ...proofBy(entry, n), ...forged.proof }) as JsonObject);
    this.lines.push(JSON.stringify(forged.change?.({ ...entry, proof }) ?? { ...entry, proof }));
    this.versionIds.push(entry.versionId);
    return this;
  }
}

/** A proof of anything. */
export function proofBy(
  content: JsonObject,
  n: number,
  options: Partial<Record<string, string>> = {},
): DataIntegrityProof {
  const verificationMethod = didKeyUrl({ kind: 'Ed25519', bytes: key(n).publicKey });
  const all = { verificationMethod, proofPurpose: 'assertionMethod', created: formatTime(AT), ...options };
  return createProof(content, 'eddsa-jcs-2022', all, key(n), provider);
}

/** Without what is `undefined`, and with a SCID for its placeholder. */
function plain(content: object, scid = '{SCID}'): EntryContent {
  return JSON.parse(JSON.stringify(content).replaceAll('{SCID}', scid)) as EntryContent;
}
