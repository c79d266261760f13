/** Whether a plan will work and how long it takes: Monte Carlo over its dependency graph. Same plan and seed, same forecast. */
import { createRandom, type Random } from '@aia/cluster';
import type { Action, Forecast, Plan, Rehearsal } from '@aia/contract';
import type { OutcomePriors } from '../../priors/outcomes.ts';
import { RECORDED_OUTCOMES } from '../../priors/recorded-outcomes.ts';
import { percent } from '../../diagnose/wording.ts';
import { beliefIn, probabilityOf, type Belief } from './beliefs.ts';
import { drawBeta, drawDuration, logistic, logit, quantileOf, type ThreePoints } from './draws.ts';
import { longestPath, predecessorsOf } from './longest-path.ts';
import { durationParts } from './waiting.ts';

/** What a forecast is made of. */
export interface ForecastInput {
  readonly plan: Plan;
  readonly rehearsal?: Rehearsal | undefined;
  /** Default {@link RECORDED_OUTCOMES}. */
  readonly outcomes?: OutcomePriors;
  /** Default `0`. */
  readonly seed?: string;
  /** Default 2000. */
  readonly runs?: number;
}

const LEVEL = 0.9;
const RUNS = 2000;
/** More paths tell nobody more. */
const PATHS = 3;

/** Makes the forecast of a plan with phases. */
export function forecastOf({
  plan,
  rehearsal,
  outcomes = RECORDED_OUTCOMES,
  seed = '0',
  runs = RUNS,
}: ForecastInput): Forecast {
  const actions = plan.phases.flatMap((phase) => phase.actions);
  const tried = new Map((rehearsal?.actions ?? []).map((one) => [one.id, one]));
  const beliefs = actions.map((action) => beliefIn(action, tried.get(action.id)?.outcome, outcomes));
  const parts = actions.map((action) => durationParts(action, tried.get(action.id)?.tookMs));
  const needed = neededFor(plan, actions);
  const setback = hasSetback(plan) ? outcomes.plans.setback : 0;
  const successes = drawSuccesses(beliefs, needed, outcomes, { seed, runs, setback });
  const times = drawTimes(plan, actions, parts, { seed, runs, needed });
  const mean = successes.reduce((sum, one) => sum + one, 0) / runs;
  const interval = intervalOf(successes);
  return {
    method: methodText(runs, seed, outcomes),
    ...{ seed, runs },
    success: {
      probability: mean,
      interval,
      text: `${percent(mean)} (${percent(LEVEL)} interval ${percent(interval.low)} to ${percent(interval.high)})`,
    },
    durationMs: times.quantiles,
    ...(needed.size > 0 && { neededMs: times.needed }),
    criticalPath: times.paths,
    actions: beliefs.map((belief, i) => actionForecast(belief, times.criticality[i] ?? 0, { seed, runs })),
  };
}

interface Draws {
  readonly seed: string;
  readonly runs: number;
}

/** Indexes of the actions that must-goals need, those that they wait for included. */
function neededFor({ goals, dependencies }: Plan, actions: readonly Action[]): ReadonlySet<number> {
  const must = new Set(goals.filter((goal) => goal.isMust && goal.actions.length > 0).flatMap((goal) => goal.actions));
  const waiting = [...must];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop())
    for (const { from, to } of dependencies)
      if (to === id && !must.has(from)) {
        must.add(from);
        waiting.push(from);
      }
  return new Set(actions.flatMap(({ id }, i) => (must.has(id) ? [i] : [])));
}

/** Whether something that was planned failed on the twin, or was of no use there: what interlocks there does so in the cluster. */
function hasSetback({ rejected }: Plan): boolean {
  return rejected.some(({ because }) => because === 'rehearsal');
}

/**
 * Per run the probability that all that is needed succeeds. What is not known of a kind is drawn once for all its actions; these neither succeed all
 * together nor each for itself: n of them count as √n of the least sure one.
 */
function drawSuccesses(
  beliefs: readonly Belief[],
  needed: ReadonlySet<number>,
  { plans }: OutcomePriors,
  { seed, runs, setback }: Draws & { readonly setback: number },
): readonly number[] {
  const random = createRandom(`${seed}/forecast/success`);
  const kinds = Map.groupBy(
    beliefs.filter((_, i) => needed.has(i)),
    ({ kind }) => kind,
  );
  const deciding = [...kinds.values()].map((all) => ({
    least: all.reduce((least, one) => (one.shift < least.shift ? one : least)),
    weight: Math.sqrt(all.length),
  }));
  return Array.from({ length: runs }, () => {
    const all = deciding.reduce(
      (product, { least, weight }) =>
        product * probabilityOf(least, drawBeta(least.alpha, least.beta, random)) ** weight,
      1,
    );
    return logistic(plans.intercept + plans.slope * logit(all) + setback);
  });
}

function intervalOf(values: readonly number[]): Forecast['success']['interval'] {
  const sorted = values.toSorted((a, b) => a - b);
  return { low: quantileOf(sorted, (1 - LEVEL) / 2), high: quantileOf(sorted, (1 + LEVEL) / 2), level: LEVEL };
}

interface Times {
  readonly quantiles: Forecast['durationMs'];
  /** Until those are done that are needed. */
  readonly needed: Forecast['durationMs'];
  readonly paths: Forecast['criticalPath'];
  /** By index of the action. */
  readonly criticality: readonly number[];
}

function drawTimes(
  plan: Plan,
  actions: readonly Action[],
  parts: readonly (readonly ThreePoints[])[],
  { seed, runs, needed }: Draws & { readonly needed: ReadonlySet<number> },
): Times {
  const random = createRandom(`${seed}/forecast/durations`);
  const before = predecessorsOf(plan);
  const totals: number[] = [];
  const enough: number[] = [];
  const paths = new Map<string, number>();
  const critical = actions.map(() => 0);
  for (let run = 0; run < runs; run++) {
    const durations = parts.map((own) => own.reduce((sum, part) => sum + drawDuration(part, random), 0));
    totals.push(longestPath(before, durations).length);
    const { length, path } = longestPath(before, durations, needed.size > 0 ? needed : undefined);
    enough.push(length);
    for (const i of path) critical[i] = (critical[i] ?? 0) + 1;
    const key = path.join(' ');
    paths.set(key, (paths.get(key) ?? 0) + 1);
  }
  return {
    quantiles: quantilesOf(totals),
    needed: quantilesOf(enough),
    paths: [...paths]
      .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
      .slice(0, PATHS)
      .map(([key, times]) => ({
        actions: key.split(' ').map((i) => actions[Number(i)]?.id ?? ''),
        share: times / runs,
      })),
    criticality: critical.map((times) => times / runs),
  };
}

function quantilesOf(values: readonly number[]): Forecast['durationMs'] {
  const sorted = values.toSorted((a, b) => a - b);
  return { p10: quantileOf(sorted, 0.1), p50: quantileOf(sorted, 0.5), p90: quantileOf(sorted, 0.9) };
}

function actionForecast(belief: Belief, criticality: number, { seed, runs }: Draws): Forecast['actions'][number] {
  const random: Random = createRandom(`${seed}/forecast/${belief.id}`);
  const values = Array.from({ length: runs / 4 }, () =>
    probabilityOf(belief, drawBeta(belief.alpha, belief.beta, random)),
  );
  return {
    id: belief.id,
    probability: values.reduce((sum, one) => sum + one, 0) / values.length,
    interval: intervalOf(values),
    prior: { alpha: belief.alpha, beta: belief.beta, basis: belief.basis },
    criticality,
  };
}

function methodText(runs: number, seed: string, { basis }: OutcomePriors): string {
  return [
    `Monte Carlo over the dependency graph, ${runs} runs, seed ${seed}.`,
    'Success: a Beta distribution for each kind of action (catalogue and recorded outcomes), drawn once per run and kind,',
    'moved by the confidence of each action and by its outcome on the twin; n actions of a kind count as √n, and the plan works when every action that a must-goal needs succeeds at its first attempt. A plan that has lost something on the twin is less sure.',
    'Durations: Beta-PERT of three points, the likely one from the twin, with waits for approvals, reviews and people.',
    `Recorded outcomes: ${basis}.`,
  ].join(' ');
}
