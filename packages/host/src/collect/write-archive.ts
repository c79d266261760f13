/** Writes a `.tar.gz` whole or not at all. */
import { randomUUID } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { access, constants, link, lstat, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack, type Pack } from 'tar-stream';
import { HostError } from '../host-error.ts';

/** One file: path inside the dump with `/`, and its text. */
export interface DumpFile {
  readonly path: string;
  readonly text: string;
}

export interface ArchiveOptions {
  /** Replace what is there. Default false. */
  readonly force?: boolean | undefined;
  /** Epoch milliseconds for all entries: same files, same bytes. */
  readonly modifiedAt: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes to a temporary file beside `out`, readable by its owner only, and gives it its name when it is complete and flushed.
 * @returns size in bytes and number of files
 * @throws HostError `output-exists`, `output-failed`, `cancelled`
 */
export async function writeArchive(
  out: string,
  files: Iterable<DumpFile>,
  options: ArchiveOptions,
): Promise<{ bytes: number; files: number }> {
  const temporary = `${out}.partial-${randomUUID().slice(0, 8)}`;
  try {
    const count = await fill(temporary, files, options);
    const { size } = await stat(temporary);
    await publish(temporary, out, options.force === true);
    return { bytes: size, files: count };
  } catch (cause) {
    await rm(temporary, { force: true });
    if (cause instanceof HostError) throw cause;
    if (options.signal?.aborted === true)
      throw new HostError('cancelled', 'Writing the dump was cancelled.', { retry: 'later', cause });
    throw failed(out, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/**
 * To be asked before long work is done in vain.
 * @throws HostError `output-exists`; `output-failed` when there is no folder to write to, or `out` is one
 */
export async function checkTarget(out: string, force: boolean): Promise<void> {
  // Not `stat`: a link that leads nowhere is a name that is taken, too.
  const there = await lstat(out).catch(() => undefined);
  if (there?.isDirectory() === true || out.endsWith('/'))
    throw failed(out, `it is a folder; name a file in it, for example ${join(out, 'dump.tar.gz')}`, undefined);
  if (there !== undefined && !force) throw exists(out);
  try {
    await access(`${dirname(out)}/`, constants.W_OK);
  } catch (cause) {
    const absent = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw failed(out, `the folder ${dirname(out)} ${absent ? 'does not exist' : 'cannot be written to'}`, cause);
  }
}

async function fill(
  temporary: string,
  files: Iterable<DumpFile>,
  { modifiedAt, signal }: ArchiveOptions,
): Promise<number> {
  const archive = pack();
  const sink = createWriteStream(temporary, { flags: 'wx', mode: 0o600, flush: true });
  const written = pipeline(archive, createGzip(), sink, { signal });
  let count = 0;
  const feed = async () => {
    for (const file of files) {
      await addEntry(archive, file, new Date(modifiedAt));
      count++;
    }
    archive.finalize();
    await written;
  };
  // When the disk or the signal ends the pipeline, entries wait for ever; the pipeline's own rejection ends the race.
  const feeding = feed();
  feeding.catch(() => {});
  try {
    await Promise.race([feeding, written.then(() => feeding)]);
  } catch (error) {
    archive.destroy();
    await closed(sink);
    throw error;
  }
  return count;
}

/** Until then the file may still be about to be made, and taking it away would come too early. */
function closed(stream: WriteStream): Promise<void> {
  stream.destroy();
  return new Promise((resolve) => (stream.closed ? resolve() : stream.once('close', resolve)));
}

function addEntry(archive: Pack, { path, text }: DumpFile, mtime: Date): Promise<void> {
  const body = Buffer.from(text, 'utf8');
  return new Promise((resolve, reject) => {
    const entry = archive.entry({ name: path, size: body.length, mode: 0o600, mtime }, body, (error) =>
      error ? reject(error) : resolve(),
    );
    // A full disk destroys the entry as well, whose error event would end the process.
    entry.on('error', reject);
  });
}

/** `link` refuses an existing name in one step, where a check before renaming leaves a gap. */
async function publish(temporary: string, out: string, force: boolean): Promise<void> {
  if (force) return rename(temporary, out);
  try {
    await link(temporary, out);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw exists(out);
    // File systems without hard links.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS' && code !== 'EMLINK')
      throw error;
    await checkTarget(out, false);
    return rename(temporary, out);
  }
  await rm(temporary);
}

function failed(out: string, why: string, cause: unknown): HostError {
  return new HostError('output-failed', `${out} cannot be written: ${why}`, { data: { out }, cause });
}

function exists(out: string): HostError {
  return new HostError('output-exists', `${out} is there already; add --force to replace it.`, { data: { out } });
}
