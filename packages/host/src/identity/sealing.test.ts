import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARGON2_COST, openMasterKey, sealMasterKey } from './master-key.ts';
import { openSeed, sealSeed } from './sealed-seed.ts';

const PASSPHRASE = 'correct horse battery';
const CHEAP = { memoryKiB: 19_456, passes: 1, lanes: 1 };
const AGENT = { agent: 'orchestrator', version: 1 };
const master = new Uint8Array(32).fill(7);
const seed = new Uint8Array(32).fill(9);

const changed = (text: Uint8Array, change: object) =>
  Buffer.from(JSON.stringify({ ...(JSON.parse(Buffer.from(text).toString()) as object), ...change }));
const flipped = (text: Uint8Array, at: number, difference: number) => text.with(at, (text[at] ?? 0) ^ difference);
const anyBytes = fc.oneof(
  fc.uint8Array(),
  fc.json().map((text) => new TextEncoder().encode(text)),
);

describe('a sealed seed', () => {
  it('opens for its agent and version alone, under its master key alone', () => {
    const text = sealSeed(seed, AGENT, master);
    expect(openSeed(text, AGENT, master)).toEqual({ kind: 'opened', seed });
    for (const origin of [
      { ...AGENT, version: 2 },
      { ...AGENT, agent: 'other' },
    ])
      expect(openSeed(text, origin, master)).toEqual({ kind: 'refused', reason: 'other-key' });
    expect(openSeed(text, AGENT, new Uint8Array(32))).toEqual({ kind: 'refused', reason: 'changed' });
  });

  it('notices any changed byte', () => {
    const text = sealSeed(seed, AGENT, master);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), (at, difference) => {
        expect(openSeed(flipped(text, at, difference), AGENT, master).kind).toBe('refused');
      }),
    );
  });

  it('is another text each time, under a key of its own, and no larger than a line', () => {
    const [one = '', other] = [1, 2].map(() => Buffer.from(sealSeed(seed, AGENT, master)).toString());
    expect(one).not.toBe(other);
    expect(one.length).toBeLessThan(400);
  });

  it.each([
    ['of a later version', { version: 2 }, 'unsupported'],
    ['with another cipher', { aead: 'AES-256-GCM' }, 'unsupported'],
    ['with a further member', { comment: '' }, 'malformed'],
    ['of another format', { format: 'aia-keystore' }, 'malformed'],
    ['with a short salt', { salt: 'AAAA' }, 'malformed'],
    ['with a short seed', { sealed: 'AAAA' }, 'malformed'],
    ['with another salt', { salt: 'A'.repeat(43) }, 'changed'],
  ])('%s is refused', (_, change, reason) => {
    expect(openSeed(changed(sealSeed(seed, AGENT, master), change), AGENT, master)).toEqual({
      kind: 'refused',
      reason,
    });
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(openSeed(bytes, AGENT, master).kind).toBe('refused');
      }),
    );
  });
});

describe('a sealed master key', () => {
  it('costs what RFC 9106 recommends', () => {
    expect(ARGON2_COST).toEqual({ memoryKiB: 64 * 1024, passes: 3, lanes: 4 });
    expect(JSON.parse(Buffer.from(sealMasterKey(master, PASSPHRASE)).toString())).toMatchObject(ARGON2_COST);
  });

  it('opens for its passphrase, however its letters are composed', () => {
    const sealed = sealMasterKey(master, 'Größe über\u00a0alles', CHEAP);
    const opened = { kind: 'opened', master };
    expect(openMasterKey(sealed, 'Größe über alles'.normalize('NFD'))).toEqual(opened);
    expect(openMasterKey(sealed, 'Grösse über alles')).toEqual({
      kind: 'refused',
      reason: 'wrong-passphrase-or-changed',
    });
  });

  it.each([
    ['a later version', { version: 2 }, 'unsupported'],
    ['another way to make keys of passphrases', { kdf: 'argon2d' }, 'unsupported'],
    ['another cipher', { aead: 'none' }, 'unsupported'],
    ['too little memory', { memoryKiB: 19_455 }, 'unsupported'],
    ['memory that would exhaust the machine', { memoryKiB: 2 ** 20 + 1 }, 'unsupported'],
    ['no pass', { passes: 0 }, 'unsupported'],
    ['passes without end', { passes: 17 }, 'unsupported'],
    ['too many lanes', { lanes: 17 }, 'unsupported'],
    ['lanes that are no number', { lanes: '4' }, 'unsupported'],
    ['lanes in parts', { lanes: 1.5 }, 'unsupported'],
    ['a salt of another length', { salt: 'AAAA' }, 'malformed'],
    ['a master key of another length', { sealed: 'AAAA' }, 'malformed'],
    ['a further member', { hint: 'pet' }, 'malformed'],
    ['another format', { format: 'aia-key' }, 'malformed'],
    ['another salt', { salt: 'A'.repeat(22) }, 'wrong-passphrase-or-changed'],
  ])('with %s is refused', (_, change, reason) => {
    const text = changed(sealMasterKey(master, PASSPHRASE, CHEAP), change);
    expect(openMasterKey(text, PASSPHRASE)).toEqual({ kind: 'refused', reason });
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(openMasterKey(bytes, PASSPHRASE).kind).toBe('refused');
      }),
    );
  });
});
