import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../canonical/jcs.ts';
import type { JsonObject } from '../canonical/strict-json.ts';
import type { DidDocument } from '../did/document.ts';
import { methodKeyOf } from '../did/verification-method.ts';
import { selectVersion, type VersionQuery } from '../did/resolver/version.ts';
import { verifyLog } from '../did/webvh/log.ts';
import { createLog, updateLog } from '../did/webvh/write.ts';
import { deriveKeySet, type KeySet } from '../keys/key-set.ts';
import { formatTime } from '../proof/time.ts';
import { provider } from '../provider/node.ts';
import { issueCredential, unsignedCredential } from './issue.ts';
import type { DocumentSigner } from './proof-set.ts';
import { verifyCredential } from './verify.ts';
import { AT, DAY_MS } from './world.suite.ts';

const keysOf = (version: number) =>
  deriveKeySet(new Uint8Array(32).fill(version), { agent: 'issuer', version }, provider);
const [FIRST, SECOND, THIRD] = [keysOf(1), keysOf(2), keysOf(3)];
const SUITES = [
  ['eddsa-jcs-2022', 'Ed25519'],
  ['mldsa44-jcs-2024', 'ML-DSA-44'],
] as const;

const methodsOf = (did: string, keys: KeySet, more: JsonObject = {}) =>
  SUITES.map(([suite, kind]) => ({
    ...{ id: `${did}#${suite}-${keys.origin.version}`, controller: did, ...more },
    ...methodKeyOf({ kind, bytes: keys.signingKey('assertion', kind).publicKey }),
  }));
const documentOf = (did: string, methods: readonly (JsonObject & { readonly id: string })[]): DidDocument => ({
  ...{ '@context': ['https://www.w3.org/ns/did/v1.1'], id: did, verificationMethod: methods },
  assertionMethod: methods.map(({ id }) => id),
});
const control = (now: KeySet, next: KeySet) => ({
  signing: now.signingKey('control', 'Ed25519'),
  next: [next.signingKey('control', 'Ed25519').publicKey],
});

/** One who issues with its first keys, then takes the second into use and does something with the first. */
const created = createLog({
  ...{ segments: 'issuer.example', keys: control(FIRST, SECOND), at: AT - 3 * DAY_MS },
  document: (did) => documentOf(did, methodsOf(did, FIRST)),
});
const { did } = created;
const [ISSUED_AT, ROTATED_AT] = [AT - 2 * DAY_MS, AT - DAY_MS];
const signedBy = (keys: KeySet, at: number) => {
  const signers = SUITES.map(([cryptosuite, kind]): DocumentSigner => {
    const verificationMethod = `${did}#${cryptosuite}-${keys.origin.version}`;
    return { cryptosuite, verificationMethod, key: keys.signingKey('assertion', kind) };
  });
  const statement = { kind: 'role', role: 'mlops-specialist' } as const;
  const terms = { issuer: did, subject: 'did:example:holder', statement, validFrom: at };
  return canonicalJson(issueCredential(unsignedCredential(terms), signers, at));
};
const rotatedWith = (...earlier: readonly (JsonObject & { readonly id: string })[]) => {
  const verdict = verifyLog(did, created.text, { at: AT });
  if (verdict.kind === 'refused') throw new Error(verdict.reason);
  const document = documentOf(did, [...methodsOf(did, SECOND), ...earlier]);
  const { text } = updateLog(verdict.log, { document, keys: control(SECOND, THIRD), at: ROTATED_AT });
  return async (credential: string, at = AT, query: VersionQuery = {}) => {
    const log = verifyLog(did, text, { at: AT });
    const versions = log.kind === 'verified' ? log.log.versions : [];
    const sources = { documentOf: () => selectVersion(versions, query)?.document, statusListOf: () => undefined };
    const decided = await verifyCredential(credential, { sources, demands: { issuers: [did] }, at });
    return decided.kind === 'refused' ? decided.reason : decided.kind;
  };
};

describe('a credential whose issuer has taken new keys', () => {
  const before = signedBy(FIRST, ISSUED_AT);

  it('holds while the document keeps the key that signed it', async () => {
    const verify = rotatedWith(...methodsOf(did, FIRST));
    expect(await verify(before)).toBe('verified');
    expect(await verify(signedBy(SECOND, AT))).toBe('verified');
  });

  it('is refused once the key is revoked, whatever time its proofs give themselves', async () => {
    const verify = rotatedWith(...methodsOf(did, FIRST, { revoked: formatTime(ROTATED_AT) }));
    expect(await verify(before)).toBe('revoked-key');
    expect(await verify(signedBy(SECOND, AT))).toBe('verified');
  });

  it('is refused once the key is no longer in the document, and so is one that a thief dates back', async () => {
    const verify = rotatedWith();
    expect(await verify(before)).toBe('unknown-method');
    expect(await verify(signedBy(FIRST, ISSUED_AT))).toBe('unknown-method');
  });

  it('held at a time that a journal vouches for, before the key was revoked or taken out', async () => {
    const revoked = rotatedWith(...methodsOf(did, FIRST, { revoked: formatTime(ROTATED_AT) }));
    expect(await revoked(before, ROTATED_AT - 1)).toBe('verified');
    expect(await revoked(before, ROTATED_AT)).toBe('revoked-key');
    expect(await rotatedWith()(before, ISSUED_AT, { versionAt: ISSUED_AT })).toBe('verified');
    expect(await rotatedWith()(before, AT, { versionAt: AT })).toBe('unknown-method');
  });

  it('does not choose the version of the document that it is judged by', async () => {
    const { versionId } = JSON.parse(created.text) as { readonly versionId: string };
    const named = before.replaceAll(`${did}#`, `${did}?versionId=${versionId}#`);
    expect(await rotatedWith()(named)).toBe('malformed-key-url');
  });
});
