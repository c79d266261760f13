/** Plans, tries, and plans again for what is left, on the twin as the phases so far have left it. */
import { refKey, refOf, refText, type ClusterSnapshot, type ResourceRef } from '@aia/cluster';
import type { Action, Assessment, Goal, Plan } from '@aia/contract';
import { asObject, targetOf } from '../plan/effects/changed-objects.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { ActionKind } from '../plan/remedy.ts';
import type { Policy } from '../policy/policy.ts';
import type { Course } from './course.ts';

/** What is planned for. */
export interface RoundsInput {
  readonly snapshot: ClusterSnapshot;
  readonly assessment: Assessment;
  readonly policy: Policy;
  /** Ids of actions that are not to be tried, with why. */
  readonly refuted: ReadonlyMap<string, string>;
  readonly onProgress?: (text: string) => void;
  /** What actions there are; default all. */
  readonly kinds?: readonly ActionKind[];
}

/** What came of the rounds. */
export interface Rounds {
  /** Of each round, the first one first. */
  readonly plans: readonly Plan[];
  /** All that are not to be tried again, with why. */
  readonly refuted: ReadonlyMap<string, string>;
}

/** More rounds on what earlier phases left are not worth their time. */
const MOST_ROUNDS = 4;

/** What works only beside what failed may fail when it is gone, and so on. */
const MOST_STARTS = 3;

/** Runs rounds on the twin of a course, which then holds all phases that worked. */
export function planInRounds(input: RoundsInput, course: Course): Rounds {
  const refuted = new Map(input.refuted);
  const plans: Plan[] = [];
  let plan = makePlan({ ...input, refuted }, input.kinds);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    plans.push(plan);
    if (plan.phases.length === 0) break;
    course.try(plan.phases, input.onProgress);
    for (let i = 0; i < MOST_STARTS && course.isMarked && course.effort.startsOver; i++) course.startOver();
    for (const [id, reason] of course.failed) refuted.set(id, reason);
    plan = nextPlan(input, course, refuted);
  }
  return { plans, refuted };
}

/** For what the twin shows now; without what was done already, and without what only the twin knows by name. */
function nextPlan({ snapshot, policy, kinds }: RoundsInput, course: Course, refuted: Map<string, string>): Plan {
  const now = course.end();
  const done = course.phases.flatMap(({ actions }) => actions);
  const tried = new Map(refuted);
  for (;;) {
    const plan = makePlan({ ...now, policy, refuted: tried, done, origin: snapshot }, kinds);
    const unknown = unknownIn(plan, done, snapshot);
    if (unknown.length === 0) return plan;
    for (const [id, reason] of unknown) tried.set(id, reason);
  }
}

/** Actions that name what is not in the real cluster, and that no action makes under a name of its own. */
function unknownIn(
  plan: Plan,
  done: readonly Action[],
  origin: ClusterSnapshot,
): readonly (readonly [string, string])[] {
  const made = new Set(done.flatMap(madeBy));
  return plan.phases
    .flatMap(({ actions }) => actions)
    .flatMap((action) => {
      for (const key of madeBy(action)) made.add(key);
      const name = namedBy(action).find((ref) => !made.has(refKey(ref)) && origin.resolve(ref) === undefined);
      return name === undefined ? [] : [[action.id, `${refText(name)} is known from the rehearsal alone`] as const];
    });
}

function madeBy({ steps }: Action): readonly string[] {
  return steps.flatMap(({ change }) => (change.kind === 'create' ? [refKey(refOf(asObject(change.object)))] : []));
}

function namedBy({ steps }: Action): readonly ResourceRef[] {
  return steps.flatMap(({ change }): readonly ResourceRef[] => {
    if (change.kind === 'cloud' && change.call.operation === 'delete-machine')
      return [{ group: '', kind: 'Node', namespace: '', name: change.call.node }];
    const target = targetOf(change);
    return target === undefined ? [] : [target];
  });
}

/** Goals of all rounds, those of the first one first; a goal that an action of a later round serves is one of the plan. */
export function goalsOfRounds(plans: readonly Plan[], actions: readonly Action[]): readonly Goal[] {
  const [first, ...later] = plans;
  const goals = new Map((first?.goals ?? []).map((goal) => [goal.id, goal]));
  const served = new Set(actions.flatMap(({ resolves }) => resolves));
  for (const goal of later.flatMap((plan) => plan.goals))
    if (!goals.has(goal.id) && served.has(goal.id)) goals.set(goal.id, goal);
  return [...goals.values()];
}
