/**
 * Time and memory of reading and assessing a dump, against `JSON.parse` of the same files in the same run.
 * Each measurement runs in a process of its own, so that one's heap does not weigh on the next.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { figure, median, type Figure, type Size } from '../figure.ts';
import type { Measured, Measurement } from './measure.ts';
import { writeCluster, writeLargeList } from './synthetic-cluster.ts';

const execute = promisify(execFile);
const GIGABYTE = 1_000_000_000;

/** Runs it; full takes about five minutes and 2 GB of disk in the temporary directory. */
export async function run(size: Size, progress: (text: string) => void): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'aia-bench-'));
  try {
    const sizes = size === 'full' ? [1_000, 10_000, 100_000] : [500, 2_000];
    const measured: { pods: number; times: Measurement; heap: Measurement }[] = [];
    for (const pods of sizes) {
      progress(`${pods} pods`);
      const dump = join(folder, String(pods));
      writeCluster(dump, pods);
      const times = await measure('time', dump, pods >= 100_000 ? 3 : 5);
      const heap = await measureAnew('heap', dump, 3);
      measured.push({ pods, times, heap });
      rmSync(dump, { recursive: true });
    }
    progress('one large List');
    const list = join(folder, 'list.json');
    const listed = writeLargeList(list, size === 'full' ? GIGABYTE : GIGABYTE / 50);
    const large = await measureAnew('large', list, 3);
    const parsed = await measureAnew('pieces', list, 3);
    return [
      ...measured.flatMap((one) => figuresOf(one)),
      ...growth(measured),
      ...largeFigures(size, listed, large, parsed),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function figuresOf({ pods, times, heap }: { pods: number; times: Measurement; heap: Measurement }): readonly Figure[] {
  const bounded = pods >= 10_000;
  return [
    figure(
      `load + assess ÷ JSON.parse, ${pods} pods`,
      ratioOf(times.ours, times.control),
      '×',
      bounded ? { max: 3 } : null,
    ),
    figure(`load + assess, ${pods} pods`, median(times.ours), 'ms'),
    figure(`JSON.parse (control), ${pods} pods`, median(times.control), 'ms'),
    figure(`heap growth ÷ parsed objects, ${pods} pods`, ratioOf(heap.ours, heap.control), '×', { max: 3 }),
  ];
}

/** Exponent of growth between the sizes, 1 is linear; the control's shows what the machine did meanwhile. */
function growth(measured: readonly { pods: number; times: Measurement }[]): readonly Figure[] {
  return measured.slice(1).flatMap((next, i) => {
    const before = measured[i] as { pods: number; times: Measurement };
    const exponent = (side: 'ours' | 'control') =>
      Math.log(median(next.times[side]) / median(before.times[side])) / Math.log(next.pods / before.pods);
    const name = `${before.pods} to ${next.pods} pods`;
    return [
      figure(`growth exponent, ${name}`, exponent('ours'), '', { max: 1.1 }),
      figure(`growth exponent of JSON.parse (control), ${name}`, exponent('control'), ''),
    ];
  });
}

/** `large.ours` is memory, `large.control` time; `parsed.control` is the time of the control. */
function largeFigures(size: Size, pods: number, large: Measurement, parsed: Measurement): readonly Figure[] {
  const name = `one ${size === 'full' ? '1 GB' : '20 MB'} List of ${pods} pods`;
  return [
    figure(`peak memory, ${name}`, median(large.ours) / 1e6, 'MB', { max: 1500 }),
    figure(`load + assess ÷ JSON.parse item by item, ${name}`, ratioOf(large.control, parsed.control), '×'),
    figure(`load + assess, ${name}`, median(large.control), 'ms'),
    figure(`JSON.parse item by item (control), ${name}`, median(parsed.control), 'ms'),
  ];
}

function ratioOf(ours: readonly number[], control: readonly number[]): number {
  return median(ours.map((value, i) => value / (control[i] ?? Number.NaN)));
}

/** Several runs, each in a process of its own. */
async function measureAnew(what: Measured, path: string, runs: number): Promise<Measurement> {
  const ours: number[] = [];
  const control: number[] = [];
  for (let i = 0; i < runs; i++) {
    const one = await measure(what, path, 1);
    ours.push(...one.ours);
    control.push(...one.control);
  }
  return { ours, control };
}

async function measure(what: Measured, path: string, runs: number): Promise<Measurement> {
  // The large List runs as a user would run it; the others get room for both sides of the comparison.
  const flags = what === 'large' ? [] : ['--expose-gc', '--max-old-space-size=16384'];
  const script = join(import.meta.dirname, 'measure.ts');
  const { stdout } = await execute(process.execPath, [...flags, script, what, path, String(runs)], { maxBuffer: 1e8 });
  return JSON.parse(stdout) as Measurement;
}
