import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import { toBase64Url } from '../encoding/multibase.ts';
import { toMultikey } from '../encoding/multikey.ts';
import { isDidDocument, keyFor, keyUrlsFor, type DidDocument } from './document.ts';

const DID = 'did:example:1';
const BYTES = new Uint8Array(32).fill(7);
const MULTIKEY = toMultikey({ kind: 'Ed25519', bytes: BYTES });
const AT = Date.UTC(2026, 0, 1);

const method = (more: JsonObject = {}): JsonObject => ({
  id: `${DID}#a`,
  type: 'Multikey',
  controller: DID,
  publicKeyMultibase: MULTIKEY,
  ...more,
});
const document = (more: JsonObject = {}): DidDocument => ({
  id: DID,
  verificationMethod: [method()],
  assertionMethod: [`${DID}#a`],
  ...more,
});
const found = (more: JsonObject, url = `${DID}#a`) => keyFor(document(more), url, 'assertionMethod', AT);
const ofMethod = (more: JsonObject) => found({ verificationMethod: [method(more)] });

describe('the key of a document', () => {
  const key = { kind: 'key', key: { kind: 'Ed25519', bytes: BYTES }, url: `${DID}#a` };

  it('is found for the relationship that names it, by absolute and relative references and embedded', () => {
    expect(found({})).toEqual(key);
    expect(found({ assertionMethod: ['#a'] })).toEqual(key);
    expect(found({ verificationMethod: [method({ id: '#a' })] })).toEqual(key);
    expect(found({ verificationMethod: [], assertionMethod: [method()] })).toEqual(key);
    expect(keyUrlsFor(document({ assertionMethod: ['#b', method(), 7, null] }), 'assertionMethod')).toEqual([
      `${DID}#b`,
      `${DID}#a`,
    ]);
  });

  it.each<[string, JsonObject, string]>([
    ['another relationship', { assertionMethod: [], authentication: ['#a'] }, 'other-relationship'],
    [
      'a key embedded in another relationship',
      { verificationMethod: [], assertionMethod: [], keyAgreement: [method()] },
      'other-relationship',
    ],
    ['two methods with one name', { verificationMethod: [method(), method()] }, 'ambiguous-method'],
    [
      'a relative and an absolute name that are the same',
      { verificationMethod: [method(), method({ id: '#a' })] },
      'ambiguous-method',
    ],
    ['no such method', { verificationMethod: [method({ id: '#b' })] }, 'unknown-method'],
    ['methods that are no list', { verificationMethod: method() }, 'unknown-method'],
  ])('is not found for %s', (_, more, reason) => {
    expect(found(more)).toEqual({ kind: 'refused', reason });
  });

  it.each<[string, JsonObject, string]>([
    ['of another controller', { controller: 'did:example:2' }, 'malformed-method'],
    ['with several controllers', { controller: [DID] }, 'malformed-method'],
    ['of an unknown type', { type: 'Ed25519VerificationKey1900' }, 'unsupported-method'],
    ['with a private key beside it', { secretKeyMultibase: 'z1' }, 'malformed-method'],
    ['with two keys', { publicKeyJwk: {} }, 'malformed-method'],
    ['that is no Multikey', { publicKeyMultibase: `${MULTIKEY}1` }, 'malformed-method'],
    ['of another kind than its type says', { type: 'X25519KeyAgreementKey2020' }, 'malformed-method'],
    ['revoked', { revoked: '2025-12-31T00:00:00Z' }, 'revoked-key'],
    ['revoked at no time', { revoked: 'soon' }, 'revoked-key'],
    ['expired', { expires: '2026-01-01T00:00:00Z' }, 'expired-key'],
  ])('is none that is %s', (_, more, reason) => {
    expect(ofMethod(more)).toEqual({ kind: 'refused', reason });
  });

  it('holds until it is revoked or expires', () => {
    expect(ofMethod({ revoked: '2026-01-01T00:00:01Z', expires: '2026-01-01T00:00:01Z' })).toEqual(key);
  });

  it.each(['did:example:2#a', `${DID}#`, DID, `${DID}/p#a`, `${DID}?versionId=1#a`, '#a', 'a'])(
    'is none for the URL %s',
    (url) => {
      const reason = url.startsWith('did:example:2') ? 'other-document' : 'malformed-key-url';
      expect(found({}, url)).toEqual({ kind: 'refused', reason });
    },
  );
});

describe('keys as JWKs', () => {
  const ofJwk = (publicKeyJwk: JsonValue) =>
    found({ verificationMethod: [{ id: '#a', type: 'JsonWebKey', controller: DID, publicKeyJwk }] });
  const x = toBase64Url(BYTES);

  it('are read', () => {
    expect(ofJwk({ kty: 'OKP', crv: 'Ed25519', x })).toMatchObject({ key: { kind: 'Ed25519', bytes: BYTES } });
    const pub = new Uint8Array(1952).fill(1);
    expect(ofJwk({ kty: 'AKP', alg: 'ML-DSA-65', pub: toBase64Url(pub) })).toMatchObject({
      key: { kind: 'ML-DSA-65', bytes: pub },
    });
  });

  it.each<[JsonValue, string]>([
    [{ kty: 'OKP', crv: 'Ed25519', x, d: x }, 'malformed-method'],
    [{ kty: 'AKP', alg: 'ML-DSA-65', pub: x }, 'malformed-method'],
    [{ kty: 'OKP', crv: 'Ed25519', x: `${x}=` }, 'malformed-method'],
    [{ kty: 'OKP', crv: 'Ed25519' }, 'malformed-method'],
    [{ kty: 'EC', crv: 'P-256', x }, 'unsupported-method'],
    [{ kty: 'toString' }, 'unsupported-method'],
    [[], 'malformed-method'],
    [null, 'malformed-method'],
  ])('are refused: %j', (jwk, reason) => {
    expect(ofJwk(jwk)).toEqual({ kind: 'refused', reason });
  });
});

it('a document has a DID for its name', () => {
  expect(isDidDocument(document())).toBe(true);
  for (const value of [{}, { id: 'x' }, { id: 7 }, [], null, 'did:example:1', undefined])
    expect(isDidDocument(value)).toBe(false);
});
