import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { agentRegister } from './agent-register.ts';
import { openDatabase } from './database.ts';

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
