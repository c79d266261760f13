import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDidStore, type StoredDid } from './did-store.ts';

const DID = 'did:webvh:QmX:agents.example:orchestrator';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aia-dids-'));
  path = join(folder, 'home/identity.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A log with entries of these hashes. */
function logOf(...hashes: readonly string[]): StoredDid {
  const ids = hashes.map((hash, i) => `${i + 1}-${hash}`);
  const log = ids.map((versionId) => `${JSON.stringify({ versionId, state: { id: DID } })}\n`).join('');
  return { did: DID, log, versionId: ids.at(-1) ?? '', confirmedAt: 1000 };
}

describe('a store of DIDs', () => {
  it('keeps logs over restarts, with what was verified of them', () => {
    const stored = { ...logOf('a', 'b'), witnessProofs: '[]' };
    const before = openDidStore(path);
    expect(before.put(stored)).toBe('stored');
    expect(before.put({ ...logOf('x'), did: 'did:webvh:QmY:other.example' })).toBe('stored');
    before.close();
    const after = openDidStore(path);
    expect(after.get(DID)).toEqual(stored);
    expect(after.get('did:webvh:QmZ:nobody.example')).toBeUndefined();
    expect(after.size()).toBe(2);
    after.close();
  });

  it('lets a log go on, and nothing else', () => {
    const store = openDidStore(path);
    const outcomes = [
      logOf('a'),
      logOf('a', 'b', 'c'),
      logOf('a', 'b'),
      logOf('x'),
      logOf('a', 'b', 'x'),
      logOf('a', 'b', 'x', 'd'),
    ];
    expect(outcomes.map(store.put)).toEqual(['stored', 'stored', 'older', 'older', 'forked', 'forked']);
    expect(store.get(DID)?.versionId).toBe('3-c');
    store.close();
  });

  it('is not led on by a log that only speaks of the version it has', () => {
    const store = openDidStore(path);
    store.put(logOf('a'));
    const entry = JSON.stringify({ state: { versionId: '1-a' }, versionId: '1-x' });
    expect(store.put({ ...logOf('x', 'b'), log: `${entry}\n${JSON.stringify({ versionId: '2-b' })}\n` })).toBe(
      'forked',
    );
    store.close();
  });

  it('does not forget when a version was last confirmed', () => {
    const store = openDidStore(path);
    for (const confirmedAt of [1000, 3000, 2000]) store.put({ ...logOf('a'), confirmedAt });
    expect(store.get(DID)?.confirmedAt).toBe(3000);
    store.close();
  });

  it('writes many at once or none', () => {
    const store = openDidStore(path);
    const many = [0, 1, 2].map((i) => ({ ...logOf('a'), did: `did:webvh:Qm${i}:many.example` }));
    expect(() =>
      store.putAll([
        ...many,
        { ...logOf('a'), versionId: 'none' },
        ...many.map((one) => ({ ...one, versionId: 'none' })),
      ]),
    ).toThrow(RangeError);
    expect(store.size()).toBe(0);
    expect(store.putAll(many)).toEqual(['stored', 'stored', 'stored']);
    store.close();
  });

  it('is open in two processes at once', () => {
    const [one, other] = [openDidStore(path), openDidStore(path)];
    one.put(logOf('a'));
    other.put(logOf('a', 'b'));
    expect(one.put(logOf('a'))).toBe('older');
    expect(one.get(DID)?.versionId).toBe('2-b');
    one.close();
    other.close();
  });

  it('is for its owner alone, with what SQLite puts beside it', () => {
    const store = openDidStore(path);
    store.put(logOf('a'));
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
    const did = `did:webvh:'; DROP TABLE dids; --`;
    store.put({ ...logOf('a'), did });
    expect(store.get(did)?.did).toBe(did);
    expect(store.get(`' OR '1'='1`)).toBeUndefined();
    store.close();
  });
});
