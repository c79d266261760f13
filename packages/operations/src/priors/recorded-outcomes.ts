/** Written by `npm run bench -- plan --write`: what became of plans in simulated clusters of the training ranges. */
import type { OutcomePriors } from './outcomes.ts';

/** What forecasts start from where nothing else was recorded. */
export const RECORDED_OUTCOMES: OutcomePriors = Object.freeze({
  basis: 'none recorded',
  kinds: {},
  plans: { intercept: 0, slope: 1 },
});
