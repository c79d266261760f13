/** What planning and rehearsing cost beside the diagnosis that they start from, and how that grows with the cluster. */
import { join } from 'node:path';
import { figure, type Figure, type Size } from '../figure.ts';
import { measureApart } from '../measure-apart.ts';
import type { Speed } from './measure.ts';

const CAUSES = 50;
const SIZES: Readonly<Record<Size, readonly number[]>> = { small: [500, 1000], full: [1000, 3000, 10_000] };

/** Measures each size in a process of its own; the bounds hold for the largest. */
export async function speedFigures(size: Size, progress: (text: string) => void): Promise<readonly Figure[]> {
  const measured: (readonly [number, Speed])[] = [];
  for (const pods of SIZES[size]) {
    progress(`${pods} pods, ${CAUSES} causes`);
    measured.push([pods, await measureApart<Speed>(join(import.meta.dirname, 'measure.ts'), 'speed', pods, CAUSES)]);
  }
  const [[fewPods, few] = [1, undefined], [manyPods, many] = [1, undefined]] = [measured[0], measured.at(-1)];
  const growth = (timeOf: (speed: Speed) => number) =>
    few === undefined || many === undefined
      ? Number.NaN
      : Math.log(timeOf(many) / timeOf(few)) / Math.log(manyPods / fewPods);
  return [
    ...measured.flatMap(([pods, speed]) => figuresOf(pods, speed, pods === manyPods)),
    figure(
      'growth exponent of plan + rehearsal over pods',
      growth(({ strategyMs }) => strategyMs),
      '',
      { max: 1.2 },
    ),
    figure(
      'growth exponent of assess (control)',
      growth(({ assessMs }) => assessMs),
      '',
    ),
  ];
}

function figuresOf(pods: number, speed: Speed, isBounded: boolean): readonly Figure[] {
  const { assessMs, strategyMs, rootCauses, actions } = speed;
  return [
    figure(`plan + rehearsal ÷ assess, ${pods} pods`, strategyMs / assessMs, '×', isBounded ? { max: 20 } : null),
    figure(`plan + rehearsal, ${pods} pods`, strategyMs, 'ms'),
    figure(`assess (control), ${pods} pods`, assessMs, 'ms'),
    figure(`root causes, ${pods} pods`, rootCauses, ''),
    figure(`actions, ${pods} pods`, actions, ''),
  ];
}
