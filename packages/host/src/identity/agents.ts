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
  const [agent] = await createAgents(home, keys, [creation]);
  return agent as OwnAgent;
}

/** As {@link createAgent}: all of them or, where it rejects, none. Each waits for the disk twice, however many they are. */
export async function createAgents(
  home: Home,
  keys: KeyCustody,
  creations: readonly AgentCreation[],
): Promise<readonly OwnAgent[]> {
  const drafts = await Promise.all(creations.map((creation) => draftOf(home, keys, creation)));
  const sets = [...(await keys.ensure(drafts.flatMap(({ origins }) => origins)))];
  const made = drafts.map((draft) => agentOf(draft, sets.splice(0, draft.origins.length)));
  home.database.change(() => {
    for (const { agent, text } of made) {
      if (text !== undefined) store(home, agent.did, text, agent.createdAt);
      home.agents.add(agent);
    }
  });
  return made.map(({ agent }) => agent);
}

/**
 * What follows `did:webvh:` and the SCID, for an agent that gets one.
 * @throws RangeError for a name or place that is none
 */
export function segmentsFor({ name, place }: Pick<AgentCreation, 'name' | 'place'>): string | undefined {
  if (!AGENT_NAME.test(name))
    throw new RangeError(`"${name}" is no name: 1 to 63 small letters, digits and hyphens, none at an end`);
  return place === undefined ? undefined : segmentsOf(place);
}

interface Draft {
  readonly name: string;
  readonly segments: string | undefined;
  readonly at: number;
  readonly origins: readonly KeyOrigin[];
}

async function draftOf(home: Home, keys: KeyCustody, { name, place, at }: AgentCreation): Promise<Draft> {
  const segments = segmentsFor({ name, place });
  if (home.agents.find(name) !== undefined)
    throw new HostError('identity-exists', `There is an identity named ${name} already.`, { data: { name } });
  const origins = (segments === undefined ? [1] : [1, 2]).map((version) => ({ agent: name, version }));
  // Those of an attempt that did not come to its end are used; keys that were rotated are of an identity that was lost.
  const isInUse = (await keys.versions(name)).some((version) => version > 2);
  if (isInUse)
    throw new HostError(
      'identity-exists',
      `There are keys of an identity named ${name} that is not in ${home.folder}.`,
      {
        data: { name },
      },
    );
  return { name, segments, at, origins };
}

function agentOf(
  { name, segments, at }: Draft,
  [first, next]: readonly KeySet[],
): { readonly agent: OwnAgent; readonly text?: string } {
  if (first === undefined) throw new TypeError('keys: gave none');
  if (segments === undefined || next === undefined) {
    const did = didKey({ kind: 'Ed25519', bytes: first.signingKey('assertion', 'Ed25519').publicKey });
    return { agent: { name, did, createdAt: at } };
  }
  const document = (did: string) => agentDocument(did, first);
  const { did, text } = createLog({ segments, document, keys: controlled(first, next), at });
  return { agent: { name, did, createdAt: at }, text };
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
  const [past, version] = [latest.number, latest.number + 1];
  const now = await keys.keySet({ agent: agent.name, version });
  const [next] = await keys.ensure([{ agent: agent.name, version: version + 1 }]);
  const succession = { before: latest.document, revoked, at: formatTime(at) };
  const document: DidDocument = agentDocument(latest.document.id, now, succession);
  const written = updateLog(log, { document, keys: controlled(now, next), at });
  store(home, agent.did, written.text, at);
  // What was sealed to the last keys may still be under way; what is older was for nothing but signing.
  await destroy(keys, agent.name, (old) => old < past || revoked.includes(old));
  return knownAgent(home, agent.name, at);
}

/** Ends an agent for good, and destroys its keys; also those that an attempt left which did not come to its end. @throws HostError, RangeError */
export async function deactivateAgent(home: Home, keys: KeyCustody, name: string, at: number): Promise<KnownAgent> {
  const known = knownAgent(home, name, at);
  const isHalfDone =
    known.latest?.parameters.deactivated === true && (await keys.versions(known.agent.name)).length > 0;
  if (!isHalfDone) {
    const { agent, log, latest } = changeable(home, name, at);
    const now = await keys.keySet({ agent: agent.name, version: latest.number + 1 });
    const written = deactivateLog(log, { signing: now.signingKey('control', 'Ed25519'), at });
    store(home, agent.did, written.text, at);
  }
  await destroy(keys, known.agent.name, () => true);
  return knownAgent(home, known.agent.name, at);
}

async function destroy(keys: KeyCustody, agent: string, isMeant: (version: number) => boolean): Promise<void> {
  const versions = (await keys.versions(agent)).filter(isMeant);
  await keys.destroy(versions.map((version) => ({ agent, version })));
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

function controlled(now: KeySet, next: KeySet | undefined) {
  if (next === undefined) throw new TypeError('keys: gave none for the next version');
  return { signing: now.signingKey('control', 'Ed25519'), next: [next.signingKey('control', 'Ed25519').publicKey] };
}

function store(home: Home, did: string, text: string, at: number): void {
  const outcome = home.dids.put(storeKeyOf(did), { text, confirmedAt: at });
  if (outcome !== 'stored')
    throw new HostError(
      'store-failed',
      `The log of ${did} was changed by another process, and not by this one; try again.`,
      {
        data: { did, outcome },
        retry: 'later',
      },
    );
}

/** In letters that every part of a DID may have. */
function segmentsOf(place: string): string {
  const [authority = '', ...path] = place
    .replace(/^https:\/\//, '')
    .replace(/\/$/, '')
    .split('/');
  const location = webLocation([authority.replace(/:(\d+)$/, '%3A$1'), ...path].join(':'));
  if (typeof location === 'string')
    throw new RangeError(
      `"${place}" is no place for a log (${location}): give a public host with a port and a path where it has them, such as agents.example:8443/orchestrator`,
    );
  const { host, origin, path: encoded } = location;
  const port = origin.slice(`https://${host}`.length).replace(':', '%3A');
  return [host + port, ...(encoded === '' ? [] : encoded.split('/').map(plain))].join(':');
}

/** Letters that a URL may have and a DID may not. */
function plain(segment: string): string {
  return segment.replace(/[!'()*~]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}
