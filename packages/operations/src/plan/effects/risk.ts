/** How risky an action is, with reasons. */
import type { Action } from '@aia/contract';

/** What the score is made of. */
export interface RiskFactors {
  /** Of the kind. */
  readonly base: number;
  readonly isIrreversible: boolean;
  readonly disruption: Action['disruption'];
  /** That it is the right change. */
  readonly confidence: number;
  readonly extra: readonly { readonly reason: string; readonly adds: number }[];
}

/** From here on medium and high. */
const LEVELS = { medium: 0.25, high: 0.5 } as const;

/** `1 − Π (1 − part)`: each reason leaves a share of safety. */
export function riskOf({ base, isIrreversible, disruption, confidence, extra }: RiskFactors): Action['risk'] {
  const parts = [
    { reason: 'inherent in this kind of change', adds: base },
    { reason: 'cannot be undone', adds: isIrreversible ? 0.4 : 0 },
    { reason: disruption.text, adds: disruption.isOutage ? 0.35 : Math.min(0.2, disruption.pods * 0.01) },
    { reason: `the evidence for it is ${Math.round(confidence * 100)} % sure`, adds: (1 - confidence) * 0.4 },
    ...extra,
  ].filter(({ adds }) => adds > 0);
  const score = 1 - parts.reduce((safe, { adds }) => safe * (1 - Math.min(1, adds)), 1);
  const level = score >= LEVELS.high ? 'high' : score >= LEVELS.medium ? 'medium' : 'low';
  return {
    level,
    score: Math.round(score * 1000) / 1000,
    reasons: parts.toSorted((a, b) => b.adds - a.adds).map(({ reason }) => reason),
  };
}
