/** The longest way through a plan: barriers between phases, and what waits for what inside of them. */
import type { Plan } from '@aia/contract';

/** By index of the action, in the order of the phases: which ones must be done before. Only earlier indexes. */
export type Predecessors = readonly (readonly number[])[];

/** Inside a phase by dependencies; across a barrier all of the phase before. */
export function predecessorsOf({ phases, dependencies }: Plan): Predecessors {
  const before: (readonly number[])[] = [];
  let barrier: readonly number[] = [];
  for (const { actions } of phases) {
    const first = before.length;
    const at = new Map(actions.map(({ id }, i) => [id, first + i]));
    const inside = dependencies.filter(({ from, to }) => at.has(from) && at.has(to));
    for (const { id } of actions) {
      const own = inside.filter(({ to }) => to === id).map(({ from }) => at.get(from) ?? 0);
      before.push(own.length > 0 ? own : barrier);
    }
    barrier = [...at.values()];
  }
  return before;
}

/** Length and indexes of the longest path, first to last. Work of the order of edges. */
export function longestPath(
  before: Predecessors,
  durations: readonly number[],
): { readonly length: number; readonly path: readonly number[] } {
  const ends: (number | undefined)[] = durations.map(() => undefined);
  const via: (number | undefined)[] = durations.map(() => undefined);
  const endOf = (i: number): number => {
    const known = ends[i];
    if (known !== undefined) return known;
    let start = 0;
    for (const other of before[i] ?? []) {
      const end = endOf(other);
      if (end > start) {
        start = end;
        via[i] = other;
      }
    }
    return (ends[i] = start + (durations[i] ?? 0));
  };
  let last: number | undefined;
  durations.forEach((_, i) => {
    if (endOf(i) > (last === undefined ? -1 : endOf(last))) last = i;
  });
  const path: number[] = [];
  for (let i = last; i !== undefined; i = via[i]) path.unshift(i);
  return { length: last === undefined ? 0 : endOf(last), path };
}
