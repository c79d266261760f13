/** Files and folders that nobody else may read or exchange: made so, and checked whenever they are used. */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { HostError } from '../host-error.ts';

const OTHERS = 0o077;
/** In a folder with this bit, such as /tmp, nobody renames what belongs to others. */
const STICKY = 0o1000;

/**
 * Makes a folder with those above it where it is missing, for its owner alone.
 * @throws HostError `output-failed` where it cannot be made, and as {@link requirePrivateFolder} does
 */
export function privateFolder(path: string): void {
  try {
    makeFolder(resolve(path));
  } catch (cause) {
    throw failed(path, cause);
  }
  requirePrivateFolder(path);
}

/** One after the other: Node's own `recursive` never comes to an end below /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (!existsSync(dirname(path))) makeFolder(dirname(path));
  try {
    mkdirSync(path, 0o700);
  } catch (error) {
    // Another process was quicker.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/**
 * @throws HostError `input-unreadable` where it is no folder that can be read; `file-exposed` where it is somebody else's or open to others, or where somebody
 * else could put another folder in its place
 */
export function requirePrivateFolder(path: string): void {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (cause) {
    throw unreadable(path, reasonOf(cause), cause);
  }
  if (!stats.isDirectory()) throw unreadable(path, 'it is no folder');
  requirePrivate(path, stats, OTHERS);
  for (const above of new Set([...foldersAbove(resolve(path)), ...foldersAbove(realpathSync(path))]))
    requireSafe(above, lstatSync(above));
}

function foldersAbove(path: string): readonly string[] {
  const above = dirname(path);
  return above === path ? [] : [...foldersAbove(above), above];
}

/** A group counts as others where this process is not in it: a volume that was mounted for the group of a process is writable by that. */
function requireSafe(path: string, stats: Stats): void {
  requireOwned(path, stats);
  const { mode, gid } = stats;
  if (stats.isSymbolicLink() || (mode & STICKY) !== 0) return;
  const isOfGroup = process.getegid?.() === gid || (process.getgroups?.() ?? []).includes(gid);
  if (process.geteuid !== undefined && (mode & (isOfGroup ? 0o002 : 0o022)) !== 0) throw exposed(path, mode, 'go-w');
}

/** What is read of a file. */
export interface PrivateReading {
  /** Larger files are refused. */
  readonly mostBytes: number;
  /** Bits of the mode that have to be clear. */
  readonly forbidden: number;
}

/**
 * The bytes of a regular file, or of one that a link leads to as in mounted secrets of Kubernetes; `undefined` where there is none. What is checked is the open
 * file, so that it cannot be exchanged in between.
 * @throws HostError `file-exposed`, or `input-unreadable` for what cannot be read, is no file, or is too large
 */
export function readPrivateFile(path: string, { mostBytes, forbidden }: PrivateReading): Buffer | undefined {
  let descriptor: number;
  try {
    // Without blocking: a pipe in place of a file would wait for ever.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw unreadable(path, reasonOf(cause), cause);
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw unreadable(path, 'it is no regular file');
    requirePrivate(path, stats, forbidden);
    if (stats.size > mostBytes) throw unreadable(path, `it has ${stats.size} bytes, at most ${mostBytes} are expected`);
    return contentOf(descriptor, stats.size);
  } finally {
    closeSync(descriptor);
  }
}

function contentOf(descriptor: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let at = 0;
  while (at < size) {
    const read = readSync(descriptor, bytes, at, size - at, at);
    if (read === 0) break;
    at += read;
  }
  return bytes.subarray(0, at);
}

/**
 * Writes a file for its owner alone, in place of what is there. It has its name when it is complete and flushed, so that a crash leaves the old one or the new one.
 * @throws HostError `output-failed`
 */
export function writePrivateFile(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.partial-${randomUUID().slice(0, 8)}`;
  try {
    writeFlushed(temporary, bytes);
    renameSync(temporary, path);
    flushFolder(dirname(path));
  } catch (cause) {
    throw failed(path, cause);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeFlushed(path: string, bytes: Uint8Array): void {
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A name is only there to stay when its folder is flushed as well. */
function flushFolder(path: string): void {
  const descriptor = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes an empty file where it is missing.
 * @throws HostError `output-failed`
 */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600));
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') throw failed(path, cause);
  }
}

/**
 * A file that another library opens by its name, if it is there: not a link, and with one name alone. It is not opened here, since closing it would drop the
 * locks that SQLite holds on it.
 * @throws HostError `file-exposed`, `input-unreadable`
 */
export function requirePrivateFile(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isFile()) throw unreadable(path, 'it is no regular file');
  if (stats.nlink > 1) throw unreadable(path, 'it has a second name (a hard link), by which it could be changed');
  requirePrivate(path, stats, OTHERS);
}

function requirePrivate(path: string, stats: Stats, forbidden: number): void {
  requireOwned(path, stats);
  if (process.geteuid !== undefined && (stats.mode & forbidden) !== 0) throw exposed(path, stats.mode, 'go=');
}

/** What the super-user owns may be a secret or a volume that was mounted for this user. */
function requireOwned(path: string, { uid }: Stats): void {
  const own = process.geteuid?.() ?? uid;
  if (uid === own || uid === 0) return;
  throw new HostError('file-exposed', `${path} belongs to another user (${uid}), who could change it.`, {
    data: { path },
  });
}

function exposed(path: string, mode: number, remedy: string): HostError {
  const octal = (mode & 0o777).toString(8).padStart(3, '0');
  const message = `${path} is open to others (mode ${octal}); close it with: chmod ${remedy} ${path}`;
  return new HostError('file-exposed', message, { data: { path, mode: octal } });
}

function unreadable(path: string, why: string, cause?: unknown): HostError {
  return new HostError('input-unreadable', `${path} cannot be read: ${why}`, { data: { path }, cause });
}

function failed(path: string, cause: unknown): HostError {
  return new HostError('output-failed', `${path} cannot be written: ${reasonOf(cause)}`, { data: { path }, cause });
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function reasonOf(error: unknown): string {
  return (error as Error).message;
}
