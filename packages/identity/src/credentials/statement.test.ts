import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import { grantJson } from './capabilities.ts';
import { readCredential, type Credential } from './credential.ts';
import { GRANT } from './credentials.suite.ts';
import { unsignedCredential } from './issue.ts';
import { statementOf, subjectOf, type Statement } from './statement.ts';
import { AT } from './world.suite.ts';

const SUBJECT = 'did:example:subject';
const unsigned = (statement: Statement) =>
  unsignedCredential({ issuer: 'did:example:issuer', subject: SUBJECT, statement, validFrom: AT });
const credential = (statement: Statement, change: JsonObject = {}): Credential => {
  const read = readCredential({ ...unsigned(statement), ...change });
  if (read.kind === 'refused') throw new Error(`${read.reason} at ${read.where}`);
  return read.credential;
};
const ROLE = { kind: 'role', role: 'mlops-specialist' } as const;
const GRANTS = { kind: 'capabilities', grants: [GRANT] } as const;

describe('a statement', () => {
  it.each<[string, Statement]>([
    ['a role', ROLE],
    ['capabilities', GRANTS],
    ['capabilities that are handed on', { ...GRANTS, delegatedFrom: 'u1' }],
    ['as many capabilities as are read', { kind: 'capabilities', grants: Array.from({ length: 64 }, () => GRANT) }],
    ['an attestation', { kind: 'attestation', claims: { role: 'anything', grants: 1 } }],
  ])('of %s is read as it was written', (_, statement) => {
    expect(statementOf(credential(statement))).toEqual(statement);
    expect(subjectOf(credential(statement))).toBe(SUBJECT);
  });

  it.each<[string, Statement, JsonValue]>([
    ['of an unknown role', ROLE, { id: SUBJECT, role: 'admin' }],
    ['of two roles', ROLE, { id: SUBJECT, role: [ROLE.role, 'main-orchestrator'] }],
    ['of a role and more', ROLE, { id: SUBJECT, role: ROLE.role, admin: true }],
    ['of no grants', GRANTS, { id: SUBJECT, grants: [] }],
    [
      'of more grants than are read',
      GRANTS,
      { id: SUBJECT, grants: Array.from({ length: 65 }, () => grantJson(GRANT)) },
    ],
    ['of a good grant and a strange one', GRANTS, { id: SUBJECT, grants: [grantJson(GRANT), { all: true }] }],
    ['of grants and more', GRANTS, { id: SUBJECT, grants: [grantJson(GRANT)], role: ROLE.role }],
    ['of grants from something that is no text', GRANTS, { id: SUBJECT, grants: [grantJson(GRANT)], delegatedFrom: 1 }],
    ['about nobody', ROLE, { role: ROLE.role }],
    ['about something that is no DID', ROLE, { id: 'https://a.example', role: ROLE.role }],
    ['about two', ROLE, [{ id: SUBJECT, role: ROLE.role }, { id: 'did:example:other' }]],
  ])('is not read %s', (_, statement, credentialSubject) => {
    expect(statementOf(credential(statement, { credentialSubject }))).toBeUndefined();
  });

  it('is not read of two types, of none, and of another subject than the credential’s', () => {
    const type = ['VerifiableCredential', 'AgentRoleCredential', 'AgentAttestationCredential'];
    expect(statementOf(credential(ROLE, { type }))).toBeUndefined();
    expect(statementOf(credential(ROLE, { type: ['VerifiableCredential'] }))).toBeUndefined();
    expect(statementOf(credential(ROLE), { id: SUBJECT, role: 'main-orchestrator' })).toMatchObject({
      role: 'main-orchestrator',
    });
    expect(statementOf(credential(ROLE), { id: 'did:example:other', role: ROLE.role })).toBeUndefined();
  });
});
