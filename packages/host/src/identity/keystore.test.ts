import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { inspect } from 'node:util';
import { COMPOSITE, deriveKeySet, equalBytes } from '@aia/identity';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changePassphrase, createKeystore, hasKeystore, openKeystore } from './keystore.ts';
import { ARGON2_COST, openMasterKey, sealMasterKey } from './master-key.ts';
import { passphraseFrom, terminalQuestion } from './passphrase.ts';
import { openSeed, sealSeed } from './sealed-seed.ts';

const PASSPHRASE = 'correct horse battery';
/** The least that a header may ask for, so that tests are quick. */
const CHEAP = { memoryKiB: 19_456, passes: 1, lanes: 1 };
const AGENT = { agent: 'orchestrator', version: 1 };

let folder: string;
let store: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aia-keys-'));
  store = join(folder, 'home');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
const keyFile = (version = 1, agent = 'orchestrator') => join(store, 'keys', `${agent}.${version}.json`);
const made = () => createKeystore(store, PASSPHRASE, CHEAP);
const changed = (path: string, change: (fields: Record<string, unknown>) => unknown) =>
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>)));

describe('a keystore', () => {
  it('gives the same keys again to whoever knows the passphrase', async () => {
    const before = await made().create(AGENT);
    const after = await openKeystore(store, PASSPHRASE).keySet(AGENT);
    const [one, other] = [before, after].map((set) => set.signingKey('assertion', COMPOSITE).publicKey);
    expect(one !== undefined && other !== undefined && equalBytes(one, other)).toBe(true);
  });

  it('is readable by its owner alone, whatever the umask', async () => {
    const before = process.umask(0);
    try {
      await made().create(AGENT);
    } finally {
      process.umask(before);
    }
    expect([store, join(store, 'keys')].map(mode)).toEqual(['700', '700']);
    expect([join(store, 'keystore.json'), keyFile()].map(mode)).toEqual(['600', '600']);
  });

  it('leaves no partial files', async () => {
    await made().create(AGENT);
    expect(made).toThrow();
    expect(readdirSync(store).toSorted()).toEqual(['keys', 'keystore.json']);
    expect(readdirSync(join(store, 'keys'))).toEqual(['orchestrator.1.json']);
  });

  it('holds seeds, sealed: neither they nor keys appear in any file', async () => {
    const set = await made().create(AGENT);
    const text = readFileSync(keyFile(), 'utf8');
    expect(text.length).toBeLessThan(400);
    expect(inspect(set, { depth: 9, showHidden: true })).not.toMatch(/seed/i);
    expect(JSON.stringify(set)).toBe('{"origin":{"agent":"orchestrator","version":1}}');
  });

  it('replaces neither itself nor a key', async () => {
    const keys = made();
    await keys.create(AGENT);
    expect(made).toThrow(expect.objectContaining({ code: 'output-exists' }));
    await expect(keys.create(AGENT)).rejects.toMatchObject({ code: 'output-exists' });
  });

  it('lists the versions of one agent in order, and destroys for good', async () => {
    const keys = made();
    for (const version of [2, 10, 1]) await keys.create({ ...AGENT, version });
    await keys.create({ agent: 'orchestrator-2', version: 7 });
    expect(await keys.versions('orchestrator')).toEqual([1, 2, 10]);
    await keys.destroy({ ...AGENT, version: 2 });
    expect(await keys.versions('orchestrator')).toEqual([1, 10]);
    await expect(keys.keySet({ ...AGENT, version: 2 })).rejects.toMatchObject({ code: 'key-missing' });
  });

  it('takes another passphrase without touching keys', async () => {
    await made().create(AGENT);
    const before = readFileSync(keyFile());
    changePassphrase(store, PASSPHRASE, 'another passphrase', CHEAP);
    expect(() => openKeystore(store, PASSPHRASE)).toThrow(expect.objectContaining({ code: 'keystore-refused' }));
    await openKeystore(store, 'another passphrase').keySet(AGENT);
    expect(readFileSync(keyFile())).toEqual(before);
  });

  it.each(['../../etc/passwd', 'A', '', '-a', 'a.b', 'a/b', 'x'.repeat(64)])('has no agent named %j', async (agent) => {
    await expect(
      made()
        .create({ agent, version: 1 })
        .catch((error: unknown) => Promise.reject(error)),
    ).rejects.toThrow(RangeError);
  });

  it('is missed by name', () => {
    mkdirSync(store, { mode: 0o700 });
    expect(hasKeystore(store)).toBe(false);
    expect(() => openKeystore(store, PASSPHRASE)).toThrow(expect.objectContaining({ code: 'key-missing' }));
  });
});

describe('a keystore refuses', () => {
  it('a wrong passphrase and a changed header alike', () => {
    made();
    const refusal = expect.objectContaining({
      data: expect.objectContaining({ reason: 'wrong-passphrase-or-changed' }),
    });
    expect(() => openKeystore(store, `${PASSPHRASE}!`)).toThrow(refusal);
    changed(join(store, 'keystore.json'), (header) => ({ ...header, passes: 2 }));
    expect(() => openKeystore(store, PASSPHRASE)).toThrow(refusal);
  });

  it.each([
    ['a later version', { version: 2 }, 'unsupported'],
    ['another way to make keys of passphrases', { kdf: 'argon2d' }, 'unsupported'],
    ['too little memory', { memoryKiB: 8 }, 'unsupported'],
    ['memory that would exhaust the machine', { memoryKiB: 2 ** 31 }, 'unsupported'],
    ['passes without end', { passes: 1e9 }, 'unsupported'],
    ['lanes that are no number', { lanes: '4' }, 'unsupported'],
    ['a salt of another length', { salt: 'AAAA' }, 'malformed'],
    ['a further member', { hint: 'pet' }, 'malformed'],
    ['another format', { format: 'aia-key' }, 'malformed'],
  ])('a header with %s', (_, change, reason) => {
    made();
    changed(join(store, 'keystore.json'), (header) => ({ ...header, ...change }));
    expect(() => openKeystore(store, PASSPHRASE)).toThrow(
      expect.objectContaining({ code: 'keystore-refused', data: expect.objectContaining({ reason }) }),
    );
  });

  it.each([
    ['changed', (fields: Record<string, unknown>) => ({ ...fields, sealed: 'A'.repeat(64) })],
    ['changed', (fields: Record<string, unknown>) => ({ ...fields, salt: 'A'.repeat(43) })],
    ['unsupported', (fields: Record<string, unknown>) => ({ ...fields, version: 2 })],
    ['malformed', (fields: Record<string, unknown>) => ({ ...fields, comment: '' })],
    ['malformed', () => []],
  ])('a key file as %s', async (reason, change) => {
    await made().create(AGENT);
    changed(keyFile(), change);
    await expect(openKeystore(store, PASSPHRASE).keySet(AGENT)).rejects.toMatchObject({
      code: 'key-damaged',
      data: { reason },
    });
  });

  it('a key file under another name, and one that says so falsely', async () => {
    const keys = made();
    await keys.create(AGENT);
    renameSync(keyFile(1), keyFile(2));
    await expect(keys.keySet({ ...AGENT, version: 2 })).rejects.toMatchObject({ data: { reason: 'other-key' } });
    changed(keyFile(2), (fields) => ({ ...fields, keyVersion: 2 }));
    await expect(keys.keySet({ ...AGENT, version: 2 })).rejects.toMatchObject({ data: { reason: 'changed' } });
  });

  it('a key file of another keystore', async () => {
    const keys = made();
    await createKeystore(join(folder, 'other'), PASSPHRASE, CHEAP).create(AGENT);
    renameSync(join(folder, 'other/keys/orchestrator.1.json'), keyFile());
    await expect(keys.keySet(AGENT)).rejects.toMatchObject({ data: { reason: 'changed' } });
  });

  it.each([
    ['a key file', () => keyFile(), 0o640],
    ['a key file', () => keyFile(), 0o604],
    ['the folder of keys', () => join(store, 'keys'), 0o750],
    ['the keystore', () => store, 0o701],
    ['the header', () => join(store, 'keystore.json'), 0o644],
  ])('%s that is open to others', async (_, path, bits) => {
    await made().create(AGENT);
    chmodSync(path(), bits);
    const use = async () => openKeystore(store, PASSPHRASE).keySet(AGENT);
    await expect(use()).rejects.toMatchObject({ code: 'file-exposed', data: { mode: bits.toString(8) } });
  });

  it('links, folders and large files in place of a key', async () => {
    const keys = made();
    await keys.create(AGENT);
    renameSync(keyFile(), join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), keyFile());
    await expect(keys.keySet(AGENT)).rejects.toMatchObject({ code: 'input-unreadable' });
    rmSync(keyFile());
    mkdirSync(keyFile(), { mode: 0o700 });
    await expect(keys.keySet(AGENT)).rejects.toMatchObject({ code: 'input-unreadable' });
    rmSync(keyFile(), { recursive: true });
    writeFileSync(keyFile(), ' '.repeat(5000), { mode: 0o600 });
    await expect(keys.keySet(AGENT)).rejects.toMatchObject({ code: 'input-unreadable' });
  });
});

describe('sealed bytes', () => {
  const master = new Uint8Array(32).fill(7);
  const seed = new Uint8Array(32).fill(9);

  it('notice any changed byte of a key file', () => {
    const text = sealSeed(seed, AGENT, master);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), (at, difference) => {
        const copy = Uint8Array.from(text);
        copy[at] = (copy[at] ?? 0) ^ difference;
        expect(openSeed(copy, AGENT, master).kind).toBe('refused');
      }),
    );
    expect(openSeed(text, AGENT, master)).toMatchObject({ kind: 'opened', seed });
  });

  it('are others each time, under a key of their own', () => {
    const [one, other] = [1, 2].map(() => Buffer.from(sealSeed(seed, AGENT, master)).toString());
    expect(one).not.toBe(other);
  });

  it('take a passphrase however its letters are composed, and cost what RFC 9106 recommends', () => {
    expect(ARGON2_COST).toEqual({ memoryKiB: 64 * 1024, passes: 3, lanes: 4 });
    const sealed = sealMasterKey(master, 'Größe über alles', CHEAP);
    expect(openMasterKey(sealed, 'Größe über alles'.normalize('NFD'))).toMatchObject({ kind: 'opened', master });
  });

  it('survive any bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        (bytes) => {
          expect(openMasterKey(bytes, PASSPHRASE).kind).toBe('refused');
          expect(openSeed(bytes, AGENT, master).kind).toBe('refused');
        },
      ),
    );
  });

  it('are the seed of the version that was asked for', async () => {
    await made().create(AGENT);
    const set = await openKeystore(store, PASSPHRASE).keySet(AGENT);
    expect(set.origin).toEqual(AGENT);
    expect(deriveKeySet(seed, AGENT).signingKey('control', 'Ed25519').publicKey).not.toEqual(
      set.signingKey('control', 'Ed25519').publicKey,
    );
  });
});

describe('a passphrase', () => {
  const from = (sources: Partial<Parameters<typeof passphraseFrom>[0]>, isNew = false) =>
    passphraseFrom({ env: {}, ...sources }, { isNew });
  const file = (text: string, bits = 0o600) => {
    const path = join(folder, 'passphrase');
    writeFileSync(path, text);
    chmodSync(path, bits);
    return path;
  };

  it('comes from the file before the environment before a person', async () => {
    const env = { AIA_PASSPHRASE: 'of the environment' };
    const ask = () => Promise.resolve('of a person');
    expect(await from({ file: file('of the file\n'), env, ask })).toBe('of the file');
    expect(await from({ env: { ...env, AIA_PASSPHRASE_FILE: file('of the named file\r\n') }, ask })).toBe(
      'of the named file',
    );
    expect(await from({ env, ask })).toBe('of the environment');
    expect(await from({ ask })).toBe('of a person');
  });

  it('comes from a mounted secret that its group may read, through the link that it is', async () => {
    const link = join(folder, 'link');
    symlinkSync(file('of a mounted secret', 0o440), link);
    expect(await from({ file: link })).toBe('of a mounted secret');
  });

  it.each([0o644, 0o660, 0o602])('comes from no file with mode %o', async (bits) => {
    await expect(from({ file: file('of the file', bits) })).rejects.toMatchObject({ code: 'file-exposed' });
  });

  it.each([
    ['is nowhere', {}],
    ['is empty', { env: { AIA_PASSPHRASE: '' } }],
    ['is in a file that is missing', { file: '/nonexistent/passphrase' }],
  ])('%s', async (_, sources) => {
    await expect(from(sources)).rejects.toMatchObject({ code: 'passphrase-missing' });
  });

  it('that is new has twelve characters and is typed twice', async () => {
    await expect(from({ env: { AIA_PASSPHRASE: 'eleven char' } }, true)).rejects.toMatchObject({
      code: 'passphrase-missing',
    });
    const answers = ['a long passphrase', 'a long passphrasE'];
    await expect(from({ ask: () => Promise.resolve(answers.shift() ?? '') }, true)).rejects.toMatchObject({
      code: 'passphrase-missing',
    });
    expect(await from({ ask: () => Promise.resolve('a long passphrase') }, true)).toBe('a long passphrase');
  });
});

describe('a question on a terminal', () => {
  it('shows nothing of what is typed, and takes one line', async () => {
    const input = Object.assign(new PassThrough(), { isTTY: true }) as unknown as NodeJS.ReadStream & PassThrough;
    const shown: string[] = [];
    const output = { write: (text: string) => shown.push(text) > 0 } as unknown as NodeJS.WriteStream;
    const answer = terminalQuestion(input, output)?.('Passphrase: ');
    input.write('tüpfelhyazinthe\r');
    expect(await answer).toBe('tüpfelhyazinthe');
    expect(shown).toEqual(['Passphrase: ', '\n']);
  });

  it('is not asked where nobody sits', () => {
    const input = new PassThrough() as unknown as NodeJS.ReadStream;
    expect(terminalQuestion(input)).toBeUndefined();
  });
});
