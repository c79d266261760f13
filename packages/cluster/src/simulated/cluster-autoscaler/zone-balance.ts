/** Spreads new nodes over the zones of a pool. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler#location_policy */

/** A zone's group. */
export interface GroupSize {
  readonly key: string;
  readonly size: number;
}

/** How many of `count` each gets so that they come as close to equal as they can; `first` goes first where it makes no difference. */
export function balanced(groups: readonly GroupSize[], count: number, first: string): ReadonlyMap<string, number> {
  const sizes = new Map(groups.map(({ key, size }) => [key, size]));
  const added = new Map<string, number>();
  const order = [...groups].sort((a, b) => Number(b.key === first) - Number(a.key === first));
  for (let i = 0; i < count; i++) {
    const [least] = order.toSorted((a, b) => (sizes.get(a.key) ?? 0) - (sizes.get(b.key) ?? 0));
    if (least === undefined) break;
    sizes.set(least.key, (sizes.get(least.key) ?? 0) + 1);
    added.set(least.key, (added.get(least.key) ?? 0) + 1);
  }
  return added;
}
