import { describe, expect, it } from 'vitest';
import { isDidDocument, keyFor, keyUrlsFor } from '../did/document.ts';
import { provider as noble } from '../provider/noble.ts';
import { provider as node } from '../provider/node.ts';
import { knownKey, signIn, verifyIn } from '../signatures/signature.ts';
import { COMPOSITE } from '../signatures/suite.ts';
import { agentDocument, agentSigner, documentSigners } from './agent-document.ts';
import { deriveKeySet } from './key-set.ts';

const DID = 'did:webvh:QmScid:agents.example:planner';
const AT = Date.UTC(2026, 5, 1);

describe.each([node, noble])('the document of an agent, with $name', (provider) => {
  const keys = deriveKeySet(new Uint8Array(32).fill(5), { agent: 'planner', version: 2 }, provider);
  const document = agentDocument(DID, keys);

  it('publishes every key for its use and no other', () => {
    expect(isDidDocument(document)).toBe(true);
    const uses = { assertion: 'assertionMethod', authentication: 'authentication' } as const;
    for (const [use, relationship] of Object.entries(uses) as ['assertion', 'assertionMethod'][]) {
      const kinds = keyUrlsFor(document, relationship).map((url) => {
        const found = keyFor(document, url, relationship, AT);
        return found.kind === 'key' ? found.key : found.reason;
      });
      expect(kinds).toEqual(
        (['Ed25519', 'ML-DSA-44', COMPOSITE] as const).map((kind) => ({
          ...{ kind, bytes: keys.signingKey(use, kind).publicKey },
        })),
      );
    }
    const [agreement = ''] = keyUrlsFor(document, 'keyAgreement');
    expect(keyFor(document, agreement, 'keyAgreement', AT)).toMatchObject({ key: { kind: 'X-Wing' } });
    expect(keyFor(document, agreement, 'authentication', AT)).toEqual({
      kind: 'refused',
      reason: 'other-relationship',
    });
  });

  it('names the keys that sign', () => {
    for (const { verificationMethod, key } of documentSigners(DID, keys, 'assertion'))
      expect(keyFor(document, verificationMethod, 'assertionMethod', AT)).toMatchObject({
        key: { bytes: key.publicKey },
      });
    const signer = agentSigner(DID, keys, 'authentication');
    const found = keyFor(document, signer.url, 'authentication', AT);
    const known = found.kind === 'key' ? knownKey(found.url, found.key, provider) : undefined;
    const signature = signIn('vote', [Uint8Array.of(1)], signer);
    expect(known && verifyIn('vote', [Uint8Array.of(1)], signature, known, COMPOSITE)).toMatchObject({
      kind: 'verified',
    });
  });

  it('names no key as another version does', () => {
    const next = agentDocument(
      DID,
      deriveKeySet(new Uint8Array(32).fill(6), { agent: 'planner', version: 3 }, provider),
    );
    const urls = [document, next].flatMap((one) => keyUrlsFor(one, 'assertionMethod'));
    expect(new Set(urls).size).toBe(6);
  });

  it('has the keys that are asked for alone', () => {
    const small = agentDocument(DID, keys, { assertion: ['Ed25519'], authentication: [] });
    expect(keyUrlsFor(small, 'assertionMethod')).toHaveLength(1);
    expect(keyUrlsFor(small, 'authentication')).toEqual([]);
  });
});
