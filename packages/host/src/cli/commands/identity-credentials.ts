/** `aia identity issue|verify`. */
import { readFileSync } from 'node:fs';
import {
  AGENT_ROLES,
  canonicalJson,
  grantFrom,
  parseDid,
  parseJsonBytes,
  statementOf,
  subjectOf,
  verifyCredential,
  type CredentialVerdict,
  type Demands,
  type Held,
  type JsonObject,
  type JsonValue,
  type Resolution,
  type Statement,
} from '@aia/identity';
import { HostError } from '../../host-error.ts';
import type { Home } from '../../identity/home.ts';
import { issueAs } from '../../identity/issuing.ts';
import { createOriginReader } from '../../identity/origin-reader.ts';
import { writePrivateFile } from '../../identity/private-file.ts';
import { resolverOf, sourcesOf } from '../../identity/resolving.ts';
import { EXIT, UsageError } from '../exit.ts';
import { usageOf, withAgents, withHomeOf, type HomeArguments, type KeyArguments } from '../identity/home-session.ts';
import { answeredText, told } from '../identity/tell.ts';

/** Options as the command line gives them. */
export interface IssueArguments extends KeyArguments {
  readonly subject: string;
  readonly role?: string;
  readonly grants?: string;
  readonly claims?: string;
  /** Milliseconds. */
  readonly validFor: number;
  readonly out?: string;
}

/** Options as the command line gives them. */
export interface VerifyArguments extends HomeArguments {
  readonly issuer?: readonly string[];
  readonly anyIssuer?: boolean;
  readonly statusList?: string;
  readonly requireStatus?: boolean;
  readonly requirePostQuantum?: boolean;
  readonly forWrite?: boolean;
  readonly offline?: boolean;
}

/** Credentials are small; a status list of 16 MiB that does not compress is not. */
const MOST_BYTES = 2 ** 25;

/** Signs a credential and prints or writes it. */
export async function runIssue(name: string, options: IssueArguments): Promise<void> {
  const statement = statementFrom(options);
  await withAgents(options, {}, async (home, keys) => {
    const at = Date.now();
    const issuance = { subject: didOf(home, options.subject), statement, validUntil: at + options.validFor, at };
    const credential = await usageOf(issueAs(home, keys, name, issuance));
    const text = `${canonicalJson(credential)}\n`;
    const { out, format } = options;
    if (out === undefined) return void process.stdout.write(text);
    writePrivateFile(out, Buffer.from(text));
    const { id, issuer, validUntil } = credential;
    process.stdout.write(
      told(format, { out, id, issuer, validUntil }, () => [
        `wrote ${out}: ${String(id)}, valid until ${String(validUntil)}`,
      ]),
    );
  });
}

function statementFrom({ role, grants, claims }: IssueArguments): Statement {
  if (role !== undefined) return { kind: 'role', role: roleOf(role) };
  if (claims !== undefined) {
    const value = jsonIn(claims);
    if (!isObject(value) || 'id' in value) throw new UsageError(`${claims} is no JSON object without an id`);
    return { kind: 'attestation', claims: value };
  }
  if (grants === undefined) throw new UsageError('say what the credential states: --role, --grants or --claims');
  const list = jsonIn(grants);
  if (!Array.isArray(list) || list.length === 0) throw new UsageError(`${grants} is no JSON list of grants`);
  const read = (list as readonly JsonValue[]).map((value, i) => {
    const grant = grantFrom(value);
    if (grant === undefined) throw new UsageError(`${grants}: number ${i + 1} is no grant; --help shows one`);
    return grant;
  });
  return { kind: 'capabilities', grants: read };
}

function roleOf(text: string): (typeof AGENT_ROLES)[number] {
  const role = AGENT_ROLES.find((one) => one === text);
  if (role === undefined) throw new UsageError(`"${text}" is no role; there are ${AGENT_ROLES.join(', ')}`);
  return role;
}

function jsonIn(file: string): JsonValue {
  const parsed = parseJsonBytes(bytesOf(file));
  if (parsed.kind === 'value') return parsed.value;
  throw new UsageError(`${file} is no JSON that can be signed: ${parsed.reason} at ${parsed.at}`);
}

/** A name that is known here stands for its DID. */
function didOf(home: Home, text: string): string {
  const did = home.agents.find(text)?.did ?? text;
  if (parseDid(did) === undefined) throw new UsageError(`"${text}" is neither a DID nor the name of an identity here`);
  return did;
}

/** Verifies a credential, says what held or why not, and sets the exit code. */
export async function runVerify(file: string, options: VerifyArguments): Promise<void> {
  const { issuer = [], anyIssuer = false, offline = false, statusList } = options;
  if (issuer.length === 0 && !anyIssuer)
    throw new UsageError(
      'say whose word counts with --issuer, or that you judge the issuer yourself with --any-issuer',
    );
  const text = bytesOf(file);
  const list = statusList === undefined ? undefined : bytesOf(statusList);
  const resolved = new Map<string, Resolution>();
  const verdict = await withHomeOf(options, (home) => {
    const reader = offline ? undefined : createOriginReader({ mostBytes: MOST_BYTES });
    const [at, purpose] = [Date.now(), options.forWrite === true ? ('write' as const) : ('read' as const)];
    const sources = sourcesOf(resolverOf(home, reader), reader, {
      ...{ at, purpose, statusList: list },
      // Asked again for the status list, it answers from memory.
      onResolution: (did, resolution) => void resolved.set(did, resolved.get(did) ?? resolution),
    });
    const issuers = anyIssuer ? ('*' as const) : issuer.map((one) => didOf(home, one));
    return verifyCredential(text, { sources, demands: demandsOf(issuers, options), at });
  });
  process.stdout.write(told(options.format, resultOf(verdict, resolved), () => linesOf(file, verdict, resolved)));
  process.exitCode = verdict.kind === 'verified' ? EXIT.ok : EXIT.found;
}

function demandsOf(issuers: Demands['issuers'], { requireStatus, requirePostQuantum }: VerifyArguments): Demands {
  return {
    issuers,
    isStatusNeeded: requireStatus === true,
    ...(requirePostQuantum === true && { postQuantum: '*' }),
  };
}

function bytesOf(file: string): Uint8Array {
  try {
    const bytes = readFileSync(file === '-' ? 0 : file);
    if (bytes.length > MOST_BYTES) throw new Error(`it is larger than ${MOST_BYTES} bytes`);
    return bytes;
  } catch (cause) {
    throw new HostError('input-unreadable', `${file} cannot be read: ${(cause as Error).message}`, {
      data: { file },
      cause,
    });
  }
}

type Resolved = ReadonlyMap<string, Resolution>;

function resultOf(verdict: CredentialVerdict, resolved: Resolved): unknown {
  const documents = Array.from(resolved, ([did, resolution]) => ({ did, ...howFound(resolution) }));
  if (verdict.kind === 'refused') return { ...verdict, documents };
  const { kind, credential, verified } = verdict;
  const { id, issuer, types, validFrom, validUntil } = credential;
  const [subject, statement] = [subjectOf(credential), statementOf(credential)];
  return { kind, id, issuer, subject, types, validFrom, validUntil, statement, verified, documents };
}

function howFound(resolution: Resolution): object {
  if (resolution.kind === 'refused') return { outcome: resolution.reason };
  const { kind: outcome, rung, ageMs, isStale, metadata } = resolution;
  return { outcome, rung, ageMs, isStale, versionId: metadata.versionId };
}

function linesOf(file: string, verdict: CredentialVerdict, resolved: Resolved): readonly string[] {
  const found = Array.from(resolved, ([did, resolution]) => `  Document  of ${did}: ${foundText(resolution)}`);
  if (verdict.kind === 'refused') return [`refused ${file}: ${verdict.reason} at ${verdict.where}`, ...found];
  const { credential, verified } = verdict;
  return [
    `verified ${file}`,
    `  Subject   ${subjectOf(credential) ?? 'several'}`,
    `  States    ${statementText(statementOf(credential))}`,
    ...verified.map((held) => `  Held      ${heldText(held)}`),
    ...found,
  ];
}

function foundText(resolution: Resolution): string {
  if (resolution.kind === 'refused') return resolution.reason;
  return `${resolution.kind === 'deactivated' ? 'deactivated, ' : ''}${answeredText(resolution)}`;
}

function statementText(statement: Statement | undefined): string {
  if (statement === undefined) return 'nothing that is understood here';
  if (statement.kind === 'role') return `role ${statement.role}`;
  if (statement.kind === 'attestation') return canonicalJson(statement.claims);
  return `may ${statement.grants.map(({ capability }) => capability).join(', ')}`;
}

function heldText(held: Held): string {
  const day = (at: number | undefined) => (at === undefined ? 'ever' : new Date(at).toISOString());
  if (held.what === 'proof') return `proof ${held.cryptosuite} by ${held.verificationMethod}`;
  if (held.what === 'issuer') return `issuer ${held.did}`;
  if (held.what === 'validity') return `valid from ${day(held.from)} until ${day(held.until)}`;
  const asOf = held.asOf === undefined ? '' : ` as of ${day(held.asOf)}`;
  return `${held.purpose} not set at ${held.index} of ${held.list}${asOf}`;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
