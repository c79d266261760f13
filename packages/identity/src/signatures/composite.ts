/**
 * Composite ML-DSA: two signatures over one representative of the message, both of which must hold. Source: draft-ietf-lamps-pq-composite-sigs-19, sections 2
 * to 4. A key is ML-DSA's ‖ Ed25519's, a seed and a signature likewise; both halves have fixed lengths. The halves of a composite key are never keys of
 * their own: a key set derives them under labels that nothing else has.
 */
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import {
  MOST_CONTEXT_BYTES,
  requireBytes,
  requireContext,
  type CryptoProvider,
  type SignatureScheme,
  type SigningKey,
  type SignOptions,
  type VerifyingKey,
} from '../provider/provider.ts';

/** `CompositeAlgorithmSignatures2025`, before every representative. */
const PREFIX = utf8ToBytes('CompositeAlgorithmSignatures2025');

/** A half of a composite signature that does not hold. */
export type Half = 'classical' | 'post-quantum';

/** A composite public key that is ready to verify. */
export interface CompositeVerifyingKey extends VerifyingKey {
  /** The first half that does not hold, the cheap one first; `undefined` where both do. @throws RangeError for an over-long context */
  readonly failingHalf: (message: Uint8Array, signature: Uint8Array, options?: SignOptions) => Half | undefined;
}

/** A composite is a scheme like any other, and says in addition which half failed. */
export interface CompositeScheme extends SignatureScheme {
  readonly verifyingKey: (publicKey: Uint8Array) => CompositeVerifyingKey | undefined;
}

/** Names that have Ed25519 as second half and SHA-512 as pre-hash. */
export type CompositeName = 'COMPSIG-MLDSA44-Ed25519-SHA512' | 'COMPSIG-MLDSA65-Ed25519-SHA512';

/** What the draft calls id-MLDSA44-Ed25519-SHA512 and id-MLDSA65-Ed25519-SHA512, by its label. */
export function compositeScheme(name: CompositeName, provider: CryptoProvider): CompositeScheme {
  const label = utf8ToBytes(name);
  const quantum = name === 'COMPSIG-MLDSA44-Ed25519-SHA512' ? provider.mlDsa44 : provider.mlDsa65;
  const classical = provider.ed25519;
  const representative = (message: Uint8Array, options?: SignOptions) => {
    const context = requireContext(options);
    return concatBytes(PREFIX, label, Uint8Array.of(context.length), context, provider.sha512(message));
  };
  return {
    name,
    seedBytes: quantum.seedBytes + classical.seedBytes,
    publicKeyBytes: quantum.publicKeyBytes + classical.publicKeyBytes,
    signatureBytes: quantum.signatureBytes + classical.signatureBytes,
    signingKey: (seed) => {
      requireBytes(`${name} seed`, seed, quantum.seedBytes + classical.seedBytes);
      return signingWith(
        quantum.signingKey(seed.subarray(0, quantum.seedBytes)),
        classical.signingKey(seed.subarray(quantum.seedBytes)),
        { label, representative },
      );
    },
    verifyingKey: (publicKey) => {
      const first = quantum.verifyingKey(publicKey.subarray(0, quantum.publicKeyBytes));
      const second = classical.verifyingKey(publicKey.subarray(quantum.publicKeyBytes));
      if (first === undefined || second === undefined) return undefined;
      return verifyingWith(first, second, { label, representative, signatureBytes: quantum.signatureBytes });
    },
  };
}

function isContext({ context }: SignOptions = {}): boolean {
  return context === undefined || context.length <= MOST_CONTEXT_BYTES;
}

interface Rule {
  /** Given to ML-DSA as its context, so that a half is no signature of ML-DSA alone. */
  readonly label: Uint8Array;
  readonly representative: (message: Uint8Array, options?: SignOptions) => Uint8Array;
}

function signingWith(quantum: SigningKey, classical: SigningKey, { label, representative }: Rule): SigningKey {
  return {
    publicKey: concatBytes(quantum.publicKey, classical.publicKey),
    sign: (message, options) => {
      const signed = representative(message, options);
      return concatBytes(quantum.sign(signed, { context: label }), classical.sign(signed));
    },
  };
}

function verifyingWith(
  quantum: VerifyingKey,
  classical: VerifyingKey,
  { label, representative, signatureBytes }: Rule & { readonly signatureBytes: number },
): CompositeVerifyingKey {
  const failingHalf = (message: Uint8Array, signature: Uint8Array, options?: SignOptions): Half | undefined => {
    const signed = representative(message, options);
    if (!classical.verify(signed, signature.subarray(signatureBytes))) return 'classical';
    return quantum.verify(signed, signature.subarray(0, signatureBytes), { context: label })
      ? undefined
      : 'post-quantum';
  };
  return {
    publicKey: concatBytes(quantum.publicKey, classical.publicKey),
    failingHalf,
    verify: (message, signature, options) =>
      isContext(options) && failingHalf(message, signature, options) === undefined,
  };
}
