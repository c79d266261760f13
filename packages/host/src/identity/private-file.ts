/** Files that nobody else may read: made so, checked before every read, replaced whole or not at all. */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { dirname } from 'node:path';
import { HostError } from '../host-error.ts';

const OTHERS = 0o077;

/**
 * Makes a folder with those above it where it is missing, for its owner alone.
 * @throws HostError `file-exposed` where it is somebody else's or open to others, `output-failed` where it cannot be made
 */
export function privateFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw failed(path, cause);
  }
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    requirePrivate(path, fstatSync(descriptor), OTHERS);
  } finally {
    closeSync(descriptor);
  }
}

/** What is read of a file. */
export interface PrivateReading {
  /** Larger files are refused. */
  readonly mostBytes: number;
  /** Bits of the mode that have to be clear; default all of the group's and of others'. */
  readonly forbidden?: number;
  /** Whether the file may be a link, as mounted secrets of Kubernetes are; default false. */
  readonly followLink?: boolean;
}

/**
 * The bytes of a regular file that nobody else may read or write; `undefined` where there is none. What is checked is the open file, so that it cannot be exchanged in between.
 * @throws HostError `file-exposed`, or `input-unreadable` for what cannot be read, is a link or no file, or is too large
 */
export function readPrivateFile(path: string, reading: PrivateReading): Buffer | undefined {
  const { mostBytes, forbidden = OTHERS, followLink = false } = reading;
  let descriptor: number;
  try {
    // Without blocking: a pipe in place of a file would wait for ever.
    const flags = constants.O_RDONLY | constants.O_NONBLOCK | (followLink ? 0 : constants.O_NOFOLLOW);
    descriptor = openSync(path, flags);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(path, (cause as Error).message, cause);
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
 * Writes a file for its owner alone. It has its name when it is complete and flushed, so that a crash leaves the old one or the new one.
 * @throws HostError `output-exists` where one is there and it is not to be replaced, `output-failed`
 */
export function writePrivateFile(path: string, bytes: Uint8Array, { replace }: { readonly replace: boolean }): void {
  const temporary = `${path}.partial-${randomUUID().slice(0, 8)}`;
  try {
    writeFlushed(temporary, bytes);
    if (replace) renameSync(temporary, path);
    // Refuses an existing name in one step, where a check before renaming leaves a gap.
    else linkSync(temporary, path);
    flushFolder(dirname(path));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST')
      throw new HostError('output-exists', `${path} is there already.`, { data: { path }, cause });
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
 * Makes a file that another library writes to, where it is missing, or checks that it is its owner's alone.
 * @throws HostError `file-exposed`, `output-failed`
 */
export function privateFile(path: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  } catch (cause) {
    throw failed(path, cause);
  }
  try {
    requirePrivate(path, fstatSync(descriptor), OTHERS);
  } finally {
    closeSync(descriptor);
  }
}

/** Takes a file away for good, where it is there. */
export function removePrivateFile(path: string): void {
  try {
    rmSync(path, { force: true });
    flushFolder(dirname(path));
  } catch (cause) {
    throw failed(path, cause);
  }
}

function requirePrivate(path: string, { mode, uid }: Stats, forbidden: number): void {
  const own = process.geteuid?.();
  if (own === undefined) return;
  // What the super-user owns may be a secret that was mounted for this user.
  if (uid !== own && uid !== 0)
    throw new HostError('file-exposed', `${path} belongs to another user.`, { data: { path } });
  if ((mode & forbidden) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(3, '0');
    throw new HostError(
      'file-exposed',
      `${path} is open to others (mode ${octal}); take their rights away with chmod.`,
      {
        data: { path, mode: octal },
      },
    );
  }
}

function unreadable(path: string, why: string, cause?: unknown): HostError {
  return new HostError('input-unreadable', `${path} cannot be read: ${why}`, { data: { path }, cause });
}

function failed(path: string, cause: unknown): HostError {
  return new HostError('output-failed', `${path} cannot be written: ${(cause as Error).message}`, {
    data: { path },
    cause,
  });
}
