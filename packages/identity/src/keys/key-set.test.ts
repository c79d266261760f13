import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { provider as noble } from '../provider/noble.ts';
import { provider as node } from '../provider/node.ts';
import type { CryptoProvider } from '../provider/provider.ts';
import { COMPOSITE, schemeOf, type SuiteName } from '../signatures/suite.ts';
import { deriveKeySet, type SigningUse } from './key-set.ts';

const SEED = new Uint8Array(32).fill(9);
const USES: readonly SigningUse[] = ['control', 'assertion', 'authentication'];
const FAST: readonly SuiteName[] = ['Ed25519', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87', COMPOSITE];

describe.each([node, noble])('key sets with $name', (provider) => {
  const keys = deriveKeySet(SEED, { agent: 'planner', version: 1 }, provider);

  it('derive from HKDF of the seed with agent, version, use and suite as info', () => {
    // tag ‖ then each part after its length in eight bytes.
    const info = Uint8Array.from([
      ...[15, ...utf8ToBytes('aia/key-seed/v1')],
      ...[0, 0, 0, 0, 0, 0, 0, 7, ...utf8ToBytes('planner')],
      ...[0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 1],
      ...[0, 0, 0, 0, 0, 0, 0, 7, ...utf8ToBytes('control')],
      ...[0, 0, 0, 0, 0, 0, 0, 7, ...utf8ToBytes('Ed25519')],
    ]);
    const seed = provider.hkdfSha256(SEED, new Uint8Array(), info, 32);
    expect(keys.signingKey('control', 'Ed25519').publicKey).toEqual(provider.ed25519.signingKey(seed).publicKey);
  });

  it('sign with every use, and verify with its public key alone', () => {
    const message = utf8ToBytes('m');
    for (const use of USES) {
      const signer = keys.signingKey(use, COMPOSITE);
      expect(signer.suite).toBe(COMPOSITE);
      expect(schemeOf(COMPOSITE, provider).verifyingKey(signer.publicKey)?.verify(message, signer.sign(message))).toBe(
        true,
      );
    }
  });

  it('have no key twice: not for another use, suite, version, agent or seed, nor as a half of a composite', () => {
    const sets = [
      keys,
      deriveKeySet(SEED, { agent: 'planner', version: 2 }, provider),
      deriveKeySet(SEED, { agent: 'planner2', version: 1 }, provider),
      deriveKeySet(new Uint8Array(32).fill(8), { agent: 'planner', version: 1 }, provider),
    ];
    const publics = sets.flatMap((set) => [
      ...USES.flatMap((use) => FAST.map((suite) => set.signingKey(use, suite).publicKey)),
      ...USES.map((use) => set.signingKey(use, COMPOSITE).publicKey.subarray(0, 1952)),
      ...USES.map((use) => set.signingKey(use, COMPOSITE).publicKey.subarray(1952)),
      set.keyAgreement().publicKey,
    ]);
    expect(new Set(publics.map(bytesToHex)).size).toBe(publics.length);
  });

  it('make a key once, and keep a seed of their own', () => {
    expect(keys.signingKey('control', 'Ed25519')).toBe(keys.signingKey('control', 'Ed25519'));
    const given = Uint8Array.from(SEED);
    const early = deriveKeySet(given, { agent: 'planner', version: 1 }, provider);
    given.fill(0);
    expect(early.signingKey('assertion', 'Ed25519').publicKey).toEqual(
      keys.signingKey('assertion', 'Ed25519').publicKey,
    );
  });

  it('show nothing secret, however they are looked at', () => {
    const [signer, agreement] = [keys.signingKey('control', COMPOSITE), keys.keyAgreement()];
    signer.sign(utf8ToBytes('m'));
    expect(JSON.stringify(keys)).toBe('{"origin":{"agent":"planner","version":1}}');
    expect(Object.keys(signer).toSorted()).toEqual(['publicKey', 'sign', 'suite']);
    for (const one of [keys, signer, agreement]) {
      expect(() => structuredClone(one)).toThrow(/could not be cloned/);
      const shown = inspect(one, { showHidden: true, depth: Infinity, maxArrayLength: Infinity, getters: true });
      // Whatever is shown of bytes is a public key.
      const bytes = [...shown.matchAll(/Uint8Array\(\d+\) \[([\d,\s]*)/g)].map(([, list = '']) =>
        Uint8Array.from(
          list.split(',').filter((item) => item.trim() !== ''),
          Number,
        ),
      );
      for (const found of bytes) expect([signer.publicKey, agreement.publicKey]).toContainEqual(found);
    }
  });

  it('say nothing of a seed that is refused', () => {
    const secret = new Uint8Array(33).fill(171);
    expect(() => deriveKeySet(secret, { agent: 'planner', version: 1 }, provider)).toThrow(
      new RangeError('seed: has 33 bytes, must have 32'),
    );
    expect(() => deriveKeySet('ab'.repeat(16) as unknown as Uint8Array, keys.origin, provider)).toThrow(
      new TypeError('seed: is no Uint8Array'),
    );
  });

  it('leave no seed of a key behind, and the seed that was given as it is', () => {
    const derived: Uint8Array[] = [];
    const watching: CryptoProvider = {
      ...provider,
      hkdfSha256: (...given) => {
        const seed = provider.hkdfSha256(...given);
        derived.push(seed);
        return seed;
      },
      shake256: (...given) => {
        const seed = provider.shake256(...given);
        derived.push(seed);
        return seed;
      },
    };
    const given = Uint8Array.from(SEED);
    const watched = deriveKeySet(given, keys.origin, watching);
    const signer = watched.signingKey('control', COMPOSITE);
    expect(watched.keyAgreement().publicKey).toEqual(keys.keyAgreement().publicKey);
    expect(derived).toHaveLength(3);
    for (const seed of derived) expect(seed.every((byte) => byte === 0)).toBe(true);
    expect(given).toEqual(SEED);
    const key = schemeOf(COMPOSITE, provider).verifyingKey(signer.publicKey);
    expect(key?.verify(utf8ToBytes('m'), signer.sign(utf8ToBytes('m')))).toBe(true);
  });

  it.each([
    ['a short seed', new Uint8Array(31), { agent: 'a', version: 1 }],
    ['no agent', SEED, { agent: '', version: 1 }],
    ['an over-long agent', SEED, { agent: 'a'.repeat(256), version: 1 }],
    ['a lone surrogate', SEED, { agent: '\ud800', version: 1 }],
    ['version 0', SEED, { agent: 'a', version: 0 }],
    ['a fraction', SEED, { agent: 'a', version: 1.5 }],
    ['a version beyond 32 bits', SEED, { agent: 'a', version: 2 ** 32 }],
  ])('refuse %s', (_, seed, origin) => {
    expect(() => deriveKeySet(seed, origin, provider)).toThrow(RangeError);
  });
});

describe('key sets of both providers', () => {
  it('are the same', () => {
    const [one, other] = [node, noble].map((p) => deriveKeySet(SEED, { agent: 'a', version: 3 }, p));
    for (const suite of FAST)
      expect(one?.signingKey('assertion', suite).publicKey).toEqual(other?.signingKey('assertion', suite).publicKey);
    expect(one?.keyAgreement().publicKey).toEqual(other?.keyAgreement().publicKey);
  });
});
