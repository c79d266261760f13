/**
 * Joins the compiled command line into few files, since a run of some milliseconds must not load hundreds.
 *   node scripts/bundle.ts  reads packages/host/dist, writes packages/host/bundle
 */
import { join } from 'node:path';
import { build } from 'rolldown';

const host = join(import.meta.dirname, '../packages/host');

await build({
  input: join(host, 'dist/cli/main.js'),
  platform: 'node',
  // Loaded only for a live cluster, and larger than everything else.
  external: ['@kubernetes/client-node'],
  output: {
    // As deep in the package as `dist`, so that paths relative to a module mean the same in both.
    dir: join(host, 'bundle'),
    cleanDir: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
  },
});
