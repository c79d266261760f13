/** What a benchmark gives: figures, each the median of several runs, with the bound that is promised for it. */

/** A promise about a figure, or none. */
export type Bound = { readonly max: number } | { readonly min: number } | null;

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bound: Bound;
  /** Whether the bound holds; true without one. */
  readonly holds: boolean;
}

/** `small` is the smoke run of CI, `full` what the documentation quotes. */
export type Size = 'small' | 'full';

/** Figures with what stands behind them: lines for a person, and the same as data. */
export interface Detailed {
  readonly figures: readonly Figure[];
  readonly lines: readonly string[];
  readonly details: unknown;
  /** Files of the documentation by path from the root, which `--write` writes. */
  readonly pages?: ReadonlyMap<string, string>;
}

/** One benchmark: a folder with a `bench.ts` that exports `run`. */
export interface Benchmark {
  run(size: Size, progress: (text: string) => void): Promise<readonly Figure[] | Detailed>;
}

export function figure(name: string, value: number, unit: string, bound: Bound = null): Figure {
  const holds = bound === null || ('max' in bound ? value <= bound.max : value >= bound.min);
  return { name, value: rounded(value), unit, bound, holds };
}

/** Middle value; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
