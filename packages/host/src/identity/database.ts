/** The SQLite file of a home: DIDs, own agents, what they issued and the lists that they signed. */
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HostError } from '../host-error.ts';
import { privateFile, privateFolder } from './private-file.ts';

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
];
const BUSY_MS = 5000;

/** An open file, in which one thing after the other is done. */
export interface Database {
  /** Prepared statements and the like; what SQLite throws becomes HostError `store-failed`. */
  readonly use: <T>(work: (database: DatabaseSync) => T) => T;
  /** As `use`; all of it or, where it throws, nothing is done. */
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
  privateFile(path);
  const database = guarded(path, () => opened(path));
  const use = <T>(work: (database: DatabaseSync) => T) => guarded(path, () => work(database));
  return { use, change: (work) => use(() => inTransaction(database, work)), close: () => database.close() };
}

function opened(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_MS, enableForeignKeyConstraints: true });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;');
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
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work(database);
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** What SQLite throws becomes the failure of a file; other errors stay what they are. */
function guarded<T>(path: string, use: () => T): T {
  try {
    return use();
  } catch (cause) {
    const isOwn = cause instanceof HostError || cause instanceof RangeError || cause instanceof TypeError;
    if (isOwn || !(cause instanceof Error)) throw cause;
    throw new HostError('store-failed', `${path} cannot be used: ${cause.message}`, { data: { path }, cause });
  }
}
