/** Reading JSON that came from outside and may be anything: never throws, names what is wrong. */

/** A JSON object of unknown content. */
export type Json = Readonly<Record<string, unknown>>;

/** Something that was not as documented, with its place: `[3].quotas[0].limit`. */
export interface ReadProblem {
  readonly place: string;
  readonly message: string;
}

/** What could be read, and what could not. */
export interface Parsed<T> {
  readonly value: T;
  readonly problems: readonly ReadProblem[];
}

/** Problems kept per reading, so that hostile input cannot fill the memory. */
const PROBLEM_CAP = 200;
// Long enough for any double that Go writes without an exponent, such as `0.00000123456789012345678`.
const NUMBER_TEXT = /^[+-]?\d{1,320}(?:\.\d{1,340})?(?:[eE][+-]?\d{1,3})?$/;
const NOTHING: Json = Object.freeze({});

/** Whether a value is an object and no list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a table has under a name from outside; never what every object inherits, such as `constructor`. */
export function entryOf<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** A finite number, also when written as text (Google's REST JSON writes 64-bit integers so). */
export function finiteNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && NUMBER_TEXT.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/**
 * Reads fields of unknown objects. Absent and `null` fields give an empty value in silence, as Google's JSON leaves zero
 * values out; fields of another type give the same, and a problem.
 */
export class Reading {
  readonly problems: ReadProblem[] = [];

  note(place: string, message: string): void {
    if (this.problems.length < PROBLEM_CAP) this.problems.push({ place, message });
  }

  text(owner: Json, key: string, place: string): string {
    const value = owner[key] ?? '';
    if (typeof value === 'string') return value;
    this.#wrong('a string', value, key, place);
    return '';
  }

  /** `undefined` when absent or not a number. */
  number(owner: Json, key: string, place: string): number | undefined {
    const value = owner[key] ?? undefined;
    const number = finiteNumber(value);
    if (number === undefined && value !== undefined) this.#wrong('a number', value, key, place);
    return number;
  }

  flag(owner: Json, key: string, place: string): boolean {
    const value = owner[key] ?? false;
    if (typeof value === 'boolean') return value;
    this.#wrong('true or false', value, key, place);
    return false;
  }

  record(owner: Json, key: string, place: string): Json {
    const value = owner[key] ?? NOTHING;
    if (isRecord(value)) return value;
    this.#wrong('an object', value, key, place);
    return NOTHING;
  }

  list(owner: Json, key: string, place: string): readonly unknown[] {
    const value = owner[key] ?? [];
    if (Array.isArray(value)) return value;
    this.#wrong('a list', value, key, place);
    return [];
  }

  /** The strings of a list; other items are left out. */
  texts(owner: Json, key: string, place: string): readonly string[] {
    return this.each(owner, key, place, (item, at) => {
      if (typeof item === 'string') return item;
      this.note(at, `expected a string, found ${typeName(item)}`);
      return undefined;
    });
  }

  /** The objects of a list, read by `read`; other items are left out. */
  records<T>(owner: Json, key: string, place: string, read: (item: Json, at: string) => T | undefined): readonly T[] {
    return this.each(owner, key, place, (item, at) => {
      if (isRecord(item)) return read(item, at);
      this.note(at, `expected an object, found ${typeName(item)}`);
      return undefined;
    });
  }

  each<T>(owner: Json, key: string, place: string, read: (item: unknown, at: string) => T | undefined): readonly T[] {
    const at = inside(place, key);
    const kept: T[] = [];
    this.list(owner, key, place).forEach((item, i) => {
      const value = read(item, `${at}[${i}]`);
      if (value !== undefined) kept.push(value);
    });
    return kept;
  }

  #wrong(expected: string, value: unknown, key: string, place: string): void {
    this.note(inside(place, key), `expected ${expected}, found ${typeName(value)}`);
  }
}

/** `place` and a field in it; `place` may be empty. */
export function inside(place: string, key: string): string {
  return place === '' ? key : `${place}.${key}`;
}

/** For messages: `null`, `list`, `object`, `string`, … */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  return Array.isArray(value) ? 'list' : typeof value;
}
