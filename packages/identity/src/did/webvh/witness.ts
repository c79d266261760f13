/** Proofs of witnesses. Source: https://identity.foundation/didwebvh/v1.0/#did-witnesses */
import { parseJson, type JsonObject, type JsonValue } from '../../canonical/strict-json.ts';
import { whyNotProven } from '../../proof/data-integrity.ts';
import type { CryptoProvider } from '../../provider/provider.ts';
import { toMultikey, type PublicKey } from '../../encoding/multikey.ts';
import { keyOfDidKeyUrl } from '../key.ts';
import type { WitnessRule } from './parameters.ts';
import type { WebvhRefusal } from './refusal.ts';

/** An entry that needs approval, by its place in the log. */
export interface Witnessed {
  readonly index: number;
  readonly rule: WitnessRule;
  /** The rule that the entry sets, where all of its witnesses were witnesses before. */
  readonly reduced: WitnessRule | undefined;
}

/**
 * Where a log is taken that does not keep to the letter. `reduced-witnesses`: an entry that leaves some of the witnesses, or lowers their threshold, has the approval that
 * is asked for after it, not the one before it; one published implementation writes such logs. No witness who was none before ever approves.
 */
export type Concession = 'reduced-witnesses';

/** Whether all entries are approved. */
export type Witnessing =
  | { readonly kind: 'witnessed'; readonly concessions: readonly Concession[] }
  | { readonly kind: 'refused'; readonly index: number; readonly reason: WebvhRefusal };

/** Text of did-witness.json that is read, proofs in it, and proofs that do not hold, after which no other is looked at. */
const MOST_CHARACTERS = 2 ** 22;
const MOST_PROOFS = 4096;
const MOST_BROKEN = 64;

/** A proof, before it is verified. */
interface Claim {
  /** Multikey. */
  readonly witness: string;
  readonly key: PublicKey;
  readonly index: number;
  readonly versionId: string;
  readonly proof: JsonObject;
}

/**
 * Whether entries have the approval that they need. A valid proof approves all entries up to the one it is of; proofs of versions
 * that the log has not, of nobody's witnesses, and proofs that do not hold count for nothing. `file` is the text of did-witness.json, if there is one;
 * `versionIds` are those of the log, in its order.
 */
export function witnessing(
  file: string | undefined,
  needed: readonly Witnessed[],
  versionIds: readonly string[],
  at: number,
  provider: CryptoProvider,
): Witnessing {
  const [first] = needed;
  if (first === undefined) return { kind: 'witnessed', concessions: [] };
  if (file === undefined) return { kind: 'refused', index: first.index, reason: 'missing-witness-proofs' };
  const claims = readClaims(file, versionIds);
  if (typeof claims === 'string') return { kind: 'refused', index: first.index, reason: claims };
  const approved = approvals(claims, new Set(needed.flatMap(({ rule }) => rule.witnesses)), at, provider);
  const below = needed.filter(({ index, rule }) => !isMet(rule, index, approved));
  const unmet = below.find(({ index, reduced }) => reduced === undefined || !isMet(reduced, index, approved));
  if (unmet !== undefined) return { kind: 'refused', index: unmet.index, reason: 'witness-threshold-unmet' };
  return { kind: 'witnessed', concessions: below.length > 0 ? ['reduced-witnesses'] : [] };
}

function isMet({ threshold, witnesses }: WitnessRule, index: number, approved: ReadonlyMap<string, number>): boolean {
  return witnesses.filter((witness) => (approved.get(witness) ?? -1) >= index).length >= threshold;
}

/** Up to which entry each witness has approved. */
function approvals(
  claims: readonly Claim[],
  witnesses: ReadonlySet<string>,
  at: number,
  provider: CryptoProvider,
): ReadonlyMap<string, number> {
  const approved = new Map<string, number>();
  // The latest first, so that each witness costs one signature as a rule.
  const ordered = claims.filter(({ witness }) => witnesses.has(witness)).toSorted((a, b) => b.index - a.index);
  let broken = 0;
  for (const claim of ordered) {
    if (approved.has(claim.witness)) continue;
    if (isApproval(claim, at, provider)) approved.set(claim.witness, claim.index);
    else if (++broken === MOST_BROKEN) break;
  }
  return approved;
}

function isApproval({ versionId, proof, key }: Claim, at: number, provider: CryptoProvider): boolean {
  // Of the suites that there are, one alone signs with keys that are did:keys.
  return (
    proof.proofPurpose === 'assertionMethod' && whyNotProven({ versionId }, proof, key, at, provider) === undefined
  );
}

function readClaims(file: string, versionIds: readonly string[]): readonly Claim[] | WebvhRefusal {
  const parsed = parseJson(file, { most: MOST_CHARACTERS });
  if (parsed.kind === 'refused' || !Array.isArray(parsed.value)) return 'malformed-witness-proofs';
  const places = new Map(versionIds.map((versionId, index) => [versionId, index]));
  const claims: Claim[] = [];
  for (const item of parsed.value as readonly JsonValue[]) {
    const { versionId, proof } = isObject(item) ? item : {};
    if (typeof versionId !== 'string' || !(proof === undefined || Array.isArray(proof)))
      return 'malformed-witness-proofs';
    const index = places.get(versionId);
    if (index !== undefined) claims.push(...claimsOf((proof ?? []) as readonly JsonValue[], versionId, index));
    if (claims.length > MOST_PROOFS) return 'too-many-witness-proofs';
  }
  return claims;
}

function claimsOf(proofs: readonly JsonValue[], versionId: string, index: number): readonly Claim[] {
  return proofs.filter(isObject).flatMap((proof) => {
    const url = proof.verificationMethod;
    const key = typeof url === 'string' ? keyOfDidKeyUrl(url) : undefined;
    return key === undefined ? [] : [{ witness: toMultikey(key), key, index, versionId, proof }];
  });
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
