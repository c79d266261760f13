import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DOMAINS, framed, type Domain } from './domains.ts';
import { canonicalBytes, canonicalJson } from './jcs.ts';
import { parseJson, parseJsonBytes, type JsonValue } from './strict-json.ts';

describe('strict JSON', () => {
  it.each([
    ['a name twice', '{"a":1,"\\u0061":2}', 'duplicate-name'],
    ['a lone surrogate', '"\\ud800"', 'lone-surrogate'],
    ['an integer that loses digits', '9007199254740993', 'unsafe-number'],
    ['an integer that loses digits, with a fraction or an exponent', '[1e20]', 'unsafe-number'],
    ['a long integer in all its digits', '1000000000000000000000', 'unsafe-number'],
    ['more than a double holds', '1e400', 'unsafe-number'],
    ['minus zero', '-0', 'unsafe-number'],
    ['text after the value', '{} {}', 'trailing-text'],
    ['a comma too many', '[1,]', 'malformed'],
    ['a leading zero', '01', 'trailing-text'],
    ['a raw control character', '"\u0001"', 'malformed'],
    ['a byte order mark', '\ufeff{}', 'malformed'],
    ['what is nested too deep', '['.repeat(65) + ']'.repeat(65), 'too-deep'],
    ['what is too long', `"${'x'.repeat(2 ** 20)}"`, 'too-long'],
    ['nothing', '', 'malformed'],
  ])('refuses %s', (_, text, reason) => {
    expect(parseJson(text)).toMatchObject({ kind: 'refused', reason });
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(parseJsonBytes(Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({ kind: 'refused', reason: 'malformed' });
  });

  it.each([
    ['a double with its exponent', '[1E30,1e-27,-1e21]', '[1e+30,1e-27,-1e+21]'],
    [
      'the largest safe integers',
      '[9007199254740991,-9007199254740991,9.007199254740991e15]',
      '[9007199254740991,-9007199254740991,9007199254740991]',
    ],
  ])('reads %s, and reads its canonical text again', (_, text, canonical) => {
    for (const one of [text, canonical]) {
      const parsed = parseJson(one);
      expect(parsed.kind === 'value' && canonicalJson(parsed.value)).toBe(canonical);
    }
  });

  it('has no special names', () => {
    const parsed = parseJson('{"__proto__":{"a":1},"constructor":2}');
    expect(parsed.kind === 'value' && Object.keys(parsed.value as object)).toEqual(['__proto__', 'constructor']);
  });

  it('reads what JSON.parse reads, where that keeps its meaning', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value, null, 1);
        const parsed = parseJson(text);
        if (parsed.kind === 'value') expect(canonicalJson(parsed.value)).toBe(canonicalize(JSON.parse(text)));
        else expect(['unsafe-number', 'lone-surrogate']).toContain(parsed.reason);
      }),
    );
  });
});

describe('canonical JSON', () => {
  it('is the same whatever the order of names, and the same again once it was read', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (object) => {
        const turned = Object.fromEntries(Object.entries(object).toReversed());
        const text = canonicalJson(object);
        expect(canonicalJson(turned)).toBe(text);
        const parsed = parseJsonBytes(canonicalBytes(object));
        if (parsed.kind === 'value') expect(canonicalJson(parsed.value)).toBe(text);
      }),
    );
  });

  it('has no text for what JSON has not', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, 1n, '\ud800'])
      expect(() => canonicalJson(value as unknown as JsonValue)).toThrow(TypeError);
  });
});

describe('domains', () => {
  const names = Object.keys(DOMAINS) as readonly Domain[];

  it('have tags of which none is a prefix of another', () => {
    for (const a of names) for (const b of names) if (a !== b) expect(DOMAINS[a].startsWith(DOMAINS[b])).toBe(false);
  });

  it('frame no two lists of parts alike', () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...names), parts, fc.constantFrom(...names), parts, (a, first, b, second) => {
        const same = a === b && JSON.stringify(first) === JSON.stringify(second);
        expect(Buffer.from(framed(a, ...first)).equals(framed(b, ...second))).toBe(same);
      }),
    );
  });
});
