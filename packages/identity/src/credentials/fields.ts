/** Reading fields of parsed JSON, where anything may stand anywhere. */
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';

/** Whether it is an object, and not a list. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The values of what may be one or a list of them; nothing where it is absent. */
export function oneOrMany(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
}

/** A list of texts without repetition; `undefined` for anything else, an empty list or text as well. */
export function textsOf(value: JsonValue | undefined): readonly string[] | undefined {
  const all = oneOrMany(value);
  const areTexts = all.every((one) => typeof one === 'string' && one !== '');
  return areTexts && all.length > 0 && new Set(all).size === all.length ? (all as readonly string[]) : undefined;
}

/** The first name that is not allowed. */
export function strangeName(object: JsonObject, allowed: ReadonlySet<string>): string | undefined {
  return Object.keys(object).find((name) => !allowed.has(name));
}

/** Whether it is a whole number from 0. */
export function isCount(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** An absolute URL (or URN, or DID) without blanks: what credentials name things by. */
export function isUrl(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && ABSOLUTE.test(value) && URL.canParse(value);
}

/** A URL, or an object that has one for its `id`: how credentials name who issues and who holds them. */
export function urlOf(value: JsonValue | undefined): string | undefined {
  const url = isObject(value) ? value.id : value;
  return isUrl(url) ? url : undefined;
}

const ABSOLUTE = /^[a-z][a-z\d+.-]*:[^\s\p{C}]+$/iu;
