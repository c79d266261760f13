/** `aia identity create|show|rotate|revoke|deactivate`. */
import { assertionVersions } from '../../identity/agent-document.ts';
import type { JsonObject } from '@aia/identity';
import type { SignedList } from '../../identity/agent-register.ts';
import {
  createAgent,
  deactivateAgent,
  knownAgent,
  rotateAgent,
  segmentsFor,
  type KnownAgent,
} from '../../identity/agents.ts';
import { openExistingHome, type Home } from '../../identity/home.ts';
import { LIST_VALID_MS, revokeCredentials, statusListOf, statusListUrl } from '../../identity/issuing.ts';
import type { KeyCustody } from '../../identity/key-custody.ts';
import { publishedFiles, writeFiles, type PublishedFile } from '../../identity/publishing.ts';
import { UsageError } from '../exit.ts';
import { writing } from '../write-output.ts';
import { usageOf, withAgents, withHomeOf, type HomeArguments, type KeyArguments } from '../identity/home-session.ts';
import { told } from '../identity/tell.ts';
import { listNotes } from '../identity/status-notes.ts';
import { didOf, holdingIn } from './identity-issue.ts';

interface OutArguments {
  readonly out?: string;
}

/** Options as the command line gives them. */
export interface CreateArguments extends KeyArguments, OutArguments {
  readonly place?: string;
  readonly ephemeral?: boolean;
}
/** Options as the command line gives them. */
export interface ShowArguments extends HomeArguments, OutArguments {}
/** Options as the command line gives them. */
export interface RotateArguments extends KeyArguments, OutArguments {}
/** Options as the command line gives them. */
export interface DeactivateArguments extends KeyArguments, OutArguments {}
/** Options as the command line gives them. */
export interface RevokeArguments extends KeyArguments, OutArguments {
  /** File or id. */
  readonly credential?: string;
  readonly subject?: string;
  readonly keys?: number;
}

/** Makes keys and a DID, and a keystore where there is none. */
export async function runCreate(name: string, options: CreateArguments): Promise<void> {
  const { place, ephemeral = false } = options;
  if ((place === undefined) !== ephemeral)
    throw new UsageError('say where its log will be published with --place, or that it needs none with --ephemeral');
  // Before a home and a keystore are made for nothing.
  await usageOf((async () => segmentsFor({ name, place }))());
  await withAgents(options, { isNew: true }, async (home, keys) => {
    const at = Date.now();
    const { name: made } = await usageOf(createAgent(home, keys, { name, place, at }));
    await tellWithList('created', made, { home, keys, at }, options);
  });
}

/** Lists all, or tells about one. */
export function runShow(name: string | undefined, options: ShowArguments): void {
  if (name === undefined && options.out !== undefined) throw new UsageError('--out needs the name of an identity');
  const work = (home: Home) => {
    const at = Date.now();
    if (name !== undefined) return showOne(knownAgent(home, name, at), home, options, at);
    const all = home.agents.list().map((agent) => summaryOf(knownAgent(home, agent.name, at), home));
    process.stdout.write(told(options.format, all, () => listText(all, home.folder)));
  };
  withHomeOf(options, work, openExistingHome);
}

function showOne(known: KnownAgent, home: Home, options: ShowArguments, at: number): void {
  for (const note of listNotes(home, known.agent.name, at)) process.stderr.write(`aia: ${note}\n`);
  tell(undefined, known, home, options, writtenFiles(known, options));
}

function writtenFiles(known: KnownAgent, { out }: OutArguments, list?: JsonObject): readonly PublishedFile[] {
  const files = publishedFiles(known, list);
  if (out !== undefined && files.length > 0) writing(out, (folder) => writeFiles(folder, files));
  return files;
}

/** The next keys. */
export async function runRotate(name: string, options: RotateArguments): Promise<void> {
  await withAgents(options, {}, async (home, keys) => {
    const at = Date.now();
    await usageOf(rotateAgent(home, keys, name, { at }));
    await tellWithList('rotated', name, { home, keys, at }, options);
  });
}

/** Credentials by the status list, keys by the log, or nothing but the list signed anew. */
export async function runRevoke(name: string, options: RevokeArguments): Promise<void> {
  const { credential, subject, keys: version, out } = options;
  if ([credential, subject, version, out].every((one) => one === undefined))
    throw new UsageError(
      'say what to revoke with --credential, --subject or --keys, or where to write the status list, signed anew, with --out',
    );
  const id = credential === undefined ? undefined : idOf(credential);
  await withAgents(options, {}, async (home, keys) => {
    const at = Date.now();
    if (version !== undefined) await usageOf(rotateAgent(home, keys, name, { at, revoked: [version] }));
    const { agent } = knownAgent(home, name, at);
    if (statusListUrl(agent.did) === undefined && id === undefined && subject === undefined)
      throw new UsageError(`${agent.name} is a did:key, which publishes no status list`);
    const which = id !== undefined ? { id } : subject !== undefined ? { subject: didOf(home, subject) } : undefined;
    const revoked = which && revokeCredentials(home, name, which, at);
    const done =
      version !== undefined
        ? 'revoked keys of'
        : (revokedText(revoked) ?? 'revoked nothing, and signed the status list of');
    await tellWithList(done, name, { home, keys, at }, options);
    const notes = version === undefined ? listNotes(home, name, at) : [keysNote(agent.name)];
    if (out === undefined) for (const note of notes) process.stderr.write(`aia: ${note}\n`);
  });
}

function keysNote(name: string): string {
  return `verifiers do not know yet: "aia identity revoke ${name} --out DIR" writes what says so; publish what is in DIR`;
}

function revokedText(ids: readonly string[] | undefined): string | undefined {
  if (ids === undefined) return undefined;
  if (ids.length === 0) return 'found nothing left to revoke of';
  return ids.length === 1 ? 'revoked a credential of' : `revoked ${ids.length} credentials of`;
}

/** The end of an identity. */
export async function runDeactivate(name: string, options: DeactivateArguments): Promise<void> {
  await withAgents(options, {}, async (home, keys) => {
    const known = await usageOf(deactivateAgent(home, keys, name, Date.now()));
    tell('deactivated', known, home, options, writtenFiles(known, options));
  });
}

/** The status list is signed by keys that a new document may have revoked, and runs out; so whatever is written has it anew. */
async function tellWithList(
  done: string,
  name: string,
  { home, keys, at }: { readonly home: Home; readonly keys: KeyCustody; readonly at: number },
  options: HomeArguments & OutArguments,
): Promise<void> {
  const list = options.out === undefined ? undefined : await usageOf(statusListOf(home, keys, name, at));
  const known = knownAgent(home, name, at);
  const files = writtenFiles(known, options, list);
  if (list !== undefined)
    home.agents.noteSignedList(known.agent.name, { signedAt: at, validUntil: at + LIST_VALID_MS });
  tell(done, known, home, options, files);
}

/** Of a file, the last credential of a chain; or what is no file but an id. */
function idOf(fileOrId: string): string {
  if (/^urn:uuid:[\da-f-]{36}$/i.test(fileOrId)) return fileOrId;
  const id = holdingIn(fileOrId).chain.at(-1)?.id;
  if (typeof id !== 'string')
    throw new UsageError(`${fileOrId} is a credential without an id, which was not issued here`);
  return id;
}

/** What programs are told of an own identity. */
interface Summary {
  readonly name: string;
  readonly did: string;
  readonly createdAt: number;
  readonly version: number;
  readonly versionId?: string;
  readonly updatedAt?: number;
  readonly isDeactivated: boolean;
  readonly assertionKeys: readonly { readonly version: number; readonly revoked: boolean }[];
  readonly issuedCredentials: number;
  readonly revokedCredentials: number;
  /** Of the newest status list that was written. */
  readonly statusList?: SignedList;
}

function summaryOf({ agent, latest }: KnownAgent, home: Home): Summary {
  const statusList = home.agents.signedList(agent.name);
  return {
    ...agent,
    version: latest?.number ?? 1,
    ...(latest && { versionId: latest.versionId, updatedAt: latest.versionAt }),
    isDeactivated: latest?.parameters.deactivated ?? false,
    assertionKeys: latest === undefined ? [{ version: 1, revoked: false }] : assertionVersions(latest.document),
    issuedCredentials: home.agents.credentialsOf(agent.name).length,
    revokedCredentials: home.agents.revokedIndexes(agent.name).length,
    ...(statusList && { statusList }),
  };
}

function tell(
  done: string | undefined,
  known: KnownAgent,
  home: Home,
  { format, out }: HomeArguments & OutArguments,
  files: readonly PublishedFile[],
): void {
  const summary = summaryOf(known, home);
  const publish = files.map(({ name, url }) => ({ name, url }));
  process.stdout.write(
    told(format, { ...summary, publish }, () => {
      const head = done === undefined ? [] : [`${done} ${summary.name}`];
      return [...head, ...summaryLines(summary), ...publishLines(files, out)];
    }),
  );
}

function summaryLines(summary: Summary): readonly string[] {
  const { did, version, versionId, createdAt, updatedAt, isDeactivated, assertionKeys } = summary;
  const { issuedCredentials: issued, revokedCredentials, statusList } = summary;
  const revoked = assertionKeys.filter((one) => one.revoked).map((one) => one.version);
  return [
    `  DID         ${did}`,
    ...(isDeactivated
      ? ['  Keys        none: it is deactivated']
      : [`  Keys        version ${version}${revoked.length > 0 ? `; revoked: ${revoked.join(', ')}` : ''}`]),
    ...(versionId === undefined ? [] : [`  Version     ${versionId}`]),
    `  Created     ${new Date(createdAt).toISOString()}`,
    ...(updatedAt === undefined ? [] : [`  Updated     ${new Date(updatedAt).toISOString()}`]),
    ...(issued === 0
      ? []
      : [`  Issued      ${issued === 1 ? 'one credential' : `${issued} credentials`}, ${revokedCredentials} revoked`]),
    ...(statusList === undefined ? [] : [`  List        holds until ${new Date(statusList.validUntil).toISOString()}`]),
  ];
}

function publishLines(files: readonly PublishedFile[], out: string | undefined): readonly string[] {
  return files.map(({ name, url }, i) => {
    const from = out === undefined ? name : `${out}/${name}`;
    return `  ${i === 0 ? 'Publish   ' : '          '}  ${from} at ${url}`;
  });
}

function listText(all: readonly Summary[], folder: string): readonly string[] {
  if (all.length === 0) return [`no identities in ${folder}`];
  const width = Math.max(...all.map(({ name }) => name.length));
  return all.map(({ name, did, version, isDeactivated }) => {
    const state = isDeactivated ? 'deactivated' : `version ${version}`;
    return `${name.padEnd(width)}  ${state.padEnd(11)}  ${did}`;
  });
}
