/** How far forecasts are true: learnt from training clusters, judged in held-out ones. */
import type { OutcomePriors, RecordedOutcomes } from '@aia/operations';
import type { ForecastAction, ForecastTrial } from './forecast-trial.ts';

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
  const byKind = Map.groupBy(trials.flatMap(kindsOf), ({ kind }) => kind);
  const kinds = [...byKind]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, all]): [string, RecordedOutcomes] => {
      const successes = all.filter(({ isSuccess }) => isSuccess).length;
      const sum = all.reduce((total, { confidence }) => total + confidence, 0);
      return [kind, { successes, failures: all.length - successes, meanConfidence: rounded(sum / all.length) }];
    });
  return { basis, kinds: Object.fromEntries(kinds), plans: { intercept: 0, slope: 1, setback: 0 } };
}

/** Actions of a kind in one plan, as one: it succeeded where all of them did. */
function kindsOf({ actions }: ForecastTrial): readonly Pick<ForecastAction, 'kind' | 'confidence' | 'isSuccess'>[] {
  return [...Map.groupBy(actions, ({ kind }) => kind)].map(([kind, all]) => ({
    kind,
    confidence: Math.min(...all.map(({ confidence }) => confidence)),
    isSuccess: all.every(({ isSuccess }) => isSuccess),
  }));
}

/** Kinds from all plans; the recalibration from forecasts of each half by the kinds of the other one, which have not seen it. */
export function learnFrom(trials: readonly ForecastTrial[]): OutcomePriors {
  const basis = `${trials.length} plans in simulated clusters`;
  const halves = [0, 1].map((half) => trials.filter((_, i) => i % 2 === half));
  const crossed = halves.flatMap((half, i) => {
    const others = learn(halves[1 - i] ?? [], basis);
    return half.map((trial) => ({ ...trial, probability: trial.again(others) }));
  });
  return { ...learn(trials, basis), plans: recalibrate(crossed) };
}

const STEPS = 2000;
const RATE = 0.5;
const PULL = 0.003;

/** Platt's two numbers, and that of setbacks, by gradient descent on the log loss with a little pull towards leaving things as they are. */
export function recalibrate(
  trials: readonly Pick<ForecastTrial, 'probability' | 'isSuccess' | 'hasSetback'>[],
): OutcomePriors['plans'] {
  let [intercept, slope, setback] = [0, 1, 0];
  for (let step = 0; step < STEPS; step++) {
    let [byIntercept, bySlope, bySetback] = [PULL * intercept, PULL * (slope - 1), PULL * setback];
    for (const { probability, isSuccess, hasSetback } of trials) {
      const x = logit(probability);
      const z = intercept + slope * x + (hasSetback ? setback : 0);
      const error = (1 / (1 + Math.exp(-z)) - Number(isSuccess)) / trials.length;
      byIntercept += error;
      bySlope += error * x;
      bySetback += hasSetback ? error : 0;
    }
    intercept -= RATE * byIntercept;
    slope -= RATE * bySlope;
    setback -= RATE * bySetback;
  }
  return { intercept: rounded(intercept), slope: rounded(slope), setback: rounded(setback) };
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
