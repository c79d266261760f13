/**
 * Data Integrity proofs over canonical JSON: what is hashed, signed and checked, whoever asks. Which key may sign, and for what, is the caller's to know.
 * Sources: https://www.w3.org/TR/vc-data-integrity/, https://www.w3.org/TR/vc-di-eddsa/#eddsa-jcs-2022 and the Quantum-Resistant Cryptosuites' `mldsa44-jcs-2024`.
 */
import { concatBytes } from '@noble/hashes/utils.js';
import { provider as preset } from '#provider';
import { canonicalBytes, canonicalJson } from '../canonical/jcs.ts';
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import { fromMultibase, toMultibase, type Multibase } from '../encoding/multibase.ts';
import type { KeyKind, PublicKey } from '../encoding/multikey.ts';
import type { CryptoProvider, SignatureScheme, SigningKey, VerifyingKey } from '../provider/provider.ts';
import { CLOCK_SKEW_MS, parseTime } from './time.ts';

/** Cryptosuites that canonicalise by RFC 8785. */
export type Cryptosuite = 'eddsa-jcs-2022' | 'mldsa44-jcs-2024';

interface Suite {
  readonly keyKind: KeyKind;
  readonly scheme: 'ed25519' | 'mlDsa44';
  readonly base: Multibase;
  /** The document's contexts are signed with the options, whether or not the proof names contexts. */
  readonly hasContext: boolean;
}

const SUITES: Readonly<Record<Cryptosuite, Suite>> = {
  'eddsa-jcs-2022': { keyKind: 'Ed25519', scheme: 'ed25519', base: 'z', hasContext: false },
  'mldsa44-jcs-2024': { keyKind: 'ML-DSA-44', scheme: 'mlDsa44', base: 'u', hasContext: true },
};

const TIMES = ['created', 'expires'] as const;

/** A proof as it stands in a document; members that are not named here are signed like the others. */
export interface DataIntegrityProof extends JsonObject {
  readonly type: 'DataIntegrityProof';
  readonly cryptosuite: string;
  /** DID URL of the key. */
  readonly verificationMethod: string;
  readonly proofPurpose: string;
  readonly proofValue: string;
}

/** What a proof says besides its value. */
export interface ProofOptions {
  readonly verificationMethod: string;
  readonly proofPurpose: string;
  /** `dateTimeStamp`s. */
  readonly created?: string;
  readonly expires?: string;
  readonly domain?: string;
  readonly challenge?: string;
}

/** Why a proof does not hold. */
export type ProofRefusal =
  | 'malformed-proof'
  | 'unknown-cryptosuite'
  /** A critical member that is not understood: `previousProof` chains proofs, which nothing here does. */
  | 'unsupported-proof-member'
  | 'other-key-kind'
  | 'malformed-key'
  | 'proof-from-future'
  | 'expired-proof'
  /** The document's contexts do not begin with the proof's. */
  | 'other-context'
  | 'broken-signature';

/** The 64 bytes that are signed: SHA-256 of the canonical proof options, then of the canonical document. */
export function integrityHash(
  document: JsonObject,
  options: JsonObject,
  provider: CryptoProvider = preset,
): Uint8Array {
  return concatBytes(digestOf(options, provider), digestOf(document, provider));
}

/**
 * The proof of a document that has none. The proof carries the document's contexts, as the suites want it.
 * @throws RangeError for a key that the suite does not sign with, and for times that are none
 */
export function createProof(
  document: JsonObject,
  cryptosuite: Cryptosuite,
  options: ProofOptions,
  key: SigningKey,
  provider: CryptoProvider = preset,
): DataIntegrityProof {
  const { base, scheme } = SUITES[cryptosuite];
  if (key.publicKey.length !== provider[scheme].publicKeyBytes)
    throw new RangeError(`key: has a public key of ${key.publicKey.length} bytes, which is none of ${cryptosuite}`);
  const untimely = TIMES.find((name) => options[name] !== undefined && parseTime(options[name]) === undefined);
  if (untimely !== undefined) throw new RangeError(`${untimely}: ${String(options[untimely])} is no dateTimeStamp`);
  const config = withContextOf(document, { type: 'DataIntegrityProof' as const, cryptosuite, ...options });
  const signature = key.sign(integrityHash(document, config, provider));
  return { ...config, proofValue: toMultibase(base, signature) };
}

/**
 * Why a proof of a document (given without its `proof`) does not hold at that time (epoch milliseconds), or `undefined` where it holds. `key` is what the proof's `verificationMethod` was found to be. Never throws.
 */
export function whyNotProven(
  document: JsonObject,
  proof: JsonValue | undefined,
  key: PublicKey,
  at: number,
  provider: CryptoProvider = preset,
): ProofRefusal | undefined {
  const read = readProof(proof);
  return typeof read === 'string' ? read : proofCheck(document, provider)(read, key, at);
}

/** {@link whyNotProven} for several proofs of a document, each as {@link readProof} gave it; the document is hashed once. */
export function proofCheck(
  document: JsonObject,
  provider: CryptoProvider = preset,
): (proof: DataIntegrityProof, key: PublicKey, at: number) => ProofRefusal | undefined {
  let digest: Uint8Array | undefined;
  return (proof, key, at) => {
    const suite = SUITES[proof.cryptosuite as Cryptosuite];
    if (key.kind !== suite.keyKind) return 'other-key-kind';
    const late = whyNotInTime(proof, at);
    if (late !== undefined) return late;
    const { proofValue, ...options } = proof;
    const unsecured = inContextOf(document, options);
    if (unsecured === undefined) return 'other-context';
    const config = suite.hasContext ? withContextOf(unsecured, options) : options;
    const hash = concatBytes(
      digestOf(config, provider),
      unsecured === document ? (digest ??= digestOf(document, provider)) : digestOf(unsecured, provider),
    );
    return whyNotSigned(hash, proofValue, key, suite, provider[suite.scheme]);
  };
}

/** A proof of a suite that is known, or why it is none. Its signature is not looked at. */
export function readProof(proof: JsonValue | undefined): DataIntegrityProof | ProofRefusal {
  if (typeof proof !== 'object' || proof === null || Array.isArray(proof)) return 'malformed-proof';
  const { type, cryptosuite, verificationMethod, proofPurpose, proofValue, previousProof, ...others } =
    proof as JsonObject;
  if (type !== 'DataIntegrityProof') return 'malformed-proof';
  for (const text of [cryptosuite, verificationMethod, proofPurpose, proofValue])
    if (typeof text !== 'string') return 'malformed-proof';
  for (const time of TIMES.map((name) => others[name]))
    if (time !== undefined && (typeof time !== 'string' || parseTime(time) === undefined)) return 'malformed-proof';
  if (!Object.hasOwn(SUITES, cryptosuite as string)) return 'unknown-cryptosuite';
  return previousProof === undefined ? (proof as DataIntegrityProof) : 'unsupported-proof-member';
}

function whyNotInTime({ created, expires }: DataIntegrityProof, at: number): ProofRefusal | undefined {
  if (typeof created === 'string' && (parseTime(created) ?? Infinity) > at + CLOCK_SKEW_MS) return 'proof-from-future';
  if (typeof expires === 'string' && !(at < (parseTime(expires) ?? -Infinity))) return 'expired-proof';
  return undefined;
}

/** The document with the proof's contexts, which have to be the first of its own; `undefined` where they are not. */
function inContextOf(document: JsonObject, options: JsonObject): JsonObject | undefined {
  const [own, wanted] = [document['@context'], options['@context']];
  if (wanted === undefined) return document;
  const [all, first] = [listOf(own), listOf(wanted)];
  if (canonicalJson(first) !== canonicalJson(all.slice(0, first.length))) return undefined;
  const isWhole = first.length === all.length && Array.isArray(own) === Array.isArray(wanted);
  return isWhole ? document : { ...document, '@context': wanted };
}

function digestOf(value: JsonObject, provider: CryptoProvider): Uint8Array {
  return provider.sha256(canonicalBytes(value));
}

function withContextOf<T extends JsonObject>({ '@context': context }: JsonObject, options: T): T {
  return context === undefined ? options : { ...options, '@context': context };
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
}

function whyNotSigned(
  hash: Uint8Array,
  proofValue: string,
  key: PublicKey,
  suite: Suite,
  scheme: SignatureScheme,
): ProofRefusal | undefined {
  const signature = proofValue.startsWith(suite.base) ? fromMultibase(proofValue) : undefined;
  if (signature?.length !== scheme.signatureBytes) return 'malformed-proof';
  const verifying = importedKey(key, scheme);
  if (verifying === undefined) return 'malformed-key';
  return verifying.verify(hash, signature) ? undefined : 'broken-signature';
}

/** Importing a key takes as long as half a verification; forgotten with the document that the key comes from. */
const IMPORTED = new WeakMap<SignatureScheme, WeakMap<PublicKey, VerifyingKey>>();

function importedKey(key: PublicKey, scheme: SignatureScheme): VerifyingKey | undefined {
  const keys = IMPORTED.get(scheme) ?? new WeakMap<PublicKey, VerifyingKey>();
  IMPORTED.set(scheme, keys);
  const imported = keys.get(key) ?? scheme.verifyingKey(key.bytes);
  if (imported !== undefined) keys.set(key, imported);
  return imported;
}
