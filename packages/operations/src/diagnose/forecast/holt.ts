/**
 * Holt's linear trend: a level and a trend, each smoothed exponentially, so that what was seen last weighs most.
 * Source: C. C. Holt, Forecasting seasonals and trends by exponentially weighted moving averages (1957)
 */

/** Smoothing factors, 0..1. */
export interface Smoothing {
  readonly level: number;
  readonly trend: number;
}

/** The state after the last value. */
export interface HoltTrend {
  readonly level: number;
  /** Per step. */
  readonly trend: number;
  /** Root of the mean squared error of the forecasts one step ahead. */
  readonly error: number;
}

/** Level and trend of equally spaced values after the last of them; `undefined` for fewer than two. */
export function holt(values: readonly number[], smoothing: Smoothing): HoltTrend | undefined {
  const [first, second, ...rest] = values;
  if (first === undefined || second === undefined) return undefined;
  let level = second;
  let trend = second - first;
  let squares = 0;
  for (const value of rest) {
    const expected = level + trend;
    const next = expected + smoothing.level * (value - expected);
    trend += smoothing.trend * (next - level - trend);
    level = next;
    squares += (value - expected) ** 2;
  }
  return { level, trend, error: Math.sqrt(squares / Math.max(1, rest.length)) };
}

const FACTORS = [0.1, 0.3, 0.5, 0.7, 0.9];

/** The same with the factors, out of a grid, that forecast the values themselves best. */
export function fittedHolt(values: readonly number[]): HoltTrend | undefined {
  let best: HoltTrend | undefined;
  for (const level of FACTORS)
    for (const trend of FACTORS) {
      const one = holt(values, { level, trend });
      if (one !== undefined && (best === undefined || one.error < best.error)) best = one;
    }
  return best;
}
