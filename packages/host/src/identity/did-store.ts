/**
 * DIDs that were resolved or made here, in SQLite: the log whole, since it proves itself to whoever reads it, and what was last verified of it. A log that is
 * stored never gets shorter or another history, whoever asks.
 */
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { HostError } from '../host-error.ts';
import { privateFile, privateFolder } from './private-file.ts';

/** A DID as it was last verified. */
export interface StoredDid {
  readonly did: string;
  /** Lines, each with its end. */
  readonly log: string;
  readonly witnessProofs?: string | undefined;
  /** Number, dash, hash of the last entry and so of all before it. */
  readonly versionId: string;
  /** When the origin was last seen to have this version: epoch milliseconds. */
  readonly confirmedAt: number;
}

/** What became of a log: it is kept, or what is kept is longer (`older`) or another history (`forked`). */
export type Storing = 'stored' | 'older' | 'forked';

/** All DIDs of one file. Everything is synchronous and throws HostError `store-failed` for a database that fails. */
export interface DidStore {
  readonly get: (did: string) => StoredDid | undefined;
  /** Keeps a log that was verified, where it goes on from what is kept. */
  readonly put: (stored: StoredDid) => Storing;
  /** All of them or, where writing fails, none; those that are refused are left out. */
  readonly putAll: (stored: Iterable<StoredDid>) => readonly Storing[];
  readonly size: () => number;
  readonly close: () => void;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS dids (
    did TEXT NOT NULL PRIMARY KEY,
    log TEXT NOT NULL,
    witness_proofs TEXT,
    version_id TEXT NOT NULL,
    confirmed_at INTEGER NOT NULL
  ) STRICT;`;

/** Raised with every change of the schema; a file of a later one is refused. */
const SCHEMA_VERSION = 1;
const BUSY_MS = 5000;

/**
 * Opens or makes a store; the file and those that SQLite puts beside it are for their owner alone.
 * @throws HostError `store-failed` where it is no database or one of a later version, `file-exposed`, `output-failed`
 */
export function openDidStore(path: string): DidStore {
  privateFolder(dirname(path));
  // SQLite gives the files beside it the mode of this one.
  privateFile(path);
  return guarded(path, () => storeIn(path, opened(path)));
}

function opened(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_MS, enableForeignKeyConstraints: true });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;');
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as {
      readonly user_version: number;
    };
    if (version > SCHEMA_VERSION) throw new Error(`it is of version ${version}, this program knows ${SCHEMA_VERSION}`);
    database.exec(`BEGIN IMMEDIATE; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

interface Row {
  readonly did: string;
  readonly log: string;
  readonly witness_proofs: string | null;
  readonly version_id: string;
  readonly confirmed_at: number;
}

function storeIn(path: string, database: DatabaseSync): DidStore {
  const select = database.prepare('SELECT * FROM dids WHERE did = ?');
  const version = database.prepare('SELECT version_id, confirmed_at FROM dids WHERE did = ?');
  const write = database.prepare(`INSERT INTO dids VALUES (?, ?, ?, ?, ?) ON CONFLICT (did) DO UPDATE SET
    log = excluded.log, witness_proofs = excluded.witness_proofs, version_id = excluded.version_id, confirmed_at = excluded.confirmed_at`);
  const count = database.prepare('SELECT count(*) AS size FROM dids');
  const putAll = (all: Iterable<StoredDid>) =>
    inTransaction(database, () => Array.from(all, (stored) => putOne(version, write, stored)));
  return {
    get: (did) => guarded(path, () => storedOf(select.get(did) as Row | undefined)),
    put: (stored) => guarded(path, () => putAll([stored])[0] as Storing),
    putAll: (all) => guarded(path, () => putAll(all)),
    size: () => guarded(path, () => (count.get() as { readonly size: number }).size),
    close: () => database.close(),
  };
}

function putOne(version: StatementSync, write: StatementSync, stored: StoredDid): Storing {
  const { did, log, witnessProofs, versionId, confirmedAt } = stored;
  const kept = version.get(did) as Pick<Row, 'version_id' | 'confirmed_at'> | undefined;
  if (kept !== undefined && kept.version_id !== versionId) {
    const entry = numberOf(kept.version_id);
    if (entry > numberOf(versionId)) return 'older';
    if (versionIdIn(log, entry) !== kept.version_id) return 'forked';
  }
  write.run(did, log, witnessProofs ?? null, versionId, Math.max(confirmedAt, kept?.confirmed_at ?? confirmedAt));
  return 'stored';
}

function numberOf(versionId: string): number {
  const [, number] = /^([1-9]\d{0,9})-./.exec(versionId) ?? [];
  if (number === undefined) throw new RangeError(`versionId: is "${versionId}", must be a number, a dash and a hash`);
  return Number(number);
}

/** A hash of an entry is one of all before it, so that this one line speaks for the history up to it. */
function versionIdIn(log: string, entry: number): unknown {
  const line = log.split('\n', entry)[entry - 1];
  return line === undefined || line === ''
    ? undefined
    : (JSON.parse(line) as { readonly versionId?: unknown }).versionId;
}

function storedOf(row: Row | undefined): StoredDid | undefined {
  if (row === undefined) return undefined;
  const { did, log, witness_proofs: witnessProofs, version_id: versionId, confirmed_at: confirmedAt } = row;
  return { did, log, ...(witnessProofs !== null && { witnessProofs }), versionId, confirmedAt };
}

function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** What SQLite throws becomes the failure of a file; mistakes of callers stay what they are. */
function guarded<T>(path: string, use: () => T): T {
  try {
    return use();
  } catch (cause) {
    if (cause instanceof HostError || cause instanceof RangeError || cause instanceof TypeError) throw cause;
    throw new HostError('store-failed', `${path} cannot be used: ${(cause as Error).message}`, {
      data: { path },
      cause,
    });
  }
}
