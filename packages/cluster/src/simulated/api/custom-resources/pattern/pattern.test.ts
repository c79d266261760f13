import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from './pattern.ts';

/** Patterns that JavaScript reads as Go does. */
const { plain } = fc.letrec<{ plain: string }>((tie) => ({
  plain: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'pattern' },
    fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '^', '$', '\\b', '\\.', '[a-c\\-]', 'é'),
    fc.tuple(tie('plain'), tie('plain')).map(([a, b]) => `${a}${b}`),
    fc.tuple(tie('plain'), tie('plain')).map(([a, b]) => `(?:${a}|${b})`),
    fc
      .tuple(tie('plain'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '{0,}', '*?'))
      .map(([a, sign]) => `(${a})${sign}`),
  ),
}));
const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '.', '-', ' ', 'é', '\n'), maxLength: 8 });

describe('compilePattern', () => {
  it('finds what the expressions of JavaScript find, where both read a pattern alike', () => {
    fc.assert(
      fc.property(plain, texts, (source, text) => {
        expect(compilePattern(source)(text)).toBe(new RegExp(source, 'u').test(text));
      }),
      { numRuns: 2000 },
    );
  });

  // Source: https://pkg.go.dev/regexp/syntax
  it.each([
    ['^[a-z_-]+$', 'a-b_c', true],
    ['^\\-\\_\\/$', '-_/', true],
    ['(?i)^abc$', 'aBC', true],
    ['^a(?i)b$', 'aB', true],
    ['^(?i:a)b$', 'AB', false],
    ['(?s)a.b', 'a\nb', true],
    ['a.b', 'a\nb', false],
    ['(?m)^b$', 'a\nb\nc', true],
    ['^b$', 'a\nb', false],
    ['\\Ab\\z', 'b', true],
    ['^[[:alpha:]][[:^digit:]]$', 'ab', true],
    ['^[]a]+$', 'a]', true],
    ['^\\p{Greek}\\pL\\P{Lu}$', 'αxy', true],
    ['^\\PL$', '1', true],
    ['^\\Qa.b\\E+$', 'a.bb', true],
    ['^\\x41\\x{1F600}\\101$', 'A😀A', true],
    ['^(?P<name>a)(?<other>b)$', 'ab', true],
    ['^a{,2}$', 'a{,2}', true],
    ['^\\s$', '\u00a0', false],
    ['^.$', '😀', true],
    ['', '', true],
  ])('%s in %j: %s', (source, text, isThere) => {
    expect(compilePattern(source)(text)).toBe(isThere);
  });

  it.each([
    ['+', 'missing argument to repetition operator: `+`'],
    ['a**', 'invalid nested repetition operator: `**`'],
    ['(', 'missing closing ): `(`'],
    ['a)', 'unexpected ): `a)`'],
    ['[a', 'missing closing ]: `[a`'],
    ['[b-a]', 'invalid character class range: `b-a`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['(a{100}){100}', 'invalid repeat count: `{100}`'],
    ['a{2,1}', 'invalid repeat count: `{2,1}`'],
    ['\\', 'trailing backslash at end of expression: ``'],
    ['\\1', 'invalid escape sequence: `\\1`'],
    ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['\\pX', 'invalid character class range: `\\pX`'],
  ])('refuses %s in the words of Go', (source, why) => {
    expect(() => compilePattern(source)).toThrow(`error parsing regexp: ${why}`);
  });

  it('refuses what is nested too deeply or would be too large', () => {
    expect(() => compilePattern(`${'('.repeat(5000)}${')'.repeat(5000)}`)).toThrow('expression nests too deeply');
    expect(() => compilePattern(`(${'a'.repeat(5000)}){1000}`)).toThrow('expression too large');
  });

  it('does not try all the ways in which a pattern could fit', () => {
    const text = `${'a'.repeat(2000)}!`;
    for (const source of ['^(a+)+$', '^(a|a)*$', '^(a*)*b$', '(.*)*(.*)*x$', '^(a?){500}a{500}$'])
      expect(compilePattern(source)(text), source).toBe(false);
  });
});
