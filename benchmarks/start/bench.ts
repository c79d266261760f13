/** Cold start of the command line as a whole process, against `node -e 0` in the same run, in turn. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { figure, median, type Figure, type Size } from '../figure.ts';

const AIA = join(import.meta.dirname, '../../packages/host/bin/aia.js');

/** Runs each command several times after one warm-up. */
export async function run(size: Size, progress: (text: string) => void): Promise<readonly Figure[]> {
  const rounds = size === 'full' ? 15 : 5;
  progress(`${rounds} rounds`);
  const bare: number[] = [];
  const version: number[] = [];
  const example: number[] = [];
  for (let i = -1; i < rounds; i++) {
    const times = [
      taken(['-e', '0']),
      taken([AIA, '--version']),
      taken([AIA, 'assess', '--example', 'aia-system']),
    ] as const;
    if (i < 0) continue;
    bare.push(times[0]);
    version.push(times[1]);
    example.push(times[2]);
  }
  const ratio = (values: readonly number[]) => median(values.map((value, i) => value / (bare[i] ?? Number.NaN)));
  return [
    figure('aia --version ÷ node -e 0', ratio(version), '×', { max: 2 }),
    figure('aia assess --example aia-system ÷ node -e 0', ratio(example), '×', { max: 12 }),
    figure('node -e 0 (control)', median(bare), 'ms'),
    figure('aia --version', median(version), 'ms'),
    figure('aia assess --example aia-system', median(example), 'ms'),
  ];
}

function taken(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} exited with ${status}: ${stderr}`);
  return performance.now() - start;
}
