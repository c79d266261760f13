/** What a strategy comes to, in a sentence; and the figures that say so. */
import { readableBytes } from '@aia/cluster';
import type { Strategy, TwinFigures } from '@aia/contract';
import { counted } from '../counted.ts';
import { percentText } from '../evidence-text.ts';
import type { Tone } from './section.ts';
import { sentence } from './wording.ts';

/** The sentence that a reader in a hurry reads. */
export function outcomeSentence({ plan, rehearsal }: Strategy): string {
  if (plan.outcome !== 'plan') return sentence(`${plan.reason.charAt(0).toUpperCase()}${plan.reason.slice(1)}`);
  const actions = plan.phases.reduce((sum, phase) => sum + phase.actions.length, 0);
  const what = `${counted(actions, 'action')} in ${counted(plan.phases.length, 'phase')}`;
  if (rehearsal === undefined) return `${what}; not rehearsed.`;
  const { before, after } = rehearsal;
  return `${what}: on the simulated twin ${after.pods.succeeding} of ${counted(after.pods.total, 'pod')} succeed afterwards (${before.pods.succeeding} of ${before.pods.total} before), and ${causesText(after)} (${causesText(before)} before).`;
}

function causesText({ causes }: TwinFigures): string {
  if (causes === undefined) return 'root causes were not looked for';
  const { critical, high } = causes;
  return critical + high === 0
    ? 'no critical or high cause is left'
    : `${critical} critical and ${counted(high, 'high cause')}`;
}

/** `1 critical and 2 high causes left`; `''` where nobody looked. */
export function leftText({ causes }: TwinFigures): string {
  return causes === undefined ? '' : `${causes.critical} critical and ${counted(causes.high, 'high cause')} left`;
}

/** How it went. */
export function outcomeTone({ plan }: Strategy): Tone {
  if (plan.outcome === 'nothing-to-do') return 'good';
  if (plan.outcome !== 'plan') return 'bad';
  return plan.goals.some(({ isMust, state }) => isMust && (state === 'open' || state === 'partly')) ? 'warn' : 'good';
}

interface Figure {
  readonly name: string;
  readonly of: (figures: TwinFigures) => string | undefined;
}

const share = (value: number | undefined) => (value === undefined ? undefined : percentText(value));

const count = (value: number | undefined) => (value === undefined ? undefined : String(value));

/** Told only where there are any. */
const OTHERS = 'Other root causes';
/** Named once where it is the same one all the time. */
const FULLEST = 'Fullest quota';

/** Figures of a twin, in the order of tables. */
const FIGURES: readonly Figure[] = [
  { name: 'Pods that succeed', of: ({ pods }) => `${pods.succeeding} of ${pods.total}` },
  { name: 'Critical root causes', of: ({ causes }) => count(causes?.critical) },
  { name: 'High root causes', of: ({ causes }) => count(causes?.high) },
  { name: OTHERS, of: ({ causes }) => count(causes?.others) },
  { name: 'CPU requested', of: ({ requestedCpu }) => share(requestedCpu) },
  { name: 'Memory requested', of: ({ requestedMemory }) => share(requestedMemory) },
  { name: 'Load balancers', of: ({ loadBalancers }) => String(loadBalancers) },
  {
    name: FULLEST,
    of: ({ fullestQuota: full }) => (full === undefined ? undefined : `${percentText(full.share)} of ${full.metric}`),
  },
  { name: 'Nodes', of: ({ nodes }) => String(nodes) },
  {
    name: 'Cost a month, by list prices',
    of: ({ monthlyCost }) => (monthlyCost === undefined ? undefined : `${Math.round(monthlyCost)} USD`),
  },
  { name: 'Readiness', of: ({ score }) => (score === undefined ? undefined : `${Math.round(score)} of 100`) },
];

/** A row for each figure that any of the moments knows; `–` where one does not. */
export function figureRows(moments: readonly (TwinFigures | undefined)[]): readonly (readonly string[])[] {
  return FIGURES.flatMap(({ name, of }) => {
    const cells = moments.map((figures) => (figures === undefined ? undefined : of(figures)));
    const isTold = cells.some((cell) => cell !== undefined && (name !== OTHERS || cell !== '0'));
    const [metric] = new Set(cells.map((cell) => / of (\S+)$/.exec(cell ?? '')?.[1]));
    const isShared = name === FULLEST && metric !== undefined && cells.every((cell) => cell?.endsWith(` of ${metric}`));
    const short = isShared ? cells.map((cell) => cell?.slice(0, -` of ${metric}`.length)) : cells;
    return isTold ? [[isShared ? `${name}, ${metric}` : name, ...short.map((cell) => cell ?? '–')]] : [];
  });
}

/** `3 CPU`, `12.4 GiB`. */
export function cpuText(millis: number): string {
  return `${Number((millis / 1000).toFixed(1))} CPU`;
}

/** Bytes for people. */
export function bytesText(bytes: number): string {
  return readableBytes(bytes);
}
