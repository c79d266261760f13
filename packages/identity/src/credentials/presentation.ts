/**
 * Credentials shown by the one they are about: signed with its authentication keys over the verifier's challenge and domain, so that nobody else can show them
 * and nobody can show them again. Source: https://www.w3.org/TR/vc-data-model-2.0/#verifiable-presentations
 */
import { provider as usual } from '#provider';
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import { parseDid } from '../did/did.ts';
import type { CryptoProvider } from '../provider/provider.ts';
import {
  AGENT_CREDENTIALS_V1,
  CREDENTIALS_V2,
  parseObject,
  refused,
  unknownIn,
  type Credential,
  type Refused,
} from './credential.ts';
import {
  verifyDelegationJson,
  type DelegationDemands,
  type DelegationRefusal,
  type DelegationVerdict,
} from './delegation.ts';
import { disclose, type DisclosureRefusal } from './disclosure.ts';
import { isObject, isUrl, oneOrMany, textsOf, urlOf } from './fields.ts';
import { checkProofs, withProofs, type DocumentSigner, type HeldProof } from './proof-set.ts';
import { subjectOf } from './statement.ts';
import { isAmong, verifyCredentialJson, type Demands, type Held, type Sources } from './verify.ts';

/** What is shown, to whom. */
export interface PresentationTerms {
  /** DID. */
  readonly holder: string;
  /** As they were issued. */
  readonly credentials: readonly JsonObject[];
  /** For each credential in order, the disclosures that are shown with it; none where it is shorter. */
  readonly disclosures?: readonly (readonly string[])[];
  /** What the verifier made up for this one time. */
  readonly challenge: string;
  /** Who the verifier is. */
  readonly domain: string;
}

/**
 * A presentation, signed at a time (epoch milliseconds) with a key of every kind that the holder's document names for authentication.
 * @throws RangeError for no signer, a key that is not of its suite, an empty challenge or domain
 */
export function present(
  { holder, credentials, disclosures = [], challenge, domain }: PresentationTerms,
  signers: readonly DocumentSigner[],
  at: number,
  provider: CryptoProvider = usual,
): JsonObject {
  if (challenge === '' || domain === '') throw new RangeError('challenge and domain: must not be empty');
  const unsigned = {
    '@context': [CREDENTIALS_V2, AGENT_CREDENTIALS_V1],
    type: ['VerifiablePresentation'],
    holder,
    verifiableCredential: credentials,
    ...(disclosures.length > 0 && { disclosures }),
  };
  return withProofs(unsigned, signers, { purpose: 'authentication', challenge, domain }, at, provider);
}

/** Everything that verification needs beside the presentation. */
export interface Presented<D> {
  readonly sources: Sources;
  readonly demands: D;
  /** "Now" in epoch milliseconds. */
  readonly at: number;
  /** Which the caller made up, and takes once. */
  readonly challenge: string;
  readonly domain: string;
}

/** Why a presentation does not hold. */
export type PresentationRefusal =
  | DelegationRefusal
  | DisclosureRefusal
  | 'malformed-presentation'
  /** A credential about somebody else than the holder. */
  | 'other-holder';

/** The holder proved to be there, for this challenge. */
export interface HeldHolder {
  readonly what: 'holder';
  readonly did: string;
  readonly challenge: string;
  readonly domain: string;
}

/** One credential that was shown. */
export interface Shown {
  readonly credential: Credential;
  /** With what was disclosed, without digests. */
  readonly subject: JsonObject;
  /** JSON Pointers of what was disclosed. */
  readonly disclosed: readonly string[];
  readonly verified: readonly Held[];
}

/** What was shown by whom, or the one reason why nothing. */
export type PresentationVerdict =
  | {
      readonly kind: 'verified';
      readonly holder: string;
      readonly shown: readonly Shown[];
      readonly verified: readonly (HeldProof | HeldHolder)[];
    }
  | Refused<PresentationRefusal>;

/** Verifies a presentation of credentials that are all about its holder. */
export async function verifyPresentation(
  input: string | Uint8Array,
  presented: Presented<Demands>,
  provider: CryptoProvider = usual,
): Promise<PresentationVerdict> {
  const opened = await open(input, presented, provider);
  if (opened.kind === 'refused') return opened;
  const { holder, credentials, disclosures, verified } = opened;
  const shown: Shown[] = [];
  for (const [i, json] of credentials.entries()) {
    const where = `verifiableCredential/${i}`;
    const verdict = await verifyCredentialJson(json, presented, provider);
    if (verdict.kind === 'refused') return refused(verdict.reason, `${where}/${verdict.where}`);
    const { credential } = verdict;
    if (subjectOf(credential) !== holder) return refused('other-holder', where);
    const told = disclose(credential.subjects[0] as JsonObject, disclosures[i] ?? [], provider);
    if (told.kind === 'refused') return refused(told.reason, where);
    shown.push({ credential, subject: told.value, disclosed: told.names, verified: verdict.verified });
  }
  return { kind: 'verified', holder, shown, verified };
}

/** Verifies a presentation of one chain of delegations, the root's first, whose last one is about the holder. */
export async function verifyPresentedDelegation(
  input: string | Uint8Array,
  presented: Presented<DelegationDemands>,
  provider: CryptoProvider = usual,
): Promise<
  | (Extract<DelegationVerdict, { kind: 'verified' }> & { readonly presented: readonly (HeldProof | HeldHolder)[] })
  | Refused<PresentationRefusal>
> {
  const opened = await open(input, presented, provider);
  if (opened.kind === 'refused') return opened;
  // Capabilities conceal nothing.
  if (opened.disclosures.length > 0) return refused('unreferenced-disclosure', 'disclosures');
  const verdict = await verifyDelegationJson(opened.credentials, presented, provider);
  if (verdict.kind === 'refused') return verdict;
  if (verdict.holder !== opened.holder) return refused('other-holder', 'holder');
  return { ...verdict, presented: opened.verified };
}

interface Opened {
  readonly kind: 'opened';
  readonly holder: string;
  readonly credentials: readonly JsonObject[];
  readonly disclosures: readonly (readonly string[])[];
  readonly verified: readonly (HeldProof | HeldHolder)[];
}

/** Several credentials with signatures of 2.4 kB. */
const MOST_LETTERS = 2 ** 22;
const MOST_CREDENTIALS = 16;

/** Who signed it, before anything in it is looked at. */
async function open(
  input: string | Uint8Array,
  { sources, demands, at, challenge, domain }: Presented<Omit<Demands, 'issuers'>>,
  provider: CryptoProvider,
): Promise<Opened | Refused<PresentationRefusal>> {
  if (challenge === '' || domain === '') throw new RangeError('challenge and domain: must not be empty');
  const parsed = parseObject(input, { most: MOST_LETTERS });
  if (parsed.kind === 'refused') return parsed;
  const { proof, ...unsigned } = parsed.object;
  const unknown = unknownIn(parsed.object, demands, MEMBERS);
  if (unknown !== undefined) return unknown;
  const { holder, verifiableCredential, disclosures = [] } = unsigned;
  const malformed = malformedIn(parsed.object);
  if (malformed !== undefined) return refused('malformed-presentation', malformed);
  const did = urlOf(holder) as string;
  const document = await sources.documentOf(did);
  if (document?.id !== did) return refused('unresolved-signer', 'holder');
  const use = { purpose: 'authentication', challenge, domain } as const;
  const isPostQuantum = isAmong(did, demands.postQuantum ?? []);
  const held = checkProofs(unsigned, oneOrMany(proof), { use, document, isPostQuantum, at }, provider);
  if (held.kind === 'refused') return held;
  return {
    kind: 'opened',
    holder: did,
    credentials: oneOrMany(verifiableCredential) as readonly JsonObject[],
    disclosures: disclosures as readonly (readonly string[])[],
    verified: [...held.proofs, { what: 'holder', did, challenge, domain }],
  };
}

const MEMBERS: ReadonlySet<string> = new Set([
  ...['@context', 'id', 'type', 'holder', 'verifiableCredential', 'disclosures', 'proof'],
]);

function malformedIn(json: JsonObject): string | undefined {
  const { id, type, holder, verifiableCredential, disclosures = [], proof } = json;
  const credentials = oneOrMany(verifiableCredential);
  const proofs = oneOrMany(proof);
  if (id !== undefined && !isUrl(id)) return 'id';
  if (textsOf(type)?.includes('VerifiablePresentation') !== true) return 'type';
  if (parseDid(urlOf(holder) ?? '') === undefined) return 'holder';
  if (credentials.length === 0 || credentials.length > MOST_CREDENTIALS || !credentials.every(isObject))
    return 'verifiableCredential';
  if (!isListOfTexts(disclosures, credentials.length)) return 'disclosures';
  return proofs.length <= MOST_CREDENTIALS && proofs.every(isObject) ? undefined : 'proof';
}

function isListOfTexts(value: JsonValue, most: number): boolean {
  if (!Array.isArray(value) || value.length > most) return false;
  return value.every((list) => Array.isArray(list) && list.every((text) => typeof text === 'string'));
}
