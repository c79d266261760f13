/** The files inside `.tar`, `.tar.gz`, `.gz` and `.zip`, streamed; nothing is ever written to disk. */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { isIgnored, streamFile, type DumpFile, type Refused } from './dump-file.ts';
import type { DumpLimits } from './limits.ts';

/** What the first bytes of a file say about it. */
export type ContainerFormat = 'gzip' | 'zip' | 'tar' | 'plain';

/** Recognised by content; names lie. Needs the first 262 bytes to know a tar. */
export function containerFormat(head: Buffer): ContainerFormat {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (
    head.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004')) ||
    head.subarray(0, 4).equals(Buffer.from('PK\u0005\u0006'))
  )
    return 'zip';
  return head.toString('latin1', 257, 262) === 'ustar' ? 'tar' : 'plain';
}

/** Other ways of packing by their first bytes; they are named, not read. */
const UNREAD_FORMATS: readonly (readonly [name: string, magic: string])[] = [
  ['xz', '\u00fd7zXZ\0'],
  ['zstd', '\u0028\u00b5\u002f\u00fd'],
  ['bzip2', 'BZh'],
  ['7z', "7z\u00bc\u00af'\u001c"],
  ['lz4', '\u0004\u0022\u004d\u0018'],
];

/** The name of a format that is known but not read; `undefined` for anything else. */
export function unreadFormat(head: Buffer): string | undefined {
  const start = head.toString('latin1', 0, 8);
  return UNREAD_FORMATS.find(([, magic]) => start.startsWith(magic))?.[0];
}

/** Counts what comes out of archives and ends the reading when it is too much. */
export class Budget {
  readonly #limits: DumpLimits;
  #bytes = 0;
  #files = 0;

  constructor(limits: DumpLimits) {
    this.#limits = limits;
  }

  /** @throws BudgetError */
  addFile(): void {
    if (++this.#files > this.#limits.files) throw new BudgetError(`more than ${this.#limits.files} files`, 'dump');
  }

  /** @throws BudgetError */
  addBytes(count: number): void {
    this.#bytes += count;
    if (this.#bytes > this.#limits.totalBytes)
      throw new BudgetError(`more than ${this.#limits.totalBytes} bytes when unpacked`, 'dump');
  }

  /** @throws BudgetError when so much came out of so little that it was made to */
  checkRatio(packed: number, unpacked: number): void {
    const { ratio, ratioFromBytes } = this.#limits;
    if (unpacked > ratioFromBytes && unpacked > ratio * Math.max(1, packed)) {
      throw new BudgetError(`it unpacks to more than ${ratio} times its size (an archive bomb)`);
    }
  }
}

/** A limit of `DumpLimits` was passed. What was read so far stays; `scope` is what is given up. */
export class BudgetError extends Error {
  override readonly name = 'BudgetError';
  readonly scope: 'file' | 'dump';

  constructor(message: string, scope: 'file' | 'dump' = 'file') {
    super(message);
    this.scope = scope;
  }
}

/** Packed bytes that are unpacked in one go: at most 1032 times as many come out (RFC 1951). */
const GZIP_STEP = 16 * 1024;

/** Unpacks gzip, watching the ratio as it goes. All that could be unpacked comes out before a failure is thrown. */
export async function* gunzipped(source: AsyncIterable<Buffer>, budget: Budget): AsyncIterable<Buffer> {
  const gunzip = createGunzip();
  const out: Buffer[] = [];
  let over = false;
  let failure: Error | undefined;
  let wake = () => {};
  const finish = (error?: Error) => {
    over = true;
    failure = error;
    wake();
  };
  gunzip.on('end', () => finish());
  gunzip.on('error', finish);
  // Flowing, since a stream that fails drops what nobody has asked for yet.
  gunzip.on('data', (chunk: Buffer) => out.push(chunk));
  let packed = 0;
  let unpacked = 0;
  try {
    for await (const chunk of source) {
      for (let from = 0; from < chunk.length && !over; from += GZIP_STEP) {
        const step = chunk.subarray(from, from + GZIP_STEP);
        // What stands behind the packed data is ignored, and such a write is never called back.
        await new Promise<void>((resolve) => {
          wake = resolve;
          gunzip.write(step, () => resolve());
        });
        packed += step.length;
        for (const piece of out.splice(0)) {
          unpacked += piece.length;
          budget.checkRatio(packed, unpacked);
          yield piece;
        }
      }
    }
    if (!over)
      await new Promise<void>((resolve) => {
        wake = resolve;
        gunzip.end();
      });
    yield* out;
    if (failure !== undefined) throw failure as Error;
  } finally {
    gunzip.destroy();
  }
}

/** Files of a tar stream; each must be read before the next is asked for. */
export async function* tarFiles(
  name: string,
  source: AsyncIterable<Buffer>,
  refuse: (refused: Refused) => void,
): AsyncIterable<DumpFile> {
  const { extract } = await import('tar-stream');
  const tar = extract();
  const packed = Readable.from(source, { objectMode: false });
  packed.on('error', (error) => tar.destroy(error));
  for await (const entry of packed.pipe(tar)) {
    const { name: entryName, type, size } = entry.header;
    const path = `${name}!${entryName}`;
    if (isIgnored(entryName)) {
      entry.resume();
      continue;
    }
    const reason = type === 'directory' ? undefined : refusal(entryName, type ?? 'file');
    if (type === 'file' && reason === undefined) yield { ...streamFile(path, entry as unknown as Readable), size };
    else if (reason !== undefined) refuse({ path, reason });
    entry.resume();
  }
}

/** Files of a zip, from a path (large ones are never held) or from bytes. */
export async function* zipFiles(
  name: string,
  from: string | Buffer,
  budget: Budget,
  refuse: (refused: Refused) => void,
): AsyncIterable<DumpFile> {
  const zip = await openZip(from);
  let unpacked = 0;
  try {
    for await (const entry of entriesOf(zip)) {
      const inner = Buffer.from(entry.fileName as string | Buffer).toString('utf8');
      const path = `${name}!${inner}`;
      if (inner.endsWith('/') || isIgnored(inner)) continue;
      const isLink = ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
      const reason = refusal(inner, isLink ? 'symlink' : 'file');
      if (reason !== undefined) refuse({ path, reason });
      else {
        // Sizes are claims here; yauzl ends the reading of an entry that is longer. Entries may share their bytes.
        unpacked += entry.uncompressedSize;
        budget.checkRatio(zip.fileSize, unpacked);
        yield zipFile(zip, entry, path);
      }
    }
  } finally {
    zip.close();
  }
}

function zipFile(zip: ZipFile, entry: Entry, path: string): DumpFile {
  async function* chunks() {
    const stream = await new Promise<Readable>((resolve, reject) =>
      zip.openReadStream(entry, (error, read) => (error ? reject(error) : resolve(read))),
    );
    yield* stream as AsyncIterable<Buffer>;
  }
  return { ...streamFile(path, { [Symbol.asyncIterator]: chunks }), size: entry.uncompressedSize };
}

async function openZip(from: string | Buffer): Promise<ZipFile> {
  const { fromBuffer, open } = await import('yauzl');
  // Names are checked here, so that one bad name does not end the reading of the rest.
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true } as const;
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, zip?: ZipFile) =>
      zip === undefined ? reject(error ?? new Error('not a zip')) : resolve(zip);
    if (typeof from === 'string') open(from, options, done);
    else fromBuffer(from, options, done);
  });
}

async function* entriesOf(zip: ZipFile): AsyncIterable<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | undefined>((resolve, reject) => {
      zip.once('entry', resolve);
      zip.once('end', () => resolve(undefined));
      zip.once('error', reject);
      zip.readEntry();
    });
    zip.removeAllListeners();
    // A late error belongs to an entry that is read elsewhere; without a listener it would end the process.
    zip.on('error', () => {});
    if (entry === undefined) return;
    yield entry;
  }
}

/** Names that would leave the archive are refused although nothing is unpacked: whoever wrote them meant harm. */
function refusal(name: string, type: string): string | undefined {
  if (type !== 'file') return `a ${type}, which is not followed`;
  const parts = name.split(/[\\/]/);
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name) || parts.includes('..'))
    return 'its name leads outside the archive';
  return undefined;
}
