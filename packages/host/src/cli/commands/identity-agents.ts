/** `aia identity create|show|rotate|revoke|deactivate`. */
import { assertionVersions } from '../../identity/agent-document.ts';
import {
  createAgent,
  deactivateAgent,
  knownAgent,
  rotateAgent,
  segmentsFor,
  type KnownAgent,
} from '../../identity/agents.ts';
import { openExistingHome, type Home } from '../../identity/home.ts';
import { revokeCredential, statusListOf } from '../../identity/issuing.ts';
import type { KeyCustody } from '../../identity/key-custody.ts';
import { publishedFiles, writeFiles, type PublishedFile } from '../../identity/publishing.ts';
import { UsageError } from '../exit.ts';
import { readInput } from '../read-input.ts';
import { writing } from '../write-output.ts';
import { usageOf, withAgents, withHomeOf, type HomeArguments, type KeyArguments } from '../identity/home-session.ts';
import { told } from '../identity/tell.ts';

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
  readonly credential?: string;
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
    if (name !== undefined) return tell(undefined, knownAgent(home, name, at), home, options);
    const all = home.agents.list().map((agent) => summaryOf(knownAgent(home, agent.name, at), home));
    process.stdout.write(told(options.format, all, () => listText(all, home.folder)));
  };
  withHomeOf(options, work, openExistingHome);
}

/** The next keys. */
export async function runRotate(name: string, options: RotateArguments): Promise<void> {
  await withAgents(options, {}, async (home, keys) => {
    const at = Date.now();
    await usageOf(rotateAgent(home, keys, name, { at }));
    await tellWithList('rotated', name, { home, keys, at }, options);
  });
}

/** A credential by the status list, keys by the log, or nothing but the list signed anew. */
export async function runRevoke(name: string, options: RevokeArguments): Promise<void> {
  const { credential, keys: version } = options;
  const id = credential === undefined ? undefined : idOf(credential);
  await withAgents(options, {}, async (home, keys) => {
    const at = Date.now();
    if (version !== undefined) await usageOf(rotateAgent(home, keys, name, { at, revoked: [version] }));
    if (id !== undefined) revokeCredential(home, name, id, at);
    const done =
      version !== undefined ? 'revoked keys of' : id !== undefined ? 'revoked a credential of' : 'signed the list of';
    await tellWithList(done, name, { home, keys, at }, options);
  });
}

/** The end of an identity. */
export async function runDeactivate(name: string, options: DeactivateArguments): Promise<void> {
  await withAgents(options, {}, async (home, keys) => {
    tell('deactivated', await usageOf(deactivateAgent(home, keys, name, Date.now())), home, options);
  });
}

/** The status list is signed by keys that a new document may have revoked, and runs out; so each change signs it anew. */
async function tellWithList(
  done: string,
  name: string,
  { home, keys, at }: { readonly home: Home; readonly keys: KeyCustody; readonly at: number },
  options: HomeArguments & OutArguments,
): Promise<void> {
  const list = await usageOf(statusListOf(home, keys, name, at));
  const known = knownAgent(home, name, at);
  tell(done, known, home, options, publishedFiles(known, list));
}

const MOST_BYTES = 2 ** 20;

function idOf(file: string): string {
  let id: unknown;
  try {
    ({ id } = JSON.parse(readInput(file, MOST_BYTES)) as { readonly id?: unknown });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (typeof id !== 'string') throw new UsageError(`${file} is no credential with an id`);
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
  readonly revokedCredentials: number;
}

function summaryOf({ agent, latest }: KnownAgent, home: Home): Summary {
  return {
    ...agent,
    version: latest?.number ?? 1,
    ...(latest && { versionId: latest.versionId, updatedAt: latest.versionAt }),
    isDeactivated: latest?.parameters.deactivated ?? false,
    assertionKeys: latest === undefined ? [{ version: 1, revoked: false }] : assertionVersions(latest.document),
    revokedCredentials: home.agents.revokedIndexes(agent.name).length,
  };
}

function tell(
  done: string | undefined,
  known: KnownAgent,
  home: Home,
  { format, out }: HomeArguments & OutArguments,
  files: readonly PublishedFile[] = publishedFiles(known),
): void {
  if (out !== undefined && files.length > 0) writing(out, (folder) => writeFiles(folder, files));
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
  const { did, version, versionId, createdAt, updatedAt, isDeactivated, assertionKeys, revokedCredentials } = summary;
  const revoked = assertionKeys.filter((one) => one.revoked).map((one) => one.version);
  return [
    `  DID         ${did}`,
    ...(isDeactivated
      ? ['  Keys        none: it is deactivated']
      : [`  Keys        version ${version}${revoked.length > 0 ? `; revoked: ${revoked.join(', ')}` : ''}`]),
    ...(versionId === undefined ? [] : [`  Version     ${versionId}`]),
    `  Created     ${new Date(createdAt).toISOString()}`,
    ...(updatedAt === undefined ? [] : [`  Updated     ${new Date(updatedAt).toISOString()}`]),
    ...(revokedCredentials === 0 ? [] : [`  Revoked     ${revokedCredentials} of its credentials`]),
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
