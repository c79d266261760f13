/**
 * The key schedule of HPKE with its two kinds of key derivation function: extract and expand (RFC 9180 sections 4 and 5.1), and one stage
 * (draft-ietf-hpke-hpke-02 section 5.1, draft-ietf-hpke-pq-05 section 5).
 */
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { hkdfExpand, type Hmac } from '../provider/hkdf.ts';
import { NO_BYTES, type CryptoProvider } from '../provider/provider.ts';

/** HPKE's identifiers of key derivation functions. Source: https://www.iana.org/assignments/hpke */
export const KDF_IDS = { 'HKDF-SHA256': 0x0001, 'HKDF-SHA512': 0x0003, SHAKE256: 0x0011 } as const;

/** Name of a key derivation function. */
export type KdfName = keyof typeof KDF_IDS;

/** What the schedule starts from. */
export interface Secrets {
  /** 0 base, 1 psk, 2 auth, 3 auth with psk. */
  readonly mode: number;
  readonly sharedSecret: Uint8Array;
  readonly info: Uint8Array;
  readonly psk: Uint8Array;
  readonly pskId: Uint8Array;
}

/** What the schedule ends in. */
export interface Schedule {
  readonly key: Uint8Array;
  readonly baseNonce: Uint8Array;
  readonly exporterSecret: Uint8Array;
}

/** A key derivation function with the suite's identifier in all that it derives. */
export interface LabelledKdf {
  readonly schedule: (secrets: Secrets, keyBytes: number, nonceBytes: number) => Schedule;
  /** RFC 9180 section 5.3. */
  readonly exported: (exporterSecret: Uint8Array, context: Uint8Array, length: number) => Uint8Array;
}

const VERSION = utf8ToBytes('HPKE-v1');

/** See {@link LabelledKdf}. */
export function labelledKdf(name: KdfName, suiteId: Uint8Array, provider: CryptoProvider): LabelledKdf {
  if (name === 'SHAKE256') return oneStage(suiteId, provider.shake256, SHAKE256_BYTES);
  return twoStage(name === 'HKDF-SHA256' ? hkdfSha256(suiteId, provider) : hkdfParts(suiteId, provider.hmacSha512, 64));
}

/** As many bytes as are asked for, of all parts one after the other. */
export type Xof = CryptoProvider['shake256'];

/** LabeledExtract and LabeledExpand. */
export interface TwoStageParts {
  readonly hashBytes: number;
  readonly extract: (salt: Uint8Array, label: string, input: Uint8Array) => Uint8Array;
  readonly expand: (secret: Uint8Array, label: string, info: Uint8Array, length: number) => Uint8Array;
}

/** RFC 9180 section 4 over a hash: with the version and the suite before each label. */
export function hkdfParts(suiteId: Uint8Array, hmac: Hmac, hashBytes: number): TwoStageParts {
  const expand = hkdfExpand(hmac, hashBytes);
  return {
    hashBytes,
    extract: (salt, label, input) => hmac(salt, VERSION, suiteId, utf8ToBytes(label), input),
    expand: (secret, label, info, length) =>
      expand(secret, concatBytes(twoBytes(length), VERSION, suiteId, utf8ToBytes(label), info), length),
  };
}

/** Those of the hash that X25519's mechanism uses itself. */
export function hkdfSha256(suiteId: Uint8Array, { hmacSha256 }: CryptoProvider): TwoStageParts {
  return hkdfParts(suiteId, hmacSha256, 32);
}

/** RFC 9180 section 5.1. */
export function twoStage({ hashBytes, extract, expand }: TwoStageParts): LabelledKdf {
  return {
    schedule: ({ mode, sharedSecret, info, psk, pskId }, keyBytes, nonceBytes) => {
      const context = concatBytes(
        Uint8Array.of(mode),
        extract(NO_BYTES, 'psk_id_hash', pskId),
        extract(NO_BYTES, 'info_hash', info),
      );
      const secret = extract(sharedSecret, 'secret', psk);
      return {
        key: expand(secret, 'key', context, keyBytes),
        baseNonce: expand(secret, 'base_nonce', context, nonceBytes),
        exporterSecret: expand(secret, 'exp', context, hashBytes),
      };
    },
    exported: (exporterSecret, context, length) => expand(exporterSecret, 'sec', context, length),
  };
}

/** Nh of SHAKE256. */
const SHAKE256_BYTES = 64;

/** draft-ietf-hpke-hpke-02 section 5.1 over a function with any number of output bytes. */
export function oneStage(suiteId: Uint8Array, xof: Xof, exporterBytes: number): LabelledKdf {
  return {
    schedule: ({ mode, sharedSecret, info, psk, pskId }, keyBytes, nonceBytes) => {
      const secret = labelledDerive(
        concatBytes(prefixed(psk), prefixed(sharedSecret)),
        { suiteId, label: 'secret', context: concatBytes(Uint8Array.of(mode), prefixed(pskId), prefixed(info)) },
        keyBytes + nonceBytes + exporterBytes,
        xof,
      );
      return {
        key: secret.slice(0, keyBytes),
        baseNonce: secret.slice(keyBytes, keyBytes + nonceBytes),
        exporterSecret: secret.slice(keyBytes + nonceBytes),
      };
    },
    exported: (exporterSecret, context, length) =>
      labelledDerive(exporterSecret, { suiteId, label: 'sec', context }, length, xof),
  };
}

/** LabeledDerive: with SHAKE256, hybrid KEMs make their key from its output as well. */
export function labelledDerive(
  input: Uint8Array,
  { suiteId, label, context }: { readonly suiteId: Uint8Array; readonly label: string; readonly context: Uint8Array },
  length: number,
  xof: Xof,
): Uint8Array {
  return xof(length, input, VERSION, suiteId, prefixed(utf8ToBytes(label)), twoBytes(length), context);
}

function prefixed(bytes: Uint8Array): Uint8Array {
  return concatBytes(twoBytes(bytes.length), bytes);
}

/** I2OSP(n, 2). @throws RangeError beyond 65 535 */
export function twoBytes(n: number): Uint8Array {
  if (!Number.isInteger(n) || n < 0 || n > 0xffff) throw new RangeError(`length: is ${n}, at most ${0xffff}`);
  return Uint8Array.of(n >> 8, n & 0xff);
}
