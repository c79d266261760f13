/** What remedies cost, in one unit, so that they can be compared; and in words. */
import type { Action } from '@aia/contract';
import type { Candidate } from './candidate.ts';

/** Per action; per certain failure; per pod, up to so many; per outage; per 100 of currency a month; per certain error; per misfit. */
export const WEIGHTS = Object.freeze({
  action: 0.3,
  risk: 2,
  pod: 0.01,
  mostPods: 100,
  outage: 2,
  money: 0.25,
  mostMoney: 5,
  doubt: 1,
  misfit: 3,
});

/** Of one action; never less than nothing, whatever it saves. */
export function costOfAction({ risk, disruption, money, confidence }: Action): number {
  const spent = Math.max(-WEIGHTS.action, Math.min(WEIGHTS.mostMoney, (money.monthly / 100) * WEIGHTS.money));
  return (
    WEIGHTS.action +
    WEIGHTS.risk * risk.score +
    WEIGHTS.pod * Math.min(WEIGHTS.mostPods, disruption.pods) +
    (disruption.isOutage ? WEIGHTS.outage : 0) +
    WEIGHTS.doubt * (1 - confidence) +
    spent
  );
}

/** Of a remedy beyond its actions: that it may not remove the cause. */
export function misfitOf({ remedy }: Candidate): number {
  return WEIGHTS.misfit * (1 - remedy.fit);
}

/** Of a remedy alone. */
export function costOf(candidate: Candidate): number {
  return candidate.actions.reduce((sum, action) => sum + costOfAction(action), misfitOf(candidate));
}

/** What sets one remedy apart from a rival, weightiest first: `1 action instead of 3, risk 8 % instead of 31 %`; '' where nothing does, or not in rounded figures. */
export function differenceText(better: Candidate, worse: Candidate): string {
  return FIGURES.map(({ of, weight, text }) => {
    const [less, more] = [of(better), of(worse)];
    return { saved: (more - less) * weight, told: text(less, more), isTold: text(less, more) !== text(more, more) };
  })
    .filter(({ saved, isTold }) => saved > 0.005 && isTold)
    .sort((a, b) => b.saved - a.saved)
    .map(({ told }) => told)
    .join(', ');
}

interface Figure {
  readonly weight: number;
  of(candidate: Candidate): number;
  text(better: number, worse: number): string;
}

const percent = (share: number) => `${Math.round(share * 100)} %`;
const sum = ({ actions }: Candidate, of: (action: Action) => number) =>
  actions.reduce((total, action) => total + of(action), 0);
/** That something fails of several, each on its own. */
const riskOf = ({ actions }: Candidate) => 1 - actions.reduce((safe, { risk }) => safe * (1 - risk.score), 1);

const FIGURES: readonly Figure[] = [
  {
    weight: WEIGHTS.action,
    of: ({ actions }) => actions.length,
    text: (a, b) => `${a} ${a === 1 ? 'action' : 'actions'} instead of ${b}`,
  },
  { weight: WEIGHTS.risk, of: riskOf, text: (a, b) => `risk ${percent(a)} instead of ${percent(b)}` },
  {
    weight: WEIGHTS.pod,
    of: (one) => sum(one, ({ disruption }) => disruption.pods),
    text: (a, b) => `${a} pods replaced instead of ${b}`,
  },
  {
    weight: WEIGHTS.outage,
    of: (one) => sum(one, ({ disruption }) => Number(disruption.isOutage)),
    text: (a, b) => `${a} outages instead of ${b}`,
  },
  {
    weight: WEIGHTS.money / 100,
    of: (one) => sum(one, ({ money }) => money.monthly),
    text: (a, b) => `costs ${Math.round(a)} instead of ${Math.round(b)} a month`,
  },
  {
    weight: WEIGHTS.misfit,
    of: ({ remedy }) => 1 - remedy.fit,
    text: (a, b) => `removes the cause by ${percent(1 - a)} instead of ${percent(1 - b)}`,
  },
  {
    weight: WEIGHTS.doubt,
    of: (one) => 1 - Math.min(1, ...one.actions.map(({ confidence }) => confidence)),
    text: (a, b) => `evidence ${percent(1 - a)} sure instead of ${percent(1 - b)}`,
  },
];

/** What a remedy costs, in words: `cost 1.2: 2 actions, risk 12 %, 3 pods replaced`. */
export function costText(candidate: Candidate): string {
  const { actions } = candidate;
  const pods = sum(candidate, ({ disruption }) => disruption.pods);
  return [
    `cost ${costOf(candidate).toFixed(1)}: ${actions.length} ${actions.length === 1 ? 'action' : 'actions'}`,
    `risk ${percent(riskOf(candidate))}`,
    pods === 0 ? 'no pod replaced' : `${pods} ${pods === 1 ? 'pod' : 'pods'} replaced`,
  ].join(', ');
}
