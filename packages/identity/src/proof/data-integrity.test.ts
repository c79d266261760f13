import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, type JsonObject } from '../canonical/strict-json.ts';
import { fromMultibase, toMultibase } from '../encoding/multibase.ts';
import { fromMultikey, type PublicKey } from '../encoding/multikey.ts';
import { provider as noble } from '../provider/noble.ts';
import { provider as node } from '../provider/node.ts';
import { createProof, integrityHash, proofCheck, whyNotProven, type DataIntegrityProof } from './data-integrity.ts';
import { CLOCK_SKEW_MS } from './time.ts';

const text = (name: string): string =>
  readFileSync(new URL(`../../vectors/vc-di/${name}`, import.meta.url), 'utf8').trim();
const json = (name: string): JsonObject => {
  const parsed = parseJson(text(name));
  return (parsed.kind === 'value' ? parsed.value : {}) as JsonObject;
};
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const AT = Date.UTC(2026, 0, 1);

describe.each([node, noble])('Data Integrity with $name', (provider) => {
  const { proof: edProof, ...edDocument } = json('eddsa-jcs-2022/signedJCS.json');
  const edKey = fromMultikey(json('eddsa-jcs-2022/keyPair.json').publicKeyMultibase as string) as PublicKey;
  const { proof: mlProof, ...mlDocument } = json('mldsa44-jcs-2024/signed-mldsa44-jcs-2024.json');
  const mlKeys = json('mldsa44-jcs-2024/KeysMLDSA.json').mldsa44 as JsonObject;
  const mlKey = {
    kind: 'ML-DSA-44',
    bytes: Uint8Array.from(Buffer.from(mlKeys.publicKeyHex as string, 'hex')),
  } as const;

  it('hashes and verifies the document of eddsa-jcs-2022', () => {
    const config = json('eddsa-jcs-2022/proofConfigJCS.json');
    expect(hex(integrityHash(edDocument, config, provider))).toBe(text('eddsa-jcs-2022/combinedHashJCS.txt'));
    expect(whyNotProven(edDocument, edProof, edKey, AT, provider)).toBeUndefined();
  });

  it('verifies the document of mldsa44-jcs-2024', () => {
    expect(whyNotProven(mlDocument, mlProof, mlKey, AT, provider)).toBeUndefined();
  });

  const key = provider.ed25519.signingKey(new Uint8Array(32).fill(9));
  const publicKey: PublicKey = { kind: 'Ed25519', bytes: key.publicKey };
  const options = { verificationMethod: 'did:example:1#a', proofPurpose: 'assertionMethod' };
  const document: JsonObject = { '@context': ['a', { b: 1 }], id: 'x', n: 1 };
  const proof = createProof(document, 'eddsa-jcs-2022', { ...options, created: '2026-01-01T00:00:00Z' }, key, provider);
  const why = (change: object, of: JsonObject = document, at = AT) =>
    whyNotProven(of, { ...proof, ...change } as DataIntegrityProof, publicKey, at, provider);

  it('creates what verifies, to the byte as the vector has it', () => {
    expect(why({})).toBeUndefined();
    const secret = fromMultibase(json('eddsa-jcs-2022/keyPair.json').privateKeyMultibase as string) as Uint8Array;
    const { verificationMethod, proofPurpose, created } = edProof as DataIntegrityProof;
    const said = { verificationMethod, proofPurpose, created: created as string };
    const signing = provider.ed25519.signingKey(secret.subarray(2));
    expect(createProof(edDocument, 'eddsa-jcs-2022', said, signing, provider)).toEqual(edProof);
  });

  it.each<[string, object, string]>([
    ['another type', { type: 'X' }, 'malformed-proof'],
    ['no value', { proofValue: 7 }, 'malformed-proof'],
    [
      'a value in another base',
      { proofValue: toMultibase('u', fromMultibase(proof.proofValue) as Uint8Array) },
      'malformed-proof',
    ],
    ['a value that is too short', { proofValue: proof.proofValue.slice(0, -2) }, 'malformed-proof'],
    ['a time that is none', { created: '2026-02-30T00:00:00Z' }, 'malformed-proof'],
    ['a suite that is another', { cryptosuite: 'eddsa-rdfc-2022' }, 'unknown-cryptosuite'],
    ['a suite that is a property of objects', { cryptosuite: 'toString' }, 'unknown-cryptosuite'],
    ['a suite for another key', { cryptosuite: 'mldsa44-jcs-2024' }, 'other-key-kind'],
    ['a proof before it', { previousProof: 'urn:1' }, 'unsupported-proof-member'],
    ['another purpose', { proofPurpose: 'authentication' }, 'broken-signature'],
    ['another key named', { verificationMethod: 'did:example:1#b' }, 'broken-signature'],
    ['a member added', { domain: 'x' }, 'broken-signature'],
    ['a time to come', { created: '2026-01-01T00:02:00Z' }, 'proof-from-future'],
    ['an end that has come', { expires: '2026-01-01T00:00:00Z' }, 'expired-proof'],
    ['other contexts', { '@context': ['b'] }, 'other-context'],
    ['more contexts', { '@context': ['a', { b: 1 }, 'c'] }, 'other-context'],
  ])('refuses a proof with %s', (_, change, reason) => {
    expect(why(change)).toBe(reason);
  });

  it('takes a time that is ahead by no more than clocks differ', () => {
    const at = Date.UTC(2026, 0, 1);
    expect(why({}, document, at - CLOCK_SKEW_MS)).toBeUndefined();
    expect(why({}, document, at - CLOCK_SKEW_MS - 1)).toBe('proof-from-future');
  });

  it('signs contexts as they stand in the proof', () => {
    const one = { ...document, '@context': ['a'] };
    const signed = createProof(one, 'eddsa-jcs-2022', options, key, provider);
    const check = proofCheck({ ...document, '@context': 'a' }, provider);
    expect(check(signed, publicKey, AT)).toBeUndefined();
    expect(check({ ...signed, '@context': 'a' }, publicKey, AT)).toBe('broken-signature');
    expect(check(signed, publicKey, AT)).toBeUndefined();
  });

  it('lets contexts be added behind, and nothing else', () => {
    expect(why({}, { ...document, '@context': ['a', { b: 1 }, 'c'] })).toBeUndefined();
    expect(why({}, { ...document, n: 2 })).toBe('broken-signature');
    expect(why({}, { id: 'x', n: 1 })).toBe('other-context');
  });

  it('refuses what is no proof at all', () => {
    for (const other of [undefined, null, 7, 'x', []])
      expect(whyNotProven(document, other, publicKey, AT, provider)).toBe('malformed-proof');
  });

  it('refuses keys that are none, and does not sign with those of another kind', () => {
    expect(whyNotProven(document, proof, { kind: 'Ed25519', bytes: new Uint8Array(32) }, AT, provider)).toBe(
      'malformed-key',
    );
    expect(() => createProof(document, 'mldsa44-jcs-2024', options, key, provider)).toThrow(RangeError);
    for (const times of [{ created: '2026-01-01' }, { expires: '' }])
      expect(() => createProof(document, 'eddsa-jcs-2022', { ...options, ...times }, key, provider)).toThrow(
        RangeError,
      );
  });

  it('detects any changed bit of the signature', () => {
    fc.assert(
      fc.property(fc.nat({ max: 511 }), (bit) => {
        const signature = key.sign(integrityHash({ a: 1 }, { b: 1 }, provider));
        signature[bit >> 3] = (signature[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(
          provider.ed25519.verifyingKey(key.publicKey)?.verify(integrityHash({ a: 1 }, { b: 1 }, provider), signature),
        ).toBe(false);
      }),
      { numRuns: 30 },
    );
  });
});
