/** The embedded examples: dumps that ship with AIA. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** In an installed package they stand beside `dist`; in the repository they are its own. */
const FOLDERS = [join(import.meta.dirname, '../examples'), join(import.meta.dirname, '../../../examples')];

/** Names of the examples, sorted. */
export function exampleNames(): readonly string[] {
  const folder = folderOf();
  if (folder === undefined) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'dump')))
    .map((entry) => entry.name)
    .sort();
}

/** Path of an example's dump; a `RangeError` names the ones there are. */
export function examplePath(name: string): string {
  const folder = folderOf();
  if (folder === undefined || !exampleNames().includes(name))
    throw new RangeError(`no example "${name}"; there are ${exampleNames().join(', ')}`);
  return join(folder, name, 'dump');
}

function folderOf(): string | undefined {
  return FOLDERS.find((folder) => existsSync(folder));
}
