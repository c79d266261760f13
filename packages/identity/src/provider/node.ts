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
  hkdfSync,
  randomBytes,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { privateKeyInfo, subjectPublicKeyInfo, type Algorithm } from './der.ts';
import { isAcceptableKey, isCanonicalScalar } from './ed25519.ts';
import {
  LENGTHS,
  requireBytes,
  requireContext,
  type Aead,
  type CryptoProvider,
  type SignatureScheme,
} from './provider.ts';

const TAG_BYTES = 16;

/** See {@link CryptoProvider}. */
export const provider: CryptoProvider = {
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
  hkdfSha256: (input, salt, info, length) => new Uint8Array(hkdfSync('sha256', input, salt, info, length)),
  chaCha20Poly1305: aeadOf('chacha20-poly1305'),
  aes128Gcm: aeadOf('aes-128-gcm'),
  aes256Gcm: aeadOf('aes-256-gcm'),
  ed25519: schemeOf({
    ...{ name: 'Ed25519', algorithm: 'Ed25519', lengths: LENGTHS.ed25519, hasContext: false },
    accepts: isAcceptableKey,
    mayFit: (signature) => isCanonicalScalar(signature.subarray(32)),
  }),
  mlDsa44: schemeOf({ name: 'ML-DSA-44', algorithm: 'ML-DSA-44', lengths: LENGTHS.mlDsa44, hasContext: true }),
  mlDsa65: schemeOf({ name: 'ML-DSA-65', algorithm: 'ML-DSA-65', lengths: LENGTHS.mlDsa65, hasContext: true }),
  mlDsa87: schemeOf({ name: 'ML-DSA-87', algorithm: 'ML-DSA-87', lengths: LENGTHS.mlDsa87, hasContext: true }),
  slhDsaSha2128s: schemeOf({
    ...{ name: 'SLH-DSA-SHA2-128s', algorithm: 'SLH-DSA-SHA2-128s' },
    ...{ lengths: LENGTHS.slhDsaSha2128s, hasContext: true },
    // OpenSSL makes no key from a given seed; the root of the tree is calculated once here.
    secretOf: (seed) => slh_dsa_sha2_128s.keygen(seed).secretKey,
  }),
  x25519: {
    publicKeyBytes: 32,
    agreementKey: (secret) => {
      const key = importSecret('X25519', requireBytes('X25519 secret', secret, 32));
      return {
        publicKey: exported(key, 32),
        sharedSecret: (publicKey) =>
          publicKey.length === 32
            ? attempt(() => plain(diffieHellman({ privateKey: key, publicKey: importPublic('X25519', publicKey) })))
            : undefined,
      };
    },
  },
  mlKem768: {
    ...LENGTHS.mlKem768,
    decapsulationKey: (seed) => {
      const key = importSecret('ML-KEM-768', requireBytes('ML-KEM-768 seed', seed, 64));
      return {
        publicKey: exported(key, LENGTHS.mlKem768.publicKeyBytes),
        decapsulate: (ciphertext) =>
          ciphertext.length === LENGTHS.mlKem768.ciphertextBytes
            ? attempt(() => plain(decapsulate(key, ciphertext)))
            : undefined,
      };
    },
    encapsulate: (publicKey) => {
      if (publicKey.length !== LENGTHS.mlKem768.publicKeyBytes) return undefined;
      const made = attempt(() => encapsulate(importPublic('ML-KEM-768', publicKey)));
      return made && { ciphertext: plain(made.ciphertext), sharedSecret: plain(made.sharedKey) };
    },
  },
  randomBytes: (length) => plain(randomBytes(length)),
};

interface Native {
  readonly name: string;
  readonly algorithm: Algorithm;
  readonly lengths: Pick<SignatureScheme, 'seedBytes' | 'publicKeyBytes' | 'signatureBytes'>;
  readonly hasContext: boolean;
  readonly accepts?: (publicKey: Uint8Array) => boolean;
  readonly mayFit?: (signature: Uint8Array) => boolean;
  /** What is imported for a seed; default the seed. */
  readonly secretOf?: (seed: Uint8Array) => Uint8Array;
}

function schemeOf({ name, algorithm, lengths, hasContext, accepts, mayFit, secretOf }: Native): SignatureScheme {
  const withKey = (key: KeyObject, options: Parameters<typeof requireContext>[0]) =>
    hasContext ? { key, context: requireContext(options) } : key;
  return {
    name,
    ...lengths,
    signingKey: (seed) => {
      requireBytes(`${name} seed`, seed, lengths.seedBytes);
      const key = importSecret(algorithm, secretOf?.(seed) ?? seed);
      return {
        publicKey: exported(key, lengths.publicKeyBytes),
        sign: (message, options) => plain(sign(null, message, withKey(key, options))),
      };
    },
    verifyingKey: (publicKey) => {
      if (publicKey.length !== lengths.publicKeyBytes || accepts?.(publicKey) === false) return undefined;
      const key = attempt(() => importPublic(algorithm, publicKey));
      if (key === undefined) return undefined;
      return {
        publicKey: Uint8Array.from(publicKey),
        verify: (message, signature, options) =>
          signature.length === lengths.signatureBytes &&
          mayFit?.(signature) !== false &&
          attempt(() => verify(null, message, withKey(key, options), signature)) === true,
      };
    },
  };
}

function importSecret(algorithm: Algorithm, secret: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(privateKeyInfo(algorithm, secret)), format: 'der', type: 'pkcs8' });
}

function importPublic(algorithm: Algorithm, publicKey: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.from(subjectPublicKeyInfo(algorithm, publicKey)), format: 'der', type: 'spki' });
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

function aeadOf(cipher: 'chacha20-poly1305' | 'aes-128-gcm' | 'aes-256-gcm'): Aead {
  const keyBytes = cipher === 'aes-128-gcm' ? 16 : 32;
  // The names have the same calls, and types of their own.
  const name = cipher as 'chacha20-poly1305';
  const options = { authTagLength: TAG_BYTES };
  return {
    keyBytes,
    seal: (key, nonce, plaintext, associated) => {
      const state = createCipheriv(name, requireBytes('key', key, keyBytes), requireBytes('nonce', nonce, 12), options);
      if (associated !== undefined) state.setAAD(associated, { plaintextLength: plaintext.length });
      return plain(Buffer.concat([state.update(plaintext), state.final(), state.getAuthTag()]));
    },
    open: (key, nonce, ciphertext, associated) => {
      if (ciphertext.length < TAG_BYTES) return undefined;
      const body = ciphertext.subarray(0, -TAG_BYTES);
      const state = createDecipheriv(
        name,
        requireBytes('key', key, keyBytes),
        requireBytes('nonce', nonce, 12),
        options,
      );
      if (associated !== undefined) state.setAAD(associated, { plaintextLength: body.length });
      state.setAuthTag(ciphertext.subarray(-TAG_BYTES));
      const opened = state.update(body);
      return attempt(() => plain(Buffer.concat([opened, state.final()])));
    },
  };
}

/** Without the pool that small buffers share, whose bytes are not ours. */
function plain(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes);
}

/** What OpenSSL throws for input that is wrong is an answer here. */
function attempt<T>(calculate: () => T): T | undefined {
  try {
    return calculate();
  } catch {
    return undefined;
  }
}
