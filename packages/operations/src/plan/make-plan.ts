/** From a diagnosis to a plan: candidates per goal, the best set of them, phases. Pure; same input, same bytes, whatever its order. */
import type { Action, Goal, Plan, Rejected } from '@aia/contract';
import { ACTION_KINDS } from './catalogue.ts';
import { completeAction } from './complete-action.ts';
import { phasesOf } from './order/phases.ts';
import { Planning, type PlanningInput } from './planning.ts';
import type { ActionKind, Remedy } from './remedy.ts';
import { choose, type Candidate } from './search/choose.ts';

/** Makes a plan. `kinds`: what actions there are; default all. */
export function makePlan(input: PlanningInput, kinds: readonly ActionKind[] = ACTION_KINDS): Plan {
  const planning = new Planning(input);
  const goals = planning.goals;
  if (goals.length === 0) return empty('nothing-to-do', 'Nothing was found that a plan could better.', goals);
  const all = kinds.flatMap((kind) => [...kind.propose(planning)]).map((remedy) => candidateOf(remedy, planning));
  const [open, refuted] = [
    all.filter((one) => !isRefuted(one, planning)),
    all.filter((one) => isRefuted(one, planning)),
  ];
  const { chosen, rejected } = choose(open, goals, planning.policy);
  const actions = merged(chosen);
  const { phases, dependencies } = phasesOf(actions, goals, planning.policy);
  const outcome = phases.length > 0 ? 'plan' : 'not-enough-known';
  return {
    outcome,
    reason:
      phases.length > 0
        ? `${actions.length} actions in ${phases.length} phases.`
        : 'not enough known: no action is known for what was found.',
    goals: goals.map((goal) => judged(goal, actions)),
    ...{ phases, dependencies },
    rejected: [...rejected, ...refuted.map((one) => refutedOf(one, planning))],
  };
}

function empty(outcome: Plan['outcome'], reason: string, goals: readonly Goal[]): Plan {
  return { outcome, reason, goals, phases: [], dependencies: [], rejected: [] };
}

function candidateOf(remedy: Remedy, planning: Planning): Candidate {
  const actions = remedy.drafts.map((draft) => {
    const kind = ACTION_KINDS.find((one) => one.kind === draft.kind);
    if (kind === undefined) throw new TypeError(`draft.kind: there is no kind of action "${draft.kind}"`);
    return completeAction(draft, kind, remedy.resolves, planning);
  });
  return { remedy, actions };
}

function isRefuted({ actions }: Candidate, { refuted }: Planning): boolean {
  return actions.some(({ id }) => refuted.has(id));
}

function refutedOf({ remedy, actions }: Candidate, { refuted }: Planning): Rejected {
  const failed = actions.find(({ id }) => refuted.has(id));
  return {
    title: remedy.title,
    kind: actions[0]?.kind ?? '',
    actions: actions.map(({ id }) => id),
    goals: remedy.resolves,
    because: 'rehearsal',
    reason: refuted.get(failed?.id ?? '') ?? 'It failed on the twin.',
  };
}

/** One action of several remedies serves the goals of all. */
function merged(chosen: readonly Candidate[]): readonly Action[] {
  const byId = Map.groupBy(
    chosen.flatMap(({ actions }) => actions),
    ({ id }) => id,
  );
  return [...byId.values()].map((same) => {
    const [first] = same as [Action, ...Action[]];
    return { ...first, resolves: [...new Set(same.flatMap(({ resolves }) => resolves))] };
  });
}

function judged(goal: Goal, actions: readonly Action[]): Goal {
  const serving = actions.filter(({ resolves }) => resolves.includes(goal.id)).map(({ id }) => id);
  if (serving.length > 0) return { ...goal, state: 'planned', actions: serving };
  return { ...goal, because: 'No action is known for it.' };
}
