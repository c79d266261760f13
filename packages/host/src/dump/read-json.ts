/** Reads JSON: at once where it is whole, else cut into values, so that several documents and broken ones give what they hold. */
import { placeOf, placeOfByte } from './decode-text.ts';
import { JsonValues, type JsonSink } from './json-values.ts';
import { LogSections } from './log-sections.ts';
import { kindOfPath, type Kind } from './path-hints.ts';
import { note, type Reading } from './reading.ts';

/** Broken places of one file that are named. */
const MOST_BROKEN = 200;
/** Characters in which the place of an error is searched for. */
const SEARCHED = 1 << 20;

/** Reads JSON text; returns `false`, having noted nothing, when there is no JSON value in it at all. */
export function readJson(path: string, text: string, reading: Reading): boolean {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return readPieces(path, Buffer.from(text), reading);
  }
  reading.ingest.value(value, path, '', kindOfPath(path));
  return true;
}

/** Says where and why a text is not JSON. */
export function noteNotJson(path: string, text: string, reading: Reading): void {
  try {
    JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    note(reading, path, placeOf(text, errorPosition(text, message)), `not JSON: ${withoutPosition(message)}`);
  }
}

/** Several documents, lines of JSON, or a file that was cut off: what is whole is read. */
function readPieces(path: string, bytes: Buffer, reading: Reading): boolean {
  const sink = new PieceSink(path, reading, (at) => placeOfByte(bytes, at));
  const values = new JsonValues(sink, reading.limits.valueBytes);
  values.push(bytes);
  values.end();
  sink.end();
  return sink.settle();
}

/** A stream of JSON of any size. */
export async function readJsonStream(path: string, stream: AsyncIterable<Buffer>, reading: Reading): Promise<void> {
  const sink = new PieceSink(path, reading, (at) => `byte ${at}`);
  const values = new JsonValues(sink, reading.limits.valueBytes);
  try {
    for await (const chunk of stream) {
      reading.signal?.throwIfAborted();
      values.push(chunk);
    }
  } finally {
    values.end();
    sink.end();
    sink.settle(true);
  }
}

/** Parses what was cut out and hands it on. */
class PieceSink implements JsonSink {
  readonly #path: string;
  readonly #reading: Reading;
  readonly #placeOf: (at: number) => string;
  readonly #hint: Kind | undefined;
  readonly #logs: LogSections;
  /** What the items of the current list are, where they do not say it themselves. */
  #kind: Kind | undefined;
  readonly #pending: { readonly value: object; readonly place: string }[] = [];
  readonly #broken: { readonly place: string; readonly message: string }[] = [];
  #read = 0;
  #strayLines = 0;
  #strayLine = '';

  constructor(path: string, reading: Reading, place: (at: number) => string) {
    this.#path = path;
    this.#reading = reading;
    this.#placeOf = place;
    this.#hint = kindOfPath(path);
    this.#logs = new LogSections((owner, lines) => reading.ingest.log(owner, lines.join('\n'), reading.limits.logs));
  }

  list(text: string): void {
    try {
      this.#kind = this.#hint ?? itemKind(JSON.parse(text));
    } catch {
      // What is wrong with it is said when the document ends.
      this.#kind = this.#hint;
    }
  }

  item(text: string, index: number, at: number): void {
    const parsed = this.#parse(text, at, `items[${index}], `);
    if (parsed === undefined) return;
    const { value } = parsed;
    const place = `items[${index}]`;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      this.#reading.ingest.builder.add(value, this.#path, place);
    // Items of a typed list name no kind; the list's own may stand behind them.
    else if (!('kind' in value) && this.#kind === undefined) this.#pending.push({ value, place });
    else this.#reading.ingest.value(value, this.#path, place, this.#kind);
    this.#read++;
  }

  document(text: string, at: number, items: number): void {
    const parsed = this.#parse(text, at, '');
    const { kind } = (parsed?.value ?? {}) as { kind?: unknown };
    this.#flush(itemKind(parsed?.value));
    if (items > 0 && typeof kind === 'string') this.#reading.ingest.listed(kind);
    else if (parsed !== undefined && items === 0) this.#reading.ingest.value(parsed.value, this.#path, '', this.#hint);
    if (parsed !== undefined) this.#read++;
  }

  line(text: string): boolean {
    if (this.#logs.line(text)) this.#read++;
    else if (text !== '---' && this.#strayLines++ === 0) this.#strayLine = text;
    return this.#logs.inside;
  }

  broken(message: string, at: number): void {
    this.#wrong(this.#placeOf(at), message);
  }

  /** To be called when all is in. */
  end(): void {
    this.#flush(undefined);
    const owner = this.#logs.end();
    if (owner !== undefined)
      this.broken(`the log of ${owner.namespace}/${owner.pod} has no end; what follows it counts as log`, 0);
  }

  /** Reports what was wrong; returns whether anything was read. Without `always`, nothing is said when it was not. */
  settle(always = false): boolean {
    if (this.#read === 0 && !always) return false;
    for (const { place, message } of this.#broken) note(this.#reading, this.#path, place, message);
    if (this.#strayLines > 0) {
      const lines = this.#strayLines === 1 ? 'a line' : `${this.#strayLines} lines`;
      const message = `${lines} of text between documents, left out: ${this.#strayLine.slice(0, 80)}`;
      note(this.#reading, this.#path, '', message, 'warning');
    }
    return this.#read > 0;
  }

  #flush(kind: Kind | undefined): void {
    for (const { value, place } of this.#pending.splice(0)) this.#reading.ingest.value(value, this.#path, place, kind);
  }

  #parse(text: string, at: number, where: string): { readonly value: unknown } | undefined {
    try {
      return { value: JSON.parse(text) };
    } catch (error) {
      const { message } = error as Error;
      const inside = Buffer.byteLength(text.slice(0, errorPosition(text, message)));
      this.#wrong(where + this.#placeOf(at + inside), `not JSON: ${withoutPosition(message)}`);
      return undefined;
    }
  }

  #wrong(place: string, message: string): void {
    if (this.#broken.length < MOST_BROKEN) this.#broken.push({ place, message });
  }
}

/** `PodList` → `Pod`; `undefined` for a plain List. */
function itemKind(list: unknown): Kind | undefined {
  const { kind, apiVersion } = (list ?? {}) as { kind?: unknown; apiVersion?: unknown };
  if (typeof kind !== 'string' || !kind.endsWith('List') || kind === 'List' || typeof apiVersion !== 'string')
    return undefined;
  return { apiVersion, kind: kind.slice(0, -'List'.length) };
}

/**
 * Where JSON ends to be JSON. V8 often says it; where not, the longest beginning is looked for that is merely unfinished, in texts
 * that are not too long to be parsed twenty times.
 */
function errorPosition(text: string, message: string): number {
  const told = toldPosition(message);
  if (told !== undefined) return told;
  if (text.length > SEARCHED || message.startsWith('Unexpected end')) return text.length;
  let good = 0;
  let bad = text.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUnfinished(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function isUnfinished(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as Error;
    return message.startsWith('Unexpected end') || (toldPosition(message) ?? -1) >= text.length;
  }
}

function toldPosition(message: string): number | undefined {
  const at = /at position (\d+)/.exec(message)?.[1];
  return at === undefined ? undefined : Number(at);
}

/** A message of `JSON.parse` without the place, which is said otherwise, and the text around it, which may be a secret. */
export function withoutPosition(message: string): string {
  return message.replace(/(?:, (?:\.\.\.)?"[^]*" is not valid JSON| in JSON at position \d+.*)$/, '');
}
