/** Making credentials: of roles, capabilities, attestations and status lists, signed in every suite that the issuer has keys for. */
import { provider as usual } from '#provider';
import type { JsonObject } from '../canonical/strict-json.ts';
import { formatTime } from '../proof/time.ts';
import type { CryptoProvider } from '../provider/provider.ts';
import { AGENT_CREDENTIALS_V1, CREDENTIALS_V2, readCredential } from './credential.ts';
import { withProofs, type DocumentSigner } from './proof-set.ts';
import { STATEMENT_TYPES, subjectJson, type Statement } from './statement.ts';
import { encodeStatusList, statusEntryJson, type StatusEntry, type StatusList } from './status-list.ts';

/** Who says what of whom, and for how long (epoch milliseconds; cut off to seconds). */
export interface CredentialTerms {
  /** URL or URN; needed for nothing but to be named. */
  readonly id?: string;
  /** DID. */
  readonly issuer: string;
  /** DID. */
  readonly subject: string;
  readonly statement: Statement;
  readonly validFrom: number;
  readonly validUntil?: number;
  readonly status?: readonly StatusEntry[];
}

/** A credential that is not signed yet. */
export function unsignedCredential(terms: CredentialTerms): JsonObject {
  const { id, issuer, subject, statement, validFrom, validUntil, status = [] } = terms;
  return {
    '@context': [CREDENTIALS_V2, AGENT_CREDENTIALS_V1],
    ...(id !== undefined && { id }),
    type: ['VerifiableCredential', STATEMENT_TYPES[statement.kind]],
    issuer,
    validFrom: formatTime(validFrom),
    ...(validUntil !== undefined && { validUntil: formatTime(validUntil) }),
    credentialSubject: subjectJson(subject, statement),
    ...(status.length > 0 && { credentialStatus: status.map(statusEntryJson) }),
  };
}

/** What the credential of a status list says. */
export interface StatusListTerms {
  /** URL at which it is published. */
  readonly id: string;
  readonly issuer: string;
  readonly purposes: readonly string[];
  readonly list: StatusList;
  readonly validFrom: number;
  readonly validUntil?: number;
  /** How long it may be kept, in milliseconds; five minutes where it is not said. */
  readonly ttlMs?: number;
}

/** The credential of a status list, not signed yet. */
export async function unsignedStatusList(terms: StatusListTerms): Promise<JsonObject> {
  const { id, issuer, purposes, list, validFrom, validUntil, ttlMs } = terms;
  return {
    '@context': [CREDENTIALS_V2],
    id,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer,
    validFrom: formatTime(validFrom),
    ...(validUntil !== undefined && { validUntil: formatTime(validUntil) }),
    credentialSubject: {
      id: `${id}#list`,
      type: 'BitstringStatusList',
      statusPurpose: purposes.length === 1 ? (purposes[0] as string) : purposes,
      encodedList: await encodeStatusList(list),
      ...(ttlMs !== undefined && { ttl: ttlMs }),
    },
  };
}

/**
 * Signs at a time (epoch milliseconds). Sign with a key of every kind that the issuer's document names for assertions, or verifiers refuse it.
 * @throws TypeError for what is no credential; RangeError where there is no signer or a key is not of its suite
 */
export function issueCredential(
  unsigned: JsonObject,
  signers: readonly DocumentSigner[],
  at: number,
  provider: CryptoProvider = usual,
): JsonObject {
  const contexts = unsigned['@context'];
  const known = Array.isArray(contexts) ? (contexts as readonly string[]).slice(1) : [];
  const read = readCredential(unsigned, { contexts: known });
  if (read.kind === 'refused') throw new TypeError(`credential: ${read.reason} at ${read.where}`);
  if (read.credential.proofs.length > 0) throw new TypeError('credential: is signed already');
  return withProofs(unsigned, signers, { purpose: 'assertionMethod' }, at, provider);
}
