/** Public keys as Multikeys. Sources: https://www.w3.org/TR/cid-1.0/#Multikey and the multicodec table (April 2026). */
import { concatBytes } from '@noble/hashes/utils.js';
import { LENGTHS } from '../provider/provider.ts';
import { fromMultibase, toMultibase, type Multibase } from './multibase.ts';

/** Kinds of public key that have a multicodec and are used here. */
export type MultikeyKind =
  'Ed25519' | 'X25519' | 'ML-KEM-768' | 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87' | 'SLH-DSA-SHA2-128s';

/** All kinds of public key; those that have no multicodec are written as JSON Web Keys. Kinds that sign are named like their suites. */
export type KeyKind = MultikeyKind | 'COMPSIG-MLDSA44-Ed25519-SHA512' | 'COMPSIG-MLDSA65-Ed25519-SHA512' | 'X-Wing';

interface Codec {
  /** Its code as an unsigned varint. */
  readonly header: readonly [number, number];
  readonly bytes: number;
  /** How it is written; keys of 32 bytes in base58btc. */
  readonly base: Multibase;
}

const CODECS: Readonly<Record<MultikeyKind, Codec>> = {
  Ed25519: { header: [0xed, 0x01], bytes: 32, base: 'z' },
  X25519: { header: [0xec, 0x01], bytes: 32, base: 'z' },
  'ML-KEM-768': { header: [0x8c, 0x24], bytes: LENGTHS.mlKem768.publicKeyBytes, base: 'u' },
  'ML-DSA-44': { header: [0x90, 0x24], bytes: LENGTHS.mlDsa44.publicKeyBytes, base: 'u' },
  'ML-DSA-65': { header: [0x91, 0x24], bytes: LENGTHS.mlDsa65.publicKeyBytes, base: 'u' },
  'ML-DSA-87': { header: [0x92, 0x24], bytes: LENGTHS.mlDsa87.publicKeyBytes, base: 'u' },
  'SLH-DSA-SHA2-128s': { header: [0xa0, 0x24], bytes: LENGTHS.slhDsaSha2128s.publicKeyBytes, base: 'u' },
};

/** A public key and what it is for. */
export interface PublicKey {
  readonly kind: KeyKind;
  readonly bytes: Uint8Array;
}

/** Whether keys of a kind can be written as Multikeys. */
export function isMultikeyKind(kind: KeyKind): kind is MultikeyKind {
  return Object.hasOwn(CODECS, kind);
}

/** `publicKeyMultibase`. @throws RangeError for a key of another length, or of a kind without a multicodec */
export function toMultikey({ kind, bytes }: PublicKey): string {
  if (!isMultikeyKind(kind)) throw new RangeError(`${kind} public key: has no multicodec`);
  const codec = CODECS[kind];
  if (bytes.length !== codec.bytes)
    throw new RangeError(`${kind} public key: has ${bytes.length} bytes, must have ${codec.bytes}`);
  return toMultibase(codec.base, concatBytes(Uint8Array.from(codec.header), bytes));
}

/** `undefined` for unknown codecs, other lengths, and another base than keys of the kind are written in. */
export function fromMultikey(text: string): PublicKey | undefined {
  const all = fromMultibase(text);
  if (all === undefined) return undefined;
  for (const [kind, { header, bytes, base }] of Object.entries(CODECS) as [MultikeyKind, Codec][]) {
    if (all[0] !== header[0] || all[1] !== header[1]) continue;
    return all.length === 2 + bytes && text[0] === base ? { kind, bytes: all.subarray(2) } : undefined;
  }
  return undefined;
}
