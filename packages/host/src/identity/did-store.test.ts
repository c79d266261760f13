import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { didStore, type StoredDid } from './did-store.ts';

const KEY = 'webvh:QmX';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aia-dids-'));
  path = join(folder, 'home/identity.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function openDidStore(at: string) {
  const database = openDatabase(at);
  return { ...didStore(database), close: database.close };
}

/** A log with entries of these hashes. */
function logOf(...hashes: readonly string[]): StoredDid {
  const lines = hashes.map((hash, i) => `${JSON.stringify({ versionId: `${i + 1}-${hash}`, state: {} })}\n`);
  return { text: lines.join(''), confirmedAt: 1000 };
}

describe('a store of DIDs', () => {
  it('keeps logs over restarts', () => {
    const stored = { ...logOf('a', 'b'), witnessProofs: '[]' };
    const before = openDidStore(path);
    expect(before.put(KEY, stored)).toBe('stored');
    expect(before.put('webvh:QmY', { ...logOf('x'), confirmedAt: undefined })).toBe('stored');
    before.close();
    const after = openDidStore(path);
    expect(after.get(KEY)).toEqual(stored);
    expect(after.get('webvh:QmY')?.confirmedAt).toBeUndefined();
    expect(after.get('webvh:QmZ')).toBeUndefined();
    expect(after.size()).toBe(2);
    after.close();
  });

  it('lets a log go on, and nothing else', () => {
    const store = openDidStore(path);
    const logs = [
      ['a'],
      ['a', 'b', 'c'],
      ['a', 'b'],
      ['x'],
      ['a', 'b', 'x'],
      ['a', 'b', 'x', 'd'],
      ['a', 'b', 'c', 'd'],
    ];
    expect(logs.map((log) => store.put(KEY, logOf(...log)))).toEqual([
      ...['stored', 'stored', 'older', 'older', 'forked', 'forked', 'stored'],
    ]);
    expect(store.get(KEY)).toEqual(logOf('a', 'b', 'c', 'd'));
    store.close();
  });

  it('takes the document of a did:web as it is now, which has no history', () => {
    const store = openDidStore(path);
    for (const text of ['{"a":1}', '{}'])
      expect(store.put('did:web:x.example', { text, confirmedAt: 1 })).toBe('stored');
    expect(store.get('did:web:x.example')?.text).toBe('{}');
    store.close();
  });

  it('is not led on by a log that only speaks of the version it has', () => {
    const store = openDidStore(path);
    store.put(KEY, logOf('a'));
    const entry = JSON.stringify({ state: { versionId: '1-a' }, versionId: '1-x' });
    expect(store.put(KEY, { ...logOf('x'), text: `${entry}\n${JSON.stringify({ versionId: '2-b' })}\n` })).toBe(
      'forked',
    );
    store.close();
  });

  it('does not forget when a version was last confirmed, gets over a clock that was wrong, and takes nothing for a newer version', () => {
    const store = openDidStore(path);
    for (const confirmedAt of [1000, 9e12, 3000, undefined]) store.put(KEY, { ...logOf('a'), confirmedAt });
    expect(store.get(KEY)?.confirmedAt).toBe(3000);
    store.put(KEY, { ...logOf('a', 'b'), confirmedAt: undefined });
    expect(store.get(KEY)?.confirmedAt).toBeUndefined();
    store.close();
  });

  it('writes many at once or none', () => {
    const store = openDidStore(path);
    const many = [0, 1, 2].map((i) => [`webvh:Qm${i}`, logOf('a')] as const);
    expect(() => store.putAll([...many, ['webvh:Qm3', { text: 'no log', confirmedAt: 1 }]])).toThrow(RangeError);
    for (const text of ['', '{', 'null', '[]', '{"versionId":1}', '{"versionId":"0-a"}', `${logOf('a').text}{`])
      expect(() => store.put(KEY, { text, confirmedAt: 1 })).toThrow(RangeError);
    expect(store.size()).toBe(0);
    expect(store.putAll(many)).toEqual(['stored', 'stored', 'stored']);
    store.close();
  });

  it('is open in two processes at once', () => {
    const [one, other] = [openDidStore(path), openDidStore(path)];
    one.put(KEY, logOf('a'));
    other.put(KEY, logOf('a', 'b'));
    expect(one.put(KEY, logOf('a'))).toBe('older');
    expect(one.get(KEY)).toEqual(logOf('a', 'b'));
    one.close();
    other.close();
  });

  it('is for its owner alone, with what SQLite puts beside it', () => {
    const store = openDidStore(path);
    store.put(KEY, logOf('a'));
    const files = readdirSync(join(folder, 'home'));
    expect(files.toSorted()).toEqual(['identity.db', 'identity.db-shm', 'identity.db-wal']);
    for (const file of files) expect(statSync(join(folder, 'home', file)).mode & 0o777).toBe(0o600);
    store.close();
    chmodSync(path, 0o640);
    expect(() => openDidStore(path)).toThrow(expect.objectContaining({ code: 'file-exposed' }));
  });

  it('says what is no store, and what a later program made', () => {
    openDidStore(path).close();
    writeFileSync(path, 'no database at all, but some text that is long enough to be taken for one');
    expect(() => openDidStore(path)).toThrow(expect.objectContaining({ code: 'store-failed' }));
    rmSync(path);
    openDidStore(path).close();
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => openDidStore(path)).toThrow(/version 99/);
  });

  it('holds texts of others as values, never as SQL', () => {
    const store = openDidStore(path);
    const key = `webvh:'; DROP TABLE dids; --`;
    store.put(key, logOf('a'));
    expect(store.get(key)).toEqual(logOf('a'));
    expect(store.get(`' OR '1'='1`)).toBeUndefined();
    store.close();
  });
});
