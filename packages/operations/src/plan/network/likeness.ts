/** Which of some names was most likely meant. */
import { compare, editDistance } from '@aia/cluster';

/** 0..1: 1 for the same name, 0 where nothing speaks for it. Names that begin or end alike, and slips of the pen, are alike. */
export function likeness(meant: string, name: string): number {
  if (meant === name) return 1;
  const [short, long] = meant.length < name.length ? [meant, name] : [name, meant];
  const distance = editDistance(meant.slice(0, 63), name.slice(0, 63));
  if (short.length >= 4 && distance <= 2) return 0.9;
  if (short.length >= 3 && (long.startsWith(`${short}-`) || long.endsWith(`-${short}`))) return 0.85;
  if (short.length >= 3 && long.startsWith(short)) return 0.75;
  return 0;
}

/** The likest of some things by their names; `undefined` where none is alike, or two are alike in the same way. */
export function likest<T>(
  meant: string,
  all: readonly T[],
  nameOf: (one: T) => string,
): { readonly one: T; readonly likeness: number } | undefined {
  const scored = all
    .map((one) => ({ one, likeness: likeness(meant, nameOf(one)) }))
    .filter((each) => each.likeness > 0)
    .sort((a, b) => b.likeness - a.likeness || compare(nameOf(a.one), nameOf(b.one)));
  const [best, second] = scored;
  return best === undefined || second?.likeness === best.likeness ? undefined : best;
}
