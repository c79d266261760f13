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
 * Posteriors by Bayes' rule, symptom by symptom: among the hypotheses that explain one, `P(h) = w(h) ÷ (1 + Σ w)` with
 * `w = prior × Π likelihood ratios`; the 1 stands for "something else". A hypothesis claims all its symptoms, so it gets the
 * least of these; therefore the probabilities of all that explain one symptom sum to less than 1, and further evidence for a
 * hypothesis never lowers its own. A rival's share is its mean over the hypothesis' symptoms. Observations are taken as
 * independent.
 */
export function weigh(hypotheses: readonly Hypothesis[], priors: Priors): readonly Weighed[] {
  const weights = new Map(hypotheses.map((hypothesis) => [hypothesis, weightOf(hypothesis, priors)]));
  const contests = contestsOf(hypotheses, weights);
  return hypotheses.map((hypothesis) => {
    const weight = weights.get(hypothesis) ?? 0;
    const contested = [...symptomsOf(hypothesis)]
      .map((finding) => contests.get(finding))
      .filter((one) => one !== undefined);
    const rivals = new Map<Hypothesis, number>();
    for (const { explainers, sum } of contested) {
      for (const rival of explainers)
        if (rival !== hypothesis)
          rivals.set(rival, (rivals.get(rival) ?? 0) + (weights.get(rival) ?? 0) / sum / contested.length);
    }
    return {
      hypothesis,
      id: hypothesisId(hypothesis),
      prior: priorOf(priors, hypothesis.class),
      weight,
      probability: contested.reduce((least, { sum }) => Math.min(least, weight / sum), weight / (1 + weight)),
      rivals: [...rivals]
        .map(([rival, probability]) => ({ hypothesis: rival, probability }))
        .sort((x, y) => y.probability - x.probability || order(x.hypothesis, y.hypothesis)),
    };
  });
}

/**
 * Finding → the hypothesis that explains it: the weightiest of those that claim it. Only symptoms make a hypothesis a root
 * cause; findings that are part of several causes go to the weightiest root cause among them.
 */
export function leadersOf(weighed: readonly Weighed[]): ReadonlyMap<string, Weighed> {
  const best = new Map<string, Weighed>();
  for (const candidate of weighed) claim(best, candidate, symptomsOf(candidate.hypothesis));
  const parts = new Map<string, Weighed>();
  for (const candidate of new Set(best.values())) claim(parts, candidate, partsClaimed(candidate.hypothesis));
  for (const [finding, leader] of parts) if (!best.has(finding)) best.set(finding, leader);
  return best;
}

function claim(best: Map<string, Weighed>, candidate: Weighed, findings: ReadonlySet<string>): void {
  for (const finding of findings) {
    const known = best.get(finding);
    if (known === undefined || outweighs(candidate, known)) best.set(finding, candidate);
  }
}

function weightOf(hypothesis: Hypothesis, priors: Priors): number {
  return hypothesis.weighings.reduce((weight, { ratio }) => weight * ratio, priorOf(priors, hypothesis.class));
}

/** Who claims a finding, and the sum of their weights and of "something else". */
interface Contest {
  readonly explainers: readonly Hypothesis[];
  readonly sum: number;
}

function contestsOf(
  hypotheses: readonly Hypothesis[],
  weights: ReadonlyMap<Hypothesis, number>,
): ReadonlyMap<string, Contest> {
  const claims = hypotheses.flatMap((hypothesis) =>
    [...symptomsOf(hypothesis)].map((finding) => ({ finding, hypothesis })),
  );
  const groups = Map.groupBy(claims, ({ finding }) => finding);
  return new Map(
    [...groups].map(([finding, group]) => {
      const explainers = group.map(({ hypothesis }) => hypothesis);
      return [finding, { explainers, sum: explainers.reduce((sum, one) => sum + (weights.get(one) ?? 0), 1) }];
    }),
  );
}

function symptomsOf({ effects }: Hypothesis): ReadonlySet<string> {
  return new Set(effects.flatMap(({ finding, isPart }) => (isPart === true ? [] : [finding])));
}

function partsClaimed({ effects }: Hypothesis): ReadonlySet<string> {
  return new Set(effects.flatMap(({ finding, isPart }) => (isPart === true ? [finding] : [])));
}

function outweighs(a: Weighed, b: Weighed): boolean {
  return a.weight > b.weight || (a.weight === b.weight && order(a.hypothesis, b.hypothesis) < 0);
}

function order(a: Hypothesis, b: Hypothesis): number {
  return hypothesisId(a) < hypothesisId(b) ? -1 : 1;
}
