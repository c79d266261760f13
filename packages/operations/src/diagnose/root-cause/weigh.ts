/** Weighs hypotheses that explain the same findings against each other. */
import type { Priors } from '../../priors/priors.ts';
import { priorOf } from '../../priors/priors.ts';
import { hypothesisId, type Hypothesis } from './hypothesis.ts';

export interface Weighed {
  readonly hypothesis: Hypothesis;
  readonly id: string;
  readonly prior: number;
  readonly weight: number;
  readonly probability: number;
  /** Rivals with their share of the same sum, most probable first. */
  readonly rivals: readonly { readonly hypothesis: Hypothesis; readonly probability: number }[];
}

/**
 * Posterior of each hypothesis by Bayes' rule over the rivals that explain any of the same findings:
 * `P(h) = w(h) ÷ (w(h) + Σ overlap(r) · w(r) + 1)` with `w = prior × Π likelihood ratios`. `overlap(r)` is the share of h's
 * findings that r explains too; the 1 stands for "something else". Observations are taken as independent.
 */
export function weigh(hypotheses: readonly Hypothesis[], priors: Priors): readonly Weighed[] {
  const weights = new Map(hypotheses.map((hypothesis) => [hypothesis, weightOf(hypothesis, priors)]));
  const explainers = explainersOf(hypotheses);
  return hypotheses.map((hypothesis) => {
    const weight = weights.get(hypothesis) ?? 0;
    const overlaps = overlapsOf(hypothesis, explainers);
    const rivalWeights = [...overlaps].map(([rival, overlap]) => ({
      hypothesis: rival,
      weight: overlap * (weights.get(rival) ?? 0),
    }));
    const sum = weight + 1 + rivalWeights.reduce((total, rival) => total + rival.weight, 0);
    const rivals = rivalWeights
      .map((rival) => ({ hypothesis: rival.hypothesis, probability: rival.weight / sum }))
      .sort((a, b) => b.probability - a.probability || order(a.hypothesis, b.hypothesis));
    return {
      hypothesis,
      id: hypothesisId(hypothesis),
      prior: priorOf(priors, hypothesis.class),
      weight,
      probability: weight / sum,
      rivals,
    };
  });
}

/** For each finding the weightiest hypothesis; a hypothesis that leads nowhere is a rival and no root cause. */
export function leading(weighed: readonly Weighed[]): readonly Weighed[] {
  const best = new Map<string, Weighed>();
  for (const candidate of weighed) {
    for (const { finding } of candidate.hypothesis.effects) {
      const known = best.get(finding);
      if (known === undefined || outweighs(candidate, known)) best.set(finding, candidate);
    }
  }
  const leaders = new Set(best.values());
  return weighed.filter((candidate) => leaders.has(candidate));
}

function weightOf(hypothesis: Hypothesis, priors: Priors): number {
  return hypothesis.weighings.reduce((weight, { ratio }) => weight * ratio, priorOf(priors, hypothesis.class));
}

function explainersOf(hypotheses: readonly Hypothesis[]): ReadonlyMap<string, readonly Hypothesis[]> {
  const explainers = new Map<string, Hypothesis[]>();
  for (const hypothesis of hypotheses) {
    for (const finding of new Set(hypothesis.effects.map((effect) => effect.finding))) {
      const known = explainers.get(finding);
      if (known === undefined) explainers.set(finding, [hypothesis]);
      else known.push(hypothesis);
    }
  }
  return explainers;
}

function overlapsOf(
  hypothesis: Hypothesis,
  explainers: ReadonlyMap<string, readonly Hypothesis[]>,
): ReadonlyMap<Hypothesis, number> {
  const overlaps = new Map<Hypothesis, number>();
  const step = 1 / Math.max(1, hypothesis.effects.length);
  for (const { finding } of hypothesis.effects) {
    for (const rival of explainers.get(finding) ?? []) {
      if (rival !== hypothesis) overlaps.set(rival, (overlaps.get(rival) ?? 0) + step);
    }
  }
  return overlaps;
}

function outweighs(a: Weighed, b: Weighed): boolean {
  return a.weight > b.weight || (a.weight === b.weight && order(a.hypothesis, b.hypothesis) < 0);
}

function order(a: Hypothesis, b: Hypothesis): number {
  return hypothesisId(a) < hypothesisId(b) ? -1 : 1;
}
