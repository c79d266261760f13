/** Primitives of `node:crypto` (OpenSSL 3.5, Node 24). Keys are wrapped by hand, so that nothing but the expected bytes is ever imported. */
import { slh_dsa_sha2_128s } from '@noble/post-quantum/slh-dsa.js';
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  decapsulate,
  diffieHellman,
  encapsulate,
  hash,
  randomBytes,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { checked, type Cipher, type Signing } from './checked.ts';
import { privateKeyInfo, subjectPublicKeyInfo, type Algorithm } from './der.ts';
import { LENGTHS, type CryptoProvider } from './provider.ts';
import { wiped } from './wiped.ts';

const TAG_BYTES = 16;

/** See {@link CryptoProvider}. */
export const provider: CryptoProvider = checked({
  name: 'node',
  sha256: hashing('sha256'),
  sha512: hashing('sha512'),
  sha3_256: hashing('sha3-256'),
  shake256: (length, ...parts) => {
    const state = createHash('shake256', { outputLength: length });
    for (const part of parts) state.update(part);
    return plain(state.digest());
  },
  hmacSha256: authenticating('sha256'),
  hmacSha512: authenticating('sha512'),
  chaCha20Poly1305: cipherOf('chacha20-poly1305'),
  aes128Gcm: cipherOf('aes-128-gcm'),
  aes256Gcm: cipherOf('aes-256-gcm'),
  ed25519: signing('Ed25519', LENGTHS.ed25519),
  mlDsa44: signing('ML-DSA-44', LENGTHS.mlDsa44),
  mlDsa65: signing('ML-DSA-65', LENGTHS.mlDsa65),
  mlDsa87: signing('ML-DSA-87', LENGTHS.mlDsa87),
  // OpenSSL makes no key from a given seed; the root of the tree is calculated once here.
  slhDsaSha2128s: signing('SLH-DSA-SHA2-128s', LENGTHS.slhDsaSha2128s, (seed, make) =>
    wiped(slh_dsa_sha2_128s.keygen(seed).secretKey, make),
  ),
  x25519: (secret) => {
    const privateKey = importSecret('X25519', secret);
    return {
      publicKey: exported(privateKey, 32),
      sharedSecret: (other) => plain(diffieHellman({ privateKey, publicKey: importPublic('X25519', other) })),
    };
  },
  mlKem768: {
    decapsulationKey: (seed) => {
      const key = importSecret('ML-KEM-768', seed);
      return {
        publicKey: exported(key, LENGTHS.mlKem768.publicKeyBytes),
        decapsulate: (ciphertext) => plain(decapsulate(key, ciphertext)),
      };
    },
    encapsulate: (publicKey) => {
      const { ciphertext, sharedKey } = encapsulate(importPublic('ML-KEM-768', publicKey));
      return { ciphertext: plain(ciphertext), sharedSecret: plain(sharedKey) };
    },
  },
  randomBytes: (length) => plain(randomBytes(length)),
});

function signing(
  algorithm: Algorithm,
  { publicKeyBytes }: { readonly publicKeyBytes: number },
  expanded = (seed: Uint8Array, make: (secret: Uint8Array) => KeyObject) => make(seed),
): Signing {
  const withContext = (key: KeyObject, context: Uint8Array) => (context.length > 0 ? { key, context } : key);
  return {
    signingKey: (seed) => {
      const key = expanded(seed, (secret) => importSecret(algorithm, secret));
      return {
        publicKey: exported(key, publicKeyBytes),
        sign: (message, context) => plain(sign(null, message, withContext(key, context))),
      };
    },
    verifyingKey: (publicKey) => {
      const key = importPublic(algorithm, publicKey);
      return (message, signature, context) => verify(null, message, withContext(key, context), signature);
    },
  };
}

function importSecret(algorithm: Algorithm, secret: Uint8Array): KeyObject {
  return wiped(buffer(privateKeyInfo(algorithm, secret)), (key) =>
    createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
  );
}

function importPublic(algorithm: Algorithm, publicKey: Uint8Array): KeyObject {
  return createPublicKey({ key: buffer(subjectPublicKeyInfo(algorithm, publicKey)), format: 'der', type: 'spki' });
}

/** The raw public key, which stands at the end of its SubjectPublicKeyInfo. */
function exported(key: KeyObject, length: number): Uint8Array {
  return plain(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-length));
}

function hashing(algorithm: string): (...parts: readonly Uint8Array[]) => Uint8Array {
  return (...parts) => {
    const [first] = parts;
    if (parts.length === 1 && first !== undefined) return plain(hash(algorithm, first, 'buffer'));
    const state = createHash(algorithm);
    for (const part of parts) state.update(part);
    return plain(state.digest());
  };
}

function authenticating(algorithm: string): (key: Uint8Array, ...parts: readonly Uint8Array[]) => Uint8Array {
  return (key, ...parts) => {
    const state = createHmac(algorithm, key);
    for (const part of parts) state.update(part);
    return plain(state.digest());
  };
}

function cipherOf(cipher: 'chacha20-poly1305' | 'aes-128-gcm' | 'aes-256-gcm'): Cipher {
  // The names have the same calls, and types of their own.
  const name = cipher as 'chacha20-poly1305';
  const options = { authTagLength: TAG_BYTES };
  return {
    seal: (key, nonce, plaintext, associated) => {
      const state = createCipheriv(name, key, nonce, options);
      state.setAAD(associated, { plaintextLength: plaintext.length });
      return plain(Buffer.concat([state.update(plaintext), state.final(), state.getAuthTag()]));
    },
    open: (key, nonce, ciphertext, associated) => {
      const body = ciphertext.subarray(0, -TAG_BYTES);
      const state = createDecipheriv(name, key, nonce, options);
      state.setAAD(associated, { plaintextLength: body.length });
      state.setAuthTag(ciphertext.subarray(-TAG_BYTES));
      return plain(Buffer.concat([state.update(body), state.final()]));
    },
  };
}

/** The same memory as a buffer. */
function buffer({ buffer: whole, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(whole, byteOffset, length);
}

/** Without the pool that small buffers share, whose bytes are not ours. */
function plain(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes);
}
