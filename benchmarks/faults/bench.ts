/** What `aia assess` makes of each simulated fault alone; `--write` writes the figures that `docs/faults.md` shows. */
import { figure, type Detailed, type Size } from '../figure.ts';
import { mean } from '../diagnosis/score.ts';
import { falseAlarms, measureAlone, type MeasuredFault } from './alone.ts';

/** From the root; read by `scripts/docs.ts`. */
export const MEASURED = 'benchmarks/faults/measured.json';

/** At size small each so-manieth kind. */
const EVERY = { small: 6, full: 1 } as const;

/** Runs it; full takes about half a minute. */
export async function run(size: Size): Promise<Detailed> {
  const faults = await measureAlone(EVERY[size]);
  const alarms = await falseAlarms();
  return {
    figures: [
      figure('kinds of fault', faults.length, ''),
      figure('true cause named', mean(faults.map(({ rank }) => Number(rank !== null))), ''),
      figure('true cause named first', mean(faults.map(({ rank }) => Number(rank === 1))), ''),
      figure('average precision at full recall', mean(faults.map(({ precision }) => precision)), ''),
      figure('causes named where nothing is wrong', alarms.length, '', { max: 0 }),
    ],
    lines: ['', ...faults.filter((one) => one.precision < 1).flatMap(linesOf), ...alarms.map((one) => `alarm: ${one}`)],
    details: faults,
    ...(size === 'full' && { pages: new Map([[MEASURED, textOf(faults)]]) }),
  };
}

function linesOf({ name, rank, precision, truth, wrong }: MeasuredFault): readonly string[] {
  return [
    `${name}: ${rank === null ? 'not named' : `ranked ${rank}`}, precision ${precision.toFixed(2)}`,
    ...(rank === null ? [`  true: ${truth.classes.join(' or ')} at ${truth.entities.join(' or ')}`] : []),
    ...wrong.map((one) => `  not true: ${one}`),
  ];
}

function textOf(faults: readonly MeasuredFault[]): string {
  return `${JSON.stringify(faults, null, 2)}\n`;
}
