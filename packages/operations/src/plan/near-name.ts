/** The name that somebody may have meant. */
import { compare, editDistance } from '@aia/cluster';

/** Shorter names are part of too many others. */
const LEAST = 3;

/**
 * The nearest of the known names: at most a quarter of its letters apart (at least two), else the longest that is its beginning, or that it is
 * the beginning of, as `general-v2` and `general`. `undefined` where none is near, or two are equally near.
 */
export function nearName(asked: string, known: Iterable<string>): string | undefined {
  const others = [...new Set(known)].filter((name) => name !== asked && name !== '');
  const farthest = Math.max(2, Math.floor(asked.length / 4));
  const near = only(
    others.map((name) => [name, editDistance(asked.toLowerCase(), name.toLowerCase())] as const),
    ([, distance]) => distance <= farthest,
  );
  return (
    near ??
    only(
      others.map((name) => [name, Math.abs(name.length - asked.length)] as const),
      ([name]) => isBeginning(asked.toLowerCase(), name.toLowerCase()),
    )
  );
}

/** The one with the smallest number; `undefined` of two alike. */
function only(
  names: readonly (readonly [name: string, far: number])[],
  counts: (one: readonly [name: string, far: number]) => boolean,
): string | undefined {
  const [first, second] = names.filter(counts).toSorted(([a, x], [b, y]) => x - y || compare(a, b));
  return first?.[1] === second?.[1] ? undefined : first?.[0];
}

function isBeginning(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= LEAST && (a.startsWith(b) || b.startsWith(a));
}
