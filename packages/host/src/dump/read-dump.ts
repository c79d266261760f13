/** Reads a saved cluster, whatever its shape: a file, a directory, an archive, standard input. */
import { createReadStream } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { addAbortSignal } from 'node:stream';
import type { ClusterSnapshot, SnapshotParts } from '@aia/cluster';
import { HostError } from '../host-error.ts';
import { Budget, BudgetError } from './archive-files.ts';
import { diskFile, filesBelow, streamFile, type DumpFile } from './dump-file.ts';
import { Ingest } from './ingest.ts';
import { DUMP_LIMITS, type DumpLimits } from './limits.ts';
import { missingParts } from './missing-parts.ts';
import { readDumpFile } from './read-file.ts';
import type { Reading } from './reading.ts';

/** How far the reading has come. */
export interface DumpProgress {
  readonly readBytes: number;
  /** Of the files on disk, compressed as they are; unknown for standard input. */
  readonly totalBytes: number | undefined;
  readonly objects: number;
}

/** How to read a dump. */
export interface DumpOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DumpProgress) => void) | undefined;
  /** Default {@link DUMP_LIMITS}. */
  readonly limits?: Partial<DumpLimits> | undefined;
  /** Default: a dump named after its path. */
  readonly source?: SnapshotParts['source'] | undefined;
}

/**
 * Reads the dump at a path, or standard input for `-`. What cannot be read of it becomes a problem of the snapshot.
 * @throws HostError `dump-missing`, `dump-unreadable`, `dump-empty`; the signal's reason when cancelled
 */
export async function readDump(path: string, options: DumpOptions = {}): Promise<ClusterSnapshot> {
  const source = options.source ?? { kind: 'dump' as const, name: path === '-' ? 'standard input' : path };
  if (path === '-') {
    // Waiting for input would outlast the cancelling.
    const input = options.signal === undefined ? process.stdin : addAbortSignal(options.signal, process.stdin);
    return readFiles(once(streamFile('standard input', input)), { ...options, source });
  }
  const stats = await statOf(path);
  // A pipe or a device, as in `--dump <(kubectl get …)`.
  if (!stats.isDirectory() && !stats.isFile())
    return readFiles(once(streamFile(basename(path), createReadStream(path))), { ...options, source });
  if (!stats.isDirectory())
    return readFiles(
      once(diskFile(path, basename(path), stats.size)),
      { ...options, source },
      { totalBytes: stats.size, diskPath: path },
    );
  return readFiles((refuse) => filesBelow(path, refuse), { ...options, source });
}

/** Files, given whoever is told of what is refused among them. */
export type DumpFiles = (refuse: (refused: { path: string; reason: string }) => void) => AsyncIterable<DumpFile>;

/**
 * Reads files from anywhere; the entry for tests and other sources than the disk.
 * @throws HostError `dump-empty` when nothing in them could be used; the signal's reason when cancelled
 */
export async function readFiles(
  files: DumpFiles,
  options: DumpOptions & { readonly source: SnapshotParts['source'] },
  known: { readonly totalBytes?: number; readonly diskPath?: string } = {},
): Promise<ClusterSnapshot> {
  const limits = { ...DUMP_LIMITS, ...options.limits };
  const ingest = new Ingest();
  let readBytes = 0;
  const reading: Reading = {
    ingest,
    limits,
    budget: new Budget(limits),
    signal: options.signal,
    diskPath: known.diskPath,
    inGzip: false,
    onBytes: (count) => {
      readBytes += count;
      options.onProgress?.({ readBytes, totalBytes: known.totalBytes, objects: ingest.builder.size });
    },
  };
  await readAll(
    files((refused) =>
      ingest.builder.problem({
        source: refused.path,
        place: '',
        message: `refused: ${refused.reason}`,
        severity: 'warning',
      }),
    ),
    reading,
  );
  return finish(ingest, options.source);
}

/** Bytes of files on disk after which waiting signals and timers get their turn: reading itself never waits. */
const TURN_BYTES = 4 << 20;

async function readAll(files: AsyncIterable<DumpFile>, reading: Reading): Promise<void> {
  let current = '';
  let sinceTurn = 0;
  try {
    for await (const file of files) {
      current = file.path;
      await readDumpFile(file, reading);
      sinceTurn += file.size ?? 0;
      if (sinceTurn < TURN_BYTES) continue;
      sinceTurn = 0;
      await nextTurn();
    }
  } catch (error) {
    if (!(error instanceof BudgetError)) throw error;
    reading.ingest.builder.problem({
      source: current,
      place: '',
      message: `the reading ends here: ${error.message}`,
      severity: 'error',
    });
  }
}

function finish(ingest: Ingest, source: SnapshotParts['source']): ClusterSnapshot {
  const objects = ingest.builder.build({ source });
  const parts = ingest.parts(objects);
  if (ingest.understood === 0) throw emptyDump(objects, source.name, ingest.unread);
  const missing = missingParts(objects, parts, ingest.listedKinds, ingest.manifest?.missing);
  return ingest.builder.build({
    ...parts,
    source,
    missing,
    serverVersion: parts.serverVersion ?? kubeletVersion(objects),
  });
}

/** The API server's own version is better; the newest kubelet is never ahead of it (version skew policy). */
function kubeletVersion(snapshot: ClusterSnapshot): string | undefined {
  const versions = snapshot
    .list('Node')
    .map((node) => node.status?.nodeInfo?.kubeletVersion)
    .filter((version) => version !== undefined);
  return versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
}

function emptyDump({ problems }: ClusterSnapshot, name: string, unread: readonly string[]): HostError {
  const [first] = problems;
  const [text] = unread;
  const why =
    first === undefined
      ? text === undefined
        ? ''
        : ` ${text} is text that is neither JSON nor YAML; what kubectl prints without "-o json" cannot be read.`
      : ` The first thing that went wrong: ${[first.source, first.place].filter((part) => part !== '').join(', ')}: ${first.message}.`;
  return new HostError(
    'dump-empty',
    `${name} holds nothing that AIA can read as part of a cluster: no Kubernetes object, list or cloud listing.${why} Save one with "kubectl get pods,events,nodes -A -o json" or "aia collect".`,
    {
      data: { path: name, problems: problems.length },
    },
  );
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (cause) {
    const gone =
      (cause as { code?: unknown }).code === 'ENOENT' && (await lstat(path).catch(() => undefined)) === undefined;
    const message = gone
      ? `${path} does not exist; give a file, a directory, or - for standard input`
      : `${path} cannot be read: ${(cause as Error).message}`;
    throw new HostError(gone ? 'dump-missing' : 'dump-unreadable', message, { data: { path }, cause });
  }
}

function once(file: DumpFile): DumpFiles {
  return async function* () {
    yield file;
  };
}
