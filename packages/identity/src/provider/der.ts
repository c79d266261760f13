/**
 * Raw keys as the two structures that `node:crypto` imports. Sources: RFC 5958 and RFC 5280 (structures), RFC 8410 (Ed25519, X25519), RFC 9881 (ML-DSA: the
 * seed alone, as `[0]`), RFC 9935 (ML-KEM likewise), RFC 9909 (SLH-DSA).
 */
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';

/** What is imported. */
export type Algorithm =
  'Ed25519' | 'X25519' | 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87' | 'SLH-DSA-SHA2-128s' | 'ML-KEM-768';

interface Encoding {
  /** Content of the OBJECT IDENTIFIER, hexadecimal. */
  readonly oid: string;
  /** Tag around the secret inside of the OCTET STRING; none where the octets are the secret. */
  readonly tag?: number;
}

/** `[0] IMPLICIT OCTET STRING`: the seed of ML-DSA and ML-KEM. */
const SEED = 0x80;
const OCTET_STRING = 0x04;
const SEQUENCE = 0x30;
const BIT_STRING = 0x03;
const OBJECT_IDENTIFIER = 0x06;
/** Version 0. */
const VERSION = Uint8Array.of(0x02, 0x01, 0x00);

const ENCODINGS: Readonly<Record<Algorithm, Encoding>> = {
  Ed25519: { oid: '2b6570', tag: OCTET_STRING },
  X25519: { oid: '2b656e', tag: OCTET_STRING },
  'ML-DSA-44': { oid: '608648016503040311', tag: SEED },
  'ML-DSA-65': { oid: '608648016503040312', tag: SEED },
  'ML-DSA-87': { oid: '608648016503040313', tag: SEED },
  'SLH-DSA-SHA2-128s': { oid: '608648016503040314' },
  'ML-KEM-768': { oid: '608648016503040402', tag: SEED },
};

/** PKCS #8. The secret stands at its end and nowhere else, so that it is gone when this is wiped. */
export function privateKeyInfo(algorithm: Algorithm, secret: Uint8Array): Uint8Array {
  const { oid, tag } = ENCODINGS[algorithm];
  const place = new Uint8Array(secret.length);
  const inner = tag === undefined ? place : tagged(tag, place);
  const whole = tagged(SEQUENCE, VERSION, identifier(oid), tagged(OCTET_STRING, inner));
  whole.set(secret, whole.length - secret.length);
  return whole;
}

/** SubjectPublicKeyInfo. */
export function subjectPublicKeyInfo(algorithm: Algorithm, publicKey: Uint8Array): Uint8Array {
  return tagged(SEQUENCE, identifier(ENCODINGS[algorithm].oid), tagged(BIT_STRING, Uint8Array.of(0), publicKey));
}

function identifier(oid: string): Uint8Array {
  return tagged(SEQUENCE, tagged(OBJECT_IDENTIFIER, hexToBytes(oid)));
}

/** An element of less than 64 KiB. */
export function tagged(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...parts);
  return concatBytes(Uint8Array.of(tag), lengthOf(content.length), content);
}

/** Shortest form (DER); nothing here has 64 KiB. */
function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  return length < 0x100 ? Uint8Array.of(0x81, length) : Uint8Array.of(0x82, length >> 8, length & 0xff);
}
