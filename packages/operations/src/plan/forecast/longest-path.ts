/** The longest way through a plan: barriers between phases, and what waits for what inside of them. */
import type { Plan } from '@aia/contract';

/** By index of the action, in the order of the phases: which ones must be done before. Only earlier indexes. */
export type Predecessors = readonly (readonly number[])[];

/**
 * Inside a phase by dependencies; across a barrier all of the phase before. What is answered by others holds up what builds on it, and the barrier that
 * awaits it.
 */
export function predecessorsOf({ phases, dependencies }: Pick<Plan, 'phases' | 'dependencies'>): Predecessors {
  const before: (readonly number[])[] = [];
  const awaited = new Set(phases.flatMap(({ awaits = [] }) => awaits));
  const asked = new Map<string, number>();
  let barrier: readonly number[] = [];
  for (const { actions, awaits = [] } of phases) {
    const first = before.length;
    const at = new Map(actions.map(({ id }, i) => [id, first + i]));
    for (const [id, index] of at) if (awaited.has(id)) asked.set(id, index);
    for (const { id } of actions) {
      const own = dependencies.filter(({ to }) => to === id);
      const inside = own.flatMap(({ from }) => at.get(from) ?? []);
      const answers = own.flatMap(({ from }) => (at.has(from) ? [] : (asked.get(from) ?? [])));
      before.push([...(inside.length > 0 ? inside : barrier), ...answers]);
    }
    const answers = awaits.flatMap((id) => asked.get(id) ?? []);
    barrier = [...[...at].filter(([id]) => !awaited.has(id)).map(([, index]) => index), ...answers];
  }
  return before;
}

/** When each ends that begins once all before it have ended. Work of the order of edges. */
export function endsOf(before: Predecessors, durations: readonly number[]): readonly number[] {
  return walk(before, durations).ends;
}

/** Length and indexes of the longest path to any of `among`, by default to any; first to last. Work of the order of edges. */
export function longestPath(
  before: Predecessors,
  durations: readonly number[],
  among?: ReadonlySet<number>,
): { readonly length: number; readonly path: readonly number[] } {
  const { ends, via } = walk(before, durations);
  let last: number | undefined;
  ends.forEach((end, i) => {
    if (among?.has(i) !== false && (last === undefined || end > (ends[last] ?? 0))) last = i;
  });
  const path: number[] = [];
  for (let i = last; i !== undefined; i = via[i]) path.unshift(i);
  return { length: last === undefined ? 0 : (ends[last] ?? 0), path };
}

function walk(before: Predecessors, durations: readonly number[]) {
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
  return { ends: durations.map((_, i) => endOf(i)), via };
}
