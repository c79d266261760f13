/** M′ of HashML-DSA and HashSLH-DSA. Sources: FIPS 204 algorithm 4, FIPS 205 algorithm 23, and the identifiers of NIST's register of algorithms. */
import { sha224, sha256, sha384, sha512, sha512_224, sha512_256 } from '@noble/hashes/sha2.js';
import { sha3_224, sha3_256, sha3_384, sha3_512, shake128, shake256 } from '@noble/hashes/sha3.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { Cannot } from './case.suite.ts';

/** Hashes with the last byte of their identifiers. */
const HASHES: Readonly<Record<string, readonly [number, (message: Uint8Array) => Uint8Array]>> = {
  'SHA2-256': [1, sha256],
  'SHA2-384': [2, sha384],
  'SHA2-512': [3, sha512],
  'SHA2-224': [4, sha224],
  'SHA2-512/224': [5, sha512_224],
  'SHA2-512/256': [6, sha512_256],
  'SHA3-224': [7, sha3_224],
  'SHA3-256': [8, sha3_256],
  'SHA3-384': [9, sha3_384],
  'SHA3-512': [10, sha3_512],
  'SHAKE-128': [11, (message) => shake128(message, { dkLen: 32 })],
  'SHAKE-256': [12, (message) => shake256(message, { dkLen: 64 })],
};
const IDENTIFIER = [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];

/** 1 ‖ length of the context ‖ context ‖ identifier of the hash ‖ hash of the message. */
export function preHashed(hash: string, message: Uint8Array, context: Uint8Array): Uint8Array {
  const [last, digest] = (Object.hasOwn(HASHES, hash) ? HASHES[hash] : undefined) ?? [];
  if (last === undefined || digest === undefined) throw new Cannot(`the hash ${hash} is not supported by this build`);
  const head = Uint8Array.of(1, context.length);
  return concatBytes(head, context, Uint8Array.of(...IDENTIFIER, last), digest(message));
}
