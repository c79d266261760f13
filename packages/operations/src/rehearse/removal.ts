/** Leaves out actions that do not help: the twin is as well without them. */
import type { Action, Phase, Plan, Rehearsal } from '@aia/contract';
import { compare } from '@aia/cluster';
import { severityRank } from '../diagnose/finding.ts';
import type { Course } from './course.ts';
import type { Observed } from './rehearse.ts';
import { withoutActions } from '../plan/order/without-actions.ts';

/** Actions that rehearsal took out. */
export type Removed = Rehearsal['removed'][number];

/** What is tried. */
export interface RemovalInput {
  readonly course: Course;
  readonly dependencies: Plan['dependencies'];
  /** How many actions are tried at most. */
  readonly trials: number;
  /** Ids of goals that a twin has. */
  readonly goalsLeft: (seen: Observed) => ReadonlySet<string>;
  /** Runs phases on a fresh twin. */
  readonly run: (phases: readonly Phase[]) => Course;
}

/** The course without what does not help, and what that was. */
export function withoutUseless(input: RemovalInput): { readonly course: Course; readonly removed: readonly Removed[] } {
  let { course } = input;
  const removed: Removed[] = [];
  for (const action of doubtful(input)) {
    const shorter = input.run(withoutActions(course.phases, new Set([action.id])));
    if (shorter.failed.size > 0 || !isAsGood(shorter.end(), course.end(), input.goalsLeft)) {
      shorter.stop();
      continue;
    }
    course.stop();
    course = shorter;
    removed.push({ id: action.id, title: action.title, reason: 'The twin ends as well without it.' });
  }
  return { course, removed };
}

/** Those that may be left out, the riskiest first; nothing waits for them, and the twin shows what they do. */
function doubtful({ course, dependencies, trials }: RemovalInput): readonly Action[] {
  const actions = course.phases.flatMap((phase) => phase.actions);
  if (actions.length < 2) return [];
  const shown = new Set(course.outcomes.filter(({ outcome }) => outcome === 'held').map(({ id }) => id));
  const isNeeded = (id: string) =>
    actions.some(({ after }) => after.includes(id)) || dependencies.some(({ from }) => from === id);
  return actions
    .filter(({ id }) => shown.has(id) && !isNeeded(id))
    .toSorted((a, b) => b.risk.score - a.risk.score || compare(a.id, b.id))
    .slice(0, trials);
}

/** No goal more is left, no finding of weight more, no pod less succeeds. */
function isAsGood(one: Observed, other: Observed, goalsLeft: RemovalInput['goalsLeft']): boolean {
  const [left, before] = [goalsLeft(one), goalsLeft(other)];
  if ([...left].some((id) => !before.has(id))) return false;
  const failing = ({ figures: { pods } }: Observed) => pods.total - pods.succeeding;
  return failing(one) <= failing(other) && weighty(one) <= weighty(other) && isNoDearer(one, other);
}

function weighty({ assessment }: Observed): number {
  return assessment.findings.filter(({ severity }) => severityRank(severity) <= severityRank('medium')).length;
}

function isNoDearer(one: Observed, other: Observed): boolean {
  return (one.figures.monthlyCost ?? 0) <= (other.figures.monthlyCost ?? 0) + 0.01;
}
