/** The noble libraries as a subject. */
import { gcm } from '@noble/ciphers/aes.js';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed448, x448 } from '@noble/curves/ed448.js';
import { brainpoolP256r1, brainpoolP384r1 } from '@noble/curves/misc.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512, sha512_224, sha512_256 } from '@noble/hashes/sha2.js';
import { turboshake128, turboshake256 } from '@noble/hashes/sha3-addons.js';
import { sha3_224, sha3_256, sha3_384, sha3_512, shake128 } from '@noble/hashes/sha3.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { ml_dsa44, ml_dsa65, ml_dsa87, type DSA } from '@noble/post-quantum/ml-dsa.js';
import { ml_kem1024, ml_kem512, ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import * as slh from '@noble/post-quantum/slh-dsa.js';
import { provider } from '../provider/noble.ts';
import type { KeyAgreement } from '../provider/provider.ts';
import { attempt, Cannot } from './case.suite.ts';
import {
  ownGcm,
  schemeOf,
  type AeadDoor,
  type KemDoor,
  type Representative,
  type SignatureDoor,
  type Subject,
} from './subject.suite.ts';

const KEMS = { 'ML-KEM-512': ml_kem512, 'ML-KEM-768': ml_kem768, 'ML-KEM-1024': ml_kem1024 };
const ML_DSA: Readonly<Record<string, DSA>> = { 'ML-DSA-44': ml_dsa44, 'ML-DSA-65': ml_dsa65, 'ML-DSA-87': ml_dsa87 };
const SLH_DSA: Readonly<Record<string, typeof slh.slh_dsa_sha2_128s>> = {
  'SLH-DSA-SHA2-128s': slh.slh_dsa_sha2_128s,
  'SLH-DSA-SHA2-128f': slh.slh_dsa_sha2_128f,
  'SLH-DSA-SHA2-192s': slh.slh_dsa_sha2_192s,
  'SLH-DSA-SHA2-192f': slh.slh_dsa_sha2_192f,
  'SLH-DSA-SHA2-256s': slh.slh_dsa_sha2_256s,
  'SLH-DSA-SHA2-256f': slh.slh_dsa_sha2_256f,
  'SLH-DSA-SHAKE-128s': slh.slh_dsa_shake_128s,
  'SLH-DSA-SHAKE-128f': slh.slh_dsa_shake_128f,
  'SLH-DSA-SHAKE-192s': slh.slh_dsa_shake_192s,
  'SLH-DSA-SHAKE-192f': slh.slh_dsa_shake_192f,
  'SLH-DSA-SHAKE-256s': slh.slh_dsa_shake_256s,
  'SLH-DSA-SHAKE-256f': slh.slh_dsa_shake_256f,
};
/** Where the package offers the set, its signatures are made again byte for byte, however long that takes. */
const QUICK = new Set(['SLH-DSA-SHA2-128s', 'SLH-DSA-SHA2-128f', 'SLH-DSA-SHA2-192f']);

const HASHES = {
  ...{ 'SHA-1': sha1, 'SHA-224': sha224, 'SHA-256': sha256, 'SHA-384': sha384, 'SHA-512': sha512 },
  ...{ 'SHA-512/224': sha512_224, 'SHA-512/256': sha512_256 },
  ...{ 'SHA3-224': sha3_224, 'SHA3-256': sha3_256, 'SHA3-384': sha3_384, 'SHA3-512': sha3_512 },
};

/** See {@link Subject}. */
export const subject: Subject = {
  name: 'noble',
  provider,
  mlKem: (name) => (Object.hasOwn(KEMS, name) ? kemDoor(name as keyof typeof KEMS) : undefined),
  signatures: (name) => mlDsaDoor(name) ?? slhDsaDoor(name),
  classical: (name) => {
    if (name === 'Ed448')
      return (pk, message, signature) => attempt(() => ed448.verify(signature, message, pk)) === true;
    const curve = Object.hasOwn(ECDSA, name) ? ECDSA[name as keyof typeof ECDSA] : undefined;
    const options = { format: 'der', lowS: false } as const;
    return curve && ((pk, message, signature) => attempt(() => curve.verify(signature, message, pk, options)) === true);
  },
  hmac: (name) => {
    if (name === 'SHA-256') return provider.hmacSha256;
    const hash = hashOf(name);
    return hash && ((key, message) => hmac(hash, key, message));
  },
  hkdf: (name) => {
    if (name === 'SHA-256') return provider.hkdfSha256;
    const hash = hashOf(name);
    return hash && ((input, salt, info, length) => hkdf(hash, input, salt, info, length));
  },
  agreement: (name) => {
    if (name === 'X448') return X448;
    return Object.hasOwn(CURVES, name) ? agreementOn(CURVES[name as keyof typeof CURVES]) : undefined;
  },
  xof: (name) => {
    const hash = Object.hasOwn(XOFS, name) ? XOFS[name as keyof typeof XOFS] : undefined;
    return hash && ((length, ...parts) => hash(concatBytes(...parts), { dkLen: length }));
  },
  aead: (name) => {
    if (name === 'CHACHA20-POLY1305') return provider.chaCha20Poly1305;
    if (name === 'XCHACHA20-POLY1305') return X_CHACHA20;
    return name === 'AES-GCM' ? AES_GCM : undefined;
  },
};

const CURVES = { 'P-256': p256, 'P-384': p384, 'P-521': p521 };
const ECDSA = {
  ...{ 'ECDSA-P256': p256, 'ECDSA-P384': p384, 'ECDSA-P521': p521 },
  ...{ 'ECDSA-brainpoolP256r1': brainpoolP256r1, 'ECDSA-brainpoolP384r1': brainpoolP384r1 },
};
const XOFS = { 'SHAKE-128': shake128, 'TurboSHAKE-128': turboshake128, 'TurboSHAKE-256': turboshake256 };

function agreementOn(curve: typeof p256): KeyAgreement {
  const publicKeyBytes = curve.lengths.publicKeyUncompressed ?? 0;
  return {
    publicKeyBytes,
    agreementKey: (secret) => ({
      publicKey: curve.getPublicKey(secret, false),
      sharedSecret: (publicKey) =>
        publicKey.length === publicKeyBytes
          ? attempt(() => curve.getSharedSecret(secret, publicKey).subarray(1))
          : undefined,
    }),
  };
}

const X448: KeyAgreement = {
  publicKeyBytes: 56,
  agreementKey: (secret) => ({
    publicKey: x448.getPublicKey(secret),
    sharedSecret: (publicKey) => attempt(() => x448.getSharedSecret(secret, publicKey)),
  }),
};

const X_CHACHA20: AeadDoor = {
  seal: (key, nonce, text, associated) => xchacha20poly1305(key, nonce, associated).encrypt(text),
  open: (key, nonce, sealed, associated) => attempt(() => xchacha20poly1305(key, nonce, associated).decrypt(sealed)),
};

const AES_GCM: AeadDoor = {
  seal: (key, nonce, text, associated) =>
    ownGcm(provider, key, nonce)?.seal(key, nonce, text, associated) ??
    gcm(key, longEnough(nonce), associated).encrypt(text),
  open: (key, nonce, sealed, associated) => {
    const own = ownGcm(provider, key, nonce);
    if (own !== undefined) return own.open(key, nonce, sealed, associated);
    return attempt(() => gcm(key, longEnough(nonce), associated).decrypt(sealed));
  },
};

function longEnough(nonce: Uint8Array): Uint8Array {
  if (nonce.length > 0 && nonce.length < 8) throw new Cannot('noble takes no nonce of fewer than 8 bytes');
  return nonce;
}

function hashOf(name: string) {
  return Object.hasOwn(HASHES, name) ? HASHES[name as keyof typeof HASHES] : undefined;
}

function kemDoor(name: keyof typeof KEMS): KemDoor {
  const kem = KEMS[name];
  const own = name === 'ML-KEM-768' ? provider.mlKem768 : undefined;
  return {
    keyPair: (seed) => {
      const { publicKey, secretKey } = kem.keygen(seed);
      return { ek: own?.decapsulationKey(seed).publicKey ?? publicKey, dk: secretKey };
    },
    decapsulate: (dk, ciphertext) => kem.decapsulate(ciphertext, dk),
    encapsulate: (ek, coins) => {
      if (own !== undefined && own.encapsulate(ek) === undefined) throw new Error('encapsulation key: refused');
      const { cipherText, sharedSecret } = kem.encapsulate(ek, coins);
      return { ciphertext: cipherText, secret: sharedSecret, isFresh: false };
    },
    acceptsDk: (dk) => attempt(() => kem.decapsulate(new Uint8Array(kem.lengths.cipherText ?? 0), dk)) !== undefined,
  };
}

function mlDsaDoor(name: string): SignatureDoor | undefined {
  const scheme = Object.hasOwn(ML_DSA, name) ? ML_DSA[name] : undefined;
  if (scheme === undefined) return undefined;
  return {
    keyPair: (seed) => {
      const { publicKey, secretKey } = scheme.keygen(seed);
      return { pk: schemeOf(provider, name)?.signingKey(seed).publicKey ?? publicKey, sk: secretKey };
    },
    publicKey: (sk) => scheme.getPublicKey(sk),
    verify: (pk, what, signature) => {
      if (what.kind === 'message') return verified(name, pk, what, signature);
      if (what.kind === 'mu') return scheme.internal.verify(signature, what.mu, pk, { externalMu: true });
      return scheme.internal.verify(signature, what.message, pk);
    },
    sign: (sk, what, extraEntropy) => {
      if (what.kind === 'message') return scheme.sign(what.message, sk, { context: what.context, extraEntropy });
      if (what.kind === 'mu') return scheme.internal.sign(what.mu, sk, { externalMu: true, extraEntropy });
      return scheme.internal.sign(what.message, sk, { extraEntropy });
    },
    signing: 'exact',
  };
}

function slhDsaDoor(name: string): SignatureDoor | undefined {
  const scheme = Object.hasOwn(SLH_DSA, name) ? SLH_DSA[name] : undefined;
  if (scheme === undefined) return undefined;
  return {
    keyPair: (seed) => {
      const { publicKey, secretKey } = scheme.keygen(seed);
      return { pk: schemeOf(provider, name)?.signingKey(seed).publicKey ?? publicKey, sk: secretKey };
    },
    publicKey: (sk) => scheme.getPublicKey(sk),
    verify: (pk, what, signature) => {
      if (what.kind === 'mu') throw new Cannot('SLH-DSA has no µ');
      if (what.kind === 'internal') return scheme.internal.verify(signature, what.message, pk);
      const own = schemeOf(provider, name);
      return own === undefined
        ? scheme.verify(signature, what.message, pk, { context: what.context })
        : verified(name, pk, what, signature);
    },
    sign: (sk, what, extraEntropy) => {
      if (what.kind === 'mu') throw new Cannot('SLH-DSA has no µ');
      if (what.kind === 'internal') return scheme.internal.sign(what.message, sk, { extraEntropy });
      return scheme.sign(what.message, sk, { context: what.context, extraEntropy });
    },
    signing: QUICK.has(name) ? 'exact' : 'slow',
  };
}

function verified(
  name: string,
  pk: Uint8Array,
  { message, context }: Representative & { kind: 'message' },
  signature: Uint8Array,
): boolean {
  return schemeOf(provider, name)?.verifyingKey(pk)?.verify(message, signature, { context }) === true;
}
