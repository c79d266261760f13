/** Hypotheses: candidate explanations of findings, before they are weighed against each other. */
import { refKey, type ResourceRef } from '@aia/cluster';
import type { Counterfactual, Weighing } from '@aia/contract';
import type { Evidence } from '../evidence.ts';
import type { Examination } from '../examination.ts';
import type { Finding } from '../finding.ts';
import type { RemediationClass } from '../rule.ts';
import type { FindingIndex } from './finding-index.ts';

/** A finding that a hypothesis brings about without another finding between them. */
export interface DirectEffect {
  readonly finding: string;
  /** Why the one brings about the other: completes "because …". */
  readonly relation: string;
  readonly evidence: readonly Evidence[];
  /**
   * The finding is the cause itself, seen on its own (a full quota, a refusal), and no symptom that causes compete for: two
   * causes may share it, and it makes none of them a root cause.
   */
  readonly isPart?: boolean;
}

export interface Hypothesis {
  /** Class of cause, kebab-case; together with the resource its identity. */
  readonly class: string;
  readonly resource: ResourceRef;
  /** Which part of the resource, where a workload can have several: container and image. */
  readonly subject?: string;
  readonly title: string;
  readonly statement: string;
  readonly effects: readonly DirectEffect[];
  readonly evidence: readonly Evidence[];
  /** Likelihood ratios, see {@link STRENGTH}. */
  readonly weighings: readonly Weighing[];
  readonly remediation: { readonly class: RemediationClass; readonly text: string };
  /** Computed only for hypotheses that become root causes. */
  readonly counterfactuals?: () => readonly Counterfactual[];
}

export interface CauseContext {
  readonly examination: Examination;
  readonly findings: FindingIndex;
}

/** One family of causes: what it would explain of these findings. */
export type Explain = (context: CauseContext) => Iterable<Hypothesis>;

/**
 * Likelihood ratios by kind of observation: how much more often it is seen when the cause holds than when something
 * else does. Coarse on purpose; learnt priors refine the classes, not these.
 */
export const STRENGTH = Object.freeze({
  /** The component that failed names the cause itself. */
  stated: 100,
  /** A figure that is sufficient for it, read independently. */
  measured: 20,
  /** Typical, but other causes show it too. */
  typical: 5,
  /** Slightly more usual with it. */
  hint: 2,
  /** Hardly seen with it. */
  unlikely: 0.2,
  /** All but excludes it. */
  contradicted: 0.02,
});

/** Findings as direct effects, each with its own first evidence. */
export function effectsOn(findings: readonly Finding[], relation: string): readonly DirectEffect[] {
  return findings.map((finding) => ({ finding: finding.id, relation, evidence: finding.evidence.slice(0, 2) }));
}

/** Findings that are the cause itself, see {@link DirectEffect.isPart}. */
export function partsOf(findings: readonly Finding[], relation: string): readonly DirectEffect[] {
  return effectsOn(findings, relation).map((effect) => ({ ...effect, isPart: true }));
}

/** Unlike any finding's id, which has a colon in this place: a cause that is a finding by itself is still not that finding. */
export function hypothesisId(hypothesis: Hypothesis): string {
  return `${hypothesis.class}@${refKey(hypothesis.resource)}`;
}
