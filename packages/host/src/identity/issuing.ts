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
  type DocumentSigner,
  type JsonObject,
  type KeySet,
  type Statement,
} from '@aia/identity';
import { HostError } from '../host-error.ts';
import { knownAgent, type KnownAgent } from './agents.ts';
import type { Home } from './home.ts';
import type { KeyCustody } from './key-custody.ts';

/** What is said, and for how long; epoch milliseconds. */
export interface Issuance {
  readonly subject: string;
  readonly statement: Statement;
  readonly validUntil: number;
  readonly at: number;
}

/** Entries of a status list: the fewest that hide which one is asked about. */
const ENTRIES = emptyStatusList().bytes.length * 8;
/** A list is signed anew at the latest after this time. */
const LIST_VALID_MS = 7 * 86_400_000;
/** How long a verifier may keep one, and so how late a revocation may be seen. */
const LIST_TTL_MS = 300_000;

/**
 * A credential signed with all assertion keys of an agent. A did:webvh gives it a place in its status list; a did:key publishes nothing, so that its credentials
 * only run out.
 * @throws HostError `identity-missing`, `key-missing`; RangeError for an agent that is deactivated
 */
export async function issueAs(home: Home, keys: KeyCustody, name: string, issuance: Issuance): Promise<JsonObject> {
  const { subject, statement, validUntil, at } = issuance;
  const known = knownAgent(home, name, at);
  const signers = await signersOf(known, keys);
  const { agent } = known;
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
  const validUntil = at + LIST_VALID_MS;
  const terms = { id, issuer: agent.did, purposes: ['revocation'], list, validFrom: at, validUntil };
  const unsigned = await unsignedStatusList({ ...terms, ttlMs: LIST_TTL_MS });
  const signed = issueCredential(unsigned, await signersOf(known, keys), at);
  home.agents.noteSignedList(agent.name, { signedAt: at, validUntil });
  return signed;
}

/** Where the status list of an agent is published: beside its log. */
export function statusListUrl(did: string): string | undefined {
  const parsed = parseWebvhDid(did);
  return typeof parsed === 'string' ? undefined : fileUrl(parsed.location, 'status.json');
}

/** Marks a credential of an own agent. @throws HostError `identity-missing` where none was issued with that id */
export function revokeCredential(home: Home, name: string, id: string, at: number): void {
  const { agent } = knownAgent(home, name, at);
  if (home.agents.credential(id)?.issuer !== agent.name)
    throw new HostError('identity-missing', `${agent.name} issued no credential ${id} that could be revoked.`, {
      data: { name: agent.name, id },
    });
  home.agents.revoke(id, at);
}

async function signersOf({ agent, latest }: KnownAgent, keys: KeyCustody): Promise<readonly DocumentSigner[]> {
  if (latest?.parameters.deactivated === true)
    throw new RangeError(`${agent.name} is deactivated, and signs nothing any more`);
  const version = latest?.number ?? 1;
  const set = await keys.keySet({ agent: agent.name, version });
  return latest === undefined ? [ofDidKey(agent.did, set)] : ofWebvh(agent.did, set);
}

function ofDidKey(did: string, set: KeySet): DocumentSigner {
  const verificationMethod = `${did}#${did.slice('did:key:'.length)}`;
  return { cryptosuite: 'eddsa-jcs-2022', verificationMethod, key: set.signingKey('assertion', 'Ed25519') };
}

function ofWebvh(did: string, set: KeySet): readonly DocumentSigner[] {
  const { version } = set.origin;
  return [
    {
      cryptosuite: 'eddsa-jcs-2022',
      verificationMethod: `${did}#assertion-${version}`,
      key: set.signingKey('assertion', 'Ed25519'),
    },
    {
      cryptosuite: 'mldsa44-jcs-2024',
      verificationMethod: `${did}#assertion-ml-dsa-${version}`,
      key: set.signingKey('assertion', 'ML-DSA-44'),
    },
  ];
}
