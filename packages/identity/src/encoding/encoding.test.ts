import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalBytes } from './equal.ts';
import { fromBase58, fromBase64Url, fromMultibase, toBase58, toBase64Url, toMultibase } from './multibase.ts';
import { fromMultikey, isMultikeyKind, toMultikey, type MultikeyKind } from './multikey.ts';

describe('text of bytes', () => {
  it('is read again, and is the only text that is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 90 }), fc.constantFrom('z' as const, 'u' as const), (bytes, prefix) => {
        const text = toMultibase(prefix, bytes);
        expect(text[0]).toBe(prefix);
        expect(fromMultibase(text)).toEqual(bytes);
      }),
    );
    const letters = fc.string({ unit: fc.constantFrom(...'ABab01-_+/=Ol I\n'), maxLength: 9 });
    fc.assert(
      fc.property(letters, (text) => {
        const [url, base58] = [fromBase64Url(text), fromBase58(text)];
        if (url !== undefined) expect(toBase64Url(url)).toBe(text);
        if (base58 !== undefined) expect(toBase58(base58)).toBe(text);
      }),
    );
  });

  it.each([
    '',
    'x',
    'mAAAA',
    'AAAA',
    'z0',
    'zO',
    'zI',
    'zl',
    'uA',
    'uAB',
    'uAAAA=',
    'u+/==',
    'uAA AA',
    'uAAAA\n',
    'z ',
    'U',
  ])('is not %j', (text) => {
    expect(fromMultibase(text)).toBeUndefined();
  });

  it('is not decoded from base58 where that would take long', () => {
    expect(fromBase58('2'.repeat(128))).toBeDefined();
    expect(fromBase58('2'.repeat(129))).toBeUndefined();
    expect(fromMultibase(`z${'2'.repeat(10_000_000)}`)).toBeUndefined();
  });
});

describe('Multikeys', () => {
  const SIZES: Readonly<Record<MultikeyKind, readonly [bytes: number, header: string]>> = {
    Ed25519: [32, 'ed01'],
    X25519: [32, 'ec01'],
    'ML-KEM-768': [1184, '8c24'],
    'ML-DSA-44': [1312, '9024'],
    'ML-DSA-65': [1952, '9124'],
    'ML-DSA-87': [2592, '9224'],
    'SLH-DSA-SHA2-128s': [32, 'a024'],
  };
  const KINDS = Object.entries(SIZES) as [MultikeyKind, (typeof SIZES)[MultikeyKind]][];

  it.each(KINDS)('of %s have their codec, one length and one base', (kind, [size, header]) => {
    const key = { kind, bytes: new Uint8Array(size).fill(7) };
    const text = toMultikey(key);
    const whole = fromMultibase(text) as Uint8Array;
    expect(Buffer.from(whole.subarray(0, 2)).toString('hex')).toBe(header);
    expect(text[0]).toBe(kind === 'Ed25519' || kind === 'X25519' ? 'z' : 'u');
    expect(fromMultikey(text)).toEqual(key);
    if (size <= 1312) expect(fromMultikey(toMultibase(text.startsWith('z') ? 'u' : 'z', whole))).toBeUndefined();
    for (const wrong of [
      whole.subarray(0, -1),
      Uint8Array.from([...whole, 0]),
      whole.subarray(0, 2),
      whole.subarray(1),
    ])
      expect(fromMultikey(toMultibase(text[0] as 'z', wrong))).toBeUndefined();
    expect(() => toMultikey({ kind, bytes: new Uint8Array(size + 1) })).toThrow(RangeError);
  });

  it('are none of other kinds, and none without a codec', () => {
    // secp256k1, and Ed25519 with its codec in more bytes than it needs.
    for (const header of [[0xe7, 0x01], [0xed, 0x81, 0x00], [0xed, 0x24], [0x8c, 0x01], []])
      for (const base of ['z', 'u'] as const)
        expect(fromMultikey(toMultibase(base, Uint8Array.from([...header, ...new Uint8Array(32)])))).toBeUndefined();
    for (const text of ['', 'z', 'u', 'z0']) expect(fromMultikey(text)).toBeUndefined();
    expect(isMultikeyKind('X-Wing')).toBe(false);
    expect(() => toMultikey({ kind: 'X-Wing', bytes: new Uint8Array(1216) })).toThrow(RangeError);
  });
});

describe('equality of bytes', () => {
  it('is that of length and of every byte', () => {
    expect(equalBytes(new Uint8Array(), new Uint8Array())).toBe(true);
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (a, at, by) => {
          const b = Uint8Array.from(a);
          expect(equalBytes(a, b)).toBe(true);
          b[at % b.length] = (b[at % b.length] as number) ^ by;
          expect(equalBytes(a, b)).toBe(false);
          expect(equalBytes(a, a.subarray(1))).toBe(false);
          expect(equalBytes(a.subarray(0, -1), a)).toBe(false);
        },
      ),
    );
  });
});
