/** Which remedies to take: the cheapest set that reaches most of what is to be reached and keeps what the policy allows. */
import { compare, type ClusterSnapshot } from '@aia/cluster';
import type { Action, Goal, Rejected } from '@aia/contract';
import type { Policy } from '../../policy/policy.ts';
import { bestSet, priceOf, type Option, type SetProblem } from './best-set.ts';
import { gradeOf, keyOf, worthOf, type Candidate } from './candidate.ts';
import { conflictsOf, type Conflicts } from './conflicts.ts';
import { componentsOf } from './components.ts';
import { costOfAction, misfitOf } from './cost.ts';
import { excessOf, type Excess } from './limits.ts';
import { rejectedFor, whyOut } from './reasons.ts';

/** What was chosen. */
export interface Choice {
  readonly chosen: readonly Candidate[];
  readonly rejected: readonly Rejected[];
  /** What no set of remedies keeps, where there is such a limit; nothing is chosen then. */
  readonly excess?: Excess;
}

/** What to choose from, and within what. */
export interface ChoiceInput {
  readonly candidates: readonly Candidate[];
  readonly goals: readonly Goal[];
  readonly policy: Policy;
  readonly snapshot: ClusterSnapshot;
  /** Actions that the plan has already, for budgets of the whole plan. */
  readonly done: readonly Action[];
}

/** Chooses. Does not depend on the order of candidates or goals. */
export function choose({ candidates, goals, policy, snapshot, done }: ChoiceInput): Choice {
  const isOpen = new Set(goals.filter(({ state }) => state !== 'accepted').map(({ id }) => id));
  const all = distinct(candidates);
  const useful = all.filter(({ remedy }) => remedy.resolves.some((id) => isOpen.has(id)));
  const conflicts = conflictsOf(useful, snapshot);
  const problem = problemOf(useful, goals, conflicts);
  const at = (positions: readonly number[]) => positions.map((i) => useful[i] as Candidate);
  const excessIn = (positions: readonly number[]) => excessOf(actionsOf(at(positions)), done, policy, snapshot);
  const free = solveByComponents(problem);
  const bound = excessIn(free);
  const best = bound === undefined ? free : solveWithin(problem, free, (set) => excessIn(set) === undefined);
  if (best === undefined) {
    const { because, reason } = bound as Excess;
    return { chosen: [], rejected: all.map((one) => rejectedFor(one, because, reason)), excess: bound as Excess };
  }
  const taken = new Set(best);
  const against = (i: number) => ({
    ...{ chosen: at(best), goals, excluded: exclusion(i, useful, taken, conflicts) },
    excess: bound && excessIn([...best, i]),
  });
  const nothing = { chosen: at(best), goals, excluded: undefined, excess: undefined };
  return {
    chosen: at(best),
    rejected: [
      ...useful.flatMap((one, i) => (taken.has(i) ? [] : [whyOut(one, against(i))])),
      ...all.filter((one) => !useful.includes(one)).map((one) => whyOut(one, nothing)),
    ],
  };
}

/** A chosen remedy that excludes this one. */
function exclusion(
  i: number,
  useful: readonly Candidate[],
  taken: ReadonlySet<number>,
  conflicts: Conflicts,
): Candidate | undefined {
  const other = [...(conflicts.get(i) ?? [])].filter((one) => taken.has(one)).sort((a, b) => a - b)[0];
  return other === undefined ? undefined : useful[other];
}

/** Each once, in an order of their own. */
function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  const byKey = new Map(candidates.map((one) => [keyOf(one), one]));
  return [...byKey].sort(([a], [b]) => compare(a, b)).map(([, one]) => one);
}

/** Actions of remedies, each once. */
export function actionsOf(chosen: readonly Candidate[]): readonly Action[] {
  return [...new Map(chosen.flatMap(({ actions }) => actions).map((action) => [action.id, action])).values()];
}

function problemOf(candidates: readonly Candidate[], goals: readonly Goal[], conflicts: Conflicts): SetProblem {
  const actions = actionsOf(candidates);
  const actionAt = new Map(actions.map(({ id }, i) => [id, i]));
  const sorted = goals.filter(({ state }) => state !== 'accepted').toSorted((a, b) => compare(a.id, b.id));
  const goalAt = new Map(sorted.map(({ id }, i) => [id, i]));
  const at = (places: ReadonlyMap<string, number>, ids: readonly string[]) => [
    ...new Set(ids.flatMap((id) => places.get(id) ?? [])),
  ];
  return {
    options: candidates.map((one): Option => ({
      actions: at(
        actionAt,
        one.actions.map(({ id }) => id),
      ),
      own: misfitOf(one),
      goals: at(goalAt, one.remedy.resolves),
      grade: gradeOf(one),
    })),
    actionCosts: actions.map(costOfAction),
    worths: sorted.map(worthOf),
    conflicts,
  };
}

/** Parts that share neither goal, action nor conflict are solved apart, so that large plans stay exact where they can. */
function solveByComponents(problem: SetProblem): readonly number[] {
  return componentsOf(problem)
    .flatMap(({ part, options }) => bestSet(part).chosen.map((i) => options[i] as number))
    .sort((a, b) => a - b);
}

const MOST_NODES_TOGETHER = 5_000;

/** Under limits that join everything: the cheapest set that keeps them, at least as good as taking away what is worth least. */
function solveWithin(
  problem: SetProblem,
  free: readonly number[],
  fits: (chosen: readonly number[]) => boolean,
): readonly number[] | undefined {
  const dropped = dropUntil(problem, free, fits);
  const found = bestSet({ ...problem, fits }, MOST_NODES_TOGETHER);
  const priceOfDropped = dropped === undefined ? Infinity : priceOf(problem, dropped);
  if (found.cost === Infinity && dropped === undefined) return undefined;
  return found.cost <= priceOfDropped ? found.chosen : dropped;
}

function dropUntil(
  problem: SetProblem,
  free: readonly number[],
  fits: (chosen: readonly number[]) => boolean,
): readonly number[] | undefined {
  let left = free;
  while (!fits(left)) {
    if (left.length === 0) return undefined;
    const without = left.map((out) => left.filter((one) => one !== out));
    left = without.toSorted((a, b) => priceOf(problem, a) - priceOf(problem, b))[0] ?? [];
  }
  return left;
}
