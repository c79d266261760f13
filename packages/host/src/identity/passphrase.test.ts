import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { passphraseFrom, terminalQuestion, type PassphraseUse } from './passphrase.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aia-passphrase-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const from = (sources: Partial<Parameters<typeof passphraseFrom>[0]>, use: PassphraseUse = 'open') =>
  passphraseFrom({ env: {}, ...sources }, use);
const file = (text: string | Uint8Array, bits = 0o600) => {
  const path = join(folder, 'passphrase');
  writeFileSync(path, text);
  chmodSync(path, bits);
  return path;
};

describe('a passphrase', () => {
  it('comes from the file before the environment before a person', async () => {
    const env = { AIA_PASSPHRASE: 'of the environment' };
    const ask = () => Promise.resolve('of a person');
    expect(await from({ file: file('of the file\n'), env, ask })).toBe('of the file');
    expect(await from({ env: { ...env, AIA_PASSPHRASE_FILE: file('of the named file\r\n') }, ask })).toBe(
      'of the named file',
    );
    expect(await from({ file: '', env: { AIA_PASSPHRASE: 'with its line end\n', AIA_PASSPHRASE_FILE: '' }, ask })).toBe(
      'with its line end',
    );
    expect(await from({ ask })).toBe('of a person');
  });

  it('that follows another comes from its own variables', async () => {
    const env = { AIA_PASSPHRASE: 'the old passphrase', AIA_NEW_PASSPHRASE: 'the new passphrase' };
    expect([await from({ env }), await from({ env }, 'change')]).toEqual(['the old passphrase', 'the new passphrase']);
    await expect(from({ env: { AIA_PASSPHRASE: 'the old passphrase' } }, 'change')).rejects.toThrow(
      /--new-passphrase-file, AIA_NEW_PASSPHRASE_FILE or AIA_NEW_PASSPHRASE/,
    );
  });

  it('comes from a mounted secret that its group may read, through the link that it is', async () => {
    const link = join(folder, 'link');
    symlinkSync(file('of a mounted secret', 0o440), link);
    expect(await from({ file: link })).toBe('of a mounted secret');
  });

  it.each([0o644, 0o660, 0o602])('comes from no file with mode %o', async (bits) => {
    await expect(from({ file: file('of the file', bits) })).rejects.toMatchObject({ code: 'file-exposed' });
  });

  it('comes from no bytes that are no text, of which most would be one letter', async () => {
    await expect(from({ file: file(new Uint8Array(32).fill(0xfe)) })).rejects.toMatchObject({
      code: 'passphrase-missing',
    });
  });

  it.each([
    ['is nowhere', {}],
    ['is empty', { env: { AIA_PASSPHRASE: '' } }],
    ['is a line end', { env: { AIA_PASSPHRASE: '\n' } }],
    ['has two lines', { env: { AIA_PASSPHRASE: 'one line\nanother' } }],
    ['is in a file that is missing', { file: '/nonexistent/passphrase' }],
  ])('%s', async (_, sources) => {
    await expect(from(sources)).rejects.toMatchObject({ code: 'passphrase-missing' });
  });

  it.each(['make', 'change'] as const)('to %s one has twelve characters and is typed twice', async (use) => {
    const short = { AIA_PASSPHRASE: 'eleven char', AIA_NEW_PASSPHRASE: 'eleven char' };
    await expect(from({ env: short }, use)).rejects.toMatchObject({ code: 'passphrase-missing' });
    expect(await from({ env: short })).toBe('eleven char');
    const answers = ['a long passphrase', 'a long passphrasE'];
    await expect(from({ ask: () => Promise.resolve(answers.shift() ?? '') }, use)).rejects.toThrow(/differ/);
    expect(await from({ ask: () => Promise.resolve('a long passphrase') }, use)).toBe('a long passphrase');
  });
});

describe('a question on a terminal', () => {
  const terminal = () => {
    const shown: string[] = [];
    const raw = (isRaw: boolean) => void shown.push(isRaw ? 'raw' : 'cooked');
    const input = Object.assign(new PassThrough(), {
      isTTY: true,
      setRawMode: raw,
    }) as unknown as NodeJS.ReadStream & PassThrough;
    const output = { write: (text: string) => shown.push(text) > 0 } as unknown as NodeJS.WriteStream;
    return { shown, input, answer: terminalQuestion(input, output)?.('Passphrase: ') };
  };

  it('shows nothing of what is typed, and takes one line', async () => {
    const { shown, input, answer } = terminal();
    input.write('tüpfelhyazinthe\r');
    expect(await answer).toBe('tüpfelhyazinthe');
    expect(shown).toEqual(['raw', 'Passphrase: ', 'cooked', '\n']);
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('is given up with %s', async (_, key) => {
    const { shown, input, answer } = terminal();
    input.write(`half of it${key === '\u0004' ? '\u0015' : ''}${key}`);
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
    expect(shown).toEqual(['raw', 'Passphrase: ', 'cooked', '\n']);
  });

  it('is not asked where nobody sits', () => {
    const input = new PassThrough() as unknown as NodeJS.ReadStream;
    expect(terminalQuestion(input)).toBeUndefined();
  });
});
