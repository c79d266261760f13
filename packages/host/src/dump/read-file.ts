/** Reads one file of a dump, whatever it is, into an `Ingest`. */
import { BudgetError, containerFormat, gunzipped, tarFiles, unreadFormat, zipFiles } from './archive-files.ts';
import { asUtf8, decodeText } from './decode-text.ts';
import { allOf, bytesStream, streamFile, type DumpFile, type Refused } from './dump-file.ts';
import { LOG_MARK, LogSections, withoutLogs } from './log-sections.ts';
import { logOfPath } from './path-hints.ts';
import { noteNotJson, readJson, readJsonStream } from './read-json.ts';
import { readYaml } from './read-yaml.ts';
import { note, type Reading } from './reading.ts';

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
    if (error instanceof BudgetError && error.scope === 'dump') throw error;
    note(reading, file.path, '', error instanceof BudgetError ? `given up: ${error.message}` : unreadable(error));
  }
}

function unreadable(error: unknown): string {
  return `cannot be read to its end: ${(error as Error).message}`;
}

async function readBytes(file: DumpFile, bytes: Buffer, reading: Reading, depth: number): Promise<void> {
  reading.budget.addBytes(bytes.length);
  reading.onBytes(bytes.length);
  const format = containerFormat(bytes);
  if (format !== 'plain') return readContainer(file.path, format, bytes, reading, depth);
  const log = logOfPath(file.path);
  const text = decodeText(log === undefined ? bytes : bytes.subarray(-65536));
  if (text === undefined || unreadFormat(bytes) !== undefined) return noteBinary(file.path, bytes, reading);
  if (log !== undefined) return reading.ingest.log(log, text, reading.limits.logs);
  readText(file.path, text, reading);
}

/** A file too large to hold, or of unknown size. */
async function readStream(file: DumpFile, reading: Reading, depth: number): Promise<void> {
  const chunks = file.stream()[Symbol.asyncIterator]();
  const { head, failure } = await headOf(chunks);
  const rest = chained(head, failure, chunks, reading);
  const format = containerFormat(head);
  if (format === 'zip') return readZip(file.path, reading.diskPath ?? (await allOf(rest)), reading, depth);
  if (format !== 'plain') return readContainer(file.path, format, rest, reading, depth);
  const log = logOfPath(file.path);
  // What a container logged says nothing of the format around it.
  const start = decodeText(head)?.split(LOG_MARK, 1)[0];
  if (log === undefined && start !== undefined && (looksLikeJson(start) || !/\S/.test(start)))
    return readJsonStream(file.path, asUtf8(head, rest), reading);
  const bytes = await bounded(
    file.path,
    rest,
    log === undefined ? reading.limits.yamlBytes : reading.limits.valueBytes,
    reading,
  );
  const text = decodeText(log === undefined ? bytes : bytes.subarray(-65536));
  if (text === undefined || unreadFormat(bytes) !== undefined) return noteBinary(file.path, bytes, reading);
  if (log !== undefined) return reading.ingest.log(log, text, reading.limits.logs);
  readText(file.path, text, reading);
}

async function readContainer(
  path: string,
  format: 'gzip' | 'zip' | 'tar',
  from: Buffer | AsyncIterable<Buffer>,
  reading: Reading,
  depth: number,
): Promise<void> {
  if (depth >= DEEPEST_ARCHIVE)
    return note(reading, path, '', 'an archive inside an archive inside an archive; left out');
  const stream = Buffer.isBuffer(from) ? bytesStream(from) : from;
  if (format === 'zip') return readZip(path, Buffer.isBuffer(from) ? from : await allOf(from), reading, depth);
  const refuse = refusing(reading);
  if (format === 'tar') {
    for await (const file of tarFiles(path, stream, refuse))
      await readDumpFile(file, { ...reading, diskPath: undefined, inGzip: false }, depth + 1);
    return;
  }
  const inner = streamFile(path, gunzipped(stream, reading.budget));
  await readStream(
    inner,
    { ...reading, diskPath: undefined, inGzip: true, onBytes: () => {} },
    depth + (reading.inGzip ? 1 : 0),
  );
}

async function readZip(path: string, from: string | Buffer, reading: Reading, depth: number): Promise<void> {
  for await (const file of zipFiles(path, from, reading.budget, refusing(reading)))
    await readDumpFile(file, { ...reading, diskPath: undefined, inGzip: false }, depth + 1);
}

function refusing(reading: Reading): (refused: Refused) => void {
  return ({ path, reason }) => note(reading, path, '', `refused: ${reason}`, 'warning');
}

function noteBinary(path: string, bytes: Buffer, reading: Reading): void {
  const format = unreadFormat(bytes);
  if (format === undefined) note(reading, path, '', 'neither text nor an archive; left out', 'warning');
  else note(reading, path, '', `packed with ${format}, which is not read; unpack it first`);
}

/** Certificates, logs, JSON and YAML are told by their looks. */
function readText(path: string, text: string, reading: Reading): void {
  if (!/\S/.test(text)) return note(reading, path, '', 'the file is empty', 'warning');
  if (looksLikePem(path, text)) return reading.ingest.pem(text, path);
  if (!text.includes(LOG_MARK)) return readValues(path, text, reading);
  const sections = new LogSections((owner, lines) => reading.ingest.log(owner, lines.join('\n'), reading.limits.logs));
  const rest = withoutLogs(text, sections);
  const open = sections.end();
  if (open !== undefined)
    note(reading, path, '', `the log of ${open.namespace}/${open.pod} has no end; what follows it counts as log`);
  if (/\S/.test(rest)) readValues(path, rest, reading);
}

function readValues(path: string, text: string, reading: Reading): void {
  const named = /\.(?:json|ya?ml)(?=(?:\.gz)?$)/i.exec(path)?.[0].toLowerCase();
  const json = looksLikeJson(text.slice(0, HEAD_BYTES));
  if (json && readJson(path, text, reading)) return;
  if (json && (named === undefined || named === '.json')) return noteNotJson(path, text, reading);
  if (named === '.yaml' || named === '.yml' || looksLikeYaml(text.slice(0, HEAD_BYTES)))
    return readYaml(path, text, reading);
  if (named === '.json') noteNotJson(path, text, reading);
  else reading.ingest.passedOver(path);
}

/** Begins with a value, or has one at the start of a later line, behind what a tool printed first. */
function looksLikeJson(head: string): boolean {
  return /^[\s\uFEFF]*[{[]/.test(head) || /^\{(?:"|\s*$)/m.test(head);
}

function looksLikeYaml(head: string): boolean {
  return /^(?:---|apiVersion:|kind:|items:|- apiVersion:)/m.test(head);
}

/** openssl writes what a certificate says before the certificate; YAML and JSON may hold one too. */
function looksLikePem(path: string, text: string): boolean {
  // Asked of every text: one that begins with a letter is found much faster than one of dashes, of which names are full.
  if (!text.includes('BEGIN CERTIFICATE-----')) return false;
  return text.trimStart().startsWith('-----BEGIN') || /\.(?:pem|crt|cer|cert)(?:\.gz)?$/i.test(path);
}

/** What a stream begins with, also when it fails right behind that. */
async function headOf(chunks: AsyncIterator<Buffer>): Promise<{ head: Buffer; failure: unknown }> {
  let head: Buffer = Buffer.alloc(0);
  try {
    while (head.length < HEAD_BYTES) {
      const { value, done } = await chunks.next();
      if (done === true) break;
      head = head.length === 0 ? value : Buffer.concat([head, value]);
    }
  } catch (failure) {
    return { head, failure };
  }
  return { head, failure: undefined };
}

/** The whole stream again, counted. */
async function* chained(
  head: Buffer,
  failure: unknown,
  rest: AsyncIterator<Buffer>,
  reading: Reading,
): AsyncIterable<Buffer> {
  for (let value: Buffer | undefined = head; value !== undefined;) {
    reading.signal?.throwIfAborted();
    reading.budget.addBytes(value.length);
    reading.onBytes(value.length);
    if (value.length > 0) yield value;
    if (failure !== undefined) throw failure;
    const next = await rest.next();
    value = next.done === true ? undefined : next.value;
  }
}

/** The bytes of a stream that is to be held as a whole. A stream that fails gives what came before, and a problem. */
async function bounded(path: string, stream: AsyncIterable<Buffer>, most: number, reading: Reading): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > most) throw new BudgetError(`more than ${most} bytes of something that is not JSON`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof BudgetError || reading.signal?.aborted === true) throw error;
    note(reading, path, '', unreadable(error));
  }
  return Buffer.concat(chunks);
}
