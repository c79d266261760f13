/** The files of a dump, wherever they lie: on disk, in an archive, on standard input. */
import { createReadStream, type Dirent } from 'node:fs';
import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';

/** One file. `path` is what reports name; inside an archive it follows the archive's name after `!`. */
export interface DumpFile {
  readonly path: string;
  /** Bytes, where known beforehand. */
  readonly size: number | undefined;
  /** Everything at once. */
  bytes(): Promise<Buffer>;
  /** Piece by piece; call either this or `bytes`, once. */
  stream(): Readable;
}

/** Something in a directory or archive that is not read, and why. */
export interface Refused {
  readonly path: string;
  readonly reason: string;
}

/** A file on disk. */
export function diskFile(path: string, name: string, size: number): DumpFile {
  return {
    path: name,
    size,
    bytes: () => readFile(path),
    stream: () => createReadStream(path, { highWaterMark: 4 << 20 }),
  };
}

/** A stream that can be read once, such as standard input. */
export function streamFile(name: string, stream: Readable): DumpFile {
  return {
    path: name,
    size: undefined,
    stream: () => stream,
    bytes: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    },
  };
}

/** Bytes in memory. */
export function memoryFile(name: string, bytes: Buffer, toStream: (bytes: Buffer) => Readable): DumpFile {
  return { path: name, size: bytes.length, bytes: () => Promise.resolve(bytes), stream: () => toStream(bytes) };
}

/** All files below a directory, in the order of their names. Links to outside and anything that is no file are refused. */
export async function* filesBelow(root: string, refuse: (refused: Refused) => void): AsyncIterable<DumpFile> {
  yield* walk(root, root, await realpath(root), refuse);
}

async function* walk(
  root: string,
  folder: string,
  realRoot: string,
  refuse: (refused: Refused) => void,
): AsyncIterable<DumpFile> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    return refuse({
      path: relative(root, folder),
      reason: `the directory cannot be read: ${(error as Error).message}`,
    });
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const name = relative(root, path).split(sep).join('/');
    if (IGNORED.has(entry.name)) continue;
    if (entry.isDirectory()) yield* walk(root, path, realRoot, refuse);
    else if (entry.isFile()) yield diskFile(path, name, (await lstat(path)).size);
    else if (entry.isSymbolicLink()) yield* linkedFile(path, name, realRoot, refuse);
    else refuse({ path: name, reason: 'neither a file nor a directory' });
  }
}

const IGNORED: ReadonlySet<string> = new Set(['.git', 'node_modules', '.DS_Store']);

/** A link to a file inside the dump is followed; links to directories could go round in circles. */
async function* linkedFile(
  path: string,
  name: string,
  realRoot: string,
  refuse: (refused: Refused) => void,
): AsyncIterable<DumpFile> {
  try {
    const target = await realpath(path);
    const stat = await lstat(target);
    const inside = target.startsWith(realRoot + sep);
    if (inside && stat.isFile()) return yield diskFile(target, name, stat.size);
    if (inside && stat.isDirectory()) return;
    refuse({ path: name, reason: inside ? 'a link to something that is no file' : 'a link to outside the dump' });
  } catch (error) {
    refuse({ path: name, reason: `a link that leads nowhere: ${(error as Error).message}` });
  }
}
