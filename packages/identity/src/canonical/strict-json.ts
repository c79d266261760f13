/**
 * JSON that means one thing only: I-JSON (RFC 7493), without duplicate names, lone surrogates, noncharacters or numbers that lose digits. Everything that is signed
 * or checked is parsed by this and by nothing else.
 */

/** A value of JSON; objects have no prototype, so that no name is special. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
/** An object of JSON. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** How much is read. */
export interface JsonLimits {
  /** UTF-16 code units; default 1 MiB. */
  readonly most?: number;
  /** Levels of arrays and objects; default 64. */
  readonly depth?: number;
}

/** A value, or what is wrong and at which offset in UTF-16 code units. */
export type ParsedJson =
  | { readonly kind: 'value'; readonly value: JsonValue }
  | { readonly kind: 'refused'; readonly reason: JsonRefusal; readonly at: number };

/** Why a text is refused. */
export type JsonRefusal =
  | 'too-long'
  | 'too-deep'
  | 'malformed'
  | 'trailing-text'
  | 'duplicate-name'
  | 'lone-surrogate'
  | 'noncharacter'
  | 'unsafe-number';

const MOST = 2 ** 20;
const DEPTH = 64;

/** Reads a whole text. Never throws. */
export function parseJson(text: string, { most = MOST, depth = DEPTH }: JsonLimits = {}): ParsedJson {
  if (text.length > most) return { kind: 'refused', reason: 'too-long', at: most };
  const reader = new Reader(text, depth);
  try {
    const value = reader.document();
    return { kind: 'value', value };
  } catch (error) {
    if (error instanceof Refused) return { kind: 'refused', reason: error.reason, at: reader.at };
    throw error;
  }
}

/** Reads UTF-8, refusing what is not. */
export function parseJsonBytes(bytes: Uint8Array, limits: JsonLimits = {}): ParsedJson {
  if (bytes.length > 4 * (limits.most ?? MOST)) return { kind: 'refused', reason: 'too-long', at: 0 };
  const text = decoded(bytes);
  return text === undefined ? { kind: 'refused', reason: 'malformed', at: 0 } : parseJson(text, limits);
}

const NONCHARACTER = /\p{Noncharacter_Code_Point}/u;

/** Whether a text has a code point that is never a character, which I-JSON has not (RFC 7493 section 2.1). */
export function hasNoncharacter(text: string): boolean {
  return NONCHARACTER.test(text);
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Only thrown and caught in this file. */
class Refused extends Error {
  readonly reason: JsonRefusal;
  constructor(reason: JsonRefusal) {
    super(reason);
    this.reason = reason;
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' },
};

class Reader {
  readonly #text: string;
  readonly #depth: number;
  #at = 0;

  constructor(text: string, depth: number) {
    this.#text = text;
    this.#depth = depth;
  }

  get at(): number {
    return this.#at;
  }

  document(): JsonValue {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) throw new Refused('trailing-text');
    return value;
  }

  #value(level: number): JsonValue {
    this.#space();
    const first = this.#text[this.#at];
    if (first === '{' || first === '[') {
      if (level >= this.#depth) throw new Refused('too-deep');
      this.#at++;
      return first === '{' ? this.#object(level + 1) : this.#array(level + 1);
    }
    if (first === '"') return this.#string();
    for (const [word, value] of WORDS) if (this.#takes(word)) return value;
    return this.#number();
  }

  #object(level: number): JsonObject {
    const found: Record<string, JsonValue> = Object.create(null) as Record<string, JsonValue>;
    this.#space();
    if (this.#takes('}')) return found;
    for (;;) {
      this.#space();
      if (this.#text[this.#at] !== '"') throw new Refused('malformed');
      const name = this.#string();
      if (Object.hasOwn(found, name)) throw new Refused('duplicate-name');
      this.#space();
      this.#expect(':');
      found[name] = this.#value(level);
      this.#space();
      if (this.#takes('}')) return found;
      this.#expect(',');
    }
  }

  #array(level: number): readonly JsonValue[] {
    const found: JsonValue[] = [];
    this.#space();
    if (this.#takes(']')) return found;
    for (;;) {
      found.push(this.#value(level));
      this.#space();
      if (this.#takes(']')) return found;
      this.#expect(',');
    }
  }

  #string(): string {
    this.#at++;
    const parts: string[] = [];
    for (;;) {
      parts.push(this.#plain());
      const next = this.#text[this.#at];
      if (next === '"') break;
      if (next !== '\\') throw new Refused('malformed');
      parts.push(this.#escape());
    }
    this.#at++;
    const text = parts.join('');
    if (!text.isWellFormed()) throw new Refused('lone-surrogate');
    if (hasNoncharacter(text)) throw new Refused('noncharacter');
    return text;
  }

  /** Up to what ends or escapes; control characters have to be escaped. */
  #plain(): string {
    const start = this.#at;
    for (; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code < 0x20 || code === 0x22 || code === 0x5c) break;
    }
    return this.#text.slice(start, this.#at);
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? '';
    if (letter !== 'u') {
      const plain = ESCAPES[letter];
      if (plain === undefined) throw new Refused('malformed');
      this.#at += 2;
      return plain;
    }
    const digits = this.#text.slice(this.#at + 2, this.#at + 6);
    if (!/^[\da-fA-F]{4}$/.test(digits)) throw new Refused('malformed');
    this.#at += 6;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  /** Numbers that other readers get as the same number, and whose canonical text is read again: see {@link isExact}. */
  #number(): number {
    const start = this.#at;
    const text = this.#matched(NUMBER);
    if (text === '') throw new Refused('malformed');
    const value = Number(text);
    if (isExact(text, value)) return value;
    this.#at = start;
    throw new Refused('unsafe-number');
  }

  #matched(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [text = ''] = pattern.exec(this.#text) ?? [];
    this.#at += text.length;
    return text;
  }

  #space(): void {
    while (SPACE.has(this.#text[this.#at] ?? '')) this.#at++;
  }

  #takes(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#takes(sign)) throw new Refused('malformed');
  }
}

const SPACE: ReadonlySet<string> = new Set([' ', '\t', '\n', '\r']);
const WORDS: readonly (readonly [string, JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/** From here on ECMAScript, and canonical JSON with it, writes integers with an exponent. */
const WRITTEN_WITH_EXPONENT = 1e21;

/**
 * Integers within ±(2^53 − 1); beyond, only doubles that are written as such, with an exponent, in their canonical text too. −0 is 0 to JSON and would not be the
 * same bytes again; what is too small for a double would become 0.
 */
function isExact(text: string, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  if (value === 0) return ZERO.test(text);
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return true;
  return /[eE]/.test(text) && Math.abs(value) >= WRITTEN_WITH_EXPONENT;
}

const ZERO = /^0(?:\.0+)?(?:[eE]|$)/;
