import { utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { keyFor, type DidDocument, type VerificationRelationship } from '../did/document.ts';
import { methodKeyOf } from '../did/verification-method.ts';
import { checkEnvelope, createEnvelope, readEnvelope, type Audience } from '../envelope/envelope.ts';
import { EMPTY_WINDOW } from '../envelope/replay-window.ts';
import { openBox, readBox, sealBox } from '../kem/sealed-box.ts';
import { provider as noble } from '../provider/noble.ts';
import { provider as node } from '../provider/node.ts';
import { knownKey } from '../signatures/signature.ts';
import { COMPOSITE } from '../signatures/suite.ts';
import { deriveKeySet, type KeySet } from './key-set.ts';

const ALICE = 'did:example:alice';
const BOB: Audience = { kind: 'recipient', did: 'did:example:bob' };
const AT = 1_800_000_000_000;
const PAYLOAD = utf8ToBytes('payload');

/** The document of an agent at a version of its keys: each key under its own relationship alone. */
function documentOf(did: string, keys: KeySet): DidDocument {
  const named = (name: string) => `${did}#${name}-${keys.origin.version}`;
  const method = (name: string, key: Parameters<typeof methodKeyOf>[0]) => ({
    id: named(name),
    controller: did,
    ...methodKeyOf(key),
  });
  const signing = (use: 'assertion' | 'authentication') =>
    method(use, { kind: COMPOSITE, bytes: keys.signingKey(use, COMPOSITE).publicKey });
  return {
    id: did,
    verificationMethod: [signing('assertion'), signing('authentication')],
    assertionMethod: [named('assertion')],
    authentication: [named('authentication')],
    keyAgreement: [method('box', { kind: 'X-Wing', bytes: keys.keyAgreement().publicKey })],
  };
}

describe.each([node, noble])('keys in documents with $name', (provider) => {
  const setOf = (agent: string, version: number) =>
    deriveKeySet(new Uint8Array(32).fill(version), { agent, version }, provider);
  const [first, second] = [setOf('alice', 1), setOf('alice', 2)];
  const documents = { first: documentOf(ALICE, first), second: documentOf(ALICE, second) };

  const accepted = (use: 'assertion' | 'authentication', keys: KeySet, document: DidDocument) => {
    const signer = { url: `${ALICE}#${use}-${keys.origin.version}`, key: keys.signingKey(use, COMPOSITE) };
    const header = { audience: BOB, sequence: 1, sentAt: AT, expiresAt: AT + 1000 };
    const read = readEnvelope(createEnvelope(PAYLOAD, header, signer, provider));
    if (read.kind === 'refused') return read.reason;
    const found = keyFor(document, read.envelope.senderKey, 'authentication', AT);
    if (found.kind === 'refused') return found.reason;
    const known = knownKey(found.url, found.key, provider);
    if (known === undefined) return 'no-key';
    const expected = { audience: BOB, at: AT, known, minimum: COMPOSITE, window: EMPTY_WINDOW };
    const verdict = checkEnvelope(read.envelope, PAYLOAD, expected, provider);
    return verdict.kind === 'refused' ? verdict.reason : verdict.kind;
  };

  it('let an agent be known by its document alone', () => {
    expect(accepted('authentication', first, documents.first)).toBe('accepted');
    expect(accepted('authentication', second, documents.second)).toBe('accepted');
  });

  it('serve no other use', () => {
    expect(accepted('assertion', first, documents.first)).toBe('other-relationship');
    const relationships: VerificationRelationship[] = ['authentication', 'assertionMethod', 'capabilityInvocation'];
    for (const relationship of relationships)
      expect(keyFor(documents.first, `${ALICE}#box-1`, relationship, AT)).toMatchObject({
        reason: 'other-relationship',
      });
  });

  it('are unknown after their rotation, and before', () => {
    expect(accepted('authentication', first, documents.second)).toBe('unknown-method');
    expect(accepted('authentication', second, documents.first)).toBe('unknown-method');
    // Under the name of the key that stands there, the old key signs nothing.
    const renamed = { ...first, origin: second.origin };
    expect(accepted('authentication', renamed, documents.second)).toBe('broken-classical-half');
  });

  it('are sealed to, and open', () => {
    const bob = setOf('bob', 1);
    const url = 'did:example:bob#box-1';
    const to = keyFor(documentOf('did:example:bob', bob), url, 'keyAgreement', AT);
    const from = keyFor(documents.first, `${ALICE}#authentication-1`, 'authentication', AT);
    if (to.kind === 'refused' || from.kind === 'refused') throw new Error('no key');
    const signer = { url: from.url, key: first.signingKey('authentication', COMPOSITE) };
    const sealed = sealBox(PAYLOAD, { url: to.url, publicKey: to.key.bytes }, signer, provider);
    const read = sealed.kind === 'sealed' ? readBox(sealed.box) : sealed;
    const known = knownKey(from.url, from.key, provider);
    if (read.kind === 'refused' || known === undefined) throw new Error('no box');
    const opening = { known, minimum: COMPOSITE, own: { url, key: bob.keyAgreement() } };
    expect(openBox(read.box, opening, provider)).toMatchObject({ kind: 'opened', content: PAYLOAD });
  });
});
