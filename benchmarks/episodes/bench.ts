/**
 * How many episodes are run per second, by the size of their clusters; how their cost grows; and whether anything of them is held once they are
 * over. An episode is a cluster drawn and settled, its faults and noise, thirty virtual minutes, and the oracle's judgement. Every measurement runs
 * in a process of its own.
 */
import { join } from 'node:path';
import { figure, median, type Detailed, type Figure, type Size } from '../figure.ts';
import { measureApart } from '../measure-apart.ts';
import type { Memory, Rate } from './measure.ts';

type Progress = (text: string) => void;

interface Sized {
  readonly nodes: number;
  readonly episodes: number;
  readonly runs: number;
}

const SIZES: Readonly<Record<Size, readonly Sized[]>> = {
  small: [
    { nodes: 5, episodes: 5, runs: 1 },
    { nodes: 20, episodes: 3, runs: 1 },
  ],
  full: [
    { nodes: 10, episodes: 50, runs: 3 },
    { nodes: 100, episodes: 8, runs: 3 },
    { nodes: 1000, episodes: 1, runs: 1 },
  ],
};

/** Episodes after which the heap is measured first and last. */
const MEMORY: Readonly<Record<Size, readonly [early: number, late: number]>> = {
  small: [20, 100],
  full: [1000, 10_000],
};

/** Runs it; full takes about an hour, most of it for the memory of 10 000 episodes. */
export async function run(size: Size, progress: Progress): Promise<Detailed> {
  const figures: Figure[] = [];
  const costs: (readonly [nodes: number, cpuMs: number])[] = [];
  for (const { nodes, episodes, runs } of SIZES[size]) {
    const rates: Rate[] = [];
    for (let i = 0; i < runs; i++) {
      progress(`${nodes} nodes, run ${i + 1} of ${runs}`);
      rates.push(await measure<Rate>('rate', nodes, episodes));
    }
    const cpuMs = median(rates.map((rate) => rate.cpuMs / rate.episodes));
    costs.push([nodes, cpuMs]);
    figures.push(
      figure(`episodes, ${nodes} nodes`, median(rates.map((rate) => (1000 * rate.episodes) / rate.wallMs)), '/s'),
      figure(`CPU per episode, ${nodes} nodes`, cpuMs, 'ms'),
    );
  }
  figures.push(growthOf(costs, size), await memoryFigure(size, progress));
  const lines = costs.map(
    ([nodes, cpuMs]) =>
      `${String(nodes).padStart(5)} nodes: ${(cpuMs / nodes).toFixed(1)} ms of CPU per node and episode`,
  );
  return { figures, lines, details: { costs } };
}

/** Exponent of the cost over nodes, from the smallest clusters to the largest. */
function growthOf(costs: readonly (readonly [number, number])[], size: Size): Figure {
  const [[few = 1, cheap = 1] = [], [many = 1, dear = 1] = []] = [costs[0], costs.at(-1)];
  const exponent = Math.log(dear / cheap) / Math.log(many / few);
  // Small runs are too short for a promise.
  return figure('growth exponent over nodes', exponent, '', size === 'full' ? { max: 1.3 } : null);
}

async function memoryFigure(size: Size, progress: Progress): Promise<Figure> {
  const [early, late] = MEMORY[size];
  progress(`memory over ${late} episodes`);
  const heap = await measure<Memory>('memory', 3, early, late);
  return figure(`heap after ${late} episodes, against ${early}`, heap.late / heap.early, '×', { max: 1.1 });
}

function measure<T>(what: string, ...sizes: readonly number[]): Promise<T> {
  return measureApart(join(import.meta.dirname, 'measure.ts'), what, ...sizes);
}
