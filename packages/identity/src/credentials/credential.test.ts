import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import { AGENT_CREDENTIALS_V1, CREDENTIALS_V2, parseObject, readCredential } from './credential.ts';

/** The fields are those of the cases in the W3C's test suite of the data model, in our own words. */
const CREDENTIAL: JsonObject = {
  '@context': [CREDENTIALS_V2],
  type: ['VerifiableCredential'],
  issuer: 'https://issuer.example',
  credentialSubject: { id: 'did:example:subject' },
};
const TYPED = { type: 'Anything' };
const reasonOf = (json: JsonObject) => {
  const read = readCredential(json);
  return read.kind === 'refused' ? `${read.reason} ${read.where}` : read.kind;
};
const without = (name: string) => Object.fromEntries(Object.entries(CREDENTIAL).filter(([one]) => one !== name));

describe('a credential of the data model', () => {
  it.each<[string, JsonObject]>([
    ['with as little as it may have', {}],
    ['with an id', { id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33' }],
    ['with an id in other letters', { id: 'https://例え.example/ä' }],
    ['with one context alone', { '@context': CREDENTIALS_V2 }],
    [
      'with an issuer that has a name',
      { issuer: { id: 'did:example:issuer', name: 'Issuer', image: 'https://a.example/i' } },
    ],
    [
      'with texts in languages',
      {
        name: [
          { '@value': 'Name', '@language': 'en-GB' },
          { '@value': 'שם', '@direction': 'rtl' },
        ],
      },
    ],
    ['with several subjects', { credentialSubject: [{ id: 'did:example:a' }, { degree: 1 }] }],
    ['with evidence', { evidence: [TYPED, { ...TYPED, id: 'https://a.example' }] }],
    ['with a service to refresh', { refreshService: TYPED }],
    ['with times in any zone', { validFrom: '2026-01-01T00:00:00.5+02:00', validUntil: '2026-01-01T00:00:00-14:00' }],
    [
      'that ends at the moment it begins',
      { validFrom: '2026-01-01T01:00:00+01:00', validUntil: '2026-01-01T00:00:00Z' },
    ],
  ])('is read %s', (_, more) => {
    expect(reasonOf({ ...CREDENTIAL, ...more })).toBe('credential');
  });

  it.each<[string, JsonObject, string]>([
    ['without context', without('@context'), 'unknown-context @context'],
    ['without type', without('type'), 'malformed-credential type'],
    ['without issuer', without('issuer'), 'malformed-credential issuer'],
    ['without subject', without('credentialSubject'), 'malformed-credential credentialSubject'],
  ])('is refused %s', (_, json, reason) => {
    expect(reasonOf(json)).toBe(reason);
  });

  it.each<[string, JsonValue]>([
    ['@context', 'https://www.w3.org/2018/credentials/v1'],
    ['@context', ['https://www.w3.org/2018/credentials/v1', CREDENTIALS_V2]],
    ['@context', [CREDENTIALS_V2, CREDENTIALS_V2]],
    ['@context', [CREDENTIALS_V2, AGENT_CREDENTIALS_V1, AGENT_CREDENTIALS_V1]],
    ['@context', [CREDENTIALS_V2, null]],
    ['@context', {}],
    ['id', 'not a url'],
    ['id', ['https://a.example/1', 'https://a.example/2']],
    ['id', null],
    ['type', 'https://a.example/Type'],
    ['type', ['VerifiableCredential', null]],
    ['type', []],
    ['type', ['VerifiableCredential', '']],
    ['id', 'https://a.example/\u0085'],
    ['validUntil', '2026-01-01T00:00:00+14:01'],
    ['type', ['VerifiablePresentation']],
    ['issuer', null],
    ['issuer', 'no url'],
    ['issuer', 'did:example:a b'],
    ['issuer', { name: 'without id' }],
    ['issuer', { id: null }],
    ['issuer', { id: 'did:example:issuer', name: 7 }],
    ['name', 7],
    ['name', { '@value': 'Name', '@language': 'not a language' }],
    ['name', { '@value': 'Name', '@direction': 'up' }],
    ['name', { '@value': 'Name', url: 'did:example:1' }],
    ['description', { '@value': ['Name'] }],
    ['validFrom', '2026-01-01'],
    ['validFrom', '2026-02-29T00:00:00Z'],
    ['validUntil', '2026-01-01T24:00:01Z'],
    ['validUntil', ['2026-01-01T00:00:00Z']],
    ['credentialSubject', {}],
    ['credentialSubject', [{ id: 'did:example:a' }, {}]],
    ['credentialSubject', 'did:example:a'],
    ['credentialSubject', { id: 'no url' }],
    ['credentialSubject', Array.from({ length: 17 }, () => ({ a: 1 }))],
    ['credentialStatus', { id: 'https://a.example/1' }],
    ['credentialStatus', { ...TYPED, id: 'no url' }],
    ['credentialStatus', { ...TYPED, id: ['https://a.example/1'] }],
    ['credentialStatus', []],
    ['evidence', { id: 'https://a.example/1' }],
    ['refreshService', { ...TYPED, id: 'no url' }],
    ['proof', 'z1'],
    ['proof', [[]]],
    // Members that would have to be judged, which nobody here does.
    ...['termsOfUse', 'credentialSchema', 'relatedResource', 'renderMethod', 'holder'].map(
      (name): [string, JsonValue] => [name, { ...TYPED, id: 'https://a.example' }],
    ),
    ['__proto__', {}],
  ])('is refused with a %s of %j', (name, value) => {
    expect(reasonOf(Object.fromEntries([...Object.entries(CREDENTIAL), [name, value]]))).toMatch(
      new RegExp(`^(malformed-credential|unknown-[a-z]+) ${name}$`),
    );
  });

  it('takes contexts and members that the verifier knows', () => {
    const more = { ...CREDENTIAL, '@context': [CREDENTIALS_V2, 'https://a.example/v1'], termsOfUse: TYPED };
    expect(readCredential(more, { contexts: ['https://a.example/v1'], fields: ['termsOfUse'] }).kind).toBe(
      'credential',
    );
    expect(reasonOf(more)).toBe('unknown-context @context');
  });

  it.each(['eddsa-jcs-2022/signedJCS', 'mldsa44-jcs-2024/signed-mldsa44-jcs-2024'])(
    'is what the W3C signs as %s',
    (name) => {
      const parsed = parseObject(readFileSync(new URL(`../../vectors/vc-di/${name}.json`, import.meta.url)));
      expect(parsed.kind).toBe('object');
      if (parsed.kind !== 'object') return;
      const contexts = ['https://www.w3.org/ns/credentials/examples/v2', 'https://w3id.org/citizenship/v4rc1'];
      expect(readCredential(parsed.object, { contexts })).toMatchObject({ kind: 'credential' });
    },
  );
});
