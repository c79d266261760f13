/**
 * What identity costs, as ratios in one run: composite signatures against their native halves, noble against `node:crypto`, credentials against canonical
 * JSON and native signatures alone, and 100 000 identities.
 */
import type { Figure, Size } from '../figure.ts';
import { compositeFigures } from './composite.ts';
import { credentialFigures } from './credentials.ts';
import { identityFigures } from './identities.ts';
import { primitiveFigures } from './primitives.ts';

/** Runs it; CPU times, so that other work on the machine weighs little. */
export async function run(size: Size, progress: (text: string) => void): Promise<readonly Figure[]> {
  progress('composite signatures');
  const composite = await compositeFigures(size);
  progress('credentials');
  const credentials = await credentialFigures(size);
  progress('identities');
  const identities = await identityFigures(size);
  return [...composite, ...credentials, ...identities, ...(await primitiveFigures(size, progress))];
}
