/** Leaves out actions that do not help: the twin is as well without them. */
import { compare, refKey } from '@aia/cluster';
import type { Action, AssessedFinding, Assessment, Phase, Plan, Rehearsal } from '@aia/contract';
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
  /** What was found wrong, by which goals are known. */
  readonly assessment: Assessment;
  /** Runs phases on a fresh twin. */
  readonly run: (phases: readonly Phase[]) => Course;
}

/** The course without what does not help, and what that was. */
export function withoutUseless(input: RemovalInput): { readonly course: Course; readonly removed: readonly Removed[] } {
  let { course } = input;
  const removed: Removed[] = [];
  for (const action of doubtful(input)) {
    const shorter = input.run(withoutActions(course.phases, new Set([action.id])));
    if (shorter.failed.size > 0 || !isAsGood(shorter.end(), course.end(), input, action)) {
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

/** No goal more is left, nothing by which the action was seen to be needed, no finding of weight more, no pod less succeeds. */
function isAsGood(one: Observed, other: Observed, { goalsLeft, assessment }: RemovalInput, action: Action): boolean {
  const [left, before] = [goalsLeft(one), goalsLeft(other)];
  if ([...left].some((id) => !before.has(id))) return false;
  const [found, kept] = [one, other].map((seen) => new Set(seen.assessment.findings.filter(isSaid).map(placeOf)));
  if (signsOf(action, assessment).some((place) => found?.has(place) === true && kept?.has(place) === false))
    return false;
  const failing = ({ figures: { pods } }: Observed) => pods.total - pods.succeeding;
  return failing(one) <= failing(other) && weighty(one) <= weighty(other) && isNoDearer(one, other);
}

/** What showed that an action was needed: by what it resolves, findings about the very resources of these causes. */
function signsOf({ resolves }: Action, { rootCauses, findings }: Assessment): readonly string[] {
  const causes = rootCauses.filter(({ id }) => resolves.includes(id));
  const own = new Set(causes.map(({ resource }) => refKey(resource)));
  const explained = new Set(causes.flatMap(({ explains }) => explains));
  return findings.filter(({ id, resource }) => explained.has(id) && own.has(refKey(resource))).map(placeOf);
}

function placeOf({ code, resource }: AssessedFinding): string {
  return `${code} ${refKey(resource)}`;
}

function isSaid({ severity }: AssessedFinding): boolean {
  return severityRank(severity) <= severityRank('low');
}

function weighty({ assessment }: Observed): number {
  return assessment.findings.filter(({ severity }) => severityRank(severity) <= severityRank('medium')).length;
}

function isNoDearer(one: Observed, other: Observed): boolean {
  return (one.figures.monthlyCost ?? 0) <= (other.figures.monthlyCost ?? 0) + 0.01;
}
