/** The SQLite file of a home: DIDs, own agents with their sealed keys, what they issued and the lists that they signed. */
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HostError } from '../host-error.ts';
import { makePrivateFile, privateFolder, requirePrivateFile } from './private-file.ts';

/** Each leads from one version of the schema to the next, the first from an empty file; a file of a later version is refused. */
const STEPS: readonly string[] = [
  `CREATE TABLE dids (
    key TEXT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,
    witness_proofs TEXT,
    version_id TEXT,
    confirmed_at INTEGER
  ) STRICT;
  CREATE TABLE agents (
    name TEXT NOT NULL PRIMARY KEY,
    did TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE credentials (
    id TEXT NOT NULL PRIMARY KEY,
    issuer TEXT NOT NULL REFERENCES agents (name),
    status_index INTEGER NOT NULL,
    issued_at INTEGER NOT NULL,
    revoked_at INTEGER,
    UNIQUE (issuer, status_index)
  ) STRICT;`,
  `ALTER TABLE credentials ADD COLUMN subject TEXT;
  CREATE TABLE status_lists (
    issuer TEXT NOT NULL PRIMARY KEY REFERENCES agents (name),
    signed_at INTEGER NOT NULL,
    valid_until INTEGER NOT NULL
  ) STRICT;`,
  `CREATE TABLE keystore (
    only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    header BLOB NOT NULL
  ) STRICT;
  CREATE TABLE keys (
    agent TEXT NOT NULL,
    version INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (agent, version)
  ) STRICT, WITHOUT ROWID;`,
];
const BUSY_MS = 5000;
/** What is committed has reached the disk, and what is deleted is overwritten. */
const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA secure_delete = ON;
  PRAGMA trusted_schema = OFF;`;

/** An open file, in which one thing after the other is done. */
export interface Database {
  readonly path: string;
  /** Prepared statements and the like; what SQLite throws becomes HostError `store-failed`. */
  readonly use: <T>(work: (database: DatabaseSync) => T) => T;
  /** As `use`; all of it or, where it throws, nothing is done. Within another change it is a part of that. */
  readonly change: <T>(work: (database: DatabaseSync) => T) => T;
  readonly close: () => void;
}

/**
 * Opens or makes a database; the file and those that SQLite puts beside it are for their owner alone.
 * @throws HostError `store-failed` where it is no database or one of a later version, `file-exposed`, `output-failed`
 */
export function openDatabase(path: string): Database {
  privateFolder(dirname(path));
  // SQLite gives the files beside it the mode of this one.
  makePrivateFile(path);
  for (const beside of ['', '-wal', '-shm', '-journal']) requirePrivateFile(path + beside);
  const database = guarded(path, () => opened(path));
  const use = <T>(work: (database: DatabaseSync) => T) => guarded(path, () => work(database));
  return { path, use, change: (work) => use(() => inTransaction(database, work)), close: () => database.close() };
}

function opened(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_MS, enableForeignKeyConstraints: true });
  try {
    database.exec(SETTINGS);
    if (versionOf(database) < STEPS.length) inTransaction(database, () => bringUpToDate(database));
    const version = versionOf(database);
    if (version > STEPS.length) throw new Error(`it is of version ${version}, this program knows ${STEPS.length}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function versionOf(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { readonly user_version: number }).user_version;
}

/** Another process may have done it while this one waited. */
function bringUpToDate(database: DatabaseSync): void {
  for (const step of STEPS.slice(versionOf(database))) database.exec(step);
  database.exec(`PRAGMA user_version = ${STEPS.length};`);
}

function inTransaction<T>(database: DatabaseSync, work: (database: DatabaseSync) => T): T {
  if (database.isTransaction) return work(database);
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work(database);
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk ends it already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** What to do, by SQLite's primary result code. Source: https://www.sqlite.org/rescode.html */
const REMEDIES: Readonly<Record<number, string>> = {
  5: 'another process is using it; try again',
  8: 'it and its folder have to be writable, also to be read',
  11: 'restore it from a copy',
  13: 'make room on the disk',
  26: 'restore it from a copy',
};

/** What SQLite throws becomes the failure of a file; other errors stay what they are. */
function guarded<T>(path: string, use: () => T): T {
  try {
    return use();
  } catch (cause) {
    const isOwn = cause instanceof HostError || cause instanceof RangeError || cause instanceof TypeError;
    if (isOwn || !(cause instanceof Error)) throw cause;
    const code = ((cause as { readonly errcode?: number }).errcode ?? 0) & 0xff;
    const remedy = REMEDIES[code] === undefined ? '' : `: ${REMEDIES[code]}`;
    throw new HostError('store-failed', `${path} cannot be used: ${cause.message}${remedy}.`, {
      data: { path },
      retry: code === 5 || code === 13 ? 'later' : 'never',
      cause,
    });
  }
}
