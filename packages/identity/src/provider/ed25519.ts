/**
 * Which Ed25519 public keys are taken at all. RFC 8032 leaves room, and libraries use it differently (ZIP-215 is one reading, OpenSSL's another); two honest
 * agents must never disagree on a signature. Here: keys are canonical encodings of points that are not of small order, S is below the group order,
 * and [S]B − [k]A must encode to R byte for byte (cofactorless).
 */

import { bytesToHex } from '@noble/hashes/utils.js';

/** The prime of the field, 2²⁵⁵ − 19, little-endian. */
const P = littleEndian(2n ** 255n - 19n);

/** Canonical encodings of the eight points of small order, without their sign bit. */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);

/** Whether bytes may be a public key, as far as that shows without calculating on the curve. */
export function isAcceptableKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 32) return false;
  const y = Uint8Array.from(publicKey);
  y[31] = (y[31] ?? 0) & 0x7f;
  return isBelow(y, P) && !SMALL_ORDER.has(bytesToHex(y));
}

/** Order of the group: S has to be below it (RFC 8032 section 5.1.7). */
const L = littleEndian(2n ** 252n + 27742317777372353535851937790883648493n);

/** Whether the second half of a signature is a canonical scalar. */
export function isCanonicalScalar(s: Uint8Array): boolean {
  return s.length === 32 && isBelow(s, L);
}

/** Of numbers that are public; little-endian, 32 bytes each. */
function isBelow(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 31; i >= 0; i--) if (a[i] !== b[i]) return (a[i] as number) < (b[i] as number);
  return false;
}

function littleEndian(n: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((n >> BigInt(8 * i)) & 0xffn));
}
