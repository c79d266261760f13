/** Quota is asked for when a plan begins, since the answer takes days, and waited for where it has to be there. Pure. */
import type { Action, Phase, Plan, Rehearsal } from '@aia/contract';
import { withoutActions } from './without-actions.ts';

/** Phases, and how they went on the twin. */
export interface Early {
  readonly phases: readonly Phase[];
  readonly outcomes: Rehearsal['phases'];
}

/** Whether an action does nothing but ask: others answer, and nobody works on it meanwhile. */
export function isAsking({ steps }: Pick<Action, 'steps'>): boolean {
  return (
    steps.length > 0 &&
    steps.every(({ change }) => change.kind === 'cloud' && change.call.operation === 'request-quota')
  );
}

/**
 * Moves requests that wait for nothing to the front of the first phase. What builds on an answer keeps its place, and the phase that the request was in
 * awaits it; an answer that nothing builds on is awaited at the end. Phases that only asked are gone, and what they had to show is shown by the one before.
 */
export function askedEarly(
  phases: readonly Phase[],
  dependencies: Plan['dependencies'],
  outcomes: Rehearsal['phases'],
): Early {
  const asks = phases.flatMap(({ number, actions }) =>
    actions
      .filter(
        (action) => isAsking(action) && action.after.length === 0 && !dependencies.some(({ to }) => to === action.id),
      )
      .map((action) => ({ action, number, isBuiltOn: dependencies.some(({ from }) => from === action.id) })),
  );
  const moved = asks.filter(({ number, isBuiltOn }) => phases.length > 1 && !(number === 1 && isBuiltOn));
  const ids = new Set(moved.map(({ action }) => action.id));
  const left = phases.map((phase) => phase.actions.filter(({ id }) => !ids.has(id)).length);
  if (moved.length === 0 || left.every((count) => count === 0)) return { phases, outcomes };
  const places = placesOf(left);
  const last = Math.max(...places);
  const shown = withoutActions(phases, ids);
  return {
    phases: shown.map((phase) => {
      const awaited = moved.filter(({ number, isBuiltOn }) => (isBuiltOn ? places[number - 1] : last) === phase.number);
      return {
        ...phase,
        actions: phase.number === 1 ? [...moved.map(({ action }) => action), ...phase.actions] : phase.actions,
        barrier: [...phase.barrier, ...awaited.flatMap(({ action }) => action.probe.conditions)].filter(isFirst),
        ...(awaited.length > 0 && { awaits: awaited.map(({ action }) => action.id) }),
      };
    }),
    outcomes: foldedBy(places, outcomes),
  };
}

/** The new number of each phase; one that is left empty counts to the one before, or to the first. */
function placesOf(left: readonly number[]): readonly number[] {
  let count = 0;
  return left.map((actions) => Math.max(1, (count += actions > 0 ? 1 : 0)));
}

function foldedBy(places: readonly number[], outcomes: Rehearsal['phases']): Rehearsal['phases'] {
  const groups = Map.groupBy(outcomes, ({ number }) => places[number - 1] ?? number);
  return [...groups].flatMap(([number, same]) => {
    const [first, last] = [same[0], same.at(-1)];
    if (first === undefined || last === undefined) return [];
    return [{ ...last, number, held: same.every(({ held }) => held), startedAt: first.startedAt }];
  });
}

function isFirst<T>(one: T, i: number, all: readonly T[]): boolean {
  return all.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === i;
}
