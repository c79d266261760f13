import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DOMAINS, framed, type Domain } from './domains.ts';
import { canonicalBytes, canonicalJson } from './jcs.ts';
import { parseJson, parseJsonBytes, type JsonValue } from './strict-json.ts';

class Classified {
  readonly name = 'x';
}

/** All of Unicode but for what is no text. */
const TEXTS = fc.string({ unit: 'binary' }).filter((text) => !/\p{Noncharacter_Code_Point}/u.test(text));
const NUMBERS = { noNaN: true, noDefaultInfinity: true };

describe('strict JSON', () => {
  it.each([
    ['a name twice', '{"a":1,"\\u0061":2}', 'duplicate-name'],
    ['a lone surrogate', '"\\ud800"', 'lone-surrogate'],
    ['an integer that loses digits', '9007199254740993', 'unsafe-number'],
    ['an integer that loses digits, with a fraction or an exponent', '[1e20]', 'unsafe-number'],
    ['a long integer in all its digits', '1000000000000000000000', 'unsafe-number'],
    ['more than a double holds', '1e400', 'unsafe-number'],
    ['minus zero', '-0', 'unsafe-number'],
    ['minus zero with a fraction and an exponent', '-0.0e5', 'unsafe-number'],
    ['what is too small for a double', '1e-400', 'unsafe-number'],
    ['what is too small for a double, written out', `0.${'0'.repeat(400)}1`, 'unsafe-number'],
    ['a noncharacter', '"\ufdd0"', 'noncharacter'],
    ['a noncharacter of another plane', '"\\ud83f\\udffe"', 'noncharacter'],
    ['a noncharacter in a name', '{"\\uFFFF":1}', 'noncharacter'],
    ['a low surrogate alone', '"\\udc00"', 'lone-surrogate'],
    ['surrogates the wrong way round', '{"\\udc00\\ud800":1}', 'lone-surrogate'],
    ['a name twice by its code units', '{"\\ud83d\\ude00":1,"😀":2}', 'duplicate-name'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":1}', 'duplicate-name'],
    ['a name twice further in', '[{"a":{"b":1,"c":2,"b":1}}]', 'duplicate-name'],
    ['an infinity', 'Infinity', 'malformed'],
    ['no number', '[NaN]', 'malformed'],
    ['a plus sign', '+1', 'malformed'],
    ['a point without digits', '1.', 'trailing-text'],
    ['an exponent without digits', '1e', 'trailing-text'],
    ['digits of another script', '\u0661', 'malformed'],
    ['an escape that JSON has not', '"\\x41"', 'malformed'],
    ['an escape that ends early', '"\\u12"', 'malformed'],
    ['an escape with a sign', '"\\u+123"', 'malformed'],
    ['a string that does not end', '"a', 'malformed'],
    ['a string that ends in an escape', '"a\\', 'malformed'],
    ['single quotes', "{'a':1}", 'malformed'],
    ['a name without quotes', '{a:1}', 'malformed'],
    ['a name without its first quote', '{a":1}', 'malformed'],
    ['a name without a value', '{"a"}', 'malformed'],
    ['a comma too many in an object', '{"a":1,}', 'malformed'],
    ['no comma', '[1 2]', 'malformed'],
    ['brackets that do not fit', '[1}', 'malformed'],
    ['what does not end', '[1', 'malformed'],
    ['a comment', '/**/1', 'malformed'],
    ['a space of another kind', '\u00a01', 'malformed'],
    ['a vertical tab', '\v1', 'malformed'],
    ['a word that goes on', 'nullx', 'trailing-text'],
    ['a word in other letters', 'True', 'malformed'],
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

  it.each([
    ['a byte that is none of UTF-8', [0xff]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
    ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['a character that is cut off', [0xe2, 0x82]],
  ])('refuses bytes that are not UTF-8: %s', (_, bytes) => {
    const text = Uint8Array.of(0x22, ...bytes, 0x22);
    expect(parseJsonBytes(text)).toMatchObject({ kind: 'refused', reason: 'malformed' });
  });

  it('refuses bytes with a byte order mark, and far too many before it looks at them', () => {
    expect(parseJsonBytes(Uint8Array.of(0xef, 0xbb, 0xbf, 0x31))).toMatchObject({ reason: 'malformed' });
    expect(parseJsonBytes(new Uint8Array(9), { most: 2 })).toEqual({ kind: 'refused', reason: 'too-long', at: 0 });
    expect(parseJsonBytes(new TextEncoder().encode('"€"'), { most: 3 })).toEqual({ kind: 'value', value: '€' });
    expect(parseJsonBytes(new TextEncoder().encode('"€ "'), { most: 3 })).toMatchObject({ reason: 'too-long' });
  });

  it('says where it stopped, and takes as much as it may', () => {
    expect(parseJson('[1,-0]')).toEqual({ kind: 'refused', reason: 'unsafe-number', at: 3 });
    expect(parseJson(`${'['.repeat(64)}${']'.repeat(64)}`).kind).toBe('value');
    expect(parseJson('[[1]]', { depth: 1 })).toEqual({ kind: 'refused', reason: 'too-deep', at: 1 });
    expect(parseJson('"x"', { most: 3 }).kind).toBe('value');
  });

  it.each([
    ['0', 0],
    ['0.0', 0],
    ['0e-400', 0],
    ['5e-324', 5e-324],
    ['333333333.33333329', 333333333.3333333],
    [' \t\n\r1 ', 1],
    ['"\\u0000\\/\u007f\\ud83d\\ude00"', '\u0000/\u007f😀'],
    ['"\ufffd\ufdcf\ufdf0"', '\ufffd\ufdcf\ufdf0'],
  ])('reads %j', (text, value) => {
    expect(parseJson(text)).toEqual({ kind: 'value', value });
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
        else expect(['unsafe-number', 'lone-surrogate', 'noncharacter']).toContain(parsed.reason);
      }),
    );
  });
});

describe('canonical JSON', () => {
  it('is the same whatever the order of names, and the same again once it was read', () => {
    fc.assert(
      fc.property(fc.dictionary(TEXTS, fc.oneof(TEXTS, fc.integer(), fc.double(NUMBERS))), (object) => {
        const turned = Object.fromEntries(Object.entries(object).toReversed());
        const text = canonicalJson(object);
        expect(canonicalJson(turned)).toBe(text);
        expect(text).toBe(canonicalize(object));
        const parsed = parseJsonBytes(canonicalBytes(object));
        if (parsed.kind === 'value') expect(canonicalJson(parsed.value)).toBe(text);
        else expect(parsed.reason).toBe('unsafe-number');
      }),
    );
  });

  it('has no text for what JSON has not', () => {
    const sparse = [1, 2, 3];
    delete sparse[1];
    const classes = [new Date(0), new Map([['a', 1]]), new Set([1]), new Uint8Array(2), /x/, new Classified()];
    const texts = ['\ud800', '\uffff', { '\udc00': 1 }];
    for (const value of [
      Number.NaN,
      Infinity,
      -Infinity,
      undefined,
      1n,
      Symbol('s'),
      () => 1,
      sparse,
      ...classes,
      ...texts,
    ])
      expect(() => canonicalJson(value as unknown as JsonValue)).toThrow(TypeError);
  });
});

describe('domains', () => {
  const names = Object.keys(DOMAINS) as readonly Domain[];

  it('have tags of which none is a prefix of another', () => {
    for (const a of names) for (const b of names) if (a !== b) expect(DOMAINS[a].startsWith(DOMAINS[b])).toBe(false);
  });

  it('frame bytes and nothing that is like them', () => {
    for (const part of ['p', [112], new Uint16Array([112]), new ArrayBuffer(1), undefined])
      expect(() => framed('vote', part as unknown as Uint8Array)).toThrow(TypeError);
  });

  it('frame the tag after its length, and each part after its length in eight bytes', () => {
    expect(Buffer.from(framed('vote', Uint8Array.of(1, 2), new Uint8Array())).toString('latin1')).toBe(
      '\x0baia/vote/v1\0\0\0\0\0\0\0\x02\x01\x02\0\0\0\0\0\0\0\0',
    );
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
