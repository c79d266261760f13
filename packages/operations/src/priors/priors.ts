/** Expectations that experience brings into a diagnosis. Without any, every class of cause is equally likely. */
export interface Priors {
  /** Prior weight of each class of cause, relative to 1 for one that is not listed. */
  readonly causes: Readonly<Record<string, number>>;
}

/** The untrained state. */
export const UNIFORM_PRIORS: Priors = Object.freeze({ causes: Object.freeze({}) });

/** Weight of a class; at least a thousandth, so that nothing becomes impossible by experience alone. */
export function priorOf(priors: Priors, causeClass: string): number {
  return Object.hasOwn(priors.causes, causeClass) ? Math.max(0.001, priors.causes[causeClass] ?? 1) : 1;
}
