/**
 * Capabilities that are handed on: a chain of credentials from a root that the verifier pins to whoever uses them. Each link is issued by the subject of the
 * one before it, names it by its digest, grants no more in any dimension and lasts no longer.
 */
import { provider as usual } from '#provider';
import { framed } from '../canonical/domains.ts';
import { canonicalBytes } from '../canonical/jcs.ts';
import type { JsonObject } from '../canonical/strict-json.ts';
import { toMultibase } from '../encoding/multibase.ts';
import type { CryptoProvider } from '../provider/provider.ts';
import { wideningOf, type Grant } from './capabilities.ts';
import { parseObject, refused, type Credential, type Refused } from './credential.ts';
import { STATEMENT_TYPES, statementOf, subjectOf } from './statement.ts';
import {
  verifyCredentialJson,
  type CredentialRefusal,
  type Demands,
  type Held,
  type Sources,
  type Verification,
} from './verify.ts';

/** Who may begin chains, with what it may grant; a chain's first credential is narrower than one of these, as each is narrower than the one before it. */
export interface Root {
  readonly did: string;
  readonly grants: readonly Grant[];
}

/** What is demanded of a chain. */
export interface DelegationDemands extends Omit<Demands, 'issuers' | 'type'> {
  readonly roots: readonly Root[];
  /** Most credentials after the first. Default 3. */
  readonly depth?: number;
}

/** Everything that the verification of a chain needs beside it. `at` is "now" in epoch milliseconds. */
export interface DelegationVerification {
  readonly sources: Sources;
  readonly demands: DelegationDemands;
  readonly at: number;
}

/** Why a chain does not hold. */
export type DelegationRefusal =
  | CredentialRefusal
  | 'empty-chain'
  | 'too-deep'
  /** A link hands grants to somebody who stands before it in the chain. */
  | 'cyclic-chain'
  | 'malformed-capabilities'
  /** Capabilities always end. */
  | 'without-end'
  /** A link says to come from another credential than the one before it. */
  | 'other-parent'
  | 'widened-grant'
  | 'widened-validity';

/** A step that held, and the number of its link. */
export type HeldOfLink = Held & { readonly link: number };

/** What the last one of a chain may do, or why nothing. */
export type DelegationVerdict =
  | {
      readonly kind: 'verified';
      /** DID that may use the grants; that it is the one who asks has to be proven by it. */
      readonly holder: string;
      readonly grants: readonly Grant[];
      /** Epoch milliseconds. */
      readonly validUntil: number;
      /** The root's first. */
      readonly credentials: readonly Credential[];
      readonly verified: readonly HeldOfLink[];
    }
  | Refused<DelegationRefusal>;

/** Digest by which a credential names the one it hands on, whatever proofs that has: Multibase `u` of SHA-256 in the domain of delegations. */
export function delegationDigest(credential: JsonObject, provider: CryptoProvider = usual): string {
  const unsigned = Object.fromEntries(Object.entries(credential).filter(([name]) => name !== 'proof'));
  return toMultibase('u', provider.sha256(framed('delegation', canonicalBytes(unsigned))));
}

/** Verifies a chain of credentials, the root's first. */
export async function verifyDelegation(
  chain: readonly (string | Uint8Array)[],
  verification: DelegationVerification,
  provider: CryptoProvider = usual,
): Promise<DelegationVerdict> {
  const unfit = whyUnfit(chain, verification.demands);
  if (unfit !== undefined) return unfit;
  const objects: JsonObject[] = [];
  for (const [i, text] of chain.entries()) {
    const parsed = parseObject(text);
    if (parsed.kind === 'refused') return refused(parsed.reason, `link/${i}/${parsed.where}`);
    objects.push(parsed.object);
  }
  return verifyDelegationJson(objects, verification, provider);
}

/** {@link verifyDelegation} of what strict parsing gave. */
export async function verifyDelegationJson(
  chain: readonly JsonObject[],
  { sources, demands, at }: DelegationVerification,
  provider: CryptoProvider = usual,
): Promise<DelegationVerdict> {
  const unfit = whyUnfit(chain, demands);
  if (unfit !== undefined) return unfit;
  const { roots, ...others } = demands;
  const credentials: Credential[] = [];
  const verified: HeldOfLink[] = [];
  const before = new Set<string>();
  let last: Link | undefined;
  for (const [i, json] of chain.entries()) {
    const issuers = last === undefined ? roots.map(({ did }) => did) : [last.subject];
    const own: Verification = { sources, at, demands: { ...others, issuers, type: STATEMENT_TYPES.capabilities } };
    const verdict = await verifyCredentialJson(json, own, provider);
    if (verdict.kind === 'refused') return refused(verdict.reason, `link/${i}/${verdict.where}`);
    const { issuer } = verdict.credential;
    const link = linkOf(verdict.credential, last ?? parentOf(roots, issuer), provider);
    if ('reason' in link) return refused(link.reason, `link/${i}/${link.where}`);
    if (before.add(issuer).has(link.subject)) return refused('cyclic-chain', `link/${i}/credentialSubject/id`);
    credentials.push(verdict.credential);
    verified.push(...verdict.verified.map((held) => ({ ...held, link: i })));
    last = link;
  }
  const { subject: holder, grants, validUntil } = last as Link;
  return { kind: 'verified', holder, grants, validUntil, credentials, verified };
}

function whyUnfit(
  { length }: readonly unknown[],
  { depth = USUAL_DEPTH }: DelegationDemands,
): Refused<'empty-chain' | 'too-deep'> | undefined {
  if (length === 0) return refused('empty-chain', 'chain');
  return length <= depth + 1 ? undefined : refused('too-deep', 'chain');
}

const USUAL_DEPTH = 3;

/** What a link may not exceed. */
interface Parent {
  readonly grants: readonly Grant[];
  readonly validFrom: number;
  readonly validUntil: number;
  /** `undefined` for a root, which no credential stands for. */
  readonly digest: string | undefined;
}

interface Link extends Parent {
  readonly subject: string;
}

function parentOf(roots: readonly Root[], did: string): Parent {
  const grants = roots.flatMap((root) => (root.did === did ? root.grants : []));
  return { grants, validFrom: -Infinity, validUntil: Infinity, digest: undefined };
}

function linkOf(credential: Credential, parent: Parent, provider: CryptoProvider): Link | Refused<DelegationRefusal> {
  const [statement, subject] = [statementOf(credential), subjectOf(credential)];
  if (statement?.kind !== 'capabilities' || subject === undefined)
    return refused('malformed-capabilities', 'credentialSubject');
  const { grants, delegatedFrom } = statement;
  const { validFrom = -Infinity, validUntil, unsigned } = credential;
  if (validUntil === undefined) return refused('without-end', 'validUntil');
  if (delegatedFrom !== parent.digest) return refused('other-parent', 'credentialSubject/delegatedFrom');
  if (validFrom < parent.validFrom) return refused('widened-validity', 'validFrom');
  if (validUntil > parent.validUntil) return refused('widened-validity', 'validUntil');
  for (const [i, grant] of grants.entries()) {
    const wider = wideningOf(grant, parent.grants);
    if (wider !== undefined) return refused('widened-grant', `credentialSubject/grants/${i}/${wider}`);
  }
  return { subject, grants, validFrom, validUntil, digest: delegationDigest(unsigned, provider) };
}
