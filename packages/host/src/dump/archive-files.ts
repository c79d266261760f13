/** The files inside `.tar`, `.tar.gz`, `.gz` and `.zip`, streamed; nothing is ever written to disk. */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { fromBuffer, open, type Entry, type ZipFile } from 'yauzl';
import { streamFile, type DumpFile, type Refused } from './dump-file.ts';
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
    if (++this.#files > this.#limits.files) throw new BudgetError(`more than ${this.#limits.files} files`);
  }

  /** @throws BudgetError */
  addBytes(count: number): void {
    this.#bytes += count;
    if (this.#bytes > this.#limits.totalBytes)
      throw new BudgetError(`more than ${this.#limits.totalBytes} bytes when unpacked`);
  }

  /** @throws BudgetError when so much came out of so little that it was made to */
  checkRatio(packed: number, unpacked: number): void {
    const { ratio, ratioFromBytes } = this.#limits;
    if (unpacked > ratioFromBytes && unpacked > ratio * Math.max(1, packed)) {
      throw new BudgetError(`it unpacks to more than ${ratio} times its size (an archive bomb)`);
    }
  }
}

/** A limit of `DumpLimits` was passed; the file is given up, what was read of it stays. */
export class BudgetError extends Error {
  override readonly name = 'BudgetError';
}

/** Unpacks gzip, watching the ratio as it goes. */
export function gunzipped(source: Readable, budget: Budget): Readable {
  const gunzip = createGunzip();
  let packed = 0;
  let unpacked = 0;
  source.on('data', (chunk: Buffer) => (packed += chunk.length));
  source.on('error', (error) => gunzip.destroy(error));
  async function* watched() {
    for await (const chunk of source.pipe(gunzip)) {
      unpacked += (chunk as Buffer).length;
      budget.checkRatio(packed, unpacked);
      yield chunk as Buffer;
    }
  }
  return Readable.from(watched(), { objectMode: false });
}

/** Files of a tar stream; each must be read before the next is asked for. */
export async function* tarFiles(
  name: string,
  source: Readable,
  refuse: (refused: Refused) => void,
): AsyncIterable<DumpFile> {
  const tar = extract();
  source.on('error', (error) => tar.destroy(error));
  for await (const entry of source.pipe(tar)) {
    const { name: entryName, type, size } = entry.header;
    const path = `${name}!${entryName}`;
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
  try {
    for await (const entry of entriesOf(zip)) {
      const inner = Buffer.from(entry.fileName as string | Buffer).toString('utf8');
      const path = `${name}!${inner}`;
      if (inner.endsWith('/')) continue;
      const isLink = ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
      const reason = refusal(inner, isLink ? 'symlink' : 'file');
      if (reason !== undefined) refuse({ path, reason });
      else {
        budget.checkRatio(entry.compressedSize, entry.uncompressedSize);
        yield zipFile(zip, entry, path);
      }
    }
  } finally {
    zip.close();
  }
}

function zipFile(zip: ZipFile, entry: Entry, path: string): DumpFile {
  const stream = () => {
    async function* chunks() {
      yield* await new Promise<Readable>((resolve, reject) =>
        zip.openReadStream(entry, (error, read) => (error ? reject(error) : resolve(read))),
      );
    }
    return Readable.from(chunks(), { objectMode: false });
  };
  return {
    ...streamFile(path, Readable.from([])),
    size: entry.uncompressedSize,
    stream,
    bytes: () => streamFile(path, stream()).bytes(),
  };
}

function openZip(from: string | Buffer): Promise<ZipFile> {
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

/** A stream of bytes in memory. */
export function bytesStream(bytes: Buffer): Readable {
  return Readable.from([bytes], { objectMode: false });
}
