/** What the readiness score is made of, in points of a hundred. */
import type { Assessment } from '@aia/contract';

/** One part of the score that is known. */
export interface ScorePart {
  readonly name: string;
  /** Points it could give. */
  readonly points: number;
  /** Points it takes away. */
  readonly lost: number;
  readonly basis: string;
}

/** The known parts, those that take most away first. */
export function scoreParts({ components }: Assessment['verdict']): readonly ScorePart[] {
  const known = components.filter(({ value }) => value !== undefined);
  const weight = known.reduce((sum, one) => sum + one.weight, 0);
  return known
    .map(({ name, weight: own, value = 0, basis }) => {
      const points = (100 * own) / weight;
      return { name, points, lost: points * (1 - value), basis };
    })
    .sort((a, b) => b.lost - a.lost || (a.name < b.name ? -1 : 1));
}

/** `24 of 25 for root causes, 15 of 15 for quota`; empty when nothing is lost. */
export function lostText(verdict: Assessment['verdict']): string {
  if (verdict.status === 'unknown') return '';
  return scoreParts(verdict)
    .filter(({ lost }) => lost >= 0.5)
    .map(({ name, lost, points }) => `${Math.round(lost)} of ${Math.round(points)} for ${name}`)
    .join(', ');
}
