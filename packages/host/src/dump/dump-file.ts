/** The files of a dump, wherever they lie: on disk, in an archive, on standard input. */
import {
  closeSync,
  createReadStream,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  type Dirent,
} from 'node:fs';
import { join, relative, sep } from 'node:path';

/** One file. `path` is what reports name; inside an archive it follows the archive's name after `!`. */
export interface DumpFile {
  readonly path: string;
  /** Bytes, where known beforehand. */
  readonly size: number | undefined;
  /** Everything at once. */
  bytes(): Promise<Buffer>;
  /** Piece by piece; call either this or `bytes`, once. */
  stream(): AsyncIterable<Buffer>;
}

/** Something in a directory or archive that is not read, and why. */
export interface Refused {
  readonly path: string;
  readonly reason: string;
}

/** A file on disk. Its bytes stand in `memory` until another file is read into it. */
export function diskFile(path: string, name: string, size: number, memory = new ReusedMemory()): DumpFile {
  return {
    path: name,
    size,
    bytes: async () => memory.read(path, size),
    stream: () => createReadStream(path, { highWaterMark: 4 << 20 }) as AsyncIterable<Buffer>,
  };
}

/**
 * Memory into which files are read one after the other. Buffers lie outside V8's heap, and V8 goes through the whole heap each
 * time that another 64 MB of them have been made; with one for all files a large dump is read without that.
 */
export class ReusedMemory {
  #bytes = Buffer.alloc(0);

  /** The whole file, read at once: it is small, and handing it to another thread takes longer than reading it. */
  read(path: string, expectedSize: number): Buffer {
    const file = openSync(path, 'r');
    try {
      let length = 0;
      for (;;) {
        this.#makeRoom(Math.max(expectedSize, length) + 1, length);
        const count = readSync(file, this.#bytes, length, this.#bytes.length - length, null);
        length += count;
        if (count === 0) return this.#bytes.subarray(0, length);
      }
    } finally {
      closeSync(file);
    }
  }

  /** At least `size` bytes, of which the first `used` stay. */
  #makeRoom(size: number, used: number): void {
    if (this.#bytes.length >= size) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(size, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, used);
    this.#bytes = larger;
  }
}

/** A stream that can be read once, such as standard input. */
export function streamFile(name: string, stream: AsyncIterable<Buffer>): DumpFile {
  return {
    path: name,
    size: undefined,
    stream: () => stream,
    bytes: () => allOf(stream),
  };
}

/** Bytes in memory. */
export function memoryFile(name: string, bytes: Buffer): DumpFile {
  return { ...streamFile(name, bytesStream(bytes)), size: bytes.length, bytes: () => Promise.resolve(bytes) };
}

/** A stream of bytes in memory. */
export async function* bytesStream(bytes: Buffer): AsyncIterable<Buffer> {
  yield await Promise.resolve(bytes);
}

/** Everything of a stream. */
export async function allOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What a walk through a directory carries along. */
interface Walk {
  readonly root: string;
  /** `root` with all links followed: what lies below it belongs to the dump. */
  readonly realRoot: string;
  readonly memory: ReusedMemory;
  readonly refuse: (refused: Refused) => void;
}

/** All files below a directory, in the order of their names. Links to outside and anything that is no file are refused. */
export async function* filesBelow(root: string, refuse: (refused: Refused) => void): AsyncIterable<DumpFile> {
  yield* filesIn(root, { root, realRoot: realpathSync(root), memory: new ReusedMemory(), refuse });
}

/** Folders of other tools, and what macOS puts beside every file in an archive. */
const IGNORED = /(?:^|\/)(?:\.git|node_modules|__MACOSX|\.DS_Store|\._[^/]*)(?:\/|$)/;

/** Whether a file or folder is none of a dump's, by its path. */
export function isIgnored(path: string): boolean {
  return IGNORED.test(path);
}

function* plainFile(path: string, name: string, { memory, refuse }: Walk): Iterable<DumpFile> {
  try {
    yield diskFile(path, name, lstatSync(path).size, memory);
  } catch (error) {
    refuse({ path: name, reason: `the file cannot be read: ${(error as Error).message}` });
  }
}

function* filesIn(folder: string, walk: Walk): Iterable<DumpFile> {
  const named = (path: string) => relative(walk.root, path).split(sep).join('/');
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    return walk.refuse({ path: named(folder), reason: `the directory cannot be read: ${(error as Error).message}` });
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (isIgnored(entry.name)) continue;
    if (entry.isDirectory()) yield* filesIn(path, walk);
    else if (entry.isFile()) yield* plainFile(path, named(path), walk);
    else if (entry.isSymbolicLink()) yield* linkedFile(path, named(path), walk);
    else walk.refuse({ path: named(path), reason: 'neither a file nor a directory' });
  }
}

/** A link to a file inside the dump is followed; links to directories could go round in circles. */
function* linkedFile(path: string, name: string, { realRoot, memory, refuse }: Walk): Iterable<DumpFile> {
  try {
    const target = realpathSync(path);
    const stat = lstatSync(target);
    const inside = target === realRoot || target.startsWith(realRoot + sep);
    if (inside && stat.isFile()) return yield diskFile(target, name, stat.size, memory);
    if (inside && stat.isDirectory()) return;
    refuse({ path: name, reason: inside ? 'a link to something that is no file' : 'a link to outside the dump' });
  } catch (error) {
    refuse({ path: name, reason: `a link that leads nowhere: ${(error as Error).message}` });
  }
}
