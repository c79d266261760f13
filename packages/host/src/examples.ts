/** The embedded examples: dumps that ship with AIA. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../../examples');

/** Names of the examples, sorted. */
export function exampleNames(): readonly string[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(FOLDER, entry.name, 'dump')))
    .map((entry) => entry.name)
    .sort();
}

/** Path of an example's dump; a `RangeError` names the ones there are. */
export function examplePath(name: string): string {
  if (!exampleNames().includes(name))
    throw new RangeError(`no example "${name}"; there are ${exampleNames().join(', ')}`);
  return join(FOLDER, name, 'dump');
}
