/**
 * The one seam between this package and whoever calculates: `node:crypto` on Node, noble elsewhere. Both give the same bytes and refuse the same input, since
 * `checked.ts` looks at everything before either does.
 */
import { isBytes } from '@noble/hashes/utils.js';

/**
 * All primitives. Every function is synchronous and pure but for {@link CryptoProvider.randomBytes}, and throws a TypeError for a caller's bytes that are no
 * `Uint8Array`; what comes from others (public keys, signatures, ciphertexts, encapsulations) never makes it throw.
 */
export interface CryptoProvider {
  readonly name: 'node' | 'noble';
  /** Of all parts one after the other. */
  readonly sha256: (...parts: readonly Uint8Array[]) => Uint8Array;
  readonly sha512: (...parts: readonly Uint8Array[]) => Uint8Array;
  readonly sha3_256: (...parts: readonly Uint8Array[]) => Uint8Array;
  /** @throws RangeError for a length beyond 65 535 */
  readonly shake256: (length: number, ...parts: readonly Uint8Array[]) => Uint8Array;
  readonly hmacSha256: (key: Uint8Array, ...parts: readonly Uint8Array[]) => Uint8Array;
  readonly hmacSha512: (key: Uint8Array, ...parts: readonly Uint8Array[]) => Uint8Array;
  /** RFC 5869 with SHA-256. @throws RangeError for a length beyond 8 160 */
  readonly hkdfSha256: (input: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number) => Uint8Array;
  readonly chaCha20Poly1305: Aead;
  /** For HPKE with those who have nothing stronger; its keys have 16 bytes. */
  readonly aes128Gcm: Aead;
  readonly aes256Gcm: Aead;
  /** RFC 8032, verified strictly: see `ed25519.ts`. */
  readonly ed25519: SignatureScheme;
  /** FIPS 204. */
  readonly mlDsa44: SignatureScheme;
  readonly mlDsa65: SignatureScheme;
  readonly mlDsa87: SignatureScheme;
  /** FIPS 205; for roots and releases, a signature takes hundreds of milliseconds. */
  readonly slhDsaSha2128s: SignatureScheme;
  /** RFC 7748. */
  readonly x25519: KeyAgreement;
  /** FIPS 203. */
  readonly mlKem768: Kem;
  /** @throws RangeError for a length beyond 65 536 */
  readonly randomBytes: (length: number) => Uint8Array;
}

/** Authenticated encryption with a 12-byte nonce and a 16-byte tag at the end (RFC 5116). Keys and nonces of other lengths are a RangeError. */
export interface Aead {
  readonly keyBytes: 16 | 32;
  readonly seal: (key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, associated?: Uint8Array) => Uint8Array;
  /** `undefined` where the tag does not fit. */
  readonly open: (
    key: Uint8Array,
    nonce: Uint8Array,
    ciphertext: Uint8Array,
    associated?: Uint8Array,
  ) => Uint8Array | undefined;
}

/** A signature algorithm. */
export interface SignatureScheme {
  readonly name: string;
  /** Bytes that a key is made from: RFC 8032's private key, FIPS 204's ξ; of SLH-DSA SK.seed ‖ SK.prf ‖ PK.seed. */
  readonly seedBytes: number;
  readonly publicKeyBytes: number;
  readonly signatureBytes: number;
  /** @throws RangeError for a seed of another length */
  readonly signingKey: (seed: Uint8Array) => SigningKey;
  /** `undefined` for what is no public key: another length; a point that is not on the curve, not canonical or of small order. */
  readonly verifyingKey: (publicKey: Uint8Array) => VerifyingKey | undefined;
}

/** How a message is signed. */
export interface SignOptions {
  /** FIPS 204's and 205's ctx, at most 255 bytes; default empty. Ed25519 has none, and no signature of it holds with one. Longer ones are a RangeError when signing. */
  readonly context?: Uint8Array;
}

/** A secret key that is ready to sign. */
export interface SigningKey {
  readonly publicKey: Uint8Array;
  readonly sign: (message: Uint8Array, options?: SignOptions) => Uint8Array;
}

/** A public key that is ready to verify. */
export interface VerifyingKey {
  readonly publicKey: Uint8Array;
  /** Never throws; `false` for signatures of another length as well. */
  readonly verify: (message: Uint8Array, signature: Uint8Array, options?: SignOptions) => boolean;
}

/** Diffie–Hellman. */
export interface KeyAgreement {
  readonly publicKeyBytes: number;
  readonly agreementKey: (secret: Uint8Array) => AgreementKey;
}

/** A secret key that is ready to agree. */
export interface AgreementKey {
  readonly publicKey: Uint8Array;
  /** `undefined` for another length, and where the result is all zero (RFC 7748 section 6.1). */
  readonly sharedSecret: (publicKey: Uint8Array) => Uint8Array | undefined;
}

/** A key encapsulation mechanism. */
export interface Kem {
  /** FIPS 203's d ‖ z. */
  readonly seedBytes: number;
  readonly publicKeyBytes: number;
  readonly ciphertextBytes: number;
  readonly decapsulationKey: (seed: Uint8Array) => DecapsulationKey;
  /** `undefined` for what is no encapsulation key: another length, coefficients beyond the modulus (FIPS 203 section 7.2). */
  readonly encapsulate: (publicKey: Uint8Array) => Encapsulation | undefined;
}

/** A fresh secret, and what the holder of the key gets it from. */
export interface Encapsulation {
  readonly ciphertext: Uint8Array;
  readonly sharedSecret: Uint8Array;
}

/** A secret key that is ready to decapsulate. */
export interface DecapsulationKey {
  readonly publicKey: Uint8Array;
  /** `undefined` for another length; a ciphertext for another key gives another secret (implicit rejection). */
  readonly decapsulate: (ciphertext: Uint8Array) => Uint8Array | undefined;
}

/** Lengths of keys, signatures and ciphertexts in bytes. Sources: RFC 8032, RFC 7748, FIPS 203, 204, 205. */
export const LENGTHS = {
  ed25519: { seedBytes: 32, publicKeyBytes: 32, signatureBytes: 64 },
  mlDsa44: { seedBytes: 32, publicKeyBytes: 1312, signatureBytes: 2420 },
  mlDsa65: { seedBytes: 32, publicKeyBytes: 1952, signatureBytes: 3309 },
  mlDsa87: { seedBytes: 32, publicKeyBytes: 2592, signatureBytes: 4627 },
  slhDsaSha2128s: { seedBytes: 48, publicKeyBytes: 32, signatureBytes: 7856 },
  mlKem768: { seedBytes: 64, publicKeyBytes: 1184, ciphertextBytes: 1088 },
} as const;

/** Most bytes of a context (FIPS 204 section 5.2). */
export const MOST_CONTEXT_BYTES = 255;

/** Whether something is bytes, and so many. */
export function hasBytes(bytes: unknown, length: number): boolean {
  return isBytes(bytes) && bytes.length === length;
}

/** @throws TypeError, RangeError naming the field, for what is no bytes or not of this length; default any */
export function requireBytes(field: string, bytes: Uint8Array, length?: number): Uint8Array {
  if (!isBytes(bytes)) throw new TypeError(`${field}: is no Uint8Array`);
  if (length !== undefined && bytes.length !== length)
    throw new RangeError(`${field}: has ${bytes.length} bytes, must have ${length}`);
  return bytes;
}

/** @throws TypeError for what is no bytes, RangeError for more than an algorithm takes */
export function requireContext({ context = NO_BYTES }: SignOptions = {}, most = MOST_CONTEXT_BYTES): Uint8Array {
  requireBytes('context', context);
  if (context.length > most) throw new RangeError(`context: has ${context.length} bytes, at most ${most} are allowed`);
  return context;
}

/** Nothing. */
export const NO_BYTES: Uint8Array = new Uint8Array(0);
