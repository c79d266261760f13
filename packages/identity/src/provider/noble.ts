/** Primitives of the noble libraries: for browsers, and the reference that `node:crypto` is held against. */
import { gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { CipherWithOutput } from '@noble/ciphers/utils.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { sha3_256, shake256 } from '@noble/hashes/sha3.js';
import { concatBytes, randomBytes } from '@noble/hashes/utils.js';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { slh_dsa_sha2_128s } from '@noble/post-quantum/slh-dsa.js';
import { equalBytes } from '../encoding/equal.ts';
import { checked, type Cipher, type Signing } from './checked.ts';
import { littleEndian } from './ed25519.ts';
import { NO_BYTES, type CryptoProvider } from './provider.ts';

const joined = (parts: readonly Uint8Array[]) => (parts.length === 1 ? (parts[0] ?? NO_BYTES) : concatBytes(...parts));

/** See {@link CryptoProvider}. */
export const provider: CryptoProvider = checked({
  name: 'noble',
  sha256: (...parts) => sha256(joined(parts)),
  sha512: (...parts) => sha512(joined(parts)),
  sha3_256: (...parts) => sha3_256(joined(parts)),
  shake256: (length, ...parts) => shake256(joined(parts), { dkLen: length }),
  hmacSha256: (key, ...parts) => hmac(sha256, key, joined(parts)),
  hmacSha512: (key, ...parts) => hmac(sha512, key, joined(parts)),
  chaCha20Poly1305: cipherOf(chacha20poly1305),
  aes128Gcm: cipherOf(gcm),
  aes256Gcm: cipherOf(gcm),
  ed25519: {
    signingKey: (seed) => {
      const own = Uint8Array.from(seed);
      return { publicKey: ed25519.getPublicKey(own), sign: (message) => ed25519.sign(message, own) };
    },
    verifyingKey: (publicKey) => {
      const point = ed25519.Point.fromBytes(publicKey);
      return (message, signature) => isSigned(publicKey, point, message, signature);
    },
  },
  mlDsa44: signingWith(ml_dsa44),
  mlDsa65: signingWith(ml_dsa65),
  mlDsa87: signingWith(ml_dsa87),
  slhDsaSha2128s: signingWith(slh_dsa_sha2_128s),
  x25519: (secret) => {
    const own = Uint8Array.from(secret);
    return {
      publicKey: x25519.getPublicKey(own),
      sharedSecret: (publicKey) => x25519.getSharedSecret(own, publicKey),
    };
  },
  mlKem768: {
    decapsulationKey: (seed) => {
      const { publicKey, secretKey } = ml_kem768.keygen(seed);
      return { publicKey, decapsulate: (ciphertext) => ml_kem768.decapsulate(ciphertext, secretKey) };
    },
    encapsulate: (publicKey) => {
      const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey);
      return { ciphertext: cipherText, sharedSecret };
    },
  },
  randomBytes: (length) => randomBytes(length),
});

type Point = InstanceType<typeof ed25519.Point>;

/** As OpenSSL does it: the encoding of [S]B − [k]A is R, without a cofactor. */
function isSigned(publicKey: Uint8Array, point: Point, message: Uint8Array, signature: Uint8Array): boolean {
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
  const { BASE, Fn } = ed25519.Point;
  const k = Fn.create(littleEndian(sha512(concatBytes(r, publicKey, message))));
  const expected = BASE.multiplyUnsafe(littleEndian(s)).subtract(point.multiplyUnsafe(k));
  return equalBytes(expected.toBytes(), r);
}

interface Scheme {
  readonly keygen: (seed: Uint8Array) => { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };
  readonly sign: (message: Uint8Array, secretKey: Uint8Array, options: Options) => Uint8Array;
  readonly verify: (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array, options: Options) => boolean;
}

interface Options {
  readonly context: Uint8Array;
}

/** ML-DSA and SLH-DSA: hedged. */
function signingWith({ keygen, sign, verify }: Scheme): Signing {
  return {
    signingKey: (seed) => {
      const { publicKey, secretKey } = keygen(seed);
      return { publicKey, sign: (message, context) => sign(message, secretKey, { context }) };
    },
    verifyingKey: (publicKey) => (message, signature, context) => verify(signature, message, publicKey, { context }),
  };
}

function cipherOf(cipher: (key: Uint8Array, nonce: Uint8Array, associated: Uint8Array) => CipherWithOutput): Cipher {
  return {
    seal: (key, nonce, plaintext, associated) => cipher(key, nonce, associated).encrypt(plaintext),
    open: (key, nonce, ciphertext, associated) => cipher(key, nonce, associated).decrypt(ciphertext),
  };
}
