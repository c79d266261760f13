/** Reads one file of a dump, whatever it is, into an `Ingest`. */
import { Readable } from 'node:stream';
import { parseAllDocuments } from 'yaml';
import {
  type Budget,
  BudgetError,
  bytesStream,
  containerFormat,
  gunzipped,
  tarFiles,
  zipFiles,
} from './archive-files.ts';
import { decodeText, isUtf16, placeOf } from './decode-text.ts';
import { streamFile, type DumpFile, type Refused } from './dump-file.ts';
import type { Ingest, Kind } from './ingest.ts';
import { JsonValues } from './json-values.ts';
import type { DumpLimits } from './limits.ts';
import { kindOfPath, logMarker, logOfPath } from './path-hints.ts';

/** What reading a file needs besides the file. */
export interface Reading {
  readonly ingest: Ingest;
  readonly limits: DumpLimits;
  readonly budget: Budget;
  readonly signal: AbortSignal | undefined;
  /** Called with bytes as they are read. */
  readonly onBytes: (count: number) => void;
  /** Path on disk of the file that is being read, for zips, which need to jump about in it. */
  readonly diskPath: string | undefined;
}

/** An archive in an archive is read; one more level in is a trick. */
const DEEPEST_ARCHIVE = 2;
const HEAD_BYTES = 4096;

/** Reads a file; what is wrong with it becomes a problem that names it, and the reading goes on with the next. */
export async function readDumpFile(file: DumpFile, reading: Reading, depth = 0): Promise<void> {
  reading.signal?.throwIfAborted();
  reading.budget.addFile();
  try {
    if (file.size !== undefined && file.size <= reading.limits.streamBytes)
      await readBytes(file, await file.bytes(), reading, depth);
    else await readStream(file, reading, depth);
  } catch (error) {
    if (reading.signal?.aborted === true) throw reading.signal.reason;
    note(
      reading,
      file.path,
      '',
      error instanceof BudgetError
        ? `given up: ${error.message}`
        : `cannot be read to its end: ${(error as Error).message}`,
    );
  }
}

async function readBytes(file: DumpFile, bytes: Buffer, reading: Reading, depth: number): Promise<void> {
  reading.budget.addBytes(bytes.length);
  reading.onBytes(bytes.length);
  const format = containerFormat(bytes);
  if (format !== 'plain') return readContainer(file.path, format, bytes, reading, depth);
  const log = logOfPath(file.path);
  const text = decodeText(log === undefined ? bytes : bytes.subarray(-65536));
  if (text === undefined) return note(reading, file.path, '', 'neither text nor an archive; left out', 'warning');
  if (log !== undefined) return reading.ingest.log(log, text, reading.limits.logs);
  readText(file.path, text, bytes, reading);
}

/** A file too large to hold, or of unknown size. */
async function readStream(file: DumpFile, reading: Reading, depth: number): Promise<void> {
  const stream = file.stream();
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const head = await headOf(chunks);
  const rest = chained(head, chunks, reading);
  const format = containerFormat(head);
  if (format === 'zip')
    return readZip(file.path, reading.diskPath ?? (await streamFile(file.path, rest).bytes()), reading, depth);
  if (format !== 'plain') return readContainer(file.path, format, rest, reading, depth);
  const log = logOfPath(file.path);
  const first = firstCharacter(head);
  if (log === undefined && !isUtf16(head) && (first === '{' || first === '[' || head.includes('==== START logs')))
    return readJsonStream(file.path, rest, reading);
  const bytes = await bounded(rest, log === undefined ? reading.limits.yamlBytes : reading.limits.valueBytes);
  const text = decodeText(log === undefined ? bytes : bytes.subarray(-65536));
  if (text === undefined) return note(reading, file.path, '', 'neither text nor an archive; left out', 'warning');
  if (log !== undefined) return reading.ingest.log(log, text, reading.limits.logs);
  readText(file.path, text, bytes, reading);
}

async function readContainer(
  path: string,
  format: 'gzip' | 'zip' | 'tar',
  from: Buffer | Readable,
  reading: Reading,
  depth: number,
): Promise<void> {
  if (depth >= DEEPEST_ARCHIVE)
    return note(reading, path, '', 'an archive inside an archive inside an archive; left out');
  const stream = Buffer.isBuffer(from) ? bytesStream(from) : from;
  if (format === 'zip')
    return readZip(path, Buffer.isBuffer(from) ? from : await streamFile(path, from).bytes(), reading, depth);
  const refuse = refusing(reading);
  if (format === 'tar') {
    for await (const file of tarFiles(path, stream, refuse))
      await readDumpFile(file, { ...reading, diskPath: undefined }, depth + 1);
    return;
  }
  const inner = streamFile(path.replace(/\.gz$/, ''), gunzipped(stream, reading.budget));
  await readStream(
    inner,
    { ...reading, diskPath: undefined, onBytes: () => {} },
    depth + (path.endsWith('gz') ? 0 : 1),
  );
}

async function readZip(path: string, from: string | Buffer, reading: Reading, depth: number): Promise<void> {
  for await (const file of zipFiles(path, from, reading.budget, refusing(reading)))
    await readDumpFile(file, { ...reading, diskPath: undefined }, depth + 1);
}

function refusing(reading: Reading): (refused: Refused) => void {
  return ({ path, reason }) => note(reading, path, '', `refused: ${reason}`, 'warning');
}

/** JSON in one go where it is whole, else cut into values; YAML, PEM and logs by their looks. */
function readText(path: string, text: string, bytes: Buffer, reading: Reading): void {
  const first = firstCharacter(Buffer.from(text.slice(0, HEAD_BYTES)));
  if (first === undefined) return note(reading, path, '', 'the file is empty', 'warning');
  if (text.includes('-----BEGIN CERTIFICATE-----') && text.trimStart().startsWith('-----BEGIN'))
    return reading.ingest.pem(text, path);
  if (first === '{' || first === '[') return readJson(path, text, bytes, reading);
  if (text.includes('==== START logs for ')) return void readJsonPieces(path, bytes, reading);
  if (/\.ya?ml$/i.test(path) || /^(?:---|apiVersion:|kind:|items:|- apiVersion:)/m.test(text.slice(0, HEAD_BYTES)))
    return readYaml(path, text, reading);
  if (/\.json$/i.test(path)) note(reading, path, 'line 1, column 1', 'named .json, but not JSON');
}

function readJson(path: string, text: string, bytes: Buffer, reading: Reading): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return readBrokenJson(path, text, bytes, error as Error, reading);
  }
  reading.ingest.value(value, path, '', kindOfPath(path));
}

/** Several documents, lines of JSON, or a file that was cut off: what is whole is read. */
function readBrokenJson(path: string, text: string, bytes: Buffer, error: Error, reading: Reading): void {
  const utf8 = isUtf16(bytes) ? Buffer.from(text) : bytes;
  const read = readJsonPieces(path, utf8, reading, text);
  if (read === 0) note(reading, path, placeOf(text, positionOf(error, text)), `not JSON: ${error.message}`);
}

function positionOf(error: Error, text: string): number {
  const at = /position (\d+)/.exec(error.message)?.[1];
  return at === undefined ? text.length : Number(at);
}

/** Cuts bytes in memory into values; returns how many were read. */
function readJsonPieces(path: string, bytes: Buffer, reading: Reading, text?: string): number {
  const sink = new PieceSink(path, reading, (at) => (text === undefined ? `byte ${at}` : placeOf(text, at)));
  const values = new JsonValues(sink, reading.limits.valueBytes);
  values.push(bytes);
  values.end();
  sink.end();
  return sink.read;
}

async function readJsonStream(path: string, stream: Readable, reading: Reading): Promise<void> {
  const sink = new PieceSink(path, reading, (at) => `byte ${at}`);
  const values = new JsonValues(sink, reading.limits.valueBytes);
  try {
    for await (const chunk of stream) {
      reading.signal?.throwIfAborted();
      values.push(chunk as Buffer);
    }
  } finally {
    values.end();
    sink.end();
  }
}

/** Parses what was cut out and hands it on. */
class PieceSink {
  read = 0;
  readonly #path: string;
  readonly #reading: Reading;
  readonly #placeOf: (at: number) => string;
  readonly #hint: Kind | undefined;
  readonly #pending: { value: unknown; index: number }[] = [];
  #log: { where: NonNullable<ReturnType<typeof logOfPath>>; lines: string[] } | undefined;

  constructor(path: string, reading: Reading, place: (at: number) => string) {
    this.#path = path;
    this.#reading = reading;
    this.#placeOf = place;
    this.#hint = kindOfPath(path);
  }

  item(text: string, index: number, at: number): void {
    const value = this.#parse(text, at);
    if (value === undefined) return;
    // Items of a typed list name no kind; the list's own may stand behind them.
    if (typeof value === 'object' && value !== null && !('kind' in value) && this.#hint === undefined)
      this.#pending.push({ value, index });
    else this.#reading.ingest.value(value, this.#path, `items[${index}]`, this.#hint);
    this.read++;
  }

  document(text: string, at: number, items: number): void {
    const value = this.#parse(text, at);
    const { kind, apiVersion } = (value ?? {}) as { kind?: unknown; apiVersion?: unknown };
    const itemKind =
      typeof kind === 'string' && kind.endsWith('List') && kind !== 'List' && typeof apiVersion === 'string'
        ? { apiVersion, kind: kind.slice(0, -4) }
        : undefined;
    for (const pending of this.#pending.splice(0))
      this.#reading.ingest.value(pending.value, this.#path, `items[${pending.index}]`, itemKind);
    if (items > 0 && typeof kind === 'string') this.#reading.ingest.listed(kind);
    else if (value !== undefined && items === 0) this.#reading.ingest.value(value, this.#path, '', this.#hint);
    if (value !== undefined) this.read++;
  }

  line(text: string): boolean {
    const marker = logMarker(text);
    if (marker !== undefined) {
      this.#endLog();
      if (marker.start !== undefined) this.#log = { where: marker.start, lines: [] };
    } else if (this.#log !== undefined) {
      this.#log.lines.push(text);
      if (this.#log.lines.length > 200) this.#log.lines.splice(0, 150);
    } else if (text !== '---' && text !== '')
      note(this.#reading, this.#path, '', `text between documents: ${text.slice(0, 80)}`, 'warning');
    return this.#log !== undefined;
  }

  broken(message: string, at: number): void {
    note(this.#reading, this.#path, this.#placeOf(at), message);
  }

  end(): void {
    for (const { value, index } of this.#pending.splice(0))
      this.#reading.ingest.value(value, this.#path, `items[${index}]`, undefined);
    this.#endLog();
  }

  #endLog(): void {
    if (this.#log !== undefined)
      this.#reading.ingest.log(this.#log.where, this.#log.lines.join('\n'), this.#reading.limits.logs);
    this.#log = undefined;
  }

  #parse(text: string, at: number): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      note(this.#reading, this.#path, this.#placeOf(at), `not JSON: ${(error as Error).message}`);
      return undefined;
    }
  }
}

/** Every document by itself, so that one broken document does not cost the others. */
function readYaml(path: string, text: string, reading: Reading): void {
  if (text.length > reading.limits.yamlBytes)
    return note(
      reading,
      path,
      '',
      `larger than the ${reading.limits.yamlBytes} bytes of YAML that are read; save it as JSON`,
    );
  const documents = parseAllDocuments(text, { logLevel: 'silent', uniqueKeys: false });
  const hint = kindOfPath(path);
  for (const [i, document] of [...documents].entries()) {
    const [error] = document.errors;
    if (error !== undefined) {
      const [start] = error.linePos ?? [];
      note(
        reading,
        path,
        start === undefined ? `document ${i + 1}` : `line ${start.line}, column ${start.col}`,
        `not YAML: ${error.message.split('\n')[0] ?? ''}`,
      );
      continue;
    }
    try {
      const value: unknown = document.toJS({ maxAliasCount: 100 });
      if (value !== null && value !== undefined)
        reading.ingest.value(value, path, documents.length > 1 ? `document ${i + 1}` : '', hint);
    } catch (cause) {
      note(reading, path, `document ${i + 1}`, `not read: ${(cause as Error).message}`);
    }
  }
}

function note(
  reading: Reading,
  source: string,
  place: string,
  message: string,
  severity: 'error' | 'warning' = 'error',
): void {
  reading.ingest.builder.problem({ source, place, message, severity });
}

function firstCharacter(head: Buffer): string | undefined {
  return /[^\s\uFEFF\0]/.exec(head.toString('utf8').replace(/^\uFFFD+/, ''))?.[0];
}

async function headOf(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < HEAD_BYTES) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  return head;
}

function chained(head: Buffer, rest: AsyncIterator<Buffer>, reading: Reading): Readable {
  async function* all() {
    for (let value: Buffer | undefined = head; value !== undefined;) {
      reading.budget.addBytes(value.length);
      reading.onBytes(value.length);
      if (value.length > 0) yield value;
      const next = await rest.next();
      value = next.done === true ? undefined : next.value;
    }
  }
  return Readable.from(all(), { objectMode: false });
}

async function bounded(stream: Readable, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += (chunk as Buffer).length;
    if (size > most) throw new BudgetError(`more than ${most} bytes of something that is not JSON`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
