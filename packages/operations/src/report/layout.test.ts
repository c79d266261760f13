import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean, clipped, displayWidth, Page, PLAIN, wrap } from './layout.ts';

/** Texts as a hostile cluster would write them. */
const hostile = fc.string({ unit: 'binary', maxLength: 300 });

describe('clean', () => {
  it('leaves nothing that steers a terminal', () => {
    expect(clean('a\u001b[31mb\u009b2Jc\r\nd\u202ee\u2028f\u0007')).toBe('a [31mb 2Jc d e f');
    fc.assert(
      fc.property(hostile, (text) => {
        expect(clean(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });
});

describe('displayWidth', () => {
  it.each([
    ['abc', 3],
    ['– ÷ …', 5],
    ['日本語', 6],
    ['한국', 4],
    ['ｆｕｌｌ', 8],
    ['e\u0301', 1],
    ['🚀', 2],
    ['❤\ufe0f', 2],
    ['שלום', 4],
  ])('%s takes %i columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });
});

describe('wrap', () => {
  it('fills lines at spaces', () => {
    expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four']);
  });

  it('keeps a number and its percent sign together', () => {
    expect(wrap('more of them (99 % probable)', 17)).toEqual(['more of them', '(99 % probable)']);
  });

  it('cuts what fits no line, at a joint where there is one', () => {
    expect(wrap('gcr.io/project/repository/image', 20)).toEqual(['gcr.io/project/', 'repository/image']);
    expect(wrap('x'.repeat(25), 10)).toEqual(['x'.repeat(10), 'x'.repeat(10), 'x'.repeat(5)]);
  });

  it('keeps every character, and every line within its width', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 2, max: 80 }), (text, width) => {
        const lines = wrap(text, width);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(clean(text).replaceAll(' ', ''));
      }),
    );
  });

  it('takes time in proportion to a very long word', () => {
    expect(wrap('x'.repeat(1_000_000), 50)).toHaveLength(20_000);
  });
});

describe('clipped', () => {
  it('keeps the beginning and the telling end', () => {
    const message = `failed to create containerd task: ${'detail: '.repeat(60)}exec: "/run.sh": no such file or directory`;
    const short = clipped(message, 160);
    expect(short).toMatch(/^failed to create .* … .*exec: "\/run\.sh": no such file or directory$/);
    expect([...short].length).toBeLessThanOrEqual(160);
  });

  it('leaves short texts alone and never splits a character', () => {
    expect(clipped('short', 160)).toBe('short');
    fc.assert(
      fc.property(hostile, fc.integer({ min: 10, max: 100 }), (text, longest) => {
        const short = clipped(text, longest);
        expect([...short].length).toBeLessThanOrEqual(longest);
        expect(short).not.toMatch(/\p{Cs}/u);
      }),
    );
  });
});

describe('a command', () => {
  /** What a shell makes of the lines. */
  const joined = (lines: string) => lines.replace(/\\\n/g, '').trim().split(/\s+/).join(' ');

  it('can be pasted although it is wrapped, at any width', () => {
    const word = fc.stringMatching(/^[a-z0-9][a-z0-9.=,-]{0,80}$/);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 40, max: 140 }),
        (words, width) => {
          const page = new Page(PLAIN, width);
          page.command(words.join(' '), 5);
          const text = page.toString();
          for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
          expect(joined(text)).toBe(words.join(' '));
        },
      ),
    );
  });
});
