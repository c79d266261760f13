/**
 * What vectors are held against: a provider, and beside it the doors that only tests use (given coins, secret keys in their expanded form, the internal
 * interfaces of FIPS 204 and 205, parameter sets and hashes that the package does not offer).
 */
import type { Aead, CryptoProvider, KeyAgreement } from '../provider/provider.ts';

/** Primitives of one source. */
export interface Subject {
  readonly name: CryptoProvider['name'];
  readonly provider: CryptoProvider;
  /** `undefined` for parameter sets that there are not. */
  readonly mlKem: (parameterSet: string) => KemDoor | undefined;
  /** ML-DSA and SLH-DSA. */
  readonly signatures: (parameterSet: string) => SignatureDoor | undefined;
  /** Verification with keys and signatures as the LAMPS draft has them, by its names: `RSA3072-PSS`, `ECDSA-brainpoolP256r1`, `Ed448`. */
  readonly classical: (
    name: string,
  ) => ((pk: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean) | undefined;
  /** By a name such as `SHA-256`; `undefined` for hashes that there are not. */
  readonly hmac: (hash: string) => ((key: Uint8Array, message: Uint8Array) => Uint8Array) | undefined;
  readonly hkdf: (
    hash: string,
  ) => ((input: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number) => Uint8Array) | undefined;
  /** By `P-256`, `P-384`, `P-521` or `X448`. Public keys are points that are not compressed, secrets x coordinates; throws for secret keys that are none. */
  readonly agreement: (curve: string) => KeyAgreement | undefined;
  /** By `SHAKE-128`, `TurboSHAKE-128` or `TurboSHAKE-256`. */
  readonly xof: (name: string) => ((length: number, ...parts: readonly Uint8Array[]) => Uint8Array) | undefined;
  /** By `AES-GCM`, `CHACHA20-POLY1305` or `XCHACHA20-POLY1305`, with keys and nonces of any length that the cipher has. */
  readonly aead: (name: string) => AeadDoor | undefined;
}

/** ML-KEM with everything given. All throw for keys that are none. */
export interface KemDoor {
  readonly keyPair: (seed: Uint8Array) => { readonly ek: Uint8Array; readonly dk: Uint8Array };
  readonly decapsulate: (dk: Uint8Array, ciphertext: Uint8Array) => Uint8Array;
  /** With coins where the source takes them; else fresh ones, and `isFresh`. */
  readonly encapsulate: (
    ek: Uint8Array,
    coins: Uint8Array,
  ) => { readonly ciphertext: Uint8Array; readonly secret: Uint8Array; readonly isFresh: boolean };
  readonly acceptsDk: (dk: Uint8Array) => boolean;
}

/** How a message was made ready: as it is, or as the internal interfaces take it. */
export type Representative =
  | { readonly kind: 'message'; readonly message: Uint8Array; readonly context: Uint8Array }
  /** M′ of FIPS 204 and 205. */
  | { readonly kind: 'internal'; readonly message: Uint8Array }
  /** µ of FIPS 204. */
  | { readonly kind: 'mu'; readonly mu: Uint8Array };

/** A signature scheme with everything given. */
export interface SignatureDoor {
  readonly keyPair: (seed: Uint8Array) => { readonly pk: Uint8Array; readonly sk: Uint8Array };
  readonly publicKey: (sk: Uint8Array) => Uint8Array;
  /** @throws Cannot where the source has no such interface */
  readonly verify: (pk: Uint8Array, what: Representative, signature: Uint8Array) => boolean;
  /** `false`: deterministic. @throws Cannot where the source takes no randomness */
  readonly sign: (sk: Uint8Array, what: Representative, randomness: Uint8Array | false) => Uint8Array;
  /** `exact`: gives the very bytes of a vector. `fresh`: signs with randomness of its own. `slow`: takes seconds, so that signatures are only verified. */
  readonly signing: 'exact' | 'fresh' | 'slow';
}

/** Authenticated encryption with the tag at the end. Throws for lengths that it has not. */
export interface AeadDoor {
  readonly seal: (key: Uint8Array, nonce: Uint8Array, text: Uint8Array, associated: Uint8Array) => Uint8Array;
  readonly open: (
    key: Uint8Array,
    nonce: Uint8Array,
    sealed: Uint8Array,
    associated: Uint8Array,
  ) => Uint8Array | undefined;
}

/** Schemes of the provider, by their names in the standards. */
export function schemeOf(provider: CryptoProvider, parameterSet: string) {
  return {
    'ML-DSA-44': provider.mlDsa44,
    'ML-DSA-65': provider.mlDsa65,
    'ML-DSA-87': provider.mlDsa87,
    'SLH-DSA-SHA2-128s': provider.slhDsaSha2128s,
  }[parameterSet];
}

/** The provider's AES-GCM for keys and nonces of these lengths; `undefined` where it has none. */
export function ownGcm(provider: CryptoProvider, key: Uint8Array, nonce: Uint8Array): Aead | undefined {
  if (nonce.length !== 12) return undefined;
  return new Map([
    [16, provider.aes128Gcm],
    [32, provider.aes256Gcm],
  ]).get(key.length);
}
