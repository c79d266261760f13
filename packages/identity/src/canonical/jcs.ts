/** JSON Canonicalization Scheme. Source: RFC 8785. */
import { hasNoncharacter, type JsonObject, type JsonValue } from './strict-json.ts';

/**
 * The one text of a value: names ordered by UTF-16 code units, no spaces, numbers and strings as ECMAScript writes them.
 * @throws TypeError for what I-JSON has not: `undefined`, functions, big integers, dates, maps and other objects with a class, numbers that are not finite, gaps in
 * arrays, lone surrogates, noncharacters
 */
export function canonicalJson(value: JsonValue): string {
  const text = written(value);
  if (hasNoncharacter(text)) throw new TypeError('canonical JSON: a string has a noncharacter');
  return text;
}

/** {@link canonicalJson} in UTF-8. */
export function canonicalBytes(value: JsonValue): Uint8Array {
  return new TextEncoder().encode(canonicalJson(value));
}

function written(value: JsonValue): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`canonical JSON: ${String(value)} is no number of JSON`);
      return JSON.stringify(value);
    case 'boolean':
      return String(value);
    case 'object':
      if (value === null) return 'null';
      // Spread, gaps are members like any other.
      return isArray(value) ? `[${[...value].map(written).join()}]` : ofObject(value);
    default:
      throw new TypeError(`canonical JSON: ${typeof value} is no value of JSON`);
  }
}

function ofObject(object: JsonObject): string {
  if (!isPlain(object)) throw new TypeError(`canonical JSON: ${String(object)} is no object of JSON`);
  // The order of code units is how JavaScript compares strings.
  const names = Object.keys(object).sort();
  return `{${names.map((name) => `${quoted(name)}:${written(object[name] as JsonValue)}`).join()}}`;
}

function quoted(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('canonical JSON: a string has a lone surrogate');
  return JSON.stringify(text);
}

/** Without a class: of no prototype, or of one that has none itself, in whichever realm. */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isArray(value: JsonObject | readonly JsonValue[]): value is readonly JsonValue[] {
  return Array.isArray(value);
}
