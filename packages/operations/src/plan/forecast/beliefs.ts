/** How likely actions are to succeed: a Beta distribution per kind, moved by what is known of the very action. */
import type { Action, Rehearsal } from '@aia/contract';
import type { OutcomePriors } from '../../priors/outcomes.ts';
import { actionKind } from '../catalogue.ts';
import { logistic, logit } from './draws.ts';

/** What is believed of one action. */
export interface Belief {
  readonly id: string;
  readonly kind: string;
  /** Of its kind, recorded outcomes included. */
  readonly alpha: number;
  readonly beta: number;
  /** Added to the log-odds of the kind. */
  readonly shift: number;
  readonly basis: string;
}

/** Of kinds that the catalogue does not know. */
const UNKNOWN = { alpha: 1, beta: 1, basis: 'nothing is known of this kind' } as const;
/** How far the stated confidence moves log-odds; half, since it is no independent evidence. */
const CONFIDENCE_WEIGHT = 0.5;
/** Mean confidence of actions where no outcome was recorded. */
const USUAL_CONFIDENCE = 0.9;
/** What nobody could try on the twin is less sure: odds by a third. */
const UNTRIED = Math.log(1 / 3);

/** The belief in an action; `outcome`: how it went on the twin. */
export function beliefIn(
  action: Pick<Action, 'id' | 'kind' | 'confidence'>,
  outcome: Rehearsal['actions'][number]['outcome'] | undefined,
  { kinds, basis: recorded }: OutcomePriors,
): Belief {
  const prior = actionKind(action.kind)?.prior ?? UNKNOWN;
  const seen = Object.hasOwn(kinds, action.kind) ? kinds[action.kind] : undefined;
  const { successes = 0, failures = 0, meanConfidence = USUAL_CONFIDENCE } = seen ?? {};
  const evidence = CONFIDENCE_WEIGHT * (logit(action.confidence) - logit(meanConfidence));
  return {
    ...{ id: action.id, kind: action.kind, alpha: prior.alpha + successes, beta: prior.beta + failures },
    shift: evidence + (outcome === 'held' ? 0 : UNTRIED),
    basis:
      seen === undefined
        ? prior.basis
        : `${prior.basis}; ${successes} of ${successes + failures} recorded succeeded (${recorded})`,
  };
}

/** The probability of an action, where that of its kind is so. */
export function probabilityOf({ shift }: Belief, ofKind: number): number {
  return logistic(logit(ofKind) + shift);
}
