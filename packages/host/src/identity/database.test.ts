import { chmodSync, linkSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentRegister } from './agent-register.ts';
import { openDatabase, type Database } from './database.ts';

let path: string;
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'aia-database-')), 'identity.db');
});
afterEach(() => rmSync(join(path, '..'), { recursive: true, force: true }));

/** As the first version of the schema made it. */
const FIRST = `
  CREATE TABLE dids (key TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL, witness_proofs TEXT, version_id TEXT, confirmed_at INTEGER) STRICT;
  CREATE TABLE agents (name TEXT NOT NULL PRIMARY KEY, did TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL) STRICT;
  CREATE TABLE credentials (
    id TEXT NOT NULL PRIMARY KEY, issuer TEXT NOT NULL REFERENCES agents (name), status_index INTEGER NOT NULL, issued_at INTEGER NOT NULL, revoked_at INTEGER,
    UNIQUE (issuer, status_index)
  ) STRICT;
  INSERT INTO agents VALUES ('cluster', 'did:web:a.example', 1);
  INSERT INTO credentials VALUES ('urn:x', 'cluster', 7, 2, 3);
  PRAGMA user_version = 1;`;

it('takes over what an earlier version kept', () => {
  const before = new DatabaseSync(path);
  before.exec(FIRST);
  before.close();
  chmodSync(path, 0o600);
  for (const time of [1, 2]) {
    const database = openDatabase(path);
    const register = agentRegister(database);
    expect(register.credentialsOf('cluster')).toEqual([
      { id: 'urn:x', issuer: 'cluster', statusIndex: 7, issuedAt: 2, revokedAt: 3 },
    ]);
    register.noteSignedList('cluster', { signedAt: time, validUntil: 9 });
    expect(register.signedList('cluster')).toEqual({ signedAt: time, validUntil: 9 });
    database.close();
  }
});

describe('a change', () => {
  const rows = (database: Database) =>
    database.use((open) =>
      open
        .prepare('SELECT name FROM agents ORDER BY name')
        .all()
        .map(({ name }) => name),
    );
  const add = (database: Database, name: string) =>
    agentRegister(database).add({ name, did: `did:web:${name}.example`, createdAt: 1 });

  it('is done whole or not at all, with the changes within it', () => {
    const database = openDatabase(path);
    const failing = () =>
      database.change(() => {
        database.change(() => add(database, 'a'));
        throw new RangeError('half way');
      });
    expect(failing).toThrow('half way');
    expect(rows(database)).toEqual([]);
    database.change(() => {
      database.change(() => add(database, 'a'));
      add(database, 'b');
    });
    expect(rows(database)).toEqual(['a', 'b']);
    database.close();
  });

  it('that finds the disk full leaves everything as it was, and says so', () => {
    const database = openDatabase(path);
    add(database, 'a');
    database.use((open) => open.exec('PRAGMA max_page_count = 20'));
    const text = 'x'.repeat(200_000);
    const filling = () =>
      database.change((open) => {
        add(database, 'b');
        open.prepare('INSERT INTO dids VALUES (?, ?, NULL, NULL, NULL)').run('webvh:Qm', text);
      });
    expect(filling).toThrow(
      expect.objectContaining({ code: 'store-failed', message: expect.stringContaining('full') }),
    );
    expect(rows(database)).toEqual(['a']);
    add(database, 'c');
    database.close();
  });

  it('waits for that of another process', () => {
    const [one, other] = [openDatabase(path), openDatabase(path)];
    other.use((open) => open.exec('PRAGMA busy_timeout = 20'));
    const meanwhile = () => one.change(() => add(other, 'b'));
    expect(meanwhile).toThrow(
      expect.objectContaining({ code: 'store-failed', message: expect.stringContaining('locked') }),
    );
    add(other, 'c');
    expect(rows(one)).toEqual(['c']);
    one.close();
    other.close();
  });
});

describe('a file', () => {
  it.each(['', '-wal', '-shm'])('%s with a second name or open to others is not used', (beside) => {
    const database = openDatabase(path);
    agentRegister(database).add({ name: 'a', did: 'did:web:a.example', createdAt: 1 });
    chmodSync(path + beside, 0o604);
    expect(() => openDatabase(path)).toThrow(expect.objectContaining({ code: 'file-exposed' }));
    chmodSync(path + beside, 0o600);
    linkSync(path + beside, `${path}.second`);
    expect(() => openDatabase(path)).toThrow(expect.objectContaining({ code: 'input-unreadable' }));
    database.close();
  });

  it('whose pages are damaged is told, whatever is asked of it', () => {
    const database = openDatabase(path);
    for (let i = 0; i < 300; i++)
      agentRegister(database).add({ name: `a${i}`, did: `did:web:a${i}.example`, createdAt: 1 });
    database.close();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 4096);
    writeFileSync(path, bytes);
    const reading = () => agentRegister(openDatabase(path)).list();
    expect(reading).toThrow(expect.objectContaining({ code: 'store-failed', message: expect.stringContaining(path) }));
  });
});
