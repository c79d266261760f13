/** Whether what was handed over holds, whatever it is: a credential, a chain of delegations, a presentation of either, a status list. */
import {
  CAPABILITIES,
  disclose,
  MOST_DELEGATIONS,
  verifyCredential,
  verifyDelegation,
  verifyPresentation,
  verifyPresentedDelegation,
  canonicalJson,
  type Credential,
  type Demands,
  type Grant,
  type Held,
  type HeldHolder,
  type JsonObject,
  type JsonValue,
  type PresentationRefusal,
  type Root,
  type Sources,
} from '@aia/identity';
import { hasType, holdingFrom, isObject, isOfCapabilities, type Holding } from './holding.ts';

/** What was handed over. */
export type DocumentKind = 'credential' | 'delegation' | 'presentation' | 'status-list' | 'unknown';

/** What the verifier demands. */
export interface Terms extends Pick<Demands, 'issuers' | 'isStatusNeeded' | 'postQuantum'> {
  /** The most that issuers may grant; default anything. */
  readonly limits?: readonly Grant[] | undefined;
  /** Of a presentation: what the verifier made up, and who the verifier is. */
  readonly challenge?: string | undefined;
  readonly domain?: string | undefined;
}

/** One credential that holds. */
export interface ShownCredential {
  readonly credential: Credential;
  /** With what was disclosed, without digests. */
  readonly subject: JsonObject | undefined;
  /** JSON Pointers of what was disclosed. */
  readonly disclosed: readonly string[];
}

/** What held, and of which credential; of none for what holds of a presentation. */
export type Step = (Held | HeldHolder) & { readonly credential?: number };

/** What is verified with all that held, or the one reason why it is not. */
export type Judgement =
  | {
      readonly kind: 'verified';
      readonly what: DocumentKind;
      /** DID of whoever may use it: proven to be there by a presentation, else only said. */
      readonly holder: string | undefined;
      readonly shown: readonly ShownCredential[];
      readonly verified: readonly Step[];
    }
  | Refusal;

interface Refusal {
  readonly kind: 'refused';
  readonly what: DocumentKind;
  readonly reason: PresentationRefusal;
  readonly where: string;
}

/** What a document is held against; `at` in epoch milliseconds. */
export interface Judging {
  readonly sources: Sources;
  readonly terms: Terms;
  readonly at: number;
}

/** What a parsed document says to be. */
export function kindOf(value: JsonValue): DocumentKind {
  if (hasType(value, 'VerifiablePresentation')) return 'presentation';
  if (hasType(value, 'BitstringStatusListCredential')) return 'status-list';
  const holding = holdingFrom(value);
  if (holding === undefined) return 'unknown';
  return holding.chain.length > 1 || isOfCapabilities(holding.chain[0]) ? 'delegation' : 'credential';
}

/** What a credential says of itself, each as it stands there. */
export interface Claimed {
  readonly issuer?: string;
  readonly subject?: string;
  readonly validFrom?: string;
  readonly validUntil?: string;
}

const MOST_LETTERS = 256;

/** What those who are told of a refusal look for first, of every credential; nothing of it is verified. */
export function claimsOf(value: JsonValue): readonly Claimed[] {
  const presented = isObject(value) ? [value.verifiableCredential ?? []].flat() : [];
  const all = kindOf(value) === 'presentation' ? presented : (holdingFrom(value)?.chain ?? []);
  return (all as readonly JsonValue[]).filter(isObject).map((credential) => {
    const { issuer, credentialSubject: subject, validFrom, validUntil } = credential;
    const idOf = (one: JsonValue | undefined) => (isObject(one) ? one.id : one);
    const texts = { issuer: idOf(issuer), subject: idOf(subject), validFrom, validUntil };
    const said = Object.entries(texts).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    return Object.fromEntries(said.map(([name, text]) => [name, text.slice(0, MOST_LETTERS)]));
  });
}

/**
 * Verifies what strict parsing gave.
 * @throws RangeError for a presentation without challenge or domain in the terms
 */
export async function judge(value: JsonValue, judging: Judging): Promise<Judgement> {
  const what = kindOf(value);
  if (what === 'unknown') return { kind: 'refused', what, reason: 'unknown-type', where: 'type' };
  if (what === 'presentation') return judgePresentation(value as JsonObject, judging);
  const holding = holdingFrom(value) as Holding;
  return what === 'delegation' ? judgeChain(holding, judging) : judgeCredential(what, holding, judging);
}

async function judgeCredential(
  what: 'credential' | 'status-list',
  { chain: [json], disclosures }: Holding,
  { sources, terms, at }: Judging,
): Promise<Judgement> {
  const verdict = await verifyCredential(canonicalJson(json), { sources, demands: demandsOf(terms, what), at });
  if (verdict.kind === 'refused') return { ...verdict, what };
  const { credential, verified } = verdict;
  const [subject, ...others] = credential.subjects;
  const alone = others.length === 0 ? subject : undefined;
  const told = alone && disclose(alone, Object.values(disclosures));
  if (told?.kind === 'refused') return { kind: 'refused', what, reason: told.reason, where: 'disclosures' };
  const holder = typeof alone?.id === 'string' && what === 'credential' ? alone.id : undefined;
  const shown = [{ credential, subject: told?.value, disclosed: told?.names ?? [] }];
  return { kind: 'verified', what, holder, shown, verified: verified.map((held) => ({ ...held, credential: 0 })) };
}

/** A list has no status by itself. */
function demandsOf({ issuers, isStatusNeeded, postQuantum }: Terms, what: DocumentKind): Demands {
  return {
    issuers,
    isStatusNeeded: isStatusNeeded === true && what !== 'status-list',
    ...(postQuantum !== undefined && { postQuantum }),
  };
}

async function judgeChain({ chain }: Holding, { sources, terms, at }: Judging): Promise<Judgement> {
  const what = 'delegation';
  const verdict = await verifyDelegation(chain.map(canonicalJson), {
    ...{ sources, at, demands: delegationDemands(terms, chain[0]) },
  });
  return verdict.kind === 'refused' ? { ...verdict, what } : { what, ...ofChain(verdict) };
}

function ofChain({
  holder,
  credentials,
  verified,
}: Extract<Awaited<ReturnType<typeof verifyDelegation>>, { kind: 'verified' }>) {
  return {
    kind: 'verified',
    holder,
    shown: credentials.map((credential) => ({ credential, subject: credential.subjects[0], disclosed: [] })),
    verified: verified.map(({ link, ...held }): Step => ({ ...(held as Held), credential: link })),
  } as const;
}

/** Where nobody is named, the one who issued the first credential is left to the caller to judge. */
function delegationDemands(terms: Terms, first: JsonObject) {
  const { issuers, limits } = terms;
  const { issuer } = first;
  const said = isObject(issuer) ? issuer.id : issuer;
  const dids = issuers === '*' ? [typeof said === 'string' ? said : ''] : issuers;
  const roots: readonly Root[] = dids.map((did) => ({ did, grants: limits?.map(onceMore) ?? EVERYTHING }));
  return { ...demandsOf(terms, 'delegation'), roots, depth: MOST_DELEGATIONS };
}

/** What a root grants counts as handed on, so that it has to have been free to do it once more. */
function onceMore(grant: Grant): Grant {
  return { ...grant, delegations: grant.delegations + 1 };
}

const EVERYTHING: readonly Grant[] = CAPABILITIES.map((capability) => ({
  ...{ capability, clusters: '*', namespaces: '*', kinds: '*', blastRadius: {} },
  delegations: MOST_DELEGATIONS + 1,
}));

async function judgePresentation(json: JsonObject, judging: Judging): Promise<Judgement> {
  const what = 'presentation';
  const { sources, terms, at } = judging;
  const { challenge, domain } = terms;
  if (challenge === undefined || domain === undefined)
    throw new RangeError(
      'a presentation is made for one verifier and one time: say for which with --challenge and --domain',
    );
  const text = canonicalJson(json);
  const presented = { sources, at, challenge, domain };
  const credentials = [json.verifiableCredential ?? []].flat() as readonly JsonValue[];
  const [first] = credentials;
  if (isObject(first) && credentials.every((one) => isObject(one) && isOfCapabilities(one))) {
    const verdict = await verifyPresentedDelegation(text, { ...presented, demands: delegationDemands(terms, first) });
    if (verdict.kind === 'refused') return { ...verdict, what };
    const chain = ofChain(verdict);
    return { what, ...chain, verified: [...verdict.presented, ...chain.verified] };
  }
  const verdict = await verifyPresentation(text, { ...presented, demands: demandsOf(terms, what) });
  if (verdict.kind === 'refused') return { ...verdict, what };
  const widened = await firstRefusedGrant(credentials, judging);
  if (widened !== undefined) return { ...widened, what };
  const { holder, shown, verified } = verdict;
  const steps = shown.flatMap(({ verified: held }, i) => held.map((one) => ({ ...one, credential: i })));
  return { kind: 'verified', what, holder, shown, verified: [...verified, ...steps] };
}

/** Beside other credentials, grants have to come from a root at once. */
async function firstRefusedGrant(credentials: readonly JsonValue[], judging: Judging): Promise<Refusal | undefined> {
  for (const [i, json] of credentials.entries()) {
    if (!isObject(json) || !isOfCapabilities(json)) continue;
    const alone = await judgeChain({ chain: [json], disclosures: {} }, judging);
    if (alone.kind === 'refused')
      return { ...alone, where: alone.where.replace(/^link\/0/, `verifiableCredential/${i}`) };
  }
  return undefined;
}
