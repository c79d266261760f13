/**
 * Puts the examples' dumps into a package before it is packed, so that an installed `aia assess --example` has them.
 *   node scripts/embed-examples.ts FOLDER           copies
 *   node scripts/embed-examples.ts FOLDER --remove  takes them away again
 */
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [folder = '', action] = process.argv.slice(2);
if (folder === '') throw new TypeError('a folder is needed: node scripts/embed-examples.ts FOLDER [--remove]');
const target = resolve(folder);
const examples = join(import.meta.dirname, '../examples');

rmSync(target, { recursive: true, force: true });
if (action !== '--remove')
  for (const entry of readdirSync(examples, { withFileTypes: true }))
    if (entry.isDirectory() && entry.name !== 'generate')
      cpSync(join(examples, entry.name, 'dump'), join(target, entry.name, 'dump'), { recursive: true });
