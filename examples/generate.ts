/**
 * Writes the examples' dumps.
 *   node examples/generate.ts          writes
 *   node examples/generate.ts --check  exits with 1 when a committed dump is not what this would write
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { aiaSystem } from './generate/aia-system.ts';
import type { Files } from './generate/files.ts';
import { healthy, missingSecretKey, namespaceQuota, stockOut } from './generate/small.ts';

const examples: Readonly<Record<string, () => Files>> = {
  'aia-system': aiaSystem,
  healthy,
  'missing-secret-key': missingSecretKey,
  'namespace-quota': namespaceQuota,
  'stock-out': stockOut,
};
const check = process.argv.includes('--check');
let stale = 0;

for (const [name, make] of Object.entries(examples)) {
  const folder = join(import.meta.dirname, name, 'dump');
  if (!check) rmSync(folder, { recursive: true, force: true });
  for (const [path, content] of make()) {
    const file = join(folder, path);
    if (check) {
      if (existsSync(file) && readFileSync(file, 'utf8') === content) continue;
      console.error(`stale: ${name}/dump/${path}`);
      stale++;
    } else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }
}
console.log(check ? `${stale} stale files` : `wrote ${Object.keys(examples).length} examples`);
process.exitCode = stale > 0 ? 1 : 0;
