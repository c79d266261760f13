import { readdirSync, readFileSync } from 'node:fs';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

const vectors = new URL('../../vectors/jcs/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, vectors), 'utf8');
/** Something that RFC 8785 has no form for, so that the slow way is taken. */
const ODD = Infinity;

describe('canonicalJson', () => {
  it('gives the bytes of RFC 8785, also beside what it has no form for', () => {
    const names = readdirSync(new URL('input/', vectors));
    expect(names.length).toBe(6);
    for (const name of names) {
      const value: unknown = JSON.parse(read(`input/${name}`));
      const expected = read(`output/${name}`).trimEnd();
      expect(canonicalJson(value), name).toBe(expected);
      expect(canonicalJson([value, ODD]), name).toBe(`[${expected},Infinity]`);
    }
  });

  it('is the same either way for any JSON, whatever the order of fields', () => {
    const reordered = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reordered);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .map(([key, part]) => [key, reordered(part)])
          .reverse(),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const expected = canonicalize(value);
        expect(canonicalJson(value)).toBe(expected);
        expect(canonicalJson([ODD, value])).toBe(`[Infinity,${expected}]`);
        expect(canonicalJson([ODD, reordered(value)])).toBe(`[Infinity,${expected}]`);
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('keeps values apart that the RFC cannot write', () => {
    const texts = [
      '1e999',
      '-1e999',
      'null',
      '"Infinity"',
      '"\\ud800"',
      '"\\udbff"',
      '"\\\\ud800"',
      '{"\\ud800":1}',
      '{"\\ud801":1}',
    ];
    const written = texts.map((text) => canonicalJson({ a: JSON.parse(text) as unknown }));
    expect(new Set(written).size).toBe(texts.length);
  });

  it('has no limit of depth', () => {
    const deep = (leaf: number): unknown => JSON.parse(`${'[{"a":'.repeat(20_000)}${leaf}${'}]'.repeat(20_000)}`);
    expect(canonicalJson(deep(1))).toBe(`${'[{"a":'.repeat(20_000)}1${'}]'.repeat(20_000)}`);
    expect(canonicalJson(deep(1))).not.toBe(canonicalJson(deep(2)));
  });

  it('takes undefined for absent and -0 for 0', () => {
    expect(canonicalJson({ b: undefined, a: -0, c: ODD })).toBe('{"a":0,"c":Infinity}');
    expect(canonicalJson(undefined)).toBe('null');
  });
});
