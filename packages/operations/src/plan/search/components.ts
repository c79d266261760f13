/** Parts of a choice that have nothing to do with each other. */
import type { SetProblem } from './best-set.ts';

/** One part; its options by position in the whole. */
export interface Component {
  readonly part: SetProblem;
  readonly options: readonly number[];
}

/** Options that share a goal, an action or a conflict belong together. In the order of their first options. */
export function componentsOf({ options, actionCosts, worths, conflicts }: SetProblem): readonly Component[] {
  const parent = options.map((_, i) => i);
  const rootOf = (i: number): number => {
    let at = i;
    while (parent[at] !== at) at = parent[at] = parent[parent[at] as number] as number;
    return at;
  };
  const join = (a: number, b: number) => {
    const [one, other] = [rootOf(a), rootOf(b)];
    parent[Math.max(one, other)] = Math.min(one, other);
  };
  const first = new Map<string, number>();
  for (const [i, { goals, actions }] of options.entries()) {
    for (const key of [...goals.map((goal) => `goal ${goal}`), ...actions.map((action) => `action ${action}`)]) {
      const other = first.get(key);
      if (other === undefined) first.set(key, i);
      else join(i, other);
    }
    for (const other of conflicts.get(i) ?? []) join(i, other);
  }
  const groups = Map.groupBy(options.keys(), rootOf);
  return [...groups.values()].map((members): Component => {
    const own = members.map((i) => options[i] as SetProblem['options'][number]);
    const [goals, actions] = [indexed(own.flatMap((one) => one.goals)), indexed(own.flatMap((one) => one.actions))];
    const at = new Map(members.map((member, i) => [member, i]));
    return {
      options: members,
      part: {
        options: own.map((one) => ({
          ...one,
          goals: one.goals.map((goal) => goals.get(goal) as number),
          actions: one.actions.map((action) => actions.get(action) as number),
        })),
        actionCosts: [...actions.keys()].map((action) => actionCosts[action] ?? 0),
        worths: [...goals.keys()].map((goal) => worths[goal] ?? 0),
        conflicts: new Map(
          members.map((member, i) => [
            i,
            new Set([...(conflicts.get(member) ?? [])].map((other) => at.get(other) as number)),
          ]),
        ),
      },
    };
  });
}

/** New positions of old ones, ascending. */
function indexed(positions: readonly number[]): ReadonlyMap<number, number> {
  return new Map([...new Set(positions)].sort((a, b) => a - b).map((old, i) => [old, i]));
}
