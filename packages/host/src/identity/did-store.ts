/**
 * DIDs that were resolved or made here: the log whole, since it proves itself to whoever reads it. A log that is stored never gets shorter or another
 * history, whoever asks.
 */
import type { StatementSync } from 'node:sqlite';
import type { Database } from './database.ts';

/** Files of a DID as they were last verified. */
export interface StoredDid {
  /** Text of did.jsonl, or of did.json for did:web. */
  readonly text: string;
  /** Text of did-witness.json. */
  readonly witnessProofs?: string | undefined;
  /** When the origin was last seen to have this version: epoch milliseconds; `undefined`: never. */
  readonly confirmedAt: number | undefined;
}

/** What became of files: they are kept, or what is kept is a longer log (`older`) or another history (`forked`). */
export type Storing = 'stored' | 'older' | 'forked';

/**
 * Keys are `webvh:` and the SCID, so that a DID that moved keeps its history, or the whole DID.
 * @throws HostError `store-failed` from every function; RangeError for a text under a `webvh:` key that is no log
 */
export interface DidStore {
  readonly get: (key: string) => StoredDid | undefined;
  /** Keeps what was verified, where it goes on from what is kept. */
  readonly put: (key: string, stored: StoredDid) => Storing;
  /** All of them or, where one throws, none; those that are refused are left out. */
  readonly putAll: (all: Iterable<readonly [key: string, stored: StoredDid]>) => readonly Storing[];
  readonly size: () => number;
}

interface Row {
  readonly text: string;
  readonly witness_proofs: string | null;
  readonly version_id: string | null;
  readonly confirmed_at: number | null;
}

/** The DIDs of a database. */
export function didStore({ use, change }: Database): DidStore {
  const { select, kept, write, count } = use((database) => ({
    select: database.prepare('SELECT text, witness_proofs, confirmed_at FROM dids WHERE key = ?'),
    kept: database.prepare('SELECT version_id, confirmed_at FROM dids WHERE key = ?'),
    write: database.prepare('INSERT OR REPLACE INTO dids VALUES (?, ?, ?, ?, ?)'),
    count: database.prepare('SELECT count(*) AS size FROM dids'),
  }));
  return {
    get: (key) => use(() => storedOf(select.get(key) as Row | undefined)),
    put: (key, stored) => change(() => putOne(key, stored, kept, write)),
    putAll: (all) => change(() => Array.from(all, ([key, stored]) => putOne(key, stored, kept, write))),
    size: () => use(() => (count.get() as { readonly size: number }).size),
  };
}

function putOne(key: string, stored: StoredDid, kept: StatementSync, write: StatementSync): Storing {
  const before = kept.get(key) as Pick<Row, 'version_id' | 'confirmed_at'> | undefined;
  const lines = key.startsWith('webvh:') ? stored.text.trimEnd().split('\n') : undefined;
  const versionId = lines === undefined ? null : versionIdIn(lines.at(-1));
  const old = before?.version_id ?? versionId;
  if (lines !== undefined && old !== null && old !== versionId) {
    const entry = Number.parseInt(old, 10);
    if (entry > lines.length) return 'older';
    // A hash of an entry is one of all before it, so that this one line speaks for the history up to it.
    if (versionIdIn(lines[entry - 1]) !== old) return 'forked';
  }
  // The last word counts and not the latest time, which a clock that was wrong would leave for ever.
  const confirmedAt = stored.confirmedAt ?? (old === versionId ? before?.confirmed_at : undefined) ?? null;
  write.run(key, stored.text, stored.witnessProofs ?? null, versionId, confirmedAt);
  return 'stored';
}

function versionIdIn(line = ''): string {
  const versionId = fieldIn(line, 'versionId');
  if (typeof versionId === 'string' && /^[1-9]\d{0,9}-./.test(versionId)) return versionId;
  throw new RangeError('text: is no log of did:webvh: a line has no versionId');
}

function fieldIn(line: string, name: string): unknown {
  try {
    return (JSON.parse(line) as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}

function storedOf(row: Row | undefined): StoredDid | undefined {
  if (row === undefined) return undefined;
  const { text, witness_proofs: witnessProofs, confirmed_at: confirmedAt } = row;
  return { text, ...(witnessProofs !== null && { witnessProofs }), confirmedAt: confirmedAt ?? undefined };
}
