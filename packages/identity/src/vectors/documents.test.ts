import { utf8ToBytes } from '@noble/hashes/utils.js';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { disclosureDigest } from '../credentials/disclosure.ts';
import { Forge, keyHash } from '../did/webvh/forge.suite.ts';
import { toBase64Url } from '../encoding/multibase.ts';
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import { toMultikey } from '../encoding/multikey.ts';
import { createProof, integrityHash } from '../proof/data-integrity.ts';
import { recognise } from './judge.suite.ts';
import { subject as noble } from './noble-subject.suite.ts';
import { subject as node } from './node-subject.suite.ts';
import { failuresOf, input, judged } from './runner.suite.ts';

describe('of SD-JWT', () => {
  const given = toBase64Url(utf8ToBytes('["salt", "given_name", "John"]'));
  const element = toBase64Url(utf8ToBytes('["salt", null]'));
  const digest = (text: string) => disclosureDigest(text, noble.provider);
  const payload = { _sd: [digest(given)], list: [{ '...': digest(element) }] };
  const processed = { given_name: 'John', list: [null] };

  it.each([
    [[{ disclosure: given, salt: 'salt', name: 'given_name', value: 'John', sha256: digest(given) }]],
    [[{ encoded: given, salt: 'salt', key: 'given_name', value: 'John' }]],
    [{ disclosures: [{ disclosure: given, contents: ['salt', 'given_name', 'John'], digest: digest(given) }] }],
    [[{ disclosure: given, contents: '["salt","given_name","John"]' }]],
    [[{ disclosure: given, digest: digest(given) }]],
  ])('knows disclosures as %j', async (json) => {
    expect(failuresOf(await judged(json))).toEqual([]);
    const changed = JSON.stringify(json).replaceAll('John', 'Jane').replaceAll(digest(given), digest(element));
    expect(await judged(JSON.parse(changed))).toMatchObject({ passed: 0, failed: 2 });
  });

  it('knows payloads with what is made of them, and with what must be refused', async () => {
    const example = { payload, disclosures: [given, element], processed };
    expect(await judged(example)).toMatchObject({ passed: 2, failed: 0 });
    const written = {
      ...example,
      disclosures: [{ disclosure: given, value: 'John', salt: 'salt', key: 'given_name' }],
    };
    expect(await judged({ ...written, processed: { given_name: 'John', list: [] } })).toMatchObject({
      passed: 4,
      failed: 0,
    });
    expect(await judged([example, { ...example, processed: {} }])).toMatchObject({ passed: 2, failed: 2 });
    const twice = { sd_jwt_payload: payload, disclosures: [given, given], expectError: 'repeated' };
    expect(await judged({ one: twice, other: { ...twice, disclosures: [given] } })).toMatchObject({
      passed: 2,
      failed: 2,
    });
  });

  it('knows SD-JWTs as they are sent, with what the verifier gets beside them', async () => {
    const jwt = ['{}', JSON.stringify(payload)].map((part) => toBase64Url(utf8ToBytes(part))).join('.');
    const sent = `${jwt}.AA~${given}~${element}~`;
    const beside = { 'verified_contents.json': JSON.stringify(processed), 'sd_jwt_presentation.txt': sent };
    expect(await judged(sent, 'a/sd_jwt_presentation.txt', beside)).toMatchObject({ passed: 2, failed: 0 });
    expect(await judged(`${sent}${jwt}.AA\n`, 'a/sd_jwt_presentation.txt', beside)).toMatchObject({
      passed: 2,
      failed: 0,
    });
    expect(await judged(`${jwt}.AA~${given}~`, 'a/sd_jwt_presentation.txt', beside)).toMatchObject({ failed: 2 });
    expect(await judged(`${sent}${given}~`, 'a/sd_jwt_presentation.txt', beside)).toMatchObject({ failed: 2 });
    expect(recognise(input(processed, 'a/verified_contents.json', beside))).toMatchObject({
      belongsTo: 'sd_jwt_presentation.txt',
    });
    expect((await judged(sent, 'a/sd_jwt_issuance.txt', beside)).groups[0]?.notes[0]?.reason).toContain(
      'discloses /list/0, /given_name',
    );
  });
});

it('refuses what an empty log of did:webvh asks for by its DID alone', async () => {
  const result = JSON.stringify({ didResolutionMetadata: { error: 'invalidDid' } });
  const script = (did: string) => ({
    'resolutionResult.json': result,
    '../script.yaml': `steps:\n  - op: resolve-did\n    did: "${did}"\n    expectError: invalidDid\n`,
  });
  const scid = 'QmVArGEbmoYrzKp9wmpnCPYLjnvwHWhYC1jK8B8WCwgBd8';
  for (const host of [
    '127%2E0%2E0%2E1',
    'example.com:..:admin',
    'example.com:%2E%2E:admin',
    '127.0.0.1%3a8080',
    'example.com#x',
  ])
    expect(await judged('', 'negative-x/ts/did.jsonl', script(`did:webvh:${scid}:${host}`))).toMatchObject({
      passed: 2,
      failed: 0,
    });
  expect(await judged('', 'negative-x/ts/did.jsonl', script(`did:webvh:${scid}:example.com`))).toMatchObject({
    passed: 0,
    failed: 2,
  });
});

it('refuses the DIDs that scripts and lists ask for by themselves, and takes the others', async () => {
  const scid = 'QmVArGEbmoYrzKp9wmpnCPYLjnvwHWhYC1jK8B8WCwgBd8';
  const step = (did: string) => `  - op: resolve-did\n    did: "${did}" # why\n    expectError: invalidDid\n`;
  const script = (...dids: readonly string[]) => `negative: true\nsteps:\n  - op: create\n${dids.map(step).join('')}`;
  const local = `did:webvh:${scid}:127%2E0%2E0%2E1`;
  const fine = `did:webvh:${scid}:example.com:a`;
  expect(await judged(script(local, fine), 'x/script.yaml')).toMatchObject({ passed: 2, failed: 2 });
  expect(recognise(input('steps:\n  - op: create\n', 'x/script.yaml'))).toBeUndefined();
  const list = [
    { did: local, expectError: 'invalidDid' },
    { did: 'did:web:localhost', valid: false },
    { did: fine, url: 'https://example.com/a/did.jsonl' },
    { did: 'did:web:example.com%3A3000:user', url: 'https://example.com:3000/user/did.json' },
  ];
  expect(failuresOf(await judged(list))).toEqual([]);
  const wrong = [
    { did: local, url: 'https://127.0.0.1/.well-known/did.jsonl' },
    { did: fine, error: 'invalidDid' },
    { did: fine, url: 'https://example.com/b/did.jsonl' },
  ];
  expect(await judged({ cases: wrong })).toMatchObject({ passed: 0, failed: 6 });
  expect(recognise(input([{ did: fine }]))).toBeUndefined();
});

describe('of did:webvh', () => {
  const folder = new URL('../../vectors/webvh/multi-update/java/', import.meta.url).pathname;
  const read = (name: string) => readFileSync(folder + name, 'utf8');
  const log = read('did.jsonl');
  const failed = JSON.stringify({
    didDocument: null,
    didDocumentMetadata: {},
    didResolutionMetadata: { error: 'invalidDid' },
  });
  const counts = async (beside: Readonly<Record<string, string>>, text = log, path = 'x/ts/did.jsonl') => {
    const { passed, failed: wrong } = await judged(text, path, beside);
    return [passed, wrong];
  };

  it('holds a log to what is recorded of it', async () => {
    const result = read('resolutionResult.json');
    expect(await counts({ 'resolutionResult.json': result })).toEqual([2, 0]);
    expect(await counts({ 'resolutionResult.json': result.replace('example.com#', 'example.com#x') })).toEqual([0, 2]);
    expect(await counts({ 'resolutionResult.json': result }, log.replace('example.com', 'example.org'))).toEqual([
      0, 2,
    ]);
    expect(await counts({ 'resolutionResult.1.json': result })).toEqual([2, 0]);
  });

  it.each([
    ['invalidProof', new Forge().create({ proof: { cryptosuite: 'eddsa-rdfc-2022' } }).text],
    ['invalidProof', new Forge().create({ signers: [2] }).text],
    ['invalidParameters', new Forge().create({ parameters: { witness: { threshold: 0, witnesses: [] } } }).text],
    [
      'invalidParameters',
      new Forge().create({ parameters: { nextKeyHashes: [keyHash(1)] } }).update({ parameters: { nextKeyHashes: [] } })
        .text,
    ],
  ])('must refuse for what the error names: %s', async (error, text) => {
    const named = (name: string) => ({ 'resolutionResult.json': failed.replace('invalidDid', name) });
    expect(await counts(named(error), text)).toEqual([2, 0]);
    expect(await counts(named('invalidDid'), text)).toEqual([2, 0]);
    const other = error === 'invalidProof' ? 'invalidParameters' : 'invalidProof';
    expect(await counts(named(other), text)).toEqual([0, 2]);
  });

  it('fails a log that does not resolve though nothing is said of it, unless its folder says that it must not', async () => {
    const broken = log.replace('example.com', 'example.org');
    expect(await counts({}, broken)).toEqual([0, 2]);
    expect(await counts({}, broken, 'negative-x/ts/did.jsonl')).toEqual([2, 0]);
    expect(await counts({}, log, 'negative-x/ts/did.jsonl')).toEqual([0, 2]);
    expect(await counts({}, 'no JSON')).toEqual([0, 2]);
    expect((await judged(log, 'x/ts/did.jsonl')).groups[0]).toMatchObject({
      ...{ passed: 0, failed: 0 },
      notes: [{ case: 'did.jsonl', reason: expect.stringContaining('resolves to version 3-') as string }],
    });
  });

  it('must refuse where an error is recorded, but for what its own author could not read', async () => {
    expect(await counts({ 'resolutionResult.json': failed })).toEqual([0, 2]);
    expect(await counts({ 'resolutionResult.json': failed }, log.replace('example.com', 'example.org'))).toEqual([
      2, 0,
    ]);
    expect(await counts({ 'resolutionResult.9.json': failed })).toEqual([2, 0]);
    expect(await counts({ 'resolutionResult.2.json': failed })).toEqual([0, 2]);
    const script = 'steps:\n  - op: resolve\n    expect: resolutionResult.json\n';
    expect(await counts({ 'resolutionResult.json': failed, '../script.yaml': script })).toEqual([2, 0]);
    expect(await counts({ 'resolutionResult.json': failed }, log, 'basic-update/ts/did.jsonl')).toEqual([2, 0]);
    const negative = 'negative: true\nsteps:\n  - op: resolve\n    expectError: invalidDid\n';
    expect(await counts({ 'resolutionResult.json': failed, '../script.yaml': negative })).toEqual([0, 2]);
  });
});

describe('of Data Integrity', () => {
  const folder = new URL('../../vectors/vc-di/', import.meta.url).pathname;
  const read = (name: string) => readFileSync(folder + name, 'utf8');

  it('finds keys behind the hash of any DID or URL, or in the file of keys', async () => {
    const signed = (verificationMethod: string) => {
      const key = noble.provider.ed25519.signingKey(new Uint8Array(32).fill(7));
      const options = { verificationMethod, proofPurpose: 'assertionMethod' };
      return { id: 'x:1', proof: createProof({ id: 'x:1' }, 'eddsa-jcs-2022', options, key, noble.provider) };
    };
    const publicKeyMultibase = toMultikey({
      kind: 'Ed25519',
      bytes: noble.provider.ed25519.signingKey(new Uint8Array(32).fill(7)).publicKey,
    });
    for (const method of [`did:key:${publicKeyMultibase}`, `https://issuer.example/1#${publicKeyMultibase}`])
      expect(failuresOf(await judged(signed(method)))).toEqual([]);
    const named = signed('did:example:1#key-1');
    expect(failuresOf(await judged(named))[0]).toContain('verificationMethod: has no key');
    const beside = { 'keyPair.json': JSON.stringify({ publicKeyMultibase }) };
    expect((await judged(named, 'a/signed.json', beside)).groups[0]).toMatchObject({ passed: 1, failed: 0 });
  });

  it('knows slhdsa128-jcs-2024, whose hash is published', async () => {
    const key = noble.provider.slhDsaSha2128s.signingKey(new Uint8Array(48).fill(7));
    const document = JSON.parse(read('mldsa44-jcs-2024/employmentAuth.json')) as JsonObject;
    const verificationMethod = 'did:key:uoCRINKVf8moX85R6JlvEIQk6Yp0uhjOB-Pn21k9wfPLpWw';
    const options = {
      ...{ type: 'DataIntegrityProof', cryptosuite: 'slhdsa128-jcs-2024', created: '2023-02-24T23:36:38Z' },
      ...{ verificationMethod, proofPurpose: 'assertionMethod' },
    };
    const published =
      '7cc816b810b96de7a90e38d1ff5bb1666476e1f53a16ea7e14a8447fa5ac34566ca388adaff807c71d063f666548493ba60c8c0fa109b3dd1e2564d61abe09cc';
    const beside = { '../commonAlgs/hashing-combined.json': JSON.stringify({ 'slhdsa128-jcs-2024': published }) };
    const unsigned = { ...document, proof: { ...options, proofValue: 'uAA' } };
    const found = await judged(unsigned, 'a/signed.json', beside);
    expect(found.groups.map(({ group, passed, failed }) => [group, passed, failed])).toEqual([
      ...[1, 2].map(() => ['proofs', 0, 1]),
      ...[1, 2].map(() => ['intermediate values', 1, 0]),
    ]);
    const own = {
      ...options,
      verificationMethod: `did:key:${toMultikey({ kind: 'SLH-DSA-SHA2-128s', bytes: key.publicKey })}`,
    };
    const hash = integrityHash(document, { ...own, '@context': document['@context'] as JsonValue }, noble.provider);
    const proof = {
      ...own,
      proofValue: `u${toBase64Url(node.provider.slhDsaSha2128s.signingKey(new Uint8Array(48).fill(7)).sign(hash))}`,
    };
    expect(await judged({ ...document, proof })).toMatchObject({ passed: 2, failed: 0 });
  });
});
