/** How far forecasts are true: learnt from training clusters, judged in held-out ones. */
import type { OutcomePriors, RecordedOutcomes } from '@aia/operations';
import type { ForecastTrial } from './forecast-trial.ts';

/** One line of a reliability diagram. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly plans: number;
  /** Mean of what was forecast, and share that succeeded. */
  readonly forecast: number;
  readonly succeeded: number;
}

/** How true forecasts were. */
export interface Calibration {
  readonly plans: number;
  readonly succeeded: number;
  /** Mean squared error of the probabilities. Source: Brier, 1950. */
  readonly brier: number;
  /** Of whoever always says the share of successes among the training plans. */
  readonly baseBrier: number;
  readonly bins: readonly ReliabilityBin[];
  /** Of groups of plans, those whose number of successes lies in the 90 % interval that the forecasts give for it. */
  readonly coverage: number;
  readonly groups: number;
}

/** What training teaches. */
export function learn(trials: readonly ForecastTrial[], basis: string): OutcomePriors {
  const byKind = Map.groupBy(
    trials.flatMap(({ actions }) => actions),
    ({ kind }) => kind,
  );
  const kinds = [...byKind]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, all]): [string, RecordedOutcomes] => {
      const successes = all.filter(({ isSuccess }) => isSuccess).length;
      const sum = all.reduce((total, { confidence }) => total + confidence, 0);
      return [kind, { successes, failures: all.length - successes, meanConfidence: rounded(sum / all.length) }];
    });
  return { basis, kinds: Object.fromEntries(kinds), plans: { intercept: 0, slope: 1 } };
}

const STEPS = 2000;
const RATE = 0.5;

/** Platt's two numbers, by gradient descent on the log loss with a little pull towards leaving things as they are. */
export function recalibrate(trials: readonly ForecastTrial[]): OutcomePriors['plans'] {
  let [intercept, slope] = [0, 1];
  for (let step = 0; step < STEPS; step++) {
    let [byIntercept, bySlope] = [0.01 * intercept, 0.01 * (slope - 1)];
    for (const { probability, isSuccess } of trials) {
      const x = logit(probability);
      const error = 1 / (1 + Math.exp(-(intercept + slope * x))) - Number(isSuccess);
      byIntercept += error / trials.length;
      bySlope += (error * x) / trials.length;
    }
    intercept -= RATE * byIntercept;
    slope -= RATE * bySlope;
  }
  return { intercept: rounded(intercept), slope: rounded(slope) };
}

/** `base`: share of successes among the training plans. */
export function calibrationOf(trials: readonly ForecastTrial[], base: number): Calibration {
  const squared = (of: (one: ForecastTrial) => number) =>
    trials.reduce((sum, one) => sum + (of(one) - Number(one.isSuccess)) ** 2, 0) / trials.length;
  const groups = groupsOf(trials);
  return {
    plans: trials.length,
    succeeded: trials.filter(({ isSuccess }) => isSuccess).length / trials.length,
    brier: squared(({ probability }) => probability),
    baseBrier: squared(() => base),
    bins: binsOf(trials),
    groups: groups.length,
    coverage: groups.filter(isCovered).length / groups.length,
  };
}

const BINS = 10;

function binsOf(trials: readonly ForecastTrial[]): readonly ReliabilityBin[] {
  return Array.from({ length: BINS }, (_, i) => {
    const [from, to] = [i / BINS, (i + 1) / BINS];
    const own = trials.filter(({ probability: p }) => p >= from && (p < to || (to === 1 && p === 1)));
    const share = (of: (one: ForecastTrial) => number) => own.reduce((sum, one) => sum + of(one), 0) / own.length;
    return {
      ...{ from, to, plans: own.length },
      forecast: share(({ probability }) => probability),
      succeeded: share(({ isSuccess }) => Number(isSuccess)),
    };
  }).filter(({ plans }) => plans > 0);
}

const GROUP = 20;

/** By what was forecast, so that a group is of like plans. */
function groupsOf(trials: readonly ForecastTrial[]): readonly (readonly ForecastTrial[])[] {
  const sorted = trials.toSorted((a, b) => a.probability - b.probability);
  return Array.from({ length: Math.floor(sorted.length / GROUP) }, (_, i) => sorted.slice(i * GROUP, (i + 1) * GROUP));
}

/**
 * Whether the number of successes of a group lies in the central 90 % of what its forecasts give: the mean probability spread over its interval, and
 * the luck of so many plans (a beta-binomial by its mean and variance, as a normal with continuity correction).
 */
function isCovered(group: readonly ForecastTrial[]): boolean {
  const mean = group.reduce((sum, { probability }) => sum + probability, 0);
  const luck = group.reduce((sum, { probability: p }) => sum + p * (1 - p), 0);
  // The interval of a plan holds 90 %, so it is 3.29 standard deviations wide; within a group its plans err together.
  const spread = group.reduce((sum, { low, high }) => sum + (high - low) / 3.29, 0);
  const reach = 1.645 * Math.sqrt(luck + spread ** 2) + 0.5;
  const successes = group.filter(({ isSuccess }) => isSuccess).length;
  return Math.abs(successes - mean) <= reach;
}

function logit(share: number): number {
  const kept = Math.min(0.999, Math.max(0.001, share));
  return Math.log(kept / (1 - kept));
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
