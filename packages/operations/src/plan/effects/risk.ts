/** How risky an action is, with reasons. */
import type { Action } from '@aia/contract';

/** What the score is made of. */
export interface RiskFactors {
  /** Of the kind. */
  readonly base: number;
  /** Why it cannot be undone; absent where it can. */
  readonly irreversible?: string | undefined;
  readonly disruption: Action['disruption'];
  /** Living pods of the cluster. */
  readonly allPods: number;
  /** Whether pods that keep state of their own are among those that go. */
  readonly isStateful: boolean;
  /** What holds something that nobody could make again, as `PersistentVolumeClaim db-0`; empty where nothing does. */
  readonly stored: readonly string[];
  /** Who would undo it, or overwrite it with the next sync. */
  readonly reconciler?: string | undefined;
  /** Whether it waits for a maintenance window; `undefined` where the policy has none. */
  readonly hasWindow: boolean;
  /** That it is the right change. */
  readonly confidence: number;
  readonly extra: readonly { readonly reason: string; readonly adds: number }[];
}

/** From here on medium and high. */
const LEVELS = { medium: 0.25, high: 0.5 } as const;
/** Reasons that add less are counted and not told. */
const LEAST = 0.01;
/** Disruption in a maintenance window bothers fewer people. */
const IN_WINDOW = 0.6;

/** `1 − Π (1 − part)`: each reason leaves a share of safety. */
export function riskOf(factors: RiskFactors): Action['risk'] {
  const parts = partsOf(factors).filter(({ adds }) => adds > 0);
  const score = 1 - parts.reduce((safe, { adds }) => safe * (1 - Math.min(1, adds)), 1);
  const level = score >= LEVELS.high ? 'high' : score >= LEVELS.medium ? 'medium' : 'low';
  return {
    level,
    score: Math.round(score * 1000) / 1000,
    reasons: parts
      .filter(({ adds }) => adds >= LEAST)
      .toSorted((a, b) => b.adds - a.adds)
      .map(({ reason }) => reason),
  };
}

function partsOf(factors: RiskFactors): readonly { readonly reason: string; readonly adds: number }[] {
  const { disruption, allPods, hasWindow, confidence, stored, reconciler, irreversible } = factors;
  const share = allPods === 0 ? 0 : disruption.pods / allPods;
  const noticed = disruption.isOutage ? 0.35 : Math.min(0.15, disruption.services.length * 0.03);
  return [
    { reason: 'inherent in this kind of change', adds: factors.base },
    { reason: `cannot be undone: ${irreversible ?? ''}`, adds: irreversible === undefined ? 0 : 0.3 },
    { reason: `it may take what is stored along: ${stored.join(', ')}`, adds: stored.length > 0 ? 0.4 : 0 },
    {
      reason: hasWindow && noticed > 0 ? `${disruption.text}, in a maintenance window` : disruption.text,
      adds: noticed * (hasWindow ? IN_WINDOW : 1),
    },
    {
      reason: `${disruption.pods} of ${allPods} pods of the cluster`,
      adds: Math.min(0.2, disruption.pods * 0.004 + share * 0.2) * (hasWindow ? IN_WINDOW : 1),
    },
    { reason: 'pods that keep state of their own restart', adds: factors.isStateful ? 0.08 : 0 },
    {
      reason: `${reconciler ?? ''} reconciles it, so that it has to be changed there`,
      adds: reconciler === undefined ? 0 : 0.06,
    },
    { reason: `the evidence for it is ${Math.round(confidence * 100)} % sure`, adds: (1 - confidence) * 0.4 },
    ...factors.extra,
  ];
}
