/** A plan that was tried: only what works on the twin and helps there, and nothing that makes something critical of it. */
import type { Action, Goal, Phase, Plan, Rehearsal } from '@aia/contract';
import { isSerious } from '../diagnose/finding.ts';
import { goalsOf } from '../plan/goals.ts';
import { askedEarly } from '../plan/order/asked-early.ts';
import { Course } from './course.ts';
import { effortFor, type Effort } from './effort.ts';
import { goalAtEnd } from './goal-states.ts';
import { culpritsOf, harmIn, type Harm } from './harm.ts';
import { RehearsalStage, type Assess, type Observed } from './rehearse.ts';
import { withoutUseless, type Removed } from './removal.ts';
import { goalsOfRounds, planInRounds, type Rounds, type RoundsInput } from './rounds.ts';

/** What is planned for, and how it is judged. */
export interface RehearsedPlanInput extends Omit<RoundsInput, 'refuted'> {
  readonly assess: Assess;
  readonly seed: string;
}

/** `rehearsal` is absent where nothing was tried. */
export interface RehearsedPlan {
  readonly plan: Plan;
  readonly rehearsal?: Rehearsal;
  /** The twin at the end. */
  readonly end?: Observed;
}

/** So often a plan is made anew without what did harm. */
const MOST_ATTEMPTS = 6;
/** So often phases are tried anew without what did not work. */
const MOST_RUNS = 4;

/** Plans and rehearses. */
export function rehearsedPlan(input: RehearsedPlanInput): RehearsedPlan {
  const refuted = new Map<string, string>();
  let last: Attempt | undefined;
  for (let i = 0; i < MOST_ATTEMPTS; i++) {
    const attempt = tryOnce(input, refuted);
    const abandoned = i + 1 < MOST_ATTEMPTS ? abandonedIn(attempt).filter(({ id }) => !refuted.has(id)) : [];
    if (abandoned.length > 0) {
      attempt.course.stop();
      for (const { id, reason } of abandoned) refuted.set(id, reason);
      continue;
    }
    if (attempt.course.phases.length === 0) return nothingOf(attempt, last);
    const { done, unchanged } = lookForHarm(input, attempt);
    if (done.length === 0) return written(input, attempt, unchanged);
    last = { ...attempt, harm: done };
    const trial = { ...attempt, harm: done, trials: attempt.effort.trials, harmOf: harmOf(input, unchanged) };
    for (const { id } of culpritsOf(trial)) refuted.set(id, `It leaves the twin worse: ${titlesOf(done)}.`);
  }
  return last === undefined ? nothingOf(tryOnce(input, refuted), undefined) : refusedOf(last);
}

interface Attempt {
  readonly rounds: Rounds;
  readonly course: Course;
  readonly removed: readonly Removed[];
  /** Those of them that did not work. */
  readonly failed: readonly Removed[];
  readonly effort: Effort;
  /** Runs phases on a fresh twin. */
  readonly run: (phases: readonly Phase[]) => Course;
  readonly harm?: readonly Harm[];
}

/** Rounds of planning on one twin; then what works on a fresh one, unless the first was as good as that; then without what does not help. */
function tryOnce(input: RehearsedPlanInput, refuted: ReadonlyMap<string, string>): Attempt {
  const { snapshot, assessment, assess, seed, onProgress } = input;
  const size = snapshot.objects.length;
  const begin = (effort: Effort) => new Course(() => new RehearsalStage(snapshot, assessment, assess, seed), effort);
  const course = begin(effortFor(size, 0));
  const rounds = planInRounds({ ...input, refuted }, course);
  const effort = effortFor(
    size,
    course.phases.reduce((sum, { actions }) => sum + actions.length, 0),
  );
  const run = (phases: readonly Phase[]) => {
    const again = begin(effort);
    again.try(phases);
    return again;
  };
  const clean = course.isMarked ? rerun(course, run) : course;
  onProgress?.('leaving out what does not help');
  const { dependencies } = mergedOf(rounds.plans, clean.phases);
  const goalsLeft = (seen: Observed) => idsLeft(seen, input);
  const lean = withoutUseless({ course: clean, dependencies, trials: effort.trials, goalsLeft, assessment, run });
  const failed = [...course.failed].map(([id, reason]) => ({ id, title: titleOf(id, rounds.plans), reason }));
  return { rounds, effort, run, failed, course: lean.course, removed: [...failed, ...lean.removed] };
}

/** On a fresh twin, until all that is left works. */
function rerun(first: Course, run: (phases: readonly Phase[]) => Course): Course {
  let course = first;
  for (let i = 0; i < MOST_RUNS && course.isMarked; i++) {
    const { phases } = course;
    course.stop();
    course = run(phases);
  }
  return course;
}

/**
 * Actions that did not work where a rival of theirs was never tried: what they did to the twin hid the cause from later rounds, as a deleted pod hides why
 * it failed.
 */
function abandonedIn({ rounds: { plans }, course, failed }: Attempt): readonly Removed[] {
  const [first] = plans;
  if (first === undefined) return [];
  const served = new Set(course.phases.flatMap(({ actions }) => actions.flatMap(({ resolves }) => resolves)));
  const hasRival = (id: string) =>
    first.rejected.some(({ because, goals }) => because === 'rival' && goals.includes(id));
  const lost = first.goals.filter(({ id, isMust }) => isMust && !served.has(id) && hasRival(id));
  const ids = new Set(lost.flatMap(({ actions }) => actions));
  return failed.filter(({ id }) => ids.has(id));
}

interface Found {
  readonly done: readonly Harm[];
  /** A twin that was left alone for as long; absent where nothing asked for one. */
  readonly unchanged?: Observed;
}

/** What is worse on the twin than it was, and than it would be had nothing been done. */
function lookForHarm(input: RehearsedPlanInput, { course, effort }: Attempt): Found {
  const { snapshot, assessment, seed } = input;
  const before = { snapshot, assessment };
  if (!effort.comparesUnchanged && harmIn(course, before).length === 0) return { done: [] };
  const stage = new RehearsalStage(snapshot, assessment, input.assess, seed);
  stage.wait(course.stage.elapsedMs);
  const unchanged = stage.observe();
  stage.stop();
  return { done: harmIn(course, before, unchanged), unchanged };
}

function harmOf({ snapshot, assessment }: RehearsedPlanInput, unchanged: Observed | undefined) {
  return (course: Course) => harmIn(course, { snapshot, assessment }, unchanged);
}

function written(input: RehearsedPlanInput, attempt: Attempt, unchanged: Observed | undefined): RehearsedPlan {
  const { rounds, course, removed } = attempt;
  const end = course.end();
  const merged = mergedOf(rounds.plans, course.phases);
  const early = askedEarly(course.phases, merged.dependencies, course.phaseOutcomes);
  const actions = course.phases.flatMap((phase) => phase.actions);
  const view = {
    ...{ actions, outcomes: course.outcomes, left: idsLeft(end, input) },
    gone: new Map([...rounds.refuted, ...removed.map(({ id, reason }) => [id, reason] as const)]),
  };
  const goals = goalsOfRounds(rounds.plans, actions).map((goal) => goalAtEnd(goal, view));
  const rehearsal = { ...rehearsalOf(input, attempt, unchanged), phases: early.outcomes };
  course.stop();
  const { phases } = early;
  const reason = reasonOf(actions.length, phases.length);
  return { plan: { ...merged, reason, phases, goals, rejected: rejectedOf(attempt, actions) }, rehearsal, end };
}

/** Ids of goals that a twin has. */
function idsLeft({ assessment }: Observed, { policy }: RehearsedPlanInput): ReadonlySet<string> {
  return new Set(goalsOf(assessment, policy.targets.quotaShare).map(({ id }) => id));
}

/** One plan of all rounds, with the phases that are left. */
function mergedOf(plans: readonly Plan[], phases: readonly Phase[]): Plan {
  const actions = phases.flatMap((phase) => phase.actions);
  const ids = new Set(actions.map(({ id }) => id));
  const texts = new Set<string>();
  const dependencies = plans
    .flatMap((plan) => plan.dependencies)
    .filter((one) => ids.has(one.from) && ids.has(one.to))
    .filter(({ from, to }) => !texts.has(`${from} ${to}`) && texts.add(`${from} ${to}`));
  return {
    ...{ outcome: 'plan', reason: reasonOf(actions.length, phases.length), goals: [], phases, dependencies },
    rejected: [],
  };
}

function reasonOf(actions: number, phases: number): string {
  const [one, other] = [actions === 1 ? 'action' : 'actions', phases === 1 ? 'phase' : 'phases'];
  return `${actions} ${one} in ${phases} ${other}, tried on a twin of the cluster.`;
}

/** Remedies that no round took, and those that did not work. */
function rejectedOf(
  { rounds: { plans, refuted }, removed }: Pick<Attempt, 'rounds' | 'removed'>,
  actions: readonly Action[],
): Plan['rejected'] {
  const ids = new Set(actions.map(({ id }) => id));
  const reasons = new Map([...refuted, ...removed.map(({ id, reason }) => [id, reason] as const)]);
  const first = (plans[0]?.rejected ?? []).filter(
    (one) => one.actions.length === 0 || one.actions.some((id) => !ids.has(id)),
  );
  const told = new Set(first.flatMap((one) => one.actions));
  const tried = plans
    .flatMap(({ phases }) => phases.flatMap((phase) => phase.actions))
    .filter(({ id }) => !ids.has(id) && !told.has(id) && reasons.has(id));
  const unique = new Map(tried.map((action) => [action.id, action]));
  return [
    ...first,
    ...[...unique.values()].map(({ id, title, kind, resolves }): Plan['rejected'][number] => ({
      ...{ title, kind, actions: [id], goals: resolves, because: 'rehearsal' },
      reason: reasons.get(id) ?? '',
    })),
  ];
}

function rehearsalOf(input: RehearsedPlanInput, attempt: Attempt, unchanged: Observed | undefined): Rehearsal {
  const { course, removed, harm = [] } = attempt;
  const { stage } = course;
  const { figures, assessment } = course.end();
  const { confidence, assumptions } = stage.twin;
  return {
    ...{ seed: input.seed, confidence, assumptions, virtualMs: stage.elapsedMs, before: stage.before },
    ...(unchanged !== undefined && { unchanged: unchanged.figures }),
    ...{ after: figures, phases: course.phaseOutcomes, actions: course.outcomes, removed },
    newCritical: harm.map(({ message }) => message),
    remaining: assessment.rootCauses.filter(isSerious).map(({ id, title, severity }) => ({ id, title, severity })),
  };
}

/** Nothing that was tried is left. */
function nothingOf({ rounds, removed, course }: Attempt, refused: Attempt | undefined): RehearsedPlan {
  course.stop();
  if (refused !== undefined) return refusedOf(refused);
  const [first] = rounds.plans;
  if (first === undefined) throw new TypeError('rounds: there is at least one plan');
  if (first.phases.length === 0) return { plan: first };
  const reasons = new Map(removed.map(({ id, reason }) => [id, reason]));
  const goals = first.goals.map((goal) => openGoal(goal, reasons));
  const reason = `not enough known: nothing of what was tried works on the twin; ${removed[0]?.reason ?? ''}`;
  const rejected = rejectedOf({ rounds, removed }, []);
  const plan = { ...first, goals, phases: [], dependencies: [], rejected };
  return { plan: { ...plan, outcome: 'not-enough-known', reason } };
}

function openGoal({ actions, ...goal }: Goal, reasons: ReadonlyMap<string, string>): Goal {
  const why = actions.map((id) => reasons.get(id)).find((reason) => reason !== undefined);
  const because = why === undefined ? goal.because : `What was tried did not work on the twin: ${why}.`;
  return { ...goal, state: 'open', actions: [], ...(because !== undefined && { because }) };
}

function refusedOf({ rounds, harm = [] }: Attempt): RehearsedPlan {
  const [first] = rounds.plans;
  if (first === undefined) throw new TypeError('rounds: there is at least one plan');
  const reason = `refused: every plan leaves the twin worse than it was: ${titlesOf(harm)}.`;
  const reasons = new Map(first.phases.flatMap(({ actions }) => actions.map(({ id }) => [id, reason] as const)));
  const goals = first.goals.map((goal) => openGoal(goal, reasons));
  return { plan: { ...first, outcome: 'refused', reason, goals, phases: [], dependencies: [] } };
}

function titlesOf(findings: readonly Harm[]): string {
  return findings
    .slice(0, 3)
    .map(({ message }) => message.replace(/\.$/, ''))
    .join('; ');
}

function titleOf(id: string, plans: readonly Plan[]): string {
  const actions = plans.flatMap(({ phases }) => phases.flatMap((phase) => phase.actions));
  return actions.find((action) => action.id === id)?.title ?? id;
}
