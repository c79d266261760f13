/** Many identities: made, stored, resolved from the store and from memory, rotated. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { figure, type Figure, type Size } from '../figure.ts';
import type { IdentityMeasurement } from './measure-identities.ts';

/** In a process of its own. */
export async function identityFigures(size: Size): Promise<readonly Figure[]> {
  const count = size === 'full' ? 100_000 : 500;
  const script = join(import.meta.dirname, 'measure-identities.ts');
  // From the sources, as the other figures of this benchmark.
  const flags = ['--conditions=source', '--no-warnings', '--expose-gc', '--max-old-space-size=8192'];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, 'identities', String(count)]);
  const found = JSON.parse(stdout) as IdentityMeasurement;
  const { created, cold, warm, rotated, native, namesMb, warmMb, logBytes } = found;
  const ratio = (what: string, ms: number) =>
    figure(`${what} ÷ native Ed25519 signature and verification`, ms / native, '×');
  const time = (what: string, ms: number) => figure(`${what}, ${count} identities`, ms * 1000, 'µs');
  return [
    ratio('DID created', created),
    ratio('DID resolved cold', cold),
    ratio('DID rotated', rotated),
    figure('DID resolved cold ÷ warm', cold / warm, '×', { min: 5 }),
    ...[time('created and stored', created), time('resolved cold', cold)],
    ...[time('resolved warm', warm), time('rotated', rotated)],
    figure(`memory of the names, ${count} identities`, namesMb, 'MB'),
    figure(`memory with as many verified as a resolver keeps, ${count} identities`, warmMb, 'MB', { max: 1000 }),
    figure('log of a new identity', logBytes, 'bytes'),
  ];
}
