/** How lists come together in a strategic merge patch, and in which order. */
import { isFields, type Fields } from './json.ts';

/** Each item once, those of the patch in its order. */
export function mergedScalars(before: readonly unknown[], patch: readonly unknown[]): readonly unknown[] {
  return inOrder([...new Set([...before, ...patch])], patch, before, '');
}

export function deleteItems(list: readonly Fields[], mergeKey: string, gone: ReadonlySet<unknown>): readonly Fields[] {
  return gone.size === 0 ? list : list.filter((item) => !gone.has(item[mergeKey]));
}

/**
 * Puts items that `wanted` lists into its order, and the others, which only the server has, before the first item that stood behind
 * them on the server.
 */
export function inOrder(
  merged: readonly unknown[],
  wanted: readonly unknown[],
  server: readonly unknown[],
  mergeKey: string,
): readonly unknown[] {
  const wantedAt = placesOf(wanted, mergeKey);
  const serverAt = placesOf(server, mergeKey);
  const at = (known: ReadonlyMap<unknown, number>, item: unknown) => known.get(identity(item, mergeKey)) ?? -1;
  const byPlace = (known: ReadonlyMap<unknown, number>) => (a: unknown, b: unknown) => at(known, a) - at(known, b);
  const listed = merged.filter((item) => at(wantedAt, item) >= 0).sort(byPlace(wantedAt));
  const others = merged.filter((item) => at(wantedAt, item) < 0).sort(byPlace(serverAt));
  const result: unknown[] = [];
  let next = 0;
  for (const item of listed) {
    const place = at(serverAt, item);
    // One at a time: an item that is new to the server tells nothing about where the others go.
    while (place >= 0 && next < others.length && at(serverAt, others[next]) < place) result.push(others[next++]);
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}

/** Where the first item with each identity stands. */
export function placesOf(list: readonly unknown[], mergeKey: string): Map<unknown, number> {
  const known = new Map<unknown, number>();
  for (const [at, item] of list.entries()) {
    const id = identity(item, mergeKey);
    if (!known.has(id)) known.set(id, at);
  }
  return known;
}

function identity(item: unknown, mergeKey: string): unknown {
  return mergeKey !== '' && isFields(item) ? item[mergeKey] : item;
}
