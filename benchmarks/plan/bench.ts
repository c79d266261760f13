/**
 * What plans achieve: every kind of fault alone and drawn clusters, both held out; how true forecasts are; how long planning takes. `--write` writes
 * `docs/plan-accuracy.md` and the recorded outcomes that forecasts start from.
 */
import { FAULT_KINDS, OUTSIDE } from '@aia/cluster/faults';
import { NO_OUTCOMES, type OutcomePriors } from '@aia/operations';
import { figure, type Detailed, type Figure, type Size } from '../figure.ts';
import { contextOfSeed } from '../diagnosis/simulated/contexts.ts';
import { calibrationOf, learnFrom, type Calibration } from './calibration.ts';
import type { ForecastTrial } from './forecast-trial.ts';
import { runTrial, trialAlone, trialOfContext, type TrialOutcome } from './outcomes.ts';
import { accuracyPage, outcomesModule } from './pages.ts';
import { speedFigures } from './speed.ts';

/** How much is tried. `every`: each so-manieth kind. */
const SIZES = {
  small: { every: 12, contexts: 4, plans: 4, training: 4 },
  full: { every: 1, contexts: 200, plans: 500, training: 300 },
} as const;

/** Bounds of the promise. */
const SINGLE = 0.9;
const COMPOSED = 0.75;

/** Runs it; full takes about half an hour. */
export async function run(size: Size, progress: (text: string) => void): Promise<Detailed> {
  const { every, contexts, plans, training } = SIZES[size];
  const alone = await tryAlone(every, progress);
  const trained = await tryContexts('training', training, () => false, NO_OUTCOMES, progress);
  const outcomes = learnFrom(forecastsOf(trained));
  // Plans to forecast are counted, since not every context gives one; the first so many contexts are judged by the oracle.
  const held = await tryContexts(
    'held-out',
    contexts,
    (tried) => forecastsOf(tried).length >= plans,
    outcomes,
    progress,
  );
  const composed = held.slice(0, contexts).filter(({ wasOpen }) => wasOpen);
  const base = shareOf(forecastsOf(trained), ({ isSuccess }) => isSuccess);
  const calibration = calibrationOf(forecastsOf(held).slice(0, plans), base);
  const result = { alone, composed, calibration };
  return {
    figures: [...figuresOf(result, size), ...(await speedFigures(size, progress))],
    lines: linesOf(result),
    details: result,
    ...(size === 'full' && {
      pages: new Map([
        ['docs/plan-accuracy.md', accuracyPage(result)],
        ['packages/operations/src/priors/recorded-outcomes.ts', outcomesModule(outcomes)],
      ]),
    }),
  };
}

/** What was tried and what came of it. */
export interface PlanResult {
  readonly alone: readonly TrialOutcome[];
  /** Of the contexts in which something was wrong when the first plan began. */
  readonly composed: readonly TrialOutcome[];
  readonly calibration: Calibration;
}

async function tryAlone(every: number, progress: (text: string) => void): Promise<readonly TrialOutcome[]> {
  const tried: TrialOutcome[] = [];
  for (const kind of [...FAULT_KINDS.values()].filter((_, i) => i % every === 0)) {
    progress(`fault ${kind.name}`);
    const make = () => trialAlone(kind, 'held-out');
    tried.push(await runTrial(make(), make, NO_OUTCOMES));
  }
  return tried;
}

/** At least so many, and on until it is enough; ten times as many at most. */
async function tryContexts(
  split: 'training' | 'held-out',
  count: number,
  isEnough: (tried: readonly TrialOutcome[]) => boolean,
  outcomes: OutcomePriors,
  progress: (text: string) => void,
): Promise<readonly TrialOutcome[]> {
  const tried: TrialOutcome[] = [];
  for (let i = 0; i < 10 * count; i++) {
    if (i >= count && (split === 'training' || isEnough(tried))) break;
    if (i % 25 === 0) progress(`${split} context ${i}`);
    const seed = `plan/${split}/${i}`;
    const make = () => trialOfContext(contextOfSeed(seed, split), seed, split);
    const trial = make();
    if (trial.faults.length > 0) tried.push(await runTrial(trial, make, outcomes));
  }
  return tried;
}

function forecastsOf(tried: readonly TrialOutcome[]): readonly ForecastTrial[] {
  return tried.map(({ forecast }) => forecast).filter((one) => one !== undefined);
}

/** Whether all that befell it can be mended from where plans are carried out. */
export function isResolvable({ faults }: TrialOutcome): boolean {
  return faults.every((name) => !Object.hasOwn(OUTSIDE, name));
}

export function shareOf<T>(all: readonly T[], holds: (one: T) => boolean): number {
  return all.length === 0 ? 0 : all.filter(holds).length / all.length;
}

function figuresOf({ alone, composed, calibration }: PlanResult, size: Size): readonly Figure[] {
  const bound = <B>(one: B) => (size === 'full' ? one : null);
  const single = alone.filter((one) => one.wasOpen && isResolvable(one));
  const several = composed.filter(isResolvable);
  const everything = [...alone, ...composed];
  const resolved = everything.filter(({ isResolved }) => isResolved);
  const causes = resolved.reduce((sum, { faults }) => sum + faults.length, 0);
  return [
    figure('kinds of fault tried alone', alone.length, ''),
    figure('resolvable ones', single.length, ''),
    figure(
      'resolved of these',
      shareOf(single, ({ isResolved }) => isResolved),
      '',
      bound({ min: SINGLE }),
    ),
    figure('drawn clusters', composed.length, ''),
    figure('resolvable ones', several.length, ''),
    figure(
      'resolved of these',
      shareOf(several, ({ isResolved }) => isResolved),
      '',
      bound({ min: COMPOSED }),
    ),
    figure(
      'new damage',
      everything.reduce((sum, { damage }) => sum + damage.length, 0),
      '',
      { max: 0 },
    ),
    figure('actions per resolved cause', resolved.reduce((sum, { actions }) => sum + actions, 0) / causes, ''),
    figure('plans forecast', calibration.plans, ''),
    figure('Brier score ÷ that of the base rate', calibration.brier / calibration.baseBrier, '', bound({ max: 1 })),
    ...(calibration.groups === 0 ? [] : [figure('groups within their 90 % interval', calibration.coverage, '')]),
  ];
}

function linesOf({ alone, composed }: PlanResult): readonly string[] {
  return [...alone, ...composed]
    .filter((one) => (one.wasOpen && !one.isResolved) || one.damage.length > 0)
    .flatMap((one) => [
      `${one.name}: ${one.faults.join(', ')}${isResolvable(one) ? '' : ' (beyond the cluster)'}: not resolved`,
      ...one.damage.map(({ entity, message }) => `  damage: ${entity}: ${message}`),
    ]);
}
