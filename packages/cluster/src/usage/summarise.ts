/** Statistics of a usage series, and whether it is long enough to conclude from. */
import type { UsageSeries } from './usage.ts';

const HOUR = 3_600_000;

/** When a series is long enough. */
export interface SufficiencyThresholds {
  /** A day, so that the daily rhythm was seen once. */
  readonly spanMs: number;
  /** Fewer than 100 samples cannot tell p99 from the maximum. */
  readonly samples: number;
  /** Share of the expected samples that must be there; with half of them missing, peaks are missing too. */
  readonly coverage: number;
  /** The newest sample may be this old; older usage describes another load. */
  readonly ageMs: number;
}

/** Default thresholds. */
export const SUFFICIENT: SufficiencyThresholds = Object.freeze({
  spanMs: 24 * HOUR,
  samples: 100,
  coverage: 0.5,
  ageMs: 72 * HOUR,
});

/** Summary of one series; values in its unit (millicores or bytes). */
export interface UsageSummary {
  readonly samples: number;
  /** From the first sample to the last. */
  readonly spanMs: number;
  /** Samples ÷ those expected over the span at the median step, 0..1; 0 for fewer than two samples. */
  readonly coverage: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly last: number;
  readonly lastAt: number;
  /** Whether conclusions such as right-sizing may rest on it; if not, {@link shortcomingOf} says why. */
  readonly sufficient: boolean;
}

/**
 * The value below or at which a share `p` (0..1) of the samples lies, by nearest rank: always a value that occurred, without
 * interpolation. `sorted` is ascending and not empty.
 */
export function percentile(sorted: readonly number[], p: number): number {
  if (sorted.length === 0) throw new RangeError('percentile: sorted must not be empty');
  if (!(p >= 0 && p <= 1)) throw new RangeError(`percentile: p must be within 0..1, is ${p}`);
  // 0.95 × 100 is 95.00000000000001 in doubles for some lengths; the rank must not jump for that.
  const rank = Math.ceil(Number((p * sorted.length).toFixed(9)));
  return sorted[Math.max(0, rank - 1)] as number;
}

/** What of a summary does not depend on the moment of judging. */
type Figures = Omit<UsageSummary, 'sufficient'>;

/** Sorting a long series is most of the cost of a summary, and several questions are asked of each. */
const figuresBySeries = new WeakMap<UsageSeries, Figures>();

/** Summary of a series as of `observedAt`; `undefined` when it is absent or empty. */
export function summarise(
  series: UsageSeries | undefined,
  observedAt: number,
  thresholds: SufficiencyThresholds = SUFFICIENT,
): UsageSummary | undefined {
  if (series === undefined || series.times.length === 0) return undefined;
  const figures = figuresBySeries.get(series) ?? figuresOf(series);
  figuresBySeries.set(series, figures);
  return { ...figures, sufficient: isSufficient(figures, observedAt, thresholds) };
}

function figuresOf(series: UsageSeries): Figures {
  if (series.values.length === 1) return figuresOfOne(series.values[0] as number, series.times[0] as number);
  const sorted = [...series.values].sort((a, b) => a - b);
  return {
    ...lengthOf(series.times),
    p50: percentile(sorted, 0.5),
    p90: percentile(sorted, 0.9),
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
    max: sorted.at(-1) as number,
    last: series.values.at(-1) as number,
    lastAt: series.times.at(-1) as number,
  };
}

/** Of the metrics API there is one sample for each container, which needs no sorting. */
function figuresOfOne(value: number, at: number): Figures {
  return {
    ...{ samples: 1, spanMs: 0, coverage: 0 },
    ...{ p50: value, p90: value, p95: value, p99: value, max: value, last: value, lastAt: at },
  };
}

/** How much of time a series covers. */
export type SeriesLength = Pick<UsageSummary, 'samples' | 'spanMs' | 'coverage'>;

/** Length and coverage of ascending times. */
export function lengthOf(times: readonly number[]): SeriesLength {
  const samples = times.length;
  const spanMs = samples === 0 ? 0 : (times[samples - 1] as number) - (times[0] as number);
  const step = stepOf(times);
  return { samples, spanMs, coverage: step <= 0 ? 0 : Math.min(1, samples / (Math.round(spanMs / step) + 1)) };
}

/** Median distance of neighbouring samples in milliseconds; 0 for fewer than two. */
export function stepOf(times: readonly number[]): number {
  if (times.length < 2) return 0;
  const steps = times.slice(1).map((at, i) => at - (times[i] as number));
  return percentile(
    steps.sort((a, b) => a - b),
    0.5,
  );
}

/** What length and freshness are judged by. */
type Judged = SeriesLength & { readonly lastAt: number };

/** Whether a series is long, whole and fresh enough as of `observedAt`. */
export function isSufficient(
  { samples, spanMs, coverage, lastAt }: Judged,
  observedAt: number,
  thresholds: SufficiencyThresholds,
): boolean {
  return (
    spanMs >= thresholds.spanMs &&
    samples >= thresholds.samples &&
    coverage >= thresholds.coverage &&
    observedAt - lastAt <= thresholds.ageMs
  );
}

/** Why a series is not sufficient, in words; `''` when it is. */
export function shortcomingOf(
  { samples, spanMs, coverage, lastAt }: Judged,
  observedAt: number,
  thresholds: SufficiencyThresholds = SUFFICIENT,
): string {
  const ageMs = observedAt - lastAt;
  const reasons = [
    spanMs < thresholds.spanMs && `covers ${hours(spanMs)}, needs ${hours(thresholds.spanMs)}`,
    samples < thresholds.samples && `${samples} samples, needs ${thresholds.samples}`,
    coverage < thresholds.coverage &&
      `${Math.round(coverage * 100)} % of the expected samples, needs ${Math.round(thresholds.coverage * 100)} %`,
    ageMs > thresholds.ageMs && `the newest sample is ${hours(ageMs)} old, may be ${hours(thresholds.ageMs)}`,
  ].filter((reason) => reason !== false);
  return reasons.join('; ');
}

function hours(ms: number): string {
  return `${Number((ms / HOUR).toFixed(1))} h`;
}
