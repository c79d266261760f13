/**
 * X-Wing: ML-KEM-768 and X25519 as one key encapsulation mechanism, secure while either holds. Source: draft-connolly-cfrg-xwing-kem-09, which is
 * MLKEM768-X25519 of draft-irtf-cfrg-concrete-hybrid-kems and HPKE's KEM 0x647a. Points that give an all-zero secret are refused.
 */
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { provider as defaultProvider } from '#provider';
import {
  hasBytes,
  LENGTHS,
  requireBytes,
  type AgreementKey,
  type CryptoProvider,
  type DecapsulationKey,
  type Kem,
} from '../provider/provider.ts';
import { wiped } from '../provider/wiped.ts';

const QUANTUM = LENGTHS.mlKem768;
const X25519_BYTES = 32;
const LABEL = utf8ToBytes('\\.//^\\');

/** Lengths in bytes. */
export const X_WING = {
  seedBytes: 32,
  publicKeyBytes: QUANTUM.publicKeyBytes + X25519_BYTES,
  ciphertextBytes: QUANTUM.ciphertextBytes + X25519_BYTES,
} as const;

/** See {@link Kem}; the ephemeral secret of X25519 comes from the provider's `randomBytes`. */
export function xWing(provider: CryptoProvider = defaultProvider): Kem {
  return {
    ...X_WING,
    decapsulationKey: (seed) => {
      const expanded = provider.shake256(96, requireBytes('X-Wing seed', seed, X_WING.seedBytes));
      return wiped(expanded, () => {
        const [quantum, classical] = halves(expanded, QUANTUM.seedBytes);
        return decapsulatingWith(
          provider.mlKem768.decapsulationKey(quantum),
          provider.x25519.agreementKey(classical),
          provider,
        );
      });
    },
    encapsulate: (publicKey) => {
      if (!hasBytes(publicKey, X_WING.publicKeyBytes)) return undefined;
      const [quantumKey, classicalKey] = halves(publicKey, QUANTUM.publicKeyBytes);
      const ephemeral = wiped(provider.randomBytes(X25519_BYTES), provider.x25519.agreementKey);
      const classical = ephemeral.sharedSecret(classicalKey);
      const quantum = provider.mlKem768.encapsulate(quantumKey);
      if (classical === undefined || quantum === undefined) return undefined;
      return {
        ciphertext: concatBytes(quantum.ciphertext, ephemeral.publicKey),
        sharedSecret: provider.sha3_256(quantum.sharedSecret, classical, ephemeral.publicKey, classicalKey, LABEL),
      };
    },
  };
}

function decapsulatingWith(
  quantum: DecapsulationKey,
  classical: AgreementKey,
  { sha3_256 }: CryptoProvider,
): DecapsulationKey {
  return {
    publicKey: concatBytes(quantum.publicKey, classical.publicKey),
    decapsulate: (ciphertext) => {
      if (!hasBytes(ciphertext, X_WING.ciphertextBytes)) return undefined;
      const [quantumText, ephemeral] = halves(ciphertext, QUANTUM.ciphertextBytes);
      const [first, second] = [quantum.decapsulate(quantumText), classical.sharedSecret(ephemeral)];
      if (first === undefined || second === undefined) return undefined;
      return sha3_256(first, second, ephemeral, classical.publicKey, LABEL);
    },
  };
}

function halves(bytes: Uint8Array, at: number): readonly [Uint8Array, Uint8Array] {
  return [bytes.subarray(0, at), bytes.subarray(at)];
}
