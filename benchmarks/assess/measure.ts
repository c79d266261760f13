/** The measured process of `bench assess`: `measure.ts time|heap|large|pieces PATH RUNS`, prints a {@link Measurement}. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDump } from '@aia/host';
import { assess } from '@aia/operations';

/** Milliseconds (`time`) or bytes (`heap`); for `large`, `ours` is the peak memory in bytes and `control` the milliseconds. */
export interface Measurement {
  readonly ours: readonly number[];
  readonly control: readonly number[];
}

/** How the items of the large List are indented. */
const ITEM_START = '\n        {';
const ITEM_END = '\n        }';

/** What can be measured. */
export type Measured = 'time' | 'heap' | 'large' | 'pieces';

const [what = '', path = '', runs = '1'] = process.argv.slice(2);
const measurements: Record<Measured, () => Promise<Measurement>> = { time, heap, large, pieces };
console.log(JSON.stringify(await measurements[what as Measured]()));

/** One warm-up, then control and ours in turn. The control's texts are read beforehand: only JSON.parse is timed. */
async function time(): Promise<Measurement> {
  const ours: number[] = [];
  const control: number[] = [];
  for (let i = -1; i < Number(runs); i++) {
    collectGarbage();
    const parsed = parseAll();
    collectGarbage();
    const taken = await timed(assessPath);
    if (i >= 0) {
      control.push(parsed);
      ours.push(taken);
    }
  }
  return { ours, control };
}

function parseAll(): number {
  const kept: unknown[] = [];
  let taken = 0;
  for (const name of readdirSync(path)) {
    const text = readFileSync(join(path, name), 'utf8');
    const start = performance.now();
    kept.push(JSON.parse(text));
    taken += performance.now() - start;
  }
  return kept.length === 0 ? Number.NaN : taken;
}

async function heap(): Promise<Measurement> {
  const warm = await assessPath();
  const before = heapUsed();
  const parsed = readdirSync(path).map((name) => JSON.parse(readFileSync(join(path, name), 'utf8')) as unknown);
  const control = heapUsed() - before;
  parsed.length = 0;
  const between = heapUsed();
  const kept = await assessPath();
  const ours = heapUsed() - between;
  // The uses keep both sides alive until after they were measured.
  return kept.objects === warm.objects && parsed.length === 0
    ? { ours: [ours], control: [control] }
    : { ours: [], control: [] };
}

async function large(): Promise<Measurement> {
  const taken = await timed(assessPath);
  return { ours: [process.resourceUsage().maxRSS * 1024], control: [taken] };
}

/** Control of `large`: the List's items cut at the indentation they are written with, parsed one by one and kept. */
async function pieces(): Promise<Measurement> {
  const bytes = readFileSync(path);
  const kept: unknown[] = [];
  let taken = 0;
  for (let start = bytes.indexOf(ITEM_START); start >= 0; start = bytes.indexOf(ITEM_START, start)) {
    const end = bytes.indexOf(ITEM_END, start) + ITEM_END.length;
    const began = performance.now();
    kept.push(JSON.parse(bytes.toString('utf8', start, end)));
    taken += performance.now() - began;
    start = end;
  }
  return { ours: [kept.length], control: [taken] };
}

async function assessPath() {
  const snapshot = await readDump(path);
  const assessment = assess(snapshot, { version: 'bench' });
  return { snapshot, assessment, objects: snapshot.objects.length };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

function collectGarbage(): void {
  globalThis.gc?.();
}
