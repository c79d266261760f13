/**
 * Own agents: making them, giving them new keys, ending them. Version n of an agent's keys controls entry n of its log and nothing else does; the keys of version
 * n + 1 are made with it, since entry n commits to them.
 */
import {
  createLog,
  deactivateLog,
  didKey,
  formatTime,
  parseWebvhDid,
  updateLog,
  verifyLog,
  webLocation,
  type DidDocument,
  type DidVersion,
  type KeyOrigin,
  type KeySet,
  type VerifiedLog,
} from '@aia/identity';
import { HostError } from '../host-error.ts';
import { agentDocument, assertionVersions } from './agent-document.ts';
import type { OwnAgent } from './agent-register.ts';
import type { Home } from './home.ts';
import type { KeyCustody } from './key-custody.ts';
import { AGENT_NAME } from './keystore.ts';

/** What an agent is made with. */
export interface AgentCreation {
  readonly name: string;
  /** Host, port and path where its log will be published: `agents.example/orchestrator`; `undefined`: a did:key, which never changes. */
  readonly place: string | undefined;
  /** Now, in epoch milliseconds. */
  readonly at: number;
}

/** An own agent as its log has it; `log` and `latest` are `undefined` for a did:key. */
export interface KnownAgent {
  readonly agent: OwnAgent;
  readonly log: VerifiedLog | undefined;
  readonly latest: DidVersion | undefined;
}

/**
 * Makes keys and a DID.
 * @throws RangeError for a name or place that is none; HostError `identity-exists`
 */
export async function createAgent(home: Home, keys: KeyCustody, creation: AgentCreation): Promise<OwnAgent> {
  const { name, place, at } = creation;
  if (!AGENT_NAME.test(name))
    throw new RangeError(`"${name}" is no name: 1 to 63 small letters, digits and hyphens, none at an end`);
  const segments = place === undefined ? undefined : segmentsOf(place);
  if (home.agents.find(name) !== undefined)
    throw new HostError('identity-exists', `There is an identity named ${name} already.`, { data: { name } });
  const first = await keysOf(keys, { agent: name, version: 1 });
  if (segments === undefined) {
    const did = didKey({ kind: 'Ed25519', bytes: first.signingKey('assertion', 'Ed25519').publicKey });
    return added(home, { name, did, createdAt: at });
  }
  const next = await keysOf(keys, { agent: name, version: 2 });
  const document = (did: string) => agentDocument(did, first);
  const { did, text } = createLog({ segments, document, keys: controlled(first, next), at });
  store(home, did, text, at);
  return added(home, { name, did, createdAt: at });
}

/** Gives an agent its next keys; those of `revoked` versions are marked as not to be trusted, and destroyed. @throws HostError, RangeError */
export async function rotateAgent(
  home: Home,
  keys: KeyCustody,
  name: string,
  { at, revoked = [] }: { readonly at: number; readonly revoked?: readonly number[] },
): Promise<KnownAgent> {
  const { agent, log, latest } = changeable(home, name, at);
  for (const version of revoked)
    if (!assertionVersions(latest.document).some((one) => one.version === version && !one.revoked))
      throw new RangeError(`${name} has no keys of version ${version} that could be revoked`);
  const version = latest.number + 1;
  const [now, next] = [
    await keys.keySet({ agent: agent.name, version }),
    await keysOf(keys, { agent: agent.name, version: version + 1 }),
  ];
  const succession = { before: latest.document, revoked, at: formatTime(at) };
  const document: DidDocument = agentDocument(latest.document.id, now, succession);
  const written = updateLog(log, { document, keys: controlled(now, next), at });
  store(home, agent.did, written.text, at);
  // What was sealed to the last keys may still be under way; what is older was for nothing but signing.
  for (const old of await keys.versions(agent.name))
    if (old < version - 1 || revoked.includes(old)) await keys.destroy({ agent: agent.name, version: old });
  return knownAgent(home, agent.name, at);
}

/** Ends an agent for good, and destroys its keys. @throws HostError, RangeError */
export async function deactivateAgent(home: Home, keys: KeyCustody, name: string, at: number): Promise<KnownAgent> {
  const { agent, log, latest } = changeable(home, name, at);
  const now = await keys.keySet({ agent: agent.name, version: latest.number + 1 });
  const written = deactivateLog(log, { signing: now.signingKey('control', 'Ed25519'), at });
  store(home, agent.did, written.text, at);
  for (const version of await keys.versions(agent.name)) await keys.destroy({ agent: agent.name, version });
  return knownAgent(home, agent.name, at);
}

/** An own agent by name or DID, its log verified again. @throws HostError `identity-missing`, `store-failed` */
export function knownAgent(home: Home, name: string, at: number): KnownAgent {
  const agent = home.agents.find(name);
  if (agent === undefined)
    throw new HostError('identity-missing', `There is no identity named ${name} in ${home.folder}.`, {
      data: { name },
    });
  if (agent.did.startsWith('did:key:')) return { agent, log: undefined, latest: undefined };
  const stored = home.dids.get(storeKeyOf(agent.did));
  const verdict = stored && verifyLog(agent.did, stored.text, { at, witnessProofs: stored.witnessProofs });
  if (verdict?.kind !== 'verified')
    throw new HostError('store-failed', `The log of ${name} does not hold: ${verdict?.reason ?? 'it is missing'}.`, {
      data: { name, reason: verdict?.reason ?? 'missing' },
    });
  return { agent, log: verdict.log, latest: verdict.log.versions.at(-1) };
}

/** Where the log of a did:webvh is kept, which stays the same wherever the DID moves. */
export function storeKeyOf(did: string): string {
  const parsed = parseWebvhDid(did);
  return typeof parsed === 'string' ? did : `webvh:${parsed.scid}`;
}

function changeable(home: Home, name: string, at: number) {
  const { agent, log, latest } = knownAgent(home, name, at);
  if (log === undefined || latest === undefined)
    throw new RangeError(
      `${name} is a did:key, which cannot be changed: let its credentials run out, and make another`,
    );
  if (latest.parameters.deactivated) throw new RangeError(`${name} is deactivated, and nothing can follow`);
  return { agent, log, latest };
}

/** Made at an attempt that did not come to its end, or made now. */
async function keysOf(keys: KeyCustody, origin: KeyOrigin): Promise<KeySet> {
  const versions = await keys.versions(origin.agent);
  return versions.includes(origin.version) ? keys.keySet(origin) : keys.create(origin);
}

function controlled(now: KeySet, next: KeySet) {
  return { signing: now.signingKey('control', 'Ed25519'), next: [next.signingKey('control', 'Ed25519').publicKey] };
}

function store(home: Home, did: string, text: string, at: number): void {
  const outcome = home.dids.put(storeKeyOf(did), { text, confirmedAt: at });
  if (outcome !== 'stored')
    throw new HostError('store-failed', `The log of ${did} was changed by another process.`, {
      data: { did, outcome },
      retry: 'later',
    });
}

function added(home: Home, agent: OwnAgent): OwnAgent {
  home.agents.add(agent);
  return agent;
}

/** What follows `did:webvh:` and the SCID. */
function segmentsOf(place: string): string {
  const [authority = '', ...path] = place
    .replace(/^https:\/\//, '')
    .replace(/\/$/, '')
    .split('/');
  const segments = [authority.replace(/:(\d+)$/, '%3A$1'), ...path].join(':');
  const location = webLocation(segments);
  if (typeof location === 'string') throw new RangeError(`"${place}" is no place for a log: ${location}`);
  return segments;
}
