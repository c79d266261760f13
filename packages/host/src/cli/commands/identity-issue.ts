/** `aia identity issue|present`. */
import {
  AGENT_ROLES,
  canonicalJson,
  conceal,
  formatTime,
  parseDid,
  type ConcealedPath,
  type Grant,
  type JsonObject,
  type Statement,
} from '@aia/identity';
import { heldIn } from '../../identity/delegating.ts';
import { headOf, holdingFrom, holdingText, isObject, type Holding } from '../../identity/holding.ts';
import type { Home } from '../../identity/home.ts';
import { issueAs } from '../../identity/issuing.ts';
import { presentAs } from '../../identity/presenting.ts';
import { writePrivateFile } from '../../identity/private-file.ts';
import { UsageError } from '../exit.ts';
import { grantsIn, grantsOf, hasScope, jsonIn, type ScopeArguments } from '../identity/grant-options.ts';
import { usageOf, withAgents, type KeyArguments } from '../identity/home-session.ts';
import { listNotes } from '../identity/status-notes.ts';
import { told } from '../identity/tell.ts';

/** Options as the command line gives them. */
export interface IssueArguments extends KeyArguments, ScopeArguments {
  readonly subject: string;
  readonly role?: string;
  readonly grants?: string;
  readonly claims?: string;
  readonly conceal?: readonly string[];
  readonly from?: string;
  /** Milliseconds. */
  readonly validFor?: number;
  readonly out?: string;
}

/** Options as the command line gives them. */
export interface PresentArguments extends KeyArguments {
  readonly challenge: string;
  readonly domain: string;
  readonly disclose?: readonly string[];
  readonly out?: string;
}

const USUAL_MS = 30 * 86_400_000;

/** Signs a credential and prints or writes it. */
export async function runIssue(name: string, options: IssueArguments): Promise<void> {
  const from = options.from === undefined ? undefined : holdingIn(options.from);
  const grants = requireOneStatement(options);
  await withAgents(options, {}, async (home, keys) => {
    const at = Date.now();
    const held = from && (await usageOf(Promise.resolve(from).then(heldIn)));
    const { statement, disclosures } = statementFrom(
      options,
      () => grants ?? grantsOf(options, (text) => didOf(home, text), held),
    );
    const validUntil =
      options.validFor === undefined ? Math.min(at + USUAL_MS, held?.validUntil ?? Infinity) : at + options.validFor;
    const issuance = { subject: didOf(home, options.subject), statement, validUntil, at, from };
    const credential = await usageOf(issueAs(home, keys, name, issuance));
    const chain: Holding['chain'] = from === undefined ? [credential] : [...from.chain, credential];
    tell({ chain, disclosures }, options, listNotes(home, name, at));
  });
}

/** One of the four ways to say what a credential states; the grants of a file, where it is that. */
function requireOneStatement(options: IssueArguments) {
  const { role, grants, claims, from, conceal: paths } = options;
  const ways = [role, grants, claims, hasScope(options) ? '' : undefined].filter((way) => way !== undefined);
  if (ways.length !== 1)
    throw new UsageError(
      'say what the credential states, in one way: --role, --capability with its scope, --grants or --claims',
    );
  if (from !== undefined && (role !== undefined || claims !== undefined))
    throw new UsageError('only grants are handed on with --from: say which with --capability or --grants');
  if (paths !== undefined && claims === undefined)
    throw new UsageError('only claims are concealed: --conceal needs --claims');
  return grants === undefined ? undefined : grantsIn(grants);
}

function statementFrom(
  { role, claims, conceal: pointers = [] }: IssueArguments,
  grants: () => readonly Grant[],
): { readonly statement: Statement; readonly disclosures: Holding['disclosures'] } {
  if (role !== undefined) return { statement: { kind: 'role', role: roleOf(role) }, disclosures: {} };
  if (claims === undefined) return { statement: { kind: 'capabilities', grants: grants() }, disclosures: {} };
  const value = jsonIn(claims);
  if (!isObject(value) || 'id' in value || Object.keys(value).length === 0)
    throw new UsageError(
      `${claims} is no JSON object of claims; who they are about is said by --subject and by no "id" in them`,
    );
  return concealed(claims, value, pointers);
}

/** Names that have a meaning in what is disclosed are refused even where nothing is concealed. */
function concealed(file: string, claims: JsonObject, pointers: readonly string[]) {
  try {
    const { value, disclosures } = conceal(claims, pointers.map(pathOf));
    return {
      statement: { kind: 'attestation', claims: value } as const,
      disclosures: Object.fromEntries(pointers.map((pointer, i) => [pointer, disclosures[i] as string])),
    };
  } catch (error) {
    if (error instanceof RangeError)
      throw new UsageError(`${file}: ${error.message.replace('paths: ', '--conceal: ')}`);
    throw error;
  }
}

/** RFC 6901. */
function pathOf(pointer: string): ConcealedPath {
  const [root, ...names] = pointer.split('/').map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (root !== '' || names.length === 0) throw new UsageError(`"${pointer}" is no JSON Pointer such as /address/city`);
  return names as unknown as ConcealedPath;
}

function roleOf(text: string): (typeof AGENT_ROLES)[number] {
  const role = AGENT_ROLES.find((one) => one === text);
  if (role === undefined) throw new UsageError(`"${text}" is no role; there are ${AGENT_ROLES.join(', ')}`);
  return role;
}

/** Shows credentials to one verifier, and prints or writes that. */
export async function runPresent(name: string, files: readonly string[], options: PresentArguments): Promise<void> {
  const { challenge, domain, disclose = [], out } = options;
  if (files.filter((file) => file === '-').length > 1) throw new UsageError('standard input holds one file');
  const holdings = files.map(holdingIn);
  await withAgents(options, {}, async (home, keys) => {
    const disclosed = disclose.includes('*') ? ('*' as const) : disclose;
    const presentation = await usageOf(
      presentAs(home, keys, name, { holdings, disclosed, challenge, domain, at: Date.now() }),
    );
    const text = `${canonicalJson(presentation)}\n`;
    if (out === undefined) return void process.stdout.write(text);
    writePrivateFile(out, Buffer.from(text));
    const { holder } = presentation;
    process.stdout.write(
      told(options.format, { out, holder, challenge, domain, disclosed: disclose }, () => [
        `wrote ${out}: shown by ${String(holder)} to ${domain} and nobody else`,
      ]),
    );
  });
}

function tell(holding: Holding, { out, format }: IssueArguments, notes: readonly string[]): void {
  const text = holdingText(holding);
  for (const note of notes) process.stderr.write(`aia: ${note}\n`);
  if (out === undefined) return void process.stdout.write(text);
  writePrivateFile(out, Buffer.from(text));
  const { json, credential, subject } = headOf(holding) as NonNullable<ReturnType<typeof headOf>>;
  const { id, issuer, validUntil = Infinity } = credential;
  process.stdout.write(
    told(format, { out, id, issuer, subject, validUntil, links: holding.chain.length, notes }, () => [
      `wrote ${out}: ${holding.chain.length > 1 ? `${holding.chain.length} credentials in a chain, the last ` : ''}${String(id)}`,
      `  Subject      ${subject}`,
      `  Valid until  ${formatTime(validUntil)}`,
      `  Revocable    ${json.credentialStatus === undefined ? 'no: a did:key publishes no list' : 'yes, by the status list of its issuer'}`,
    ]),
  );
}

/** A credential, one with disclosures or a chain. @throws UsageError, HostError `input-unreadable` */
export function holdingIn(file: string): Holding {
  const holding = holdingFrom(jsonIn(file));
  if (holding === undefined)
    throw new UsageError(`${file} is no credential, chain of credentials or credential with disclosures`);
  return holding;
}

/** A name that is known here stands for its DID. @throws UsageError */
export function didOf(home: Home, text: string): string {
  const did = home.agents.find(text)?.did ?? text;
  if (parseDid(did) === undefined) throw new UsageError(`"${text}" is neither a DID nor the name of an identity here`);
  return did;
}
