import { utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DOMAINS, type Domain } from '../canonical/domains.ts';
import { deriveKeySet } from '../keys/key-set.ts';
import { provider as noble } from '../provider/noble.ts';
import { provider as node } from '../provider/node.ts';
import { knownKey, signIn, verifyIn, type KnownKey, type Signature } from './signature.ts';
import { COMPOSITE, ROOT, SUITES, type SuiteName } from './suite.ts';

const URL = 'did:example:planner#sign';
const PARTS = [utf8ToBytes('one'), utf8ToBytes('two')];

describe.each([node, noble])('signatures in a domain with $name', (provider) => {
  const keys = deriveKeySet(new Uint8Array(32).fill(1), { agent: 'planner', version: 1 }, provider);
  const signer = (suite: SuiteName) => ({ url: URL, key: keys.signingKey('assertion', suite) });
  const known = (suite: SuiteName, url = URL) =>
    knownKey(url, { kind: suite, bytes: signer(suite).key.publicKey }, provider) as KnownKey;
  const signature = signIn('vote', PARTS, signer(COMPOSITE));
  const flipped = (at: number) => signature.value.map((byte, i) => (i === at ? byte ^ 1 : byte));
  const verdict = (
    change: Partial<Signature>,
    parts = PARTS,
    domain: Domain = 'vote',
    minimum: SuiteName = COMPOSITE,
  ) => verifyIn(domain, parts, { ...signature, ...change }, known(COMPOSITE), minimum);

  it('say what held', () => {
    expect(verdict({})).toEqual({ kind: 'verified', verified: [{ key: URL, suite: COMPOSITE }] });
  });

  const FAST = (Object.keys(SUITES) as SuiteName[]).filter((suite) => suite !== ROOT);
  it.each(FAST)('hold in the suite %s', (suite) => {
    const made = signIn('release', PARTS, signer(suite));
    expect(made.value.length).toBe(SUITES[suite].signatureBytes);
    expect(verifyIn('release', PARTS, made, known(suite), suite)).toMatchObject({ kind: 'verified' });
    const changed = { ...made, value: made.value.map((byte, i) => (i === 40 ? byte ^ 8 : byte)) };
    expect(verifyIn('release', PARTS, changed, known(suite), suite)).toMatchObject({ kind: 'refused' });
  });

  it.each<[string, Partial<Signature>, string]>([
    ['a suite that is none', { suite: 'none' }, 'unknown-suite'],
    ['a suite that is a property of objects', { suite: 'toString' }, 'unknown-suite'],
    ['a suite in other letters', { suite: COMPOSITE.toLowerCase() }, 'unknown-suite'],
    ['a suite that the key is not of', { suite: 'Ed25519' }, 'other-suite'],
    ['another key named', { key: 'did:example:planner#other' }, 'other-key'],
    ['the classical half alone', { value: signature.value.subarray(3309) }, 'malformed-signature'],
    ['the post-quantum half alone', { value: signature.value.subarray(0, 3309) }, 'malformed-signature'],
    ['a byte after it', { value: Uint8Array.from([...signature.value, 0]) }, 'malformed-signature'],
    ['no bytes', { value: new Uint8Array() }, 'malformed-signature'],
    ['text', { value: 'a'.repeat(3373) as unknown as Uint8Array }, 'malformed-signature'],
    ['nothing', { value: undefined as unknown as Uint8Array }, 'malformed-signature'],
    ['its post-quantum half changed', { value: flipped(100) }, 'broken-post-quantum-half'],
    ['its classical half changed', { value: flipped(3350) }, 'broken-classical-half'],
  ])('are refused with %s', (_, change, reason) => {
    expect(verdict(change)).toEqual({ kind: 'refused', reason });
  });

  it('are refused below the minimum, although they hold', () => {
    const weak = signIn('vote', PARTS, signer('Ed25519'));
    expect(verifyIn('vote', PARTS, weak, known('Ed25519'), COMPOSITE)).toEqual({
      kind: 'refused',
      reason: 'suite-below-minimum',
    });
    expect(verdict({}, PARTS, 'vote', 'ML-DSA-87')).toMatchObject({ reason: 'suite-below-minimum' });
  });

  it('hold in their domain alone, and for their parts as they are cut', () => {
    for (const domain of Object.keys(DOMAINS) as Domain[])
      if (domain !== 'vote') expect(verdict({}, PARTS, domain)).toMatchObject({ kind: 'refused' });
    expect(verdict({}, [utf8ToBytes('onetwo')])).toMatchObject({ reason: 'broken-classical-half' });
    expect(verdict({}, [utf8ToBytes('on'), utf8ToBytes('etwo')])).toMatchObject({ reason: 'broken-classical-half' });
    expect(verdict({}, [...PARTS, new Uint8Array()])).toMatchObject({ reason: 'broken-classical-half' });
  });

  it('are bound to the DID URL of their key', () => {
    const url = 'did:example:other#sign';
    const under = verifyIn('vote', PARTS, { ...signature, key: url }, known(COMPOSITE, url), COMPOSITE);
    expect(under).toEqual({ kind: 'refused', reason: 'broken-classical-half' });
  });

  it('need a key that signs', () => {
    expect(knownKey(URL, { kind: 'X25519', bytes: new Uint8Array(32).fill(9) }, provider)).toBeUndefined();
    expect(knownKey(URL, { kind: 'X-Wing', bytes: keys.keyAgreement().publicKey }, provider)).toBeUndefined();
    expect(knownKey(URL, { kind: 'Ed25519', bytes: new Uint8Array(32) }, provider)).toBeUndefined();
    expect(knownKey(URL, { kind: COMPOSITE, bytes: new Uint8Array(1983) }, provider)).toBeUndefined();
  });

  it('detect any changed bit', () => {
    fc.assert(
      fc.property(fc.nat(3373 * 8 - 1), (bit) => {
        const value = Uint8Array.from(signature.value);
        value[bit >> 3] = (value[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(verdict({ value })).toMatchObject({ kind: 'refused' });
      }),
      { numRuns: 40 },
    );
  });
});
