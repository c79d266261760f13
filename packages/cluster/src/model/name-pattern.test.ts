import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternOf } from './name-pattern.ts';

describe('a pattern', () => {
  const part = fc.string({ unit: fc.constantFrom('a', 'b', '-', '/'), maxLength: 6 });
  it('without stars is the text itself', () => {
    fc.assert(
      fc.property(part, part, (pattern, text) => {
        expect(patternOf(pattern)(text)).toBe(pattern === text);
      }),
    );
  });
  it('with stars matches as the same pattern does as a regular expression', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 2, maxLength: 4 }), fc.array(part, { maxLength: 5 }), (pieces, more) => {
        const text = more.join('');
        const expected = new RegExp(
          `^${pieces.map((piece) => piece.replace(/[/-]/g, String.raw`\$&`)).join('.*')}$`,
        ).test(text);
        expect(patternOf(pieces.join('*'))(text)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
  it('of many stars takes no time on a long text', () => {
    expect(patternOf(`${'*a'.repeat(400)}b`)('a'.repeat(100_000))).toBe(false);
  });
});
