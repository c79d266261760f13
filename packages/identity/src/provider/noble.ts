/** Primitives of the noble libraries: for browsers, and the reference that `node:crypto` is held against. */
import { gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { CipherWithOutput } from '@noble/ciphers/utils.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { sha3_256, shake256 } from '@noble/hashes/sha3.js';
import { concatBytes, randomBytes } from '@noble/hashes/utils.js';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { slh_dsa_sha2_128s } from '@noble/post-quantum/slh-dsa.js';
import { isAcceptableKey, isCanonicalScalar } from './ed25519.ts';
import {
  LENGTHS,
  NO_BYTES,
  requireBytes,
  requireContext,
  type Aead,
  type CryptoProvider,
  type SignatureScheme,
} from './provider.ts';

const joined = (parts: readonly Uint8Array[]) => (parts.length === 1 ? (parts[0] ?? NO_BYTES) : concatBytes(...parts));

/** See {@link CryptoProvider}. */
export const provider: CryptoProvider = {
  name: 'noble',
  sha256: (...parts) => sha256(joined(parts)),
  sha512: (...parts) => sha512(joined(parts)),
  sha3_256: (...parts) => sha3_256(joined(parts)),
  shake256: (length, ...parts) => shake256(joined(parts), { dkLen: length }),
  hmacSha256: (key, ...parts) => hmac(sha256, key, joined(parts)),
  hmacSha512: (key, ...parts) => hmac(sha512, key, joined(parts)),
  hkdfSha256: (input, salt, info, length) => hkdf(sha256, input, salt, info, length),
  chaCha20Poly1305: aeadOf(chacha20poly1305, 32),
  aes128Gcm: aeadOf(gcm, 16),
  aes256Gcm: aeadOf(gcm, 32),
  ed25519: {
    name: 'Ed25519',
    ...LENGTHS.ed25519,
    signingKey: (seed) => {
      requireBytes('Ed25519 seed', seed, 32);
      const own = Uint8Array.from(seed);
      return { publicKey: ed25519.getPublicKey(own), sign: (message) => ed25519.sign(message, own) };
    },
    verifyingKey: (publicKey) => {
      const point = pointOf(publicKey);
      if (point === undefined) return undefined;
      const key = Uint8Array.from(publicKey);
      return { publicKey: key, verify: (message, signature) => isSigned(key, point, message, signature) };
    },
  },
  mlDsa44: latticeScheme('ML-DSA-44', ml_dsa44, LENGTHS.mlDsa44),
  mlDsa65: latticeScheme('ML-DSA-65', ml_dsa65, LENGTHS.mlDsa65),
  mlDsa87: latticeScheme('ML-DSA-87', ml_dsa87, LENGTHS.mlDsa87),
  slhDsaSha2128s: latticeScheme('SLH-DSA-SHA2-128s', slh_dsa_sha2_128s, LENGTHS.slhDsaSha2128s),
  x25519: {
    publicKeyBytes: 32,
    agreementKey: (secret) => {
      const own = Uint8Array.from(requireBytes('X25519 secret', secret, 32));
      return {
        publicKey: x25519.getPublicKey(own),
        sharedSecret: (publicKey) =>
          publicKey.length === 32 ? attempt(() => x25519.getSharedSecret(own, publicKey)) : undefined,
      };
    },
  },
  mlKem768: {
    ...LENGTHS.mlKem768,
    decapsulationKey: (seed) => {
      const { publicKey, secretKey } = ml_kem768.keygen(requireBytes('ML-KEM-768 seed', seed, 64));
      return {
        publicKey,
        decapsulate: (ciphertext) =>
          ciphertext.length === LENGTHS.mlKem768.ciphertextBytes
            ? ml_kem768.decapsulate(ciphertext, secretKey)
            : undefined,
      };
    },
    encapsulate: (publicKey) => {
      if (publicKey.length !== LENGTHS.mlKem768.publicKeyBytes) return undefined;
      const made = attempt(() => ml_kem768.encapsulate(publicKey));
      return made && { ciphertext: made.cipherText, sharedSecret: made.sharedSecret };
    },
  },
  randomBytes: (length) => randomBytes(length),
};

type Point = InstanceType<typeof ed25519.Point>;

function pointOf(publicKey: Uint8Array): Point | undefined {
  return isAcceptableKey(publicKey) ? attempt(() => ed25519.Point.fromBytes(publicKey)) : undefined;
}

/** As OpenSSL does it: the encoding of [S]B − [k]A is R, without a cofactor. */
function isSigned(publicKey: Uint8Array, point: Point, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
  if (!isCanonicalScalar(s)) return false;
  const { Fn } = ed25519.Point;
  const k = Fn.create(littleEndian(sha512(concatBytes(r, publicKey, message))));
  const expected = ed25519.Point.BASE.multiplyUnsafe(littleEndian(s)).subtract(point.multiplyUnsafe(k)).toBytes();
  return expected.every((byte, i) => byte === r[i]);
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

interface Lattice {
  readonly keygen: (seed: Uint8Array) => { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };
  readonly sign: (message: Uint8Array, secretKey: Uint8Array, options: { context: Uint8Array }) => Uint8Array;
  readonly verify: (
    signature: Uint8Array,
    message: Uint8Array,
    publicKey: Uint8Array,
    options: { context: Uint8Array },
  ) => boolean;
}

/** ML-DSA and SLH-DSA: hedged, with a context. */
function latticeScheme(
  name: string,
  scheme: Lattice,
  lengths: Pick<SignatureScheme, 'seedBytes' | 'publicKeyBytes' | 'signatureBytes'>,
): SignatureScheme {
  return {
    name,
    ...lengths,
    signingKey: (seed) => {
      const { publicKey, secretKey } = scheme.keygen(requireBytes(`${name} seed`, seed, lengths.seedBytes));
      return {
        publicKey,
        sign: (message, options) => scheme.sign(message, secretKey, { context: requireContext(options) }),
      };
    },
    verifyingKey: (publicKey) => {
      if (publicKey.length !== lengths.publicKeyBytes) return undefined;
      const key = Uint8Array.from(publicKey);
      return {
        publicKey: key,
        verify: (message, signature, options) =>
          signature.length === lengths.signatureBytes &&
          attempt(() => scheme.verify(signature, message, key, { context: requireContext(options) })) === true,
      };
    },
  };
}

function aeadOf(
  cipher: (key: Uint8Array, nonce: Uint8Array, associated?: Uint8Array) => CipherWithOutput,
  keyBytes: 16 | 32,
): Aead {
  return {
    keyBytes,
    seal: (key, nonce, plaintext, associated) =>
      cipher(requireBytes('key', key, keyBytes), requireBytes('nonce', nonce, 12), associated).encrypt(plaintext),
    open: (key, nonce, ciphertext, associated) => {
      const opening = cipher(requireBytes('key', key, keyBytes), requireBytes('nonce', nonce, 12), associated);
      return attempt(() => opening.decrypt(ciphertext));
    },
  };
}

/** What the libraries throw for input that is wrong is an answer here. */
function attempt<T>(calculate: () => T): T | undefined {
  try {
    return calculate();
  } catch {
    return undefined;
  }
}
