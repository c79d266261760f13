/** Rules about PodDisruptionBudgets and drains. */
import type { Rule } from '../rule.ts';
import { rule as disruptionBudgetBlocksDrain } from '../rules/disruption-budget-blocks-drain/rule.ts';
import { rule as disruptionBudgetSelectsNothing } from '../rules/disruption-budget-selects-nothing/rule.ts';
import { rule as disruptionBudgetUnhealthy } from '../rules/disruption-budget-unhealthy/rule.ts';
import { rule as drainImpossible } from '../rules/drain-impossible/rule.ts';

/** In the order of the reference pages. */
export const DISRUPTION_RULES: readonly Rule[] = [
  disruptionBudgetSelectsNothing,
  disruptionBudgetUnhealthy,
  disruptionBudgetBlocksDrain,
  drainImpossible,
];
