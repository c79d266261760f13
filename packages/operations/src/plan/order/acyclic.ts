/** Breaks circles of dependencies. */
import type { Dependency, WeighedDependency } from './dependencies.ts';

/** Edges without a circle, and those that gave way. */
export interface Acyclic {
  readonly kept: readonly WeighedDependency[];
  /** With why each was dropped. */
  readonly dropped: readonly Dependency[];
}

/** Adds edges from the heaviest on; one that would close a circle is dropped. So nothing heavier ever gives way to something lighter. */
export function acyclic(edges: readonly WeighedDependency[]): Acyclic {
  const kept: WeighedDependency[] = [];
  const dropped: Dependency[] = [];
  const next = new Map<string, string[]>();
  for (const edge of edges.toSorted((a, b) => b.weight - a.weight)) {
    if (leads(edge.to, edge.from, next)) {
      const { from, to, reason } = edge;
      dropped.push({ from, to, reason: `Not kept, since the two would wait for each other: ${reason}` });
      continue;
    }
    kept.push(edge);
    next.set(edge.from, [...(next.get(edge.from) ?? []), edge.to]);
  }
  return { kept, dropped };
}

function leads(from: string, to: string, next: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === to) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    open.push(...(next.get(at) ?? []));
  }
  return false;
}
