/**
 * The checks before every calculation, the same whoever calculates: types, raw lengths, contexts, which Ed25519 keys and signatures are taken at all. What
 * libraries throw for input that is wrong is an answer here.
 */
import { isBytes } from '@noble/hashes/utils.js';
import { isKey, mayBeSignature } from './ed25519.ts';
import { hkdf, type Hmac } from './hkdf.ts';
import {
  LENGTHS,
  MOST_CONTEXT_BYTES,
  hasBytes,
  NO_BYTES,
  requireBytes,
  requireContext,
  type Aead,
  type CryptoProvider,
  type DecapsulationKey,
  type Encapsulation,
  type SignatureScheme,
  type SignOptions,
} from './provider.ts';

type Hash = (...parts: readonly Uint8Array[]) => Uint8Array;

/** What a library calculates. All that it is given has been checked, and what it throws is caught unless a caller alone can be the cause. */
export interface Primitives {
  readonly name: CryptoProvider['name'];
  readonly sha256: Hash;
  readonly sha512: Hash;
  readonly sha3_256: Hash;
  readonly shake256: CryptoProvider['shake256'];
  readonly hmacSha256: Hmac;
  readonly hmacSha512: Hmac;
  readonly chaCha20Poly1305: Cipher;
  readonly aes128Gcm: Cipher;
  readonly aes256Gcm: Cipher;
  readonly ed25519: Signing;
  readonly mlDsa44: Signing;
  readonly mlDsa65: Signing;
  readonly mlDsa87: Signing;
  readonly slhDsaSha2128s: Signing;
  readonly x25519: (secret: Uint8Array) => Agreement;
  readonly mlKem768: Encapsulating;
  /** At most 65 536. */
  readonly randomBytes: (length: number) => Uint8Array;
}

/** See {@link Aead}. */
export interface Cipher {
  readonly seal: (key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, associated: Uint8Array) => Uint8Array;
  readonly open: (key: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array, associated: Uint8Array) => Uint8Array;
}

/** See {@link SignatureScheme}; `context` is empty for algorithms that have none. */
export interface Signing {
  readonly signingKey: (seed: Uint8Array) => {
    readonly publicKey: Uint8Array;
    readonly sign: (message: Uint8Array, context: Uint8Array) => Uint8Array;
  };
  readonly verifyingKey: (
    publicKey: Uint8Array,
  ) => (message: Uint8Array, signature: Uint8Array, context: Uint8Array) => boolean;
}

/** See `AgreementKey`; throws where the secret is all zero. */
export interface Agreement {
  readonly publicKey: Uint8Array;
  readonly sharedSecret: (publicKey: Uint8Array) => Uint8Array;
}

/** See `Kem`; throws for what is no encapsulation key. */
export interface Encapsulating {
  readonly decapsulationKey: (seed: Uint8Array) => {
    readonly publicKey: Uint8Array;
    readonly decapsulate: (ciphertext: Uint8Array) => Uint8Array;
  };
  readonly encapsulate: (publicKey: Uint8Array) => Encapsulation;
}

/** A provider that refuses the same input as every other. */
export function checked(primitives: Primitives): CryptoProvider {
  const hmacSha256 = authenticating(primitives.hmacSha256);
  return {
    name: primitives.name,
    sha256: hashing(primitives.sha256),
    sha512: hashing(primitives.sha512),
    sha3_256: hashing(primitives.sha3_256),
    shake256: (length, ...parts) => primitives.shake256(requireLength(length, MOST_OUTPUT_BYTES), ...allBytes(parts)),
    hmacSha256,
    hmacSha512: authenticating(primitives.hmacSha512),
    hkdfSha256: hkdf(hmacSha256, 32),
    chaCha20Poly1305: sealing(primitives.chaCha20Poly1305, 32),
    aes128Gcm: sealing(primitives.aes128Gcm, 16),
    aes256Gcm: sealing(primitives.aes256Gcm, 32),
    ed25519: signing(primitives.ed25519, { name: 'Ed25519', ...LENGTHS.ed25519 }, ED25519),
    mlDsa44: signing(primitives.mlDsa44, { name: 'ML-DSA-44', ...LENGTHS.mlDsa44 }),
    mlDsa65: signing(primitives.mlDsa65, { name: 'ML-DSA-65', ...LENGTHS.mlDsa65 }),
    mlDsa87: signing(primitives.mlDsa87, { name: 'ML-DSA-87', ...LENGTHS.mlDsa87 }),
    slhDsaSha2128s: signing(primitives.slhDsaSha2128s, { name: 'SLH-DSA-SHA2-128s', ...LENGTHS.slhDsaSha2128s }),
    x25519: agreeing(primitives.x25519),
    mlKem768: encapsulating(primitives.mlKem768),
    randomBytes: (length) => primitives.randomBytes(requireLength(length, MOST_RANDOM_BYTES)),
  };
}

/** No protocol here asks for more; HPKE's lengths have two bytes. */
const MOST_OUTPUT_BYTES = 0xffff;
/** As many as `crypto.getRandomValues` gives at a time. */
const MOST_RANDOM_BYTES = 0x1_0000;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

function hashing(hash: Hash): Hash {
  return (...parts) => hash(...allBytes(parts));
}

function authenticating(hmac: Hmac): Hmac {
  return (key, ...parts) => hmac(requireBytes('key', key), ...allBytes(parts));
}

function sealing({ seal, open }: Cipher, keyBytes: 16 | 32): Aead {
  const given = (key: Uint8Array, nonce: Uint8Array, associated: Uint8Array) => {
    requireBytes('key', key, keyBytes);
    requireBytes('nonce', nonce, NONCE_BYTES);
    requireBytes('associated', associated);
  };
  return {
    keyBytes,
    seal: (key, nonce, plaintext, associated = NO_BYTES) => {
      given(key, nonce, associated);
      return seal(key, nonce, requireBytes('plaintext', plaintext), associated);
    },
    open: (key, nonce, ciphertext, associated = NO_BYTES) => {
      given(key, nonce, associated);
      if (!isBytes(ciphertext) || ciphertext.length < TAG_BYTES) return undefined;
      return attempt(() => open(key, nonce, ciphertext, associated));
    },
  };
}

type Shape = Pick<SignatureScheme, 'name' | 'seedBytes' | 'publicKeyBytes' | 'signatureBytes'>;

/** What is taken of those who have the right lengths. */
interface Rules {
  readonly mostContextBytes: number;
  readonly isKey: (publicKey: Uint8Array) => boolean;
  readonly mayBeSignature: (signature: Uint8Array) => boolean;
}

const ED25519: Rules = { mostContextBytes: 0, isKey, mayBeSignature };
const ANY: Rules = { mostContextBytes: MOST_CONTEXT_BYTES, isKey: () => true, mayBeSignature: () => true };

function signing(scheme: Signing, shape: Shape, rules = ANY): SignatureScheme {
  const contextOf = (options?: SignOptions) => requireContext(options, rules.mostContextBytes);
  return {
    ...shape,
    signingKey: (seed) => {
      const { publicKey, sign } = scheme.signingKey(requireBytes(`${shape.name} seed`, seed, shape.seedBytes));
      return { publicKey, sign: (message, options) => sign(requireBytes('message', message), contextOf(options)) };
    },
    verifyingKey: (publicKey) => {
      if (!hasBytes(publicKey, shape.publicKeyBytes) || !rules.isKey(publicKey)) return undefined;
      const verify = scheme.verifyingKey(Uint8Array.from(publicKey));
      return {
        publicKey: Uint8Array.from(publicKey),
        verify: (message, signature, options) =>
          isBytes(message) &&
          hasBytes(signature, shape.signatureBytes) &&
          rules.mayBeSignature(signature) &&
          attempt(() => verify(message, signature, contextOf(options))) === true,
      };
    },
  };
}

function agreeing(agreementKey: Primitives['x25519']): CryptoProvider['x25519'] {
  const publicKeyBytes = 32;
  return {
    publicKeyBytes,
    agreementKey: (secret) => {
      const { publicKey, sharedSecret } = agreementKey(requireBytes('X25519 secret', secret, 32));
      return {
        publicKey,
        sharedSecret: (other) => (hasBytes(other, publicKeyBytes) ? attempt(() => sharedSecret(other)) : undefined),
      };
    },
  };
}

function encapsulating({ decapsulationKey, encapsulate }: Encapsulating): CryptoProvider['mlKem768'] {
  const { seedBytes, publicKeyBytes, ciphertextBytes } = LENGTHS.mlKem768;
  return {
    ...LENGTHS.mlKem768,
    decapsulationKey: (seed): DecapsulationKey => {
      const { publicKey, decapsulate } = decapsulationKey(requireBytes('ML-KEM-768 seed', seed, seedBytes));
      return {
        publicKey,
        decapsulate: (ciphertext) => (hasBytes(ciphertext, ciphertextBytes) ? decapsulate(ciphertext) : undefined),
      };
    },
    encapsulate: (publicKey) =>
      hasBytes(publicKey, publicKeyBytes) ? attempt(() => encapsulate(publicKey)) : undefined,
  };
}

function allBytes(parts: readonly Uint8Array[]): readonly Uint8Array[] {
  for (const part of parts) requireBytes('part', part);
  return parts;
}

function requireLength(length: number, most: number): number {
  if (Number.isInteger(length) && length >= 0 && length <= most) return length;
  throw new RangeError(`length: is ${length}, must be an integer from 0 to ${most}`);
}

function attempt<T>(calculate: () => T): T | undefined {
  try {
    return calculate();
  } catch {
    return undefined;
  }
}
