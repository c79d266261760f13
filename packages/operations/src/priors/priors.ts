import type { OutcomePriors } from './outcomes.ts';

/** Expectations that experience brings into a diagnosis and a forecast. Without any, every class of cause is equally likely. */
export interface Priors {
  /** Prior weight of each class of cause, relative to 1 for one that is not listed. */
  readonly causes: Readonly<Record<string, number>>;
  /** What became of actions and plans before; by default what was recorded in simulated clusters. */
  readonly outcomes?: OutcomePriors;
}

/** The untrained state. */
export const UNIFORM_PRIORS: Priors = Object.freeze({ causes: Object.freeze({}) });

/** Bounds of a prior weight: experience makes nothing impossible and outshouts no component that states the cause itself. */
const BOUNDS = { least: 0.001, most: 1000 } as const;

/**
 * Weight of a class, within a thousandth and a thousand times that of one that is not listed.
 * @throws RangeError when the given weight is negative or no number
 */
export function priorOf(priors: Priors, causeClass: string): number {
  const weight = Object.hasOwn(priors.causes, causeClass) ? (priors.causes[causeClass] ?? 1) : 1;
  if (Number.isNaN(weight) || weight < 0)
    throw new RangeError(`priors.causes.${causeClass}: must be at least 0, is ${weight}`);
  return Math.min(BOUNDS.most, Math.max(BOUNDS.least, weight));
}
