/** What became of actions before: recorded outcomes, by kind, and what they teach about plans. */

/** Outcomes of one kind of action, counted once for each plan, where what befalls one action of a kind mostly befalls the others. */
export interface RecordedOutcomes {
  /** Its probe held, and its goals were reached. */
  readonly successes: number;
  readonly failures: number;
  /** Mean of the confidence that these actions stated, 0..1. */
  readonly meanConfidence: number;
}

/** What experience says of the success of actions and plans. */
export interface OutcomePriors {
  /** Where it is from, for a person. */
  readonly basis: string;
  readonly kinds: Readonly<Record<string, RecordedOutcomes>>;
  /**
   * Recalibration of the probability of plans, on the scale of log-odds: `intercept + slope × logit(p)`, and `setback` more where something failed on the
   * twin before the plan became what it is. Source: Platt, "Probabilistic outputs for support vector machines", 1999.
   */
  readonly plans: { readonly intercept: number; readonly slope: number; readonly setback: number };
}

/** Without any experience. */
export const NO_OUTCOMES: OutcomePriors = Object.freeze({
  basis: 'none recorded',
  kinds: Object.freeze({}),
  plans: Object.freeze({ intercept: 0, slope: 1, setback: 0 }),
});
