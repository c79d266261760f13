/**
 * Cuts a stream of bytes into JSON values without parsing them: whole documents one after another, and the items of a List
 * each by itself, so that a List of any size is read in little memory and a broken one gives what is whole.
 */

/** Receives what was cut out. Texts are UTF-8. */
export interface JsonSink {
  /** The head of a List, with `items` emptied, before its items; what stands behind them is not in it. */
  list(text: string): void;
  /** An element of the top-level `items` array, whatever its type. `index` counts from 0 within the document. */
  item(text: string, index: number, at: number): void;
  /** A document; for a List its head, with `items` emptied. `items` says how many were given before. */
  document(text: string, at: number, items: number): void;
  /**
   * A line between documents that is no JSON, without its line end. Returns whether the lines after it are text whatever they
   * look like, as between the log markers of `kubectl cluster-info dump`.
   */
  line(text: string): boolean;
  /** Something broken at a byte offset. */
  broken(message: string, at: number): void;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
const NEWLINE = 0x0a;
const SPACE = 0x20;

const ITEMS = 'items';
/** A line between documents is a log line or a separator; more than this is not one. */
const LONGEST_LINE = 1 << 20;

/** Feed it chunks with `push`, then `end`. Nesting costs no memory here: only the depth is counted. */
export class JsonValues {
  readonly #sink: JsonSink;
  readonly #valueBytes: number;
  /** Bytes not yet given out, and how many bytes of the stream stood before them. */
  #rest: Buffer = Buffer.alloc(0);
  #before = 0;
  /** What `#rest` is the end of the used part of, once chunks were joined. */
  #store: Buffer | undefined;
  /** The next line end in `#rest`, or its length; -1 when not known. */
  #newline = -1;
  /** Position of the scan in `#rest`. */
  #at = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** Start of the current document, item or line in `#rest`; -1 outside. */
  #start = -1;
  /** Quotes before this position in `#rest` mean nothing. */
  #looseUntil = -1;
  /** Start of the last string, and the last one at depth 1, to recognise the key `items`. */
  #stringStart = -1;
  #key = '';
  #isKey = false;
  /** Inside the `items` array of the current document. */
  #inItems = false;
  #itemStart = -1;
  #count = 0;
  /** Pieces of the document's head that stood before its items. */
  #head: string[] = [];
  #lines = false;
  /** Lines are text even where they look like JSON. */
  #verbatim = false;

  constructor(sink: JsonSink, valueBytes: number) {
    this.#sink = sink;
    this.#valueBytes = valueBytes;
  }

  push(chunk: Buffer): void {
    this.#append(chunk);
    this.#newline = -1;
    this.#scan();
    this.#shorten();
  }

  /** A value that comes in many small chunks must not be copied once per chunk, so the store grows by doubling. */
  #append(chunk: Buffer): void {
    const { length } = this.#rest;
    if (length === 0) {
      this.#rest = chunk;
      this.#store = undefined;
      return;
    }
    const end = this.#rest.byteOffset + length - (this.#store?.byteOffset ?? 0);
    if (this.#store !== undefined && end + chunk.length <= this.#store.length) {
      chunk.copy(this.#store, end);
      this.#rest = this.#store.subarray(end - length, end + chunk.length);
    } else {
      this.#store = Buffer.allocUnsafeSlow(2 * (length + chunk.length));
      this.#rest.copy(this.#store, 0);
      chunk.copy(this.#store, length);
      this.#rest = this.#store.subarray(0, length + chunk.length);
    }
  }

  /** Says what was cut off. */
  end(): void {
    if (this.#lines) this.#flushLine(this.#rest.length);
    else if (this.#start >= 0) {
      const where = this.#before + this.#rest.length;
      this.#sink.broken(
        `the file ends inside ${this.#inItems ? `the list, after ${this.#count} whole items` : 'a document'}`,
        where,
      );
      if (this.#count > 0) this.#sink.document(`${this.#head.join('')}]}`, where, this.#count);
    }
  }

  #scan(): void {
    const bytes = this.#rest;
    const { length } = bytes;
    let at = this.#at;
    while (at < length) {
      if (this.#inString) {
        at = this.#skipString(bytes, at);
        continue;
      }
      const byte = bytes[at] as number;
      if (this.#start < 0) {
        if (!this.#verbatim && (byte === OPEN_BRACE || byte === OPEN_BRACKET)) this.#begin(at);
        else if (byte > SPACE && byte !== 0xef && byte !== 0xbb && byte !== 0xbf) at = this.#readLine(bytes, at);
        else at++;
        continue;
      }
      if (this.#lines) {
        at = this.#readLine(bytes, at);
        continue;
      }
      switch (byte) {
        case QUOTE:
          if (at < this.#looseUntil) break;
          this.#beginScalar(at);
          this.#inString = true;
          this.#stringStart = at + 1;
          break;
        case OPEN_BRACE:
        case OPEN_BRACKET:
          this.#open(at, byte);
          break;
        case CLOSE_BRACE:
        case CLOSE_BRACKET:
          this.#close(at);
          break;
        case COMMA:
          if (this.#depth === 1) this.#isKey = true;
          else if (this.#depth === 2) this.#endItem(at);
          break;
        case COLON:
          if (this.#depth === 1) this.#isKey = false;
          break;
        default:
          if (byte > SPACE) this.#beginScalar(at);
      }
      at++;
    }
    this.#at = at;
  }

  #begin(at: number): void {
    this.#start = at;
    this.#depth = 0;
    this.#count = 0;
    this.#head = [];
    this.#key = '';
    this.#isKey = true;
  }

  #open(at: number, byte: number): void {
    this.#depth++;
    if (this.#depth === 2 && byte === OPEN_BRACKET && this.#key === ITEMS && !this.#inItems) {
      this.#inItems = true;
      this.#head.push(this.#rest.toString('utf8', this.#start, at + 1));
      this.#sink.list(`${this.#head.join('')}]}`);
    } else if (this.#depth === 3 && this.#inItems && this.#itemStart < 0) this.#itemStart = at;
  }

  #close(at: number): void {
    if (this.#depth === 2) this.#endItem(at);
    this.#depth--;
    if (this.#inItems && this.#depth === 2) this.#endItem(at + 1);
    else if (this.#inItems && this.#depth === 1) {
      this.#inItems = false;
      this.#key = '';
      this.#start = at;
    } else if (this.#depth <= 0) {
      const text = this.#head.join('') + this.#rest.toString('utf8', this.#start, at + 1);
      this.#sink.document(text, this.#before + this.#start, this.#count);
      this.#start = -1;
    }
  }

  /** An item that is no object still is one, and counts. */
  #beginScalar(at: number): void {
    if (this.#inItems && this.#depth === 2 && this.#itemStart < 0) this.#itemStart = at;
  }

  /** The item that began at `#itemStart`, if any, ends before `end`. */
  #endItem(end: number): void {
    if (!this.#inItems || this.#itemStart < 0) return;
    const start = this.#itemStart;
    this.#itemStart = -1;
    this.#give(() => this.#sink.item(this.#rest.toString('utf8', start, end), this.#count, this.#before + start), {
      at: this.#before + start,
      size: end - start,
    });
    this.#count++;
  }

  #give(out: () => void, { at, size }: { readonly at: number; readonly size: number }): void {
    if (size <= this.#valueBytes) out();
    else
      this.#sink.broken(
        `item ${this.#count} has ${size} bytes, more than the ${this.#valueBytes} that are read at once`,
        at,
      );
  }

  #skipString(bytes: Buffer, from: number): number {
    let at = from;
    if (this.#escaped) {
      this.#escaped = false;
      at++;
    }
    for (;;) {
      const quote = bytes.indexOf(QUOTE, at);
      const stop = quote < 0 ? bytes.length : quote;
      const newline = this.#newlineFrom(bytes, at);
      if (newline < stop) return this.#reopen(newline);
      const backslashes = trailingBackslashes(bytes, at, stop);
      if (quote < 0) {
        this.#escaped = backslashes % 2 === 1;
        return bytes.length;
      }
      if (backslashes % 2 === 0) return this.#endString(bytes, quote);
      at = quote + 1;
    }
  }

  /**
   * No string holds a line end, so one that seems to has lost a quote. Its line is looked at again without regard to quotes: its
   * brackets count, and what follows is not taken for text.
   */
  #reopen(newline: number): number {
    this.#inString = false;
    this.#looseUntil = newline;
    return this.#stringStart;
  }

  #endString(bytes: Buffer, end: number): number {
    this.#inString = false;
    if (this.#depth === 1 && this.#isKey)
      this.#key = end - this.#stringStart === ITEMS.length ? bytes.toString('latin1', this.#stringStart, end) : '';
    return end + 1;
  }

  /** The next line end at or after a position; looked up once per line. */
  #newlineFrom(bytes: Buffer, at: number): number {
    if (this.#newline < at) {
      const found = bytes.indexOf(NEWLINE, at);
      this.#newline = found < 0 ? bytes.length : found;
    }
    return this.#newline;
  }

  #readLine(bytes: Buffer, from: number): number {
    if (this.#start < 0) {
      this.#start = from;
      this.#lines = true;
    }
    const newline = bytes.indexOf(NEWLINE, from);
    if (newline < 0) {
      if (bytes.length - this.#start > LONGEST_LINE) this.#start = bytes.length - 1;
      return bytes.length;
    }
    this.#flushLine(newline);
    return newline + 1;
  }

  #flushLine(end: number): void {
    if (this.#start >= 0 && end > this.#start) {
      const text = this.#rest.toString('utf8', this.#start, Math.min(end, this.#start + LONGEST_LINE));
      this.#verbatim = this.#sink.line(text.trimEnd());
    }
    this.#start = -1;
    this.#lines = false;
  }

  /** Drops what was given out; positions move along. */
  #shorten(): void {
    const keepFrom = this.#itemStart >= 0 ? this.#itemStart : this.#inItems || this.#start < 0 ? this.#at : this.#start;
    if (keepFrom === 0) return this.#guard();
    this.#rest = this.#rest.subarray(keepFrom);
    this.#before += keepFrom;
    this.#at -= keepFrom;
    this.#newline = -1;
    this.#looseUntil -= keepFrom;
    if (this.#itemStart >= 0) this.#itemStart -= keepFrom;
    this.#stringStart -= keepFrom;
    if (this.#start >= 0) this.#start = Math.max(0, this.#start - keepFrom);
    this.#guard();
  }

  /** A value that outgrows its bound is given up, so that a file without end cannot fill the memory. */
  #guard(): void {
    if (this.#rest.length > this.#valueBytes * 2) {
      this.#sink.broken(`a value is larger than the ${this.#valueBytes} bytes that are read at once`, this.#before);
      this.#rest = Buffer.alloc(0);
      this.#at = 0;
      this.#start = -1;
      this.#itemStart = -1;
      this.#inItems = false;
      this.#inString = false;
      this.#looseUntil = -1;
    }
  }
}

function trailingBackslashes(bytes: Buffer, from: number, end: number): number {
  let count = 0;
  while (end - 1 - count >= from && bytes[end - 1 - count] === BACKSLASH) count++;
  return count;
}
