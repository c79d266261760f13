/**
 * The Theil–Sen slope: the median of the slopes between all pairs of points, which a quarter of outliers, or one jump, does not move.
 * Source: P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, JASA 63 (1968)
 */
import type { DayValue } from './daily-maxima.ts';

/** Slope per day with its band. */
export interface Slope {
  readonly perDay: number;
  /** Bounds between which the true slope lies in about 80 of 100 cases. */
  readonly low: number;
  readonly high: number;
}

/** Quantile of the normal distribution for a band of 80 %. */
const Z = 1.2816;

/** `undefined` for fewer than two points. Quadratic in the points. */
export function theilSen(points: readonly DayValue[]): Slope | undefined {
  const slopes: number[] = [];
  points.forEach((a, i) => {
    for (const b of points.slice(i + 1)) if (b.day !== a.day) slopes.push((b.value - a.value) / (b.day - a.day));
  });
  if (slopes.length === 0) return undefined;
  slopes.sort((a, b) => a - b);
  const n = points.length;
  // Standard deviation of Kendall's S, by which the ranks of the bounds lie apart.
  const spread = Z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const rank = (of: number): number => slopes[Math.min(slopes.length - 1, Math.max(0, of))] as number;
  return {
    perDay: median(slopes),
    low: rank(Math.floor((slopes.length - spread) / 2)),
    high: rank(Math.ceil((slopes.length + spread) / 2)),
  };
}

/** Of an ascending list that is not empty. */
function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}
