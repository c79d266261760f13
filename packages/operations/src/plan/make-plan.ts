/** From a diagnosis to a plan: candidates per goal, the best set of them, phases. Pure; same input, same bytes, whatever its order. */
import { compare } from '@aia/cluster';
import type { Action, Goal, Plan, Rejected } from '@aia/contract';
import { isAutopilot } from '../diagnose/nodes/growth.ts';
import { contradictionsOf, faultText } from '../policy/contradictions.ts';
import { forbiddenBy } from '../policy/forbidden.ts';
import { ACTION_KINDS } from './catalogue.ts';
import { completeAction } from './complete-action.ts';
import { judgeGoals } from './judge-goals.ts';
import { phasesOf, type Ordered } from './order/phases.ts';
import { nothingChosen, nothingToPlan, type Unplanned } from './outcome.ts';
import { Planning, type PlanningInput } from './planning.ts';
import type { ActionKind, Remedy } from './remedy.ts';
import { keyOf, type Candidate } from './search/candidate.ts';
import { choose, type Choice } from './search/choose.ts';
import { carryOut, quotaStates } from './search/limits.ts';
import { podsAtOnce } from './search/pods-at-once.ts';
import { rejectedFor, whyIn } from './search/reasons.ts';

/**
 * Makes a plan. `kinds`: what actions there are; default all.
 * @throws TypeError for a draft of a kind that is not among them
 */
export function makePlan(input: PlanningInput, kinds: readonly ActionKind[] = ACTION_KINDS): Plan {
  const planning = new Planning(input);
  const known = new Set([...ACTION_KINDS, ...kinds].map(({ kind }) => kind));
  const faults = contradictionsOf(input.policy, [...known]);
  if (faults.length > 0) {
    const reason = `refused: the policy contradicts itself: ${faults.map(faultText).join('; ')}`;
    return unplanned({ outcome: 'refused', reason }, planning.goals);
  }
  const nothing = nothingToPlan(planning);
  if (nothing !== undefined) return unplanned(nothing, planning.goals);
  const proposed = remediesOf(kinds, planning)
    .map((remedy) => candidateOf(remedy, kinds, planning))
    .toSorted((a, b) => compare(keyOf(a), keyOf(b)));
  const refusals = new Map(proposed.flatMap((one) => refusalOf(one, planning) ?? []));
  const settled = settle(
    proposed.filter((one) => !refusals.has(one)),
    planning,
  );
  return planOf(planning, proposed, {
    ...settled,
    rejected: inOrder([...settled.rejected, ...refusals.values()]),
  });
}

/** Of all kinds; then for causes that must go and have none. A cause that only the twin shows may be one of the twin's own making. */
function remediesOf(kinds: readonly ActionKind[], planning: Planning): readonly Remedy[] {
  const known = kinds.flatMap((kind) => [...kind.propose(planning)]);
  if (planning.origin !== planning.snapshot) return known;
  const served = new Set(known.flatMap(({ resolves }) => resolves));
  const rest = new Set(planning.goals.filter(({ id, isMust }) => isMust && !served.has(id)).map(({ id }) => id));
  const causes = planning.causes.filter(({ id }) => rest.has(id));
  if (causes.length === 0) return known;
  return [...known, ...kinds.flatMap((kind) => [...(kind.proposeForRest?.(causes, planning) ?? [])])];
}

function unplanned({ outcome, reason }: Unplanned, goals: readonly Goal[]): Plan {
  return { outcome, reason, goals, phases: [], dependencies: [], rejected: [] };
}

function candidateOf(remedy: Remedy, kinds: readonly ActionKind[], planning: Planning): Candidate {
  const actions = remedy.drafts.map((draft, i) => {
    const kind = [...kinds, ...ACTION_KINDS].find((one) => one.kind === draft.kind);
    if (kind === undefined) throw new TypeError(`draft.kind: there is no kind of action "${draft.kind}"`);
    return completeAction(
      draft,
      kind,
      remedy.resolves,
      planning,
      remedy.drafts.slice(0, i).flatMap(({ changes }) => changes),
    );
  });
  return { remedy, actions };
}

/** Why a candidate is out before any choice: it failed on the twin, is done already, or the policy forbids one of its actions. */
function refusalOf(candidate: Candidate, planning: Planning): readonly (readonly [Candidate, Rejected])[] | undefined {
  const { refuted, done, policy, snapshot } = planning;
  const failed = candidate.actions.map(({ id }) => refuted.get(id)).find((reason) => reason !== undefined);
  if (failed !== undefined) return [[candidate, rejectedFor(candidate, 'rehearsal', failed)]];
  const again = candidate.actions.find(({ id }) => done.some((one) => one.id === id));
  if (again !== undefined)
    return [
      [
        candidate,
        rejectedFor(
          candidate,
          'rehearsal',
          `“${again.title}” is in the plan already, and did not suffice on the twin.`,
        ),
      ],
    ];
  for (const action of candidate.actions) {
    const found = forbiddenBy(action, policy, {
      object: (ref) => snapshot.resolve(ref),
      isAutopilot: isAutopilot(snapshot),
      pods: snapshot.list('Pod').length,
      podsAtOnce: (one) => podsAtOnce(one, snapshot),
    });
    if (found === undefined) continue;
    const reason = candidate.actions.length === 1 ? found.reason : `${action.title}: ${found.reason}`;
    return [[candidate, rejectedFor(candidate, found.because, reason)]];
  }
  return undefined;
}

interface Settled {
  readonly choice: Choice;
  readonly ordered: Ordered;
  readonly rejected: readonly Rejected[];
}

/** Chooses and orders; what exceeds a quota when its turn comes is taken out, and chosen again without it. */
function settle(candidates: readonly Candidate[], { goals, policy, snapshot, done }: Planning): Settled {
  const late: Rejected[] = [];
  for (let open = candidates; ;) {
    const choice = choose({ candidates: open, goals, policy, snapshot, done });
    const actions = merged(choice.chosen);
    const ordered = buildingOn(done, actions, phasesOf(actions, goals, policy, snapshot));
    const states = quotaStates(snapshot);
    const exceeding = ordered.phases
      .flatMap((phase) => phase.actions)
      .map(({ id }) => actions.find((one) => one.id === id) as Action)
      .map((action) => ({ action, reason: carryOut(action, states, policy.budgets.quotaShare) }))
      .find(({ reason }) => reason !== undefined);
    if (exceeding?.reason === undefined) return { choice, ordered, rejected: [...choice.rejected, ...late] };
    const uses = ({ actions: own }: Candidate) => own.some(({ id }) => id === exceeding.action.id);
    late.push(...open.filter(uses).map((one) => rejectedFor(one, 'quota', exceeding.reason ?? '')));
    open = open.filter((one) => !uses(one));
  }
}

/** What of earlier phases an action needs stays named, so that a rehearsal does not leave it out. */
function buildingOn(done: readonly Action[], actions: readonly Action[], ordered: Ordered): Ordered {
  const known = new Set(done.map(({ id }) => id));
  const earlier = new Map(actions.map(({ id, after }) => [id, after.filter((one) => known.has(one))]));
  const phases = ordered.phases.map((phase) => ({
    ...phase,
    actions: phase.actions.map((one) => ({ ...one, after: [...(earlier.get(one.id) ?? []), ...one.after] })),
  }));
  return { ...ordered, phases };
}

/** One action of several remedies serves the goals of all. */
function merged(chosen: readonly Candidate[]): readonly Action[] {
  const byId = Map.groupBy(
    chosen.flatMap(({ actions }) => actions),
    ({ id }) => id,
  );
  return [...byId.values()].map((same) => {
    const [first] = same as [Action, ...Action[]];
    return { ...first, resolves: [...new Set(same.flatMap(({ resolves }) => resolves))].sort(compare) };
  });
}

function planOf(planning: Planning, proposed: readonly Candidate[], { choice, ordered, rejected }: Settled): Plan {
  const goals = judgeGoals(planning, choice.chosen, rejected);
  const { phases, dependencies, relaxed } = ordered;
  if (phases.length === 0)
    return { ...unplanned(nothingChosen(planning, goals, rejected, choice.excess), goals), rejected };
  const weighings = weighingsOf(choice.chosen, proposed, goals);
  return {
    outcome: 'plan',
    reason: planText(ordered, goals),
    goals,
    phases: phases.map((phase) => ({
      ...phase,
      actions: phase.actions.map((action) => ({
        ...action,
        weighing: weighings.get(action.id) ?? '',
      })),
    })),
    dependencies,
    ...(relaxed.length > 0 && { relaxed }),
    rejected,
  };
}

/** Why each action is in and others are not, by its id. */
function weighingsOf(
  chosen: readonly Candidate[],
  proposed: readonly Candidate[],
  goals: readonly Goal[],
): ReadonlyMap<string, string> {
  const taken = new Set(chosen.map(keyOf));
  const others = proposed.filter((one) => !taken.has(keyOf(one)));
  return new Map(
    chosen.flatMap((one) => {
      const rivals = others.filter(({ remedy }) => remedy.resolves.some((id) => one.remedy.resolves.includes(id)));
      const why = whyIn(one, goals, rivals);
      return one.actions.map(({ id }) => [id, why] as const);
    }),
  );
}

function planText({ phases }: Ordered, goals: readonly Goal[]): string {
  const actions = phases.reduce((sum, phase) => sum + phase.actions.length, 0);
  const wanted = goals.filter(({ state }) => state !== 'accepted');
  const reached = wanted.filter(({ state }) => state === 'planned').length;
  const left = wanted.filter(({ isMust, state }) => isMust && state !== 'planned').length;
  const counted = (count: number, word: string) => `${count} ${count === 1 ? word : `${word}s`}`;
  const open =
    left === 0 ? '' : `; ${left} critical or high ${left === 1 ? 'one stays' : 'ones stay'} open, wholly or in part`;
  return `${counted(actions, 'action')} in ${counted(phases.length, 'phase')} for ${reached} of ${counted(wanted.length, 'goal')}${open}.`;
}

/** Each once, in an order that no input changes. */
function inOrder(rejected: readonly Rejected[]): readonly Rejected[] {
  return [...new Map(rejected.map((one) => [JSON.stringify([one.goals, one.title, one.actions]), one]))]
    .sort(([a], [b]) => compare(a, b))
    .map(([, one]) => one);
}
