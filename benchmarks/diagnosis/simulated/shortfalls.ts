/** What falls short in judged contexts: causes that were not named, and causes that were named and are not true. */
import type { JudgedContext, JudgedFault } from './contexts.ts';

/** Causes of one kind of fault that were not named. */
export interface MissedKind {
  readonly kind: string;
  readonly missed: number;
  readonly of: number;
  /** Why, the most frequent first, with how often. */
  readonly reasons: readonly (readonly [reason: string, count: number])[];
  /** Seed of a context to look at. */
  readonly seed: string;
}

/** Causes of one class that were named and are not true. */
export interface FalseClass {
  readonly name: string;
  readonly count: number;
  /** How many of them stood above a true one, where they cost precision. */
  readonly above: number;
  /** Kinds of fault that were in the same contexts most often. */
  readonly beside: readonly string[];
  readonly example: string;
  readonly seed: string;
}

/** By kind, the most frequent first. */
export function missedKinds(contexts: readonly JudgedContext[]): readonly MissedKind[] {
  const all = contexts.flatMap(({ faults, seed }) => faults.map((fault) => ({ ...fault, seed })));
  const visible = all.filter(({ isHidden }) => !isHidden);
  return grouped(visible, ({ kind }) => kind)
    .map(([kind, faults]) => {
      const missed = faults.filter(({ rank }) => rank === undefined);
      const reasons = grouped(missed, reasonOf).map(([reason, some]) => [reason, some.length] as const);
      return { kind, missed: missed.length, of: faults.length, reasons, seed: missed[0]?.seed ?? '' };
    })
    .filter(({ missed }) => missed > 0)
    .sort((a, b) => b.missed - a.missed);
}

/** By class, the most frequent first. */
export function falseClasses(contexts: readonly JudgedContext[]): readonly FalseClass[] {
  const all = contexts.flatMap(({ outcome, faults, seed }) => {
    const last = Math.max(0, ...outcome.ranks.map((rank) => rank ?? 0));
    return outcome.wrong.map((text, i) => ({
      ...{ text, seed, kinds: faults.map(({ kind }) => kind) },
      // Those named before the last true one, as far as wrong ones are counted in order.
      isAbove: i < last - outcome.ranks.filter((rank) => rank !== undefined).length,
    }));
  });
  return grouped(all, ({ text }) => text.slice(0, text.indexOf(' at '))).map(([name, some]) => ({
    ...{ name, count: some.length, above: some.filter(({ isAbove }) => isAbove).length },
    beside: grouped(
      some.flatMap(({ kinds }) => kinds),
      (kind) => kind,
    )
      .slice(0, 3)
      .map(([kind]) => kind),
    ...{ example: some[0]?.text ?? '', seed: some[0]?.seed ?? '' },
  }));
}

/** Where another class was named at the same place, that is the reason; else nothing was named there. */
function reasonOf({ named }: JudgedFault): string {
  const classes = named.map((text) => text.slice(0, text.indexOf(' at ')));
  return classes.length === 0 ? 'nothing is named there' : `told as ${[...new Set(classes)].sort().join(' and ')}`;
}

/** Groups with their members, the largest first. */
export function grouped<T>(
  from: readonly T[],
  nameOf: (one: T) => string,
): readonly (readonly [string, readonly T[]])[] {
  return [...Map.groupBy(from, nameOf)].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
}
