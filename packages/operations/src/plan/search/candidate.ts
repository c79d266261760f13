/** Remedies with their actions, as the search weighs them. */
import { compare } from '@aia/cluster';
import type { Action, Goal } from '@aia/contract';
import type { Remedy } from '../remedy.ts';

/** A remedy with its actions. */
export interface Candidate {
  readonly remedy: Remedy;
  readonly actions: readonly Action[];
}

/** Tells candidates apart and brings them in an order that no input changes. */
export function keyOf({ remedy, actions }: Candidate): string {
  return JSON.stringify([actions.map(({ id }) => id), remedy.resolves.toSorted(compare), remedy.title]);
}

/** Whether nothing but persons can carry it out. */
export function isManual({ actions }: Pick<Candidate, 'actions'>): boolean {
  return actions.every(({ steps }) => steps.every(({ change }) => change.kind === 'manual'));
}

/** Below, a remedy treats a symptom. */
const SYMPTOM = 0.5;

/** How far it reaches its goals: what only persons can do is a half, what treats a symptom three quarters. */
export function gradeOf(candidate: Candidate): number {
  if (isManual(candidate)) return 0.5;
  return candidate.remedy.fit <= SYMPTOM ? 0.75 : 1;
}

/** What leaving a goal open costs: a must is never given up for less work, a KPI that the policy demands for little. */
const WORTH: Readonly<Record<Goal['severity'], number>> = { critical: 1000, high: 300, medium: 12, low: 4, info: 0 };
const WORTH_OF_KPI = 100;

/** In the unit of {@link costOf}. */
export function worthOf({ kind, severity }: Pick<Goal, 'kind' | 'severity'>): number {
  return kind === 'kpi' ? WORTH_OF_KPI : WORTH[severity];
}
