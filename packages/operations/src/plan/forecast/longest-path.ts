/** The longest way through a plan: barriers between phases, and what waits for what inside of them. */
import type { Plan } from '@aia/contract';

/** By index of the action, in the order of the phases: which ones must be done before. Only earlier indexes. */
export type Predecessors = readonly (readonly number[])[];

/** Inside a phase by dependencies; across a barrier all of the phase before. */
export function predecessorsOf({ phases, dependencies }: Plan): Predecessors {
  const sorted = phases.map((phase) =>
    inOrder(
      phase.actions.map(({ id }) => id),
      dependencies,
    ),
  );
  const index = new Map(phases.flatMap(({ actions }) => actions).map(({ id }, i) => [id, i]));
  const before: number[][] = [...index.keys()].map(() => []);
  sorted.forEach((ids, at) => {
    const inside = new Set(ids);
    const barrier = (sorted[at - 1] ?? []).map((id) => index.get(id) ?? 0);
    for (const id of ids) {
      const own = dependencies
        .filter(({ from, to }) => to === id && inside.has(from))
        .map(({ from }) => index.get(from) ?? 0);
      before[index.get(id) ?? 0] = own.length > 0 ? own : barrier;
    }
  });
  return before;
}

/** Ids so that what is waited for comes first. */
function inOrder(ids: readonly string[], dependencies: Plan['dependencies']): readonly string[] {
  const left = new Set(ids);
  const sorted: string[] = [];
  while (left.size > 0) {
    const ready = [...left].filter((id) => !dependencies.some(({ from, to }) => to === id && left.has(from)));
    for (const id of ready.length > 0 ? ready : left) {
      left.delete(id);
      sorted.push(id);
    }
  }
  return sorted;
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
