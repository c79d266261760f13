/**
 * The proofs of a credential or presentation. A set of proofs is an "or" to the standard: whoever takes the post-quantum one away leaves a valid document. So
 * here every proof that stands there has to hold, and whoever publishes keys of a kind has to have signed with it: the rule is the verifier's and comes
 * from the signer's DID document, never from what was signed. Source: https://www.w3.org/TR/vc-data-integrity/#proof-sets
 */
import { canonicalJson } from '../canonical/jcs.ts';
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import { keyFor, keyUrlsFor, type DidDocument, type KeyRefusal } from '../did/document.ts';
import type { KeyKind } from '../encoding/multikey.ts';
import {
  createProof,
  proofCheck,
  readProof,
  type Cryptosuite,
  type DataIntegrityProof,
  type ProofRefusal,
} from '../proof/data-integrity.ts';
import { formatTime } from '../proof/time.ts';
import type { CryptoProvider, SigningKey } from '../provider/provider.ts';
import { refused, type Refused } from './credential.ts';
import { isUrl, oneOrMany, strangeName } from './fields.ts';

/** A key that signs documents. */
export interface DocumentSigner {
  readonly cryptosuite: Cryptosuite;
  /** DID URL of the key, as the signer's document has it. */
  readonly verificationMethod: string;
  readonly key: SigningKey;
}

/** What proofs are for: what issuers state, or who presents it to whom. */
export type ProofUse =
  | { readonly purpose: 'assertionMethod' }
  | { readonly purpose: 'authentication'; readonly challenge: string; readonly domain: string };

/** A proof that holds. */
export interface HeldProof {
  readonly what: 'proof';
  readonly cryptosuite: Cryptosuite;
  readonly verificationMethod: string;
  readonly purpose: ProofUse['purpose'];
}

/** Why a set of proofs does not hold. */
export type ProofSetRefusal =
  | ProofRefusal
  | KeyRefusal
  | 'no-proof'
  /** Two proofs by one key. */
  | 'repeated-proof'
  | 'other-purpose'
  | 'other-challenge'
  | 'other-domain'
  | 'missing-post-quantum-proof'
  | 'missing-classical-proof';

/** Whoever publishes a key of any other kind for what it signs means to withstand quantum computers; which suite it is published for does not matter. */
const CLASSICAL: ReadonlySet<KeyKind> = new Set<KeyKind>(['Ed25519', 'X25519', 'ML-KEM-768', 'X-Wing']);
const MEMBERS: ReadonlySet<string> = new Set([
  ...['@context', 'id', 'type', 'cryptosuite', 'created', 'expires'],
  ...['verificationMethod', 'proofPurpose', 'proofValue'],
]);
const PRESENTED: ReadonlySet<string> = new Set([...MEMBERS, 'challenge', 'domain', 'nonce']);

/**
 * The document with one proof by each signer.
 * @throws RangeError where there is no signer, or a key is not of its suite
 */
export function withProofs(
  document: JsonObject,
  signers: readonly DocumentSigner[],
  use: ProofUse,
  at: number,
  provider: CryptoProvider,
): JsonObject {
  if (signers.length === 0) throw new RangeError('signers: at least one is needed');
  const { purpose: proofPurpose, ...binding } = use;
  const proofs = signers.map(({ cryptosuite, verificationMethod, key }) => {
    const options = { verificationMethod, proofPurpose, created: formatTime(at), ...binding };
    return createProof(document, cryptosuite, options, key, provider);
  });
  return { ...document, proof: proofs };
}

/** What is asked of a set of proofs. */
export interface ProofDemand {
  readonly use: ProofUse;
  /** Of whoever has to have signed. */
  readonly document: DidDocument;
  /** A post-quantum proof is needed although no such key is published; where one is, it is needed anyway. */
  readonly isPostQuantum: boolean;
  readonly at: number;
}

/** Every proof that holds, or the first thing that does not. */
export function checkProofs(
  unsigned: JsonObject,
  proofs: readonly JsonValue[],
  demand: ProofDemand,
  provider: CryptoProvider,
): { readonly kind: 'held'; readonly proofs: readonly HeldProof[] } | Refused<ProofSetRefusal> {
  if (proofs.length === 0) return refused('no-proof', 'proof');
  const held: HeldProof[] = [];
  // What is missing is told before signatures are calculated.
  const lacking = lackingSuite(proofs, demand);
  if (lacking !== undefined) return refused(lacking, 'proof');
  const whyNotProven = proofCheck(unsigned, provider);
  for (const [i, json] of proofs.entries()) {
    const proof = checkProof(unsigned, json, demand, whyNotProven);
    if (typeof proof === 'string') return refused(proof, `proof/${i}`);
    if (held.some(({ verificationMethod }) => verificationMethod === proof.verificationMethod))
      return refused('repeated-proof', `proof/${i}`);
    held.push(proof);
  }
  return { kind: 'held', proofs: held };
}

function checkProof(
  unsigned: JsonObject,
  json: JsonValue,
  { use, document, at }: ProofDemand,
  whyNotProven: ReturnType<typeof proofCheck>,
): HeldProof | ProofSetRefusal {
  const proof = readProof(json);
  if (typeof proof === 'string') return proof;
  const amiss = whyNotFor(proof, use) ?? whyOtherContext(unsigned, proof);
  if (amiss !== undefined) return amiss;
  const found = keyFor(document, proof.verificationMethod, use.purpose, at);
  if (found.kind === 'refused') return found.reason;
  const why = whyNotProven(proof, found.key, at);
  const cryptosuite = proof.cryptosuite as Cryptosuite;
  return why ?? { what: 'proof', cryptosuite, verificationMethod: found.url, purpose: use.purpose };
}

function whyNotFor(proof: DataIntegrityProof, use: ProofUse): ProofSetRefusal | undefined {
  const { id, nonce = '' } = proof;
  if ((id !== undefined && !isUrl(id)) || typeof nonce !== 'string') return 'malformed-proof';
  if (proof.proofPurpose !== use.purpose) return 'other-purpose';
  if (use.purpose === 'assertionMethod')
    return strangeName(proof, MEMBERS) === undefined ? undefined : 'unsupported-proof-member';
  if (proof.challenge !== use.challenge) return 'other-challenge';
  if (proof.domain !== use.domain) return 'other-domain';
  return strangeName(proof, PRESENTED) === undefined ? undefined : 'unsupported-proof-member';
}

/** The suite lets contexts be added behind those that were signed; a credential that gained some says something else than its issuer did. */
function whyOtherContext(unsigned: JsonObject, proof: DataIntegrityProof): ProofSetRefusal | undefined {
  const [signed, stands] = [proof['@context'], unsigned['@context']];
  if (signed === undefined || stands === undefined) return undefined;
  return canonicalJson(oneOrMany(signed)) === canonicalJson(oneOrMany(stands)) ? undefined : 'other-context';
}

function lackingSuite(proofs: readonly JsonValue[], demand: ProofDemand): ProofSetRefusal | undefined {
  const suites = proofs.map((proof) => (proof as JsonObject)['cryptosuite']);
  const published = kindsFor(demand);
  const isPostQuantum = demand.isPostQuantum || published.some((kind) => !CLASSICAL.has(kind));
  if (isPostQuantum && !suites.includes('mldsa44-jcs-2024')) return 'missing-post-quantum-proof';
  return published.includes('Ed25519') && !suites.includes('eddsa-jcs-2022') ? 'missing-classical-proof' : undefined;
}

/** Kinds of key that the document names for the use, those that have expired or been revoked as well: to lose a key is no way to a weaker rule. */
function kindsFor({ document, use: { purpose } }: ProofDemand): readonly KeyKind[] {
  return keyUrlsFor(document, purpose).flatMap((url) => {
    const found = keyFor(document, url, purpose, -Infinity);
    return found.kind === 'key' ? [found.key.kind] : [];
  });
}
