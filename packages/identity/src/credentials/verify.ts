/**
 * Whether a credential holds: read strictly, signed by its issuer in every way that the issuer's keys demand, in time, and not revoked. Every step that held is
 * listed, every refusal has one reason; nothing here throws on what was received.
 *
 * Which keys count is the word of the issuer's document as it stands. Whoever takes new keys keeps the old ones there for as long as what they signed is to hold;
 * a key that is marked as revoked, or is gone, counts no more for anything, since whoever stole it dates back what he signs. For the same reason a proof cannot
 * name the version of the document that it is judged by. Source: https://www.w3.org/TR/did-1.1/#revocation-semantics
 */
import { provider as usual } from '#provider';
import type { JsonObject } from '../canonical/strict-json.ts';
import type { DidDocument } from '../did/document.ts';
import { CLOCK_SKEW_MS } from '../proof/time.ts';
import type { CryptoProvider } from '../provider/provider.ts';
import type { Names } from './capabilities.ts';
import {
  parseObject,
  readCredential,
  refused,
  type Credential,
  type Refused,
  type StructureRefusal,
  type Vocabulary,
} from './credential.ts';
import { checkProofs, type HeldProof, type ProofSetRefusal } from './proof-set.ts';
import { checkStatus, type HeldStatus, type Published, type StatusRefusal } from './status.ts';

/** Where documents and lists come from; both may be asked again for the same. */
export interface Sources {
  /** The document of a DID as it stands; `undefined` where it cannot be had, is older than may be, or was deactivated. */
  readonly documentOf: (did: string) => Promise<DidDocument | undefined> | DidDocument | undefined;
  /** The credential with a status list, as it was read at a time; `undefined` where it cannot be had. */
  readonly statusListOf: (url: string) => Promise<Published | undefined> | Published | undefined;
}

/** What the verifier demands, whatever a credential says of itself. */
export interface Demands extends Vocabulary {
  /** DIDs whose statements count; `*` where the caller judges the issuer by itself. */
  readonly issuers: Names;
  /** Issuers and holders whose post-quantum proof is needed even where their document has no such key. Default none; where it has one, it is needed anyway. */
  readonly postQuantum?: Names;
  /** Whether a credential without status is refused. Default no. */
  readonly isStatusNeeded?: boolean;
  /** A type that it has to have beside `VerifiableCredential`. */
  readonly type?: string;
}

/** One step that held. */
export type Held =
  | HeldProof
  | HeldStatus
  | { readonly what: 'issuer'; readonly did: string }
  | { readonly what: 'validity'; readonly from: number | undefined; readonly until: number | undefined };

/** Why a credential does not hold. */
export type CredentialRefusal =
  | StructureRefusal
  | ProofSetRefusal
  | StatusRefusal
  | 'untrusted-issuer'
  /** No document of the signer's DID. */
  | 'unresolved-signer'
  | 'not-yet-valid'
  | 'expired'
  | 'no-status';

/** A credential that holds with all that did, or the one reason why not. */
export type CredentialVerdict =
  | { readonly kind: 'verified'; readonly credential: Credential; readonly verified: readonly Held[] }
  | Refused<CredentialRefusal>;

/** Everything that verification needs beside the credential. */
export interface Verification {
  readonly sources: Sources;
  readonly demands: Demands;
  /**
   * "Now" in epoch milliseconds; or an earlier moment at which the credential was there, on the word of something else, as a journal: `sources` then have
   * documents and lists as they stood, and what was revoked later still held.
   */
  readonly at: number;
}

/** Verifies the text of a credential. */
export async function verifyCredential(
  input: string | Uint8Array,
  verification: Verification,
  provider: CryptoProvider = usual,
): Promise<CredentialVerdict> {
  const parsed = parseObject(input);
  return parsed.kind === 'refused' ? parsed : verifyCredentialJson(parsed.object, verification, provider);
}

/** {@link verifyCredential} of what strict parsing gave. */
export async function verifyCredentialJson(
  json: JsonObject,
  verification: Verification,
  provider: CryptoProvider = usual,
): Promise<CredentialVerdict> {
  const signed = await verifySigned(json, verification, provider);
  if (signed.kind === 'refused') return signed;
  const { credential, verified } = signed;
  const { sources, demands, at } = verification;
  if (credential.status.length === 0)
    return demands.isStatusNeeded === true ? refused('no-status', 'credentialStatus') : signed;
  const verifyList = async (url: string, most: number) => {
    const published = await sources.statusListOf(url);
    if (published === undefined) return refused('no-status-list' as const, url);
    const parsed = parseObject(published.text, { most });
    if (parsed.kind === 'refused') return parsed;
    const own = {
      sources,
      at,
      demands: { ...demands, issuers: [credential.issuer], type: 'BitstringStatusListCredential' },
    };
    const list = await verifySigned(parsed.object, own, provider);
    return list.kind === 'refused' ? list : { credential: list.credential, published };
  };
  const status = await checkStatus(credential, verifyList, at);
  return status.kind === 'refused' ? status : { ...signed, verified: [...verified, ...status.held] };
}

/** All but the status: lists have none. */
async function verifySigned(
  json: JsonObject,
  { sources, demands, at }: Verification,
  provider: CryptoProvider,
): Promise<CredentialVerdict> {
  const read = readCredential(json, demands);
  if (read.kind === 'refused') return read;
  const { credential } = read;
  const { issuer, types, validFrom, validUntil, unsigned, proofs } = credential;
  if (demands.type !== undefined && !types.includes(demands.type)) return refused('unknown-type', 'type');
  if (!isAmong(issuer, demands.issuers)) return refused('untrusted-issuer', 'issuer');
  const late = whyNotInTime(credential, at);
  if (late !== undefined) return late;
  const document = await sources.documentOf(issuer);
  if (document?.id !== issuer) return refused('unresolved-signer', 'issuer');
  const isPostQuantum = isAmong(issuer, demands.postQuantum ?? []);
  const demand = { use: { purpose: 'assertionMethod' }, document, isPostQuantum, at } as const;
  const held = checkProofs(unsigned, proofs, demand, provider);
  if (held.kind === 'refused') return held;
  const steps: readonly Held[] = [
    { what: 'issuer', did: issuer },
    { what: 'validity', from: validFrom, until: validUntil },
  ];
  return { kind: 'verified', credential, verified: [...held.proofs, ...steps] };
}

function whyNotInTime({ validFrom = -Infinity, validUntil = Infinity }: Credential, at: number) {
  if (validFrom > at + CLOCK_SKEW_MS) return refused('not-yet-valid' as const, 'validFrom');
  return at < validUntil ? undefined : refused('expired' as const, 'validUntil');
}

/** Whether a DID is one of the names. */
export function isAmong(did: string, names: Names): boolean {
  return names === '*' || names.includes(did);
}
