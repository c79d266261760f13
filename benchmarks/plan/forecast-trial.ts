/** What was forecast for a plan, and what came of it: raw material of calibration. */
import type { Assessment, Plan, Strategy } from '@aia/contract';
import { forecastOf, type OutcomePriors } from '@aia/operations';
import type { CarriedOut } from './carry-out.ts';

/** One action of a plan that was carried out. */
export interface ForecastAction {
  readonly kind: string;
  readonly confidence: number;
  readonly probability: number;
  readonly isSuccess: boolean;
}

/** One plan that was carried out. */
export interface ForecastTrial {
  readonly probability: number;
  readonly low: number;
  readonly high: number;
  /** Whether it lost something on the twin. */
  readonly hasSetback: boolean;
  /** The probability by other experience. */
  readonly again: (outcomes: OutcomePriors) => number;
  /** All must-goals that it set out to reach without a person are reached. */
  readonly isSuccess: boolean;
  readonly actions: readonly ForecastAction[];
}

/** Goals that a machine can reach by itself; what waits for a person is tried by nobody here. */
function withoutPersons(plan: Plan): Plan {
  const byPerson = new Set(
    plan.phases
      .flatMap(({ actions }) => actions)
      .filter(({ delivery, steps }) => delivery === 'person' || steps.some(({ change }) => change.kind === 'manual'))
      .map(({ id }) => id),
  );
  const goals = plan.goals.filter((goal) => goal.actions.length > 0 && !goal.actions.some((id) => byPerson.has(id)));
  return { ...plan, goals };
}

/** `undefined` where the plan has nothing to reach; `after` is a fresh look at the cluster. */
export function forecastTrial(
  { plan: whole, rehearsal }: Strategy,
  carriedOut: readonly CarriedOut[],
  after: Assessment,
  outcomes: OutcomePriors,
): ForecastTrial | undefined {
  const plan = withoutPersons(whole);
  const must = plan.goals.filter(({ isMust, kind }) => isMust && kind === 'cause');
  if (must.length === 0) return undefined;
  const forecast = forecastOf({ plan, rehearsal, outcomes, runs: 400 });
  const left = new Set(after.rootCauses.map(({ id }) => id));
  const reached = new Set(plan.goals.filter(({ id }) => !left.has(id)).map(({ id }) => id));
  const counted = new Set(must.flatMap((goal) => goal.actions));
  const probability = new Map(forecast.actions.map((one) => [one.id, one.probability]));
  return {
    probability: forecast.success.probability,
    low: forecast.success.interval.low,
    high: forecast.success.interval.high,
    hasSetback: plan.rejected.some(({ because }) => because === 'rehearsal'),
    again: (other) => forecastOf({ plan, rehearsal, outcomes: other, runs: 400 }).success.probability,
    isSuccess: must.every(({ id }) => reached.has(id)),
    actions: carriedOut
      .filter(({ action }) => counted.has(action.id))
      .map(({ action, outcome }) => ({
        ...{ kind: action.kind, confidence: action.confidence, probability: probability.get(action.id) ?? 0 },
        isSuccess:
          outcome === 'held' && action.resolves.every((id) => !left.has(id) || !must.some((one) => one.id === id)),
      })),
  };
}
