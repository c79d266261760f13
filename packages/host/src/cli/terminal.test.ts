import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createProgress } from './progress.ts';
import { colours, wantsColour, widthOf, type Terminal } from './terminal.ts';

const place = (isTTY: boolean, env: Terminal['env'] = {}, columns?: number): Terminal => ({ isTTY, env, columns });

describe('wantsColour', () => {
  it.each([
    ['auto', place(true), true],
    ['auto', place(false), false],
    ['auto', place(true, { NO_COLOR: '1' }), false],
    ['auto', place(true, { NO_COLOR: '' }), true],
    ['auto', place(true, { TERM: 'dumb' }), false],
    ['auto', place(false, { FORCE_COLOR: '1' }), true],
    ['auto', place(false, { FORCE_COLOR: '' }), true],
    ['auto', place(true, { FORCE_COLOR: '0' }), false],
    ['auto', place(false, { FORCE_COLOR: '1', NO_COLOR: '1' }), true],
    ['always', place(false, { NO_COLOR: '1' }), true],
    ['never', place(true, { FORCE_COLOR: '1' }), false],
  ] as const)('%s at %j: %s', (when, terminal, expected) => {
    expect(wantsColour(when, terminal)).toBe(expected);
  });
});

describe('widthOf', () => {
  it.each([
    [place(true, {}, 80), 80],
    [place(true, { COLUMNS: '60' }, 80), 80],
    [place(true, {}, 300), 140],
    [place(false), 100],
    [place(false, { COLUMNS: '72' }), 72],
    [place(false, { COLUMNS: 'wide' }), 100],
    [place(false, { COLUMNS: '-5' }), 100],
    [place(true, {}, 0), 100],
  ])('%j: %i', (terminal, width) => {
    expect(widthOf(terminal)).toBe(width);
  });
});

describe('colours', () => {
  it('only mark', () => {
    for (const mark of Object.values(colours())) {
      expect(stripVTControlCharacters(mark('text'))).toBe('text');
      expect(mark('text')).not.toBe('text');
      expect(mark('')).toBe('');
    }
  });
});

/** A stream that says whether it is a terminal. */
function screen(isTTY: boolean): NodeJS.WriteStream & { readonly written: () => string } {
  const stream = new PassThrough({ encoding: 'utf8' });
  return Object.assign(stream, {
    isTTY,
    columns: 40,
    written: () => (stream.read() as string | null) ?? '',
  }) as unknown as NodeJS.WriteStream & {
    readonly written: () => string;
  };
}

describe('progress', () => {
  it.each([
    ['no terminal', screen(false), false],
    ['asked to be quiet', screen(true), true],
  ])('is silent: %s', (_, stream, quiet) => {
    let now = 0;
    const progress = createProgress(quiet, stream, () => (now += 1000));
    progress.show('reading');
    progress.done();
    expect(stream.written()).toBe('');
  });

  it('shows nothing of short work', () => {
    const stream = screen(true);
    let now = 0;
    const progress = createProgress(false, stream, () => (now += 100));
    progress.show('reading');
    progress.done();
    expect(stream.written()).toBe('');
  });

  it('rewrites one line, within the width, and wipes it', () => {
    const stream = screen(true);
    let now = 0;
    const progress = createProgress(false, stream, () => (now += 500));
    progress.show(`reading \u001b[31m${'x'.repeat(100)}`);
    progress.show('diagnosing');
    progress.done();
    const written = stream.written();
    expect(written.split('\r\u001b[K').filter((part) => part !== '')).toEqual([
      expect.stringMatching(/^reading {2}?\[31mx{20,}$/) as string,
      'diagnosing',
    ]);
    expect(written.endsWith('\r\u001b[K')).toBe(true);
    for (const part of written.split('\r\u001b[K')) expect(part.length).toBeLessThan(40);
  });
});
