/** What credentials of agents say of their subject: a role, capabilities, or anything that is attested. */
import type { JsonObject } from '../canonical/strict-json.ts';
import { parseDid } from '../did/did.ts';
import { AGENT_ROLES, grantFrom, grantJson, type AgentRole, type Grant } from './capabilities.ts';
import type { Credential } from './credential.ts';
import { strangeName } from './fields.ts';

/** What is said. */
export type Statement =
  | { readonly kind: 'role'; readonly role: AgentRole }
  /** `delegatedFrom`: digest of the credential whose grants are handed on; absent for the first. */
  | { readonly kind: 'capabilities'; readonly grants: readonly Grant[]; readonly delegatedFrom?: string }
  /** Any claims, some of them perhaps concealed. */
  | { readonly kind: 'attestation'; readonly claims: JsonObject };

/** Types of the credentials that carry statements. */
export const STATEMENT_TYPES = {
  role: 'AgentRoleCredential',
  capabilities: 'AgentCapabilityCredential',
  attestation: 'AgentAttestationCredential',
} as const satisfies Record<Statement['kind'], string>;

/** More grants in one credential are not read. */
const MOST_GRANTS = 64;

/** `credentialSubject`. */
export function subjectJson(did: string, statement: Statement): JsonObject {
  if (statement.kind === 'role') return { id: did, role: statement.role };
  if (statement.kind === 'attestation') return { ...statement.claims, id: did };
  const { grants, delegatedFrom } = statement;
  return { id: did, grants: grants.map(grantJson), ...(delegatedFrom !== undefined && { delegatedFrom }) };
}

/** The DID that a credential is about; `undefined` where it is about several, or about something else. */
export function subjectOf({ subjects: [subject, ...others] }: Credential): string | undefined {
  const id = subject?.id;
  return others.length === 0 && typeof id === 'string' && parseDid(id) !== undefined ? id : undefined;
}

/**
 * What a credential says, by its type and nothing else; `undefined` where it has none or two of the types, is not about one DID, or says it in a way that is not
 * exactly that of its type. Believe it only of a credential that was verified.
 * Where parts were concealed, `subject` is the one with what was disclosed.
 */
export function statementOf(credential: Credential, subject = credential.subjects[0]): Statement | undefined {
  const kinds = (Object.keys(STATEMENT_TYPES) as Statement['kind'][]).filter((kind) =>
    credential.types.includes(STATEMENT_TYPES[kind]),
  );
  if (kinds.length !== 1 || subjectOf(credential) === undefined || subject?.id !== subjectOf(credential))
    return undefined;
  return READERS[kinds[0] as Statement['kind']](subject as JsonObject);
}

const READERS: Readonly<Record<Statement['kind'], (subject: JsonObject) => Statement | undefined>> = {
  role: (subject) => {
    const role = AGENT_ROLES.find((one) => one === subject.role);
    return role === undefined || strangeName(subject, ROLE_NAMES) !== undefined ? undefined : { kind: 'role', role };
  },
  capabilities: (subject) => {
    const { grants, delegatedFrom } = subject;
    if (strangeName(subject, GRANTS_NAMES) !== undefined || !Array.isArray(grants)) return undefined;
    if (grants.length === 0 || grants.length > MOST_GRANTS) return undefined;
    const read = grants.flatMap((grant) => grantFrom(grant) ?? []);
    if (read.length < grants.length) return undefined;
    if (delegatedFrom === undefined) return { kind: 'capabilities', grants: read };
    return typeof delegatedFrom === 'string' ? { kind: 'capabilities', grants: read, delegatedFrom } : undefined;
  },
  attestation: (subject) => ({
    kind: 'attestation',
    claims: Object.fromEntries(Object.entries(subject).filter(([name]) => name !== 'id')),
  }),
};

const ROLE_NAMES: ReadonlySet<string> = new Set(['id', 'role']);
const GRANTS_NAMES: ReadonlySet<string> = new Set(['id', 'grants', 'delegatedFrom']);
