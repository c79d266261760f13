/** The catalogue: every rule, in the order in which the reference lists them. */
import type { Rule } from './rule.ts';

export const RULES: readonly Rule[] = Object.freeze([]);

/** The rule with this code. */
export function ruleOf(code: string): Rule | undefined {
  return RULES.find((rule) => rule.code === code);
}
