/** JSON Canonicalization Scheme. Source: RFC 8785. */
import type { JsonObject, JsonValue } from './strict-json.ts';

/**
 * The one text of a value: names ordered by UTF-16 code units, no spaces, numbers and strings as ECMAScript writes them.
 * @throws TypeError for what JSON has not: `undefined`, functions, big integers, numbers that are not finite, lone surrogates
 */
export function canonicalJson(value: JsonValue): string {
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
      return isArray(value) ? `[${value.map(canonicalJson).join()}]` : ofObject(value);
    default:
      throw new TypeError(`canonical JSON: ${typeof value} is no value of JSON`);
  }
}

/** {@link canonicalJson} in UTF-8. */
export function canonicalBytes(value: JsonValue): Uint8Array {
  return new TextEncoder().encode(canonicalJson(value));
}

function ofObject(object: JsonObject): string {
  // The order of code units is how JavaScript compares strings.
  const names = Object.keys(object).sort();
  return `{${names.map((name) => `${quoted(name)}:${canonicalJson(object[name] as JsonValue)}`).join()}}`;
}

function quoted(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('canonical JSON: a string has a lone surrogate');
  return JSON.stringify(text);
}

function isArray(value: JsonObject | readonly JsonValue[]): value is readonly JsonValue[] {
  return Array.isArray(value);
}
