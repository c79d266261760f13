/** A dump's files as they stand, for tests of the examples themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** What the tests look at; anything else is left alone. */
export interface Listed {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly creationTimestamp?: string;
    readonly generateName?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly Owner[];
  };
  readonly [field: string]: unknown;
}

/** Names of the examples. */
export const exampleFolders: readonly string[] = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'generate')
  .map((entry) => entry.name);

/** The dump's path. */
export function dumpOf(example: string): string {
  return join(import.meta.dirname, example, 'dump');
}

/** One file's text. */
export function textOf(example: string, path: string): string {
  return readFileSync(join(dumpOf(example), path), 'utf8');
}

/** One file's value. */
export function valueOf<T>(example: string, path: string): T {
  return JSON.parse(textOf(example, path)) as T;
}

/** The lists that kubectl wrote, one per kind. */
export function listsOf(example: string): readonly (readonly Listed[])[] {
  return readdirSync(dumpOf(example))
    .filter((name) => name.endsWith('.json') && name !== 'version.json')
    .map((name) => valueOf<{ readonly items: readonly Listed[] }>(example, name).items);
}

/** Value at a dotted path, for fields that the type does not name. */
export function at(object: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key], object);
}
