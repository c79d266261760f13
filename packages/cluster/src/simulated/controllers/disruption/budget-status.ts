/** The status of a PodDisruptionBudget, as its controller and evictions write it. Source: `pkg/apis/policy`, `pkg/controller/disruption` */
import { timestamp } from '../../clock/virtual-clock.ts';
import type { Budget } from './expected-pods.ts';

export type BudgetStatus = NonNullable<Budget['status']>;
type Conditions = NonNullable<BudgetStatus['conditions']>;

/** What was counted. */
export type BudgetCounts = Pick<BudgetStatus, 'currentHealthy' | 'desiredHealthy' | 'expectedPods'> & {
  readonly disruptedPods: Readonly<Record<string, string>>;
};

/** The status that follows from the counts; `now` in epoch milliseconds. */
export function budgetStatus({ metadata, status }: Budget, counts: BudgetCounts, now: number): BudgetStatus {
  const { currentHealthy, desiredHealthy, expectedPods, disruptedPods } = counts;
  const disruptionsAllowed = expectedPods <= 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const observedGeneration = metadata.generation ?? 0;
  return {
    conditions: withAllowed(status?.conditions ?? [], observedGeneration, disruptionsAllowed, now),
    currentHealthy,
    desiredHealthy,
    ...(Object.keys(disruptedPods).length === 0 ? {} : { disruptedPods }),
    disruptionsAllowed,
    expectedPods,
    observedGeneration,
  };
}

/** The condition for a number of disruptions. */
export function withAllowed(conditions: Conditions, generation: number, allowed: number, now: number): Conditions {
  const sufficient = { status: 'True', reason: 'SufficientPods', message: '' } as const;
  const insufficient = { status: 'False', reason: 'InsufficientPods', message: '' } as const;
  return disruptionAllowed(conditions, generation, allowed > 0 ? sufficient : insufficient, timestamp(now));
}

/** The conditions with `DisruptionAllowed` as given; its time changes with its status alone. */
export function disruptionAllowed(
  conditions: Conditions,
  observedGeneration: number,
  given: { readonly status: 'True' | 'False'; readonly reason: string; readonly message: string },
  at: string,
): Conditions {
  const type = 'DisruptionAllowed';
  const known = conditions.find((condition) => condition.type === type);
  const lastTransitionTime = known?.status === given.status ? known.lastTransitionTime : at;
  const { status, reason, message } = given;
  const condition = { lastTransitionTime, message, observedGeneration, reason, status, type };
  const others = conditions.filter((one) => one.type !== type);
  return [...others, condition];
}
