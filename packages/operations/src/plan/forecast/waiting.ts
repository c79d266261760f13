/** How long actions take with the people they wait for. */
import type { Action } from '@aia/contract';
import type { ThreePoints } from './draws.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Somebody reads, thinks and says yes. */
const APPROVAL: ThreePoints = { optimistic: 10 * MINUTE, likely: HOUR, pessimistic: 8 * HOUR };
/** A pull request is reviewed, merged and reconciled. */
const REVIEW: ThreePoints = { optimistic: 20 * MINUTE, likely: 3 * HOUR, pessimistic: 24 * HOUR };
/** Somebody elsewhere does something. */
const PERSON: ThreePoints = { optimistic: HOUR, likely: 6 * HOUR, pessimistic: 72 * HOUR };

/** Parts whose durations add up: the work, and each wait. `tookMs`: on the twin. */
export function durationParts(
  { durationMs, delivery, approval }: Pick<Action, 'durationMs' | 'delivery' | 'approval'>,
  tookMs: number | undefined,
): readonly ThreePoints[] {
  return [
    onTwin(durationMs, tookMs),
    ...(approval.isNeeded && delivery !== 'person' ? [APPROVAL] : []),
    ...(delivery === 'source' ? [REVIEW] : []),
    ...(delivery === 'person' ? [PERSON] : []),
  ];
}

/**
 * How long an action with its waits takes, as a person reckons before there is a twin: `expected` is the mean of Beta-PERT, (optimistic + 4 × likely +
 * pessimistic) ÷ 6, milliseconds.
 */
export function reckoned(action: Pick<Action, 'durationMs' | 'delivery' | 'approval'>): {
  readonly expected: number;
  readonly pessimistic: number;
} {
  const parts = durationParts(action, undefined);
  return {
    expected: parts.reduce((sum, part) => sum + meanOf(part), 0),
    pessimistic: parts.reduce((sum, { pessimistic }) => sum + pessimistic, 0),
  };
}

/** The mean of Beta-PERT of the work alone, milliseconds. */
export function workOf({ durationMs }: Pick<Action, 'durationMs'>): number {
  return meanOf(durationMs);
}

function meanOf({ optimistic, likely, pessimistic }: ThreePoints): number {
  return (optimistic + 4 * likely + pessimistic) / 6;
}

/** What the twin took is the likely duration; real clusters are slower rather than faster. */
function onTwin(three: ThreePoints, tookMs: number | undefined): ThreePoints {
  if (tookMs === undefined || tookMs === 0) return three;
  return {
    optimistic: Math.min(three.optimistic, tookMs),
    likely: tookMs,
    pessimistic: Math.max(three.pessimistic, 3 * tookMs),
  };
}
