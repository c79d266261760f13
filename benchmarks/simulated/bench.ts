/**
 * How fast the simulated cluster places pods, with the pod mixes of Kubernetes' own scheduler benchmark; how fast its time passes; how its
 * cost grows; what a large one holds in memory. Every measurement runs in a process of its own; the control is `JSON.parse`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { figure, median, type Detailed, type Figure, type Size } from '../figure.ts';
import { measureApart } from '../measure-apart.ts';
import { chartSvg, type Line } from './chart.ts';
import type { Placements, Steady } from './measure.ts';
import { PLAIN, POD_MIXES, type PodMix } from './pod-mixes.ts';

const CHART = join(import.meta.dirname, '../../docs/reference/simulated-cluster-growth.svg');

type Progress = (text: string) => void;

/** Runs it; full takes about three minutes and writes the chart of growth into the documentation. */
export async function run(size: Size, progress: Progress): Promise<Detailed> {
  const isFull = size === 'full';
  const share = isFull ? 1 : 0.04;
  const figures: Figure[] = [];
  const lines = ['pods per second, made and bound, beside what the CI of Kubernetes demands of the real scheduler:'];
  const control: number[] = [await controlRate()];
  figures.push(...(await plainFigures(isFull ? 5 : 1, share, progress)));
  for (const mix of POD_MIXES) {
    progress(mix.name);
    const rates = await ratesOf(mix, isFull ? 3 : 1, share);
    figures.push(figure(`placements, ${mix.name}`, median(rates.whole), '/s'));
    lines.push(peerLine(mix, median(rates.whole), share));
  }
  control.push(await controlRate());
  figures.push(...(await steadyFigures(isFull, progress)));
  const growth = await growthLines(isFull, progress);
  figures.push(...growthFigures(growth));
  figures.push(...(await heapFigures(isFull, progress)));
  control.push(await controlRate());
  figures.push(figure('JSON.parse (control)', median(control), 'MB/s'));
  if (isFull) writeFileSync(CHART, chartSvg(chartOf(growth)));
  return { figures, lines, details: { growth, peers: POD_MIXES.map(({ peer, threshold }) => ({ peer, threshold })) } };
}

/** The promise. Other work on the machine only ever slows a run down, so the best of them is what the bound is about. */
async function plainFigures(runs: number, share: number, progress: Progress): Promise<readonly Figure[]> {
  progress(PLAIN.name);
  const ratios: number[] = [];
  const [whole, bindOnly]: [number[], number[]] = [[], []];
  for (let i = 0; i < runs; i++) {
    const before = await controlRate();
    const rates = await ratesOf(PLAIN, 1, share);
    whole.push(...rates.whole);
    bindOnly.push(...rates.bindOnly);
    ratios.push(median(rates.whole) / ((before + (await controlRate())) / 2));
  }
  return [
    figure(`placements, ${PLAIN.name}, best of ${runs}`, Math.max(...bindOnly), '/s', { min: 10_000 }),
    figure('the same with the making of the pods', Math.max(...whole), '/s'),
    figure('the same, median, per MB/s of JSON.parse', median(ratios), '/MB'),
  ];
}

async function ratesOf(mix: PodMix, runs: number, share: number): Promise<{ whole: number[]; bindOnly: number[] }> {
  const sized = (count: number) => (count === 0 ? 0 : Math.max(20, Math.round(count * share)));
  const count = sized(mix.measured.count);
  const [whole, bindOnly]: [number[], number[]] = [[], []];
  for (let i = 0; i < runs; i++) {
    const { wholeMs, createMs } = await measure<Placements>(mix.name, sized(mix.nodes), sized(mix.before.count), count);
    whole.push((1000 * count) / wholeMs);
    bindOnly.push((1000 * count) / (wholeMs - createMs));
  }
  return { whole, bindOnly };
}

function peerLine({ name, peer, threshold }: PodMix, rate: number, share: number): string {
  const demanded = threshold === undefined ? 'no figure' : `${threshold}/s`;
  const size = share === 1 ? '' : ` at ${share} of its size`;
  return `${name.padEnd(32)} ${String(Math.round(rate)).padStart(7)}/s   ${peer}${size}: ${demanded}`;
}

async function steadyFigures(isFull: boolean, progress: Progress): Promise<readonly Figure[]> {
  progress('a steady cluster');
  const [nodes, pods, hours] = isFull ? [100, 2000, 2] : [10, 100, 1];
  const { ms } = await measure<Steady>('steady', nodes, pods, hours);
  return [figure(`simulated time, ${nodes} nodes and ${pods} pods`, (1000 * hours) / ms, 'h/s')];
}

async function growthLines(isFull: boolean, progress: Progress): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const nodes of isFull ? [250, 1000, 4000] : [50, 100]) {
    const points: (readonly [number, number])[] = [];
    for (const pods of isFull ? [1000, 4000, 16_000] : [200, 400]) {
      // What a node takes: 40 pods of 100m CPU.
      if (pods > 38 * nodes) continue;
      progress(`growth: ${pods} pods on ${nodes} nodes`);
      const { wholeMs } = await measure<Placements>(PLAIN.name, nodes, 0, pods);
      points.push([pods, (1000 * wholeMs) / pods]);
    }
    lines.push({ name: `${nodes} nodes`, points });
  }
  return lines;
}

/** Exponent of the cost of all placements over pods, on the largest number of nodes; and over nodes, for the most pods. */
function growthFigures(lines: readonly Line[]): readonly Figure[] {
  const most = lines.at(-1)?.points ?? [];
  const [[fewPods = 1, fewCost = 1] = [], [manyPods = 1, manyCost = 1] = []] = [most[0], most.at(-1)];
  const overPods = 1 + Math.log(manyCost / fewCost) / Math.log(manyPods / fewPods);
  return [figure('growth exponent over pods', overPods, '', { max: 1.2 })];
}

function chartOf(lines: readonly Line[]) {
  return { title: 'Cost of placing a pod, from its creation to its binding', x: 'pods', y: 'µs per pod', lines };
}

async function heapFigures(isFull: boolean, progress: Progress): Promise<readonly Figure[]> {
  const [nodes, pods] = isFull ? [5000, 50_000] : [100, 1000];
  progress(`heap: ${pods} pods on ${nodes} nodes`);
  const { bytes, ms } = await measure<{ bytes: number; ms: number }>('heap', nodes, pods);
  return [
    figure(`heap, ${pods} pods on ${nodes} nodes`, bytes / 1e6, 'MB', { max: 2000 }),
    figure('placements in it', (1000 * pods) / ms, '/s'),
  ];
}

async function controlRate(): Promise<number> {
  const { megabytes, ms } = await measure<{ megabytes: number; ms: number }>('control');
  return (1000 * megabytes) / ms;
}

function measure<T>(what: string, ...sizes: readonly number[]): Promise<T> {
  return measureApart(join(import.meta.dirname, 'measure.ts'), what, ...sizes);
}
