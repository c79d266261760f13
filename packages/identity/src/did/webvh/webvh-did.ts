/** A did:webvh taken apart. Source: https://identity.foundation/didwebvh/v1.0/#method-specific-identifier */
import { fromBase58 } from '../../encoding/multibase.ts';
import { parseDid } from '../did.ts';
import { webLocation, type LocationRefusal, type WebLocation } from '../location.ts';

/** Stands where the SCID comes, as long as it is not calculated. */
export const SCID_PLACEHOLDER = '{SCID}';

/** A DID whose log proves itself. */
export interface WebvhDid {
  readonly did: string;
  /** Hash of the first entry: what stays the same wherever the DID is moved to. */
  readonly scid: string;
  readonly location: WebLocation;
}

/** Why a text is no did:webvh. */
export type WebvhDidRefusal = 'malformed-did' | 'malformed-scid' | LocationRefusal;

/** A did:webvh, or why a text is none. */
export function parseWebvhDid(text: string): WebvhDid | WebvhDidRefusal {
  const did = parseDid(text);
  const parts = /^([^:]+):(.+)$/.exec(did?.identifier ?? '');
  if (did?.method !== 'webvh' || parts === null) return 'malformed-did';
  const [, scid = '', segments = ''] = parts;
  if (!isMultihash(scid)) return 'malformed-scid';
  const location = webLocation(segments);
  return typeof location === 'string' ? location : { did: did.did, scid, location };
}

const SHA2_256 = [0x12, 0x20];

/** Whether a text is a SHA-256 multihash in base58btc: the only hash of version 1.0. */
export function isMultihash(text: string): boolean {
  const bytes = text.length === 46 ? fromBase58(text) : undefined;
  return bytes?.length === 34 && SHA2_256.every((byte, i) => bytes[i] === byte);
}
