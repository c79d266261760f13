/**
 * Composite ML-DSA: two signatures over one representative of the message, both of which must hold. Source: draft-ietf-lamps-pq-composite-sigs-19, sections 2
 * to 4. A key is ML-DSA's ‖ Ed25519's, a seed and a signature likewise; both halves have fixed lengths. The halves of a composite key are never keys of
 * their own: a key set derives them under labels that nothing else has.
 */
import { concatBytes, isBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import {
  hasBytes,
  MOST_CONTEXT_BYTES,
  NO_BYTES,
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
  /** The first half that does not hold, the cheap one first; `undefined` where both do. @throws TypeError, RangeError for a message or context that is none */
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
  const quantum = name === 'COMPSIG-MLDSA44-Ed25519-SHA512' ? provider.mlDsa44 : provider.mlDsa65;
  const classical = provider.ed25519;
  const lengths = {
    seedBytes: quantum.seedBytes + classical.seedBytes,
    publicKeyBytes: quantum.publicKeyBytes + classical.publicKeyBytes,
    signatureBytes: quantum.signatureBytes + classical.signatureBytes,
  };
  const rule = ruleOf(name, provider);
  return {
    name,
    ...lengths,
    signingKey: (seed) => {
      const [first, second] = halves(requireBytes(`${name} seed`, seed, lengths.seedBytes), quantum.seedBytes);
      return signingWith(quantum.signingKey(first), classical.signingKey(second), rule);
    },
    verifyingKey: (publicKey) => {
      if (!hasBytes(publicKey, lengths.publicKeyBytes)) return undefined;
      const [first, second] = halves(publicKey, quantum.publicKeyBytes);
      const [one, other] = [quantum.verifyingKey(first), classical.verifyingKey(second)];
      if (one === undefined || other === undefined) return undefined;
      const failingHalf = failingWith(one, other, rule, quantum.signatureBytes);
      return {
        publicKey: Uint8Array.from(publicKey),
        failingHalf,
        verify: (message, signature, options) =>
          isBytes(message) &&
          hasBytes(signature, lengths.signatureBytes) &&
          isContext(options) &&
          failingHalf(message, signature, options) === undefined,
      };
    },
  };
}

interface Rule {
  /** Given to ML-DSA as its context, so that a half is no signature of ML-DSA alone. */
  readonly label: Uint8Array;
  /** M′. */
  readonly representative: (message: Uint8Array, options?: SignOptions) => Uint8Array;
}

function ruleOf(name: CompositeName, { sha512 }: CryptoProvider): Rule {
  const label = utf8ToBytes(name);
  return {
    label,
    representative: (message, options) => {
      const context = requireContext(options);
      return concatBytes(PREFIX, label, Uint8Array.of(context.length), context, sha512(message));
    },
  };
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

function failingWith(
  quantum: VerifyingKey,
  classical: VerifyingKey,
  { label, representative }: Rule,
  quantumBytes: number,
): CompositeVerifyingKey['failingHalf'] {
  return (message, signature, options) => {
    const signed = representative(message, options);
    const [first, second] = halves(signature, quantumBytes);
    if (!classical.verify(signed, second)) return 'classical';
    return quantum.verify(signed, first, { context: label }) ? undefined : 'post-quantum';
  };
}

function halves(bytes: Uint8Array, at: number): readonly [Uint8Array, Uint8Array] {
  return [bytes.subarray(0, at), bytes.subarray(at)];
}

function isContext({ context = NO_BYTES }: SignOptions = {}): boolean {
  return isBytes(context) && context.length <= MOST_CONTEXT_BYTES;
}
