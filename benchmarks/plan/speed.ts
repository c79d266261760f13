/** What planning and rehearsing cost beside the diagnosis that they start from, and how that grows with the cluster. */
import { join } from 'node:path';
import { figure, type Figure, type Size } from '../figure.ts';
import { measureApart } from '../measure-apart.ts';
import type { Speed } from './measure.ts';

const SIZES: Readonly<Record<Size, { readonly causes: number; readonly pods: readonly number[] }>> = {
  small: { causes: 6, pods: [200, 400] },
  full: { causes: 50, pods: [1000, 3000, 10_000] },
};

/** Measures each size in a process of its own; the bounds hold for the largest of the full run. */
export async function speedFigures(size: Size, progress: (text: string) => void): Promise<readonly Figure[]> {
  const measured: (readonly [number, Speed])[] = [];
  const { causes, pods: sizes } = SIZES[size];
  for (const pods of sizes) {
    progress(`${pods} pods, ${causes} causes`);
    measured.push([pods, await measureApart<Speed>(join(import.meta.dirname, 'measure.ts'), 'speed', pods, causes)]);
  }
  const [[fewPods, few] = [1, undefined], [manyPods, many] = [1, undefined]] = [measured[0], measured.at(-1)];
  const growth = (timeOf: (speed: Speed) => number) =>
    few === undefined || many === undefined
      ? Number.NaN
      : Math.log(timeOf(many) / timeOf(few)) / Math.log(manyPods / fewPods);
  return [
    ...measured.flatMap(([pods, speed]) => figuresOf(pods, speed, size === 'full' && pods === manyPods)),
    figure(
      'growth exponent of plan + rehearsal over pods',
      growth(({ strategyMs }) => strategyMs),
      '',
      size === 'full' ? { max: 1.2 } : null,
    ),
    figure(
      'growth exponent of assess (control)',
      growth(({ assessMs }) => assessMs),
      '',
    ),
  ];
}

function figuresOf(pods: number, speed: Speed, isBounded: boolean): readonly Figure[] {
  const { assessMs, strategyMs, rootCauses, actions, remaining } = speed;
  return [
    figure(`plan + rehearsal ÷ assess, ${pods} pods`, strategyMs / assessMs, '×', isBounded ? { max: 20 } : null),
    figure(`plan + rehearsal, ${pods} pods`, strategyMs, 'ms'),
    figure(`assess (control), ${pods} pods`, assessMs, 'ms'),
    figure(`root causes, ${pods} pods`, rootCauses, ''),
    figure(`actions, ${pods} pods`, actions, ''),
    figure(`serious causes left on the twin, ${pods} pods`, remaining, ''),
  ];
}
