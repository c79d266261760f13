/** Key encapsulation with randomness that is given, of mechanisms that the package does not offer too. */
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { p256, p384 } from '@noble/curves/nist.js';
import { ml_kem1024, ml_kem512, ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import type { AgreementKey, CryptoProvider, Kem, KeyAgreement } from '../provider/provider.ts';
import { attempt, Cannot } from './case.suite.ts';
import type { Subject } from './subject.suite.ts';

const ML_KEMS = { 'ML-KEM-512': ml_kem512, 'ML-KEM-768': ml_kem768, 'ML-KEM-1024': ml_kem1024 };

/** A parameter set of ML-KEM. */
export type MlKemName = keyof typeof ML_KEMS;

/** The same provider with randomness that is given: ML-KEM's m, and behind it the ephemeral secret of X25519. */
export function withCoins(provider: CryptoProvider, coins: Uint8Array): CryptoProvider {
  return {
    ...provider,
    randomBytes: () => coins.subarray(32, 64),
    mlKem768: { ...provider.mlKem768, encapsulate: (publicKey) => encapsulated('ML-KEM-768', publicKey, coins) },
  };
}

/** Only noble takes m; decapsulation is the subject's own. */
function encapsulated(name: MlKemName, publicKey: Uint8Array, coins: Uint8Array) {
  const made = attempt(() => ML_KEMS[name].encapsulate(publicKey, coins.subarray(0, 32)));
  return made && { ciphertext: made.cipherText, sharedSecret: made.sharedSecret };
}

/** @param coins m */
export function mlKemWithCoins(name: MlKemName, subject: Subject, coins: Uint8Array): Kem {
  const door = subject.mlKem(name);
  if (door === undefined) throw new Cannot(`${name} is not supported by this build`);
  const { publicKey: publicKeyBytes = 0, cipherText: ciphertextBytes = 0 } = ML_KEMS[name].lengths;
  return {
    ...{ seedBytes: 64, publicKeyBytes, ciphertextBytes },
    decapsulationKey: (seed) => {
      const { ek, dk } = door.keyPair(seed);
      return { publicKey: ek, decapsulate: (ciphertext) => attempt(() => door.decapsulate(dk, ciphertext)) };
    },
    encapsulate: (publicKey) => encapsulated(name, publicKey, coins),
  };
}

interface Hybrid {
  readonly mlKem: MlKemName;
  readonly curve: string;
  /** Nseed of the group, Nscalar, and the order that scalars are below. */
  readonly seedBytes: number;
  readonly scalarBytes: number;
  readonly order: bigint;
}

/** Source: draft-irtf-cfrg-concrete-hybrid-kems-02 sections 3.2 and 4; by their labels. */
const HYBRIDS = {
  'MLKEM768-P256': {
    ...{ mlKem: 'ML-KEM-768', curve: 'P-256', seedBytes: 128, scalarBytes: 32, order: p256.Point.Fn.ORDER },
  },
  'MLKEM1024-P384': {
    ...{ mlKem: 'ML-KEM-1024', curve: 'P-384', seedBytes: 48, scalarBytes: 48, order: p384.Point.Fn.ORDER },
  },
} satisfies Record<string, Hybrid>;

/** A hybrid mechanism on a curve of NIST; that on X25519 is X-Wing. */
export type HybridName = keyof typeof HYBRIDS;

/** @param coins m, and behind it what the ephemeral scalar is chosen from */
export function hybridWithCoins(name: HybridName, subject: Subject, coins: Uint8Array): Kem {
  const hybrid = HYBRIDS[name];
  const group = groupOf(hybrid, subject);
  const quantum = mlKemWithCoins(hybrid.mlKem, subject, coins);
  const combined = (...parts: readonly Uint8Array[]) => subject.provider.sha3_256(...parts, utf8ToBytes(name));
  return {
    seedBytes: 32,
    publicKeyBytes: quantum.publicKeyBytes + group.publicKeyBytes,
    ciphertextBytes: quantum.ciphertextBytes + group.publicKeyBytes,
    decapsulationKey: (seed) => {
      const expanded = subject.provider.shake256(64 + hybrid.seedBytes, seed);
      const own = quantum.decapsulationKey(expanded.subarray(0, 64));
      const classical = group.agreementKey(scalarOf(hybrid, expanded.subarray(64)));
      return {
        publicKey: concatBytes(own.publicKey, classical.publicKey),
        decapsulate: (ciphertext) => {
          const [text, point] = split(ciphertext, quantum.ciphertextBytes);
          const [first, second] = [own.decapsulate(text), classical.sharedSecret(point)];
          return first && second && combined(first, second, point, classical.publicKey);
        },
      };
    },
    encapsulate: (publicKey) => {
      const [ek, point] = split(publicKey, quantum.publicKeyBytes);
      const ephemeral: AgreementKey = group.agreementKey(scalarOf(hybrid, coins.subarray(32)));
      const [first, second] = [quantum.encapsulate(ek), ephemeral.sharedSecret(point)];
      if (first === undefined || second === undefined) return undefined;
      return {
        ciphertext: concatBytes(first.ciphertext, ephemeral.publicKey),
        sharedSecret: combined(first.sharedSecret, second, ephemeral.publicKey, point),
      };
    },
  };
}

function groupOf({ curve }: Hybrid, subject: Subject): KeyAgreement {
  const group = subject.agreement(curve);
  if (group === undefined) throw new Cannot(`${curve} is not supported by this build`);
  return group;
}

/** The first piece that is a scalar. */
function scalarOf({ scalarBytes, order }: Hybrid, seed: Uint8Array): Uint8Array {
  for (let at = 0; at + scalarBytes <= seed.length; at += scalarBytes) {
    const piece = seed.subarray(at, at + scalarBytes);
    if (isScalar(piece, order)) return piece;
  }
  throw new Error('seed: has no scalar');
}

/** Whether big-endian bytes are above 0 and below the order of a group. */
export function isScalar(bytes: Uint8Array, order: bigint): boolean {
  const n = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return n > 0n && n < order;
}

function split(bytes: Uint8Array, at: number): readonly [Uint8Array, Uint8Array] {
  return [bytes.subarray(0, at), bytes.subarray(at)];
}
