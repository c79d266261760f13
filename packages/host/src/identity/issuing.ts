/** Credentials that own agents issue, and the list that says which of them still hold. */
import { randomUUID } from 'node:crypto';
import {
  emptyStatusList,
  fileUrl,
  issueCredential,
  parseWebvhDid,
  unsignedCredential,
  unsignedStatusList,
  withStatus,
  type JsonObject,
  type Statement,
} from '@aia/identity';
import { HostError } from '../host-error.ts';
import type { OwnAgent } from './agent-register.ts';
import { knownAgent } from './agents.ts';
import { delegatedFrom } from './delegating.ts';
import type { Holding } from './holding.ts';
import type { Home } from './home.ts';
import type { KeyCustody } from './key-custody.ts';
import { signersOf } from './signers.ts';

/** What is said, and for how long; epoch milliseconds. */
export interface Issuance {
  readonly subject: string;
  readonly statement: Statement;
  readonly validUntil: number;
  readonly at: number;
  /** What is held and handed on; the statement's grants have to be narrower. */
  readonly from?: Holding | undefined;
}

/** Entries of a status list: the fewest that hide which one is asked about. */
const ENTRIES = emptyStatusList().bytes.length * 8;
/** A list is signed anew at the latest after this time, in milliseconds. */
export const LIST_VALID_MS = 7 * 86_400_000;
/** How long a verifier may keep one, and so how late a revocation may be seen. */
const LIST_TTL_MS = 300_000;

/**
 * A credential signed with all assertion keys of an agent. A did:webvh gives it a place in its status list; a did:key publishes nothing, so that its credentials
 * only run out.
 * @throws HostError `identity-missing`, `key-missing`; RangeError for an agent that is deactivated, and for what may not be handed on so
 */
export async function issueAs(home: Home, keys: KeyCustody, name: string, issuance: Issuance): Promise<JsonObject> {
  const { subject, validUntil, at } = issuance;
  const known = knownAgent(home, name, at);
  const { agent } = known;
  const statement = handedOn(issuance, agent.did);
  const signers = await signersOf(known, keys, 'assertion', at);
  const id = `urn:uuid:${randomUUID()}`;
  const list = statusListUrl(agent.did);
  const status = () => {
    const { statusIndex: index } = home.agents.issue({ id, issuer: agent.name, issuedAt: at, subject }, ENTRIES);
    return [{ purpose: 'revocation', index, list: list as string, size: 1 }];
  };
  const terms = { id, issuer: agent.did, subject, statement, validFrom: at, validUntil };
  return issueCredential(
    unsignedCredential({ ...terms, ...(list !== undefined && { status: status() }) }),
    signers,
    at,
  );
}

function handedOn({ subject, statement, from, at: validFrom, validUntil }: Issuance, issuer: string): Statement {
  if (from === undefined || statement.kind !== 'capabilities') return statement;
  const { grants } = statement;
  return { ...statement, delegatedFrom: delegatedFrom({ from, issuer, subject, grants, validFrom, validUntil }) };
}

/** The signed status list of an agent, to be published; `undefined` for a did:key. @throws as {@link issueAs} */
export async function statusListOf(
  home: Home,
  keys: KeyCustody,
  name: string,
  at: number,
): Promise<JsonObject | undefined> {
  const known = knownAgent(home, name, at);
  const { agent } = known;
  const id = statusListUrl(agent.did);
  if (id === undefined) return undefined;
  const list = home.agents
    .revokedIndexes(agent.name)
    .reduce((all, index) => withStatus(all, index, 1), emptyStatusList());
  const terms = { id, issuer: agent.did, purposes: ['revocation'], list, validFrom: at };
  const unsigned = await unsignedStatusList({ ...terms, validUntil: at + LIST_VALID_MS, ttlMs: LIST_TTL_MS });
  return issueCredential(unsigned, await signersOf(known, keys, 'assertion', at), at);
}

/** Where the status list of an agent is published: beside its log. */
export function statusListUrl(did: string): string | undefined {
  const parsed = parseWebvhDid(did);
  return typeof parsed === 'string' ? undefined : fileUrl(parsed.location, 'status.json');
}

/**
 * Marks a credential of an own agent, or those about a subject that are not marked yet, and says which.
 * @throws HostError `identity-missing` where none was issued with that id, or about that subject
 */
export function revokeCredentials(
  home: Home,
  name: string,
  which: { readonly id: string } | { readonly subject: string },
  at: number,
): readonly string[] {
  const { agent } = knownAgent(home, name, at);
  const issued = home.agents.credentialsOf(agent.name);
  const [what, meant] =
    'id' in which
      ? [`credential ${which.id}`, issued.filter(({ id }) => id === which.id)]
      : [`credential about ${which.subject}`, issued.filter(({ subject }) => subject === which.subject)];
  if (meant.length === 0)
    throw new HostError('identity-missing', noneText(agent, what), { data: { name: agent.name } });
  const ids = meant.filter(({ revokedAt }) => revokedAt === undefined).map(({ id }) => id);
  for (const id of ids) home.agents.revoke(id, at);
  return ids;
}

function noneText({ name, did }: OwnAgent, what: string): string {
  return statusListUrl(did) === undefined
    ? `${name} is a did:key, which publishes no list: its credentials cannot be revoked, and only run out.`
    : `${name} issued no ${what} that could be revoked.`;
}
