/** When usage that grows in steps reaches its limit: the earliest of two trends, each with a band, or nothing where nothing grows. */
import { dailyMaxima, DAY_MS, everyDay, type DayValue } from './daily-maxima.ts';
import { fittedHolt } from './holt.ts';
import { theilSen } from './theil-sen.ts';

/** What is known of a quota. */
export interface GrowingUse {
  /** Epoch milliseconds and values, as read. */
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly limit: number;
  /** Usage now. */
  readonly usage: number;
  readonly now: number;
}

/** A moment with its band, epoch milliseconds. */
export interface TimeToLimit {
  readonly at: number;
  readonly earliestAt: number;
  /** `undefined` where the band holds no growth: perhaps never. */
  readonly latestAt: number | undefined;
  /** `slope`: Theil–Sen over all days; `trend`: Holt over the last 28. */
  readonly basis: 'slope' | 'trend';
  readonly perDay: number;
  /** Days with a reading. */
  readonly days: number;
}

/** Fewer days tell no trend. */
const FEWEST_DAYS = 7;
/** Days of the history that count; older growth is another story. */
const MOST_DAYS = 90;
const TREND_DAYS = 28;
/** Share of the limit below which a projection is not worth a warning. */
const LEAST_SHARE = 0.6;
/** One jump is no trend. */
const FEWEST_CHANGES = 2;
/** A history that ended earlier describes another time. */
const STALE_MS = 3 * DAY_MS;
/** Steps that are still to come are not told by the past. */
const HORIZON_DAYS = 90;
/** Quantile of the normal distribution for a band of 80 %. */
const Z = 1.2816;

/** `undefined` where use does not grow towards the limit, or what was read does not suffice to tell. */
export function timeToLimit(use: GrowingUse): TimeToLimit | undefined {
  const { limit, usage, now } = use;
  const days = dailyMaxima(use.times, use.values).slice(-MOST_DAYS);
  const newest = use.times.reduce((latest, at) => Math.max(latest, at), 0);
  const isTold = days.length >= FEWEST_DAYS && now - newest <= STALE_MS && changesIn(days) >= FEWEST_CHANGES;
  if (!isTold || limit <= 0 || usage >= limit || usage < LEAST_SHARE * limit) return undefined;
  const found = [bySlope(use, days), byTrend(use, days)].filter(
    (one) => one !== undefined && one.at - now <= HORIZON_DAYS * DAY_MS,
  );
  return found.toSorted((a, b) => (a?.at ?? 0) - (b?.at ?? 0))[0];
}

function bySlope({ limit, usage, now }: GrowingUse, days: readonly DayValue[]): TimeToLimit | undefined {
  const slope = theilSen(days);
  if (slope === undefined || slope.perDay <= 0) return undefined;
  const after = (perDay: number): number => now + Math.round(((limit - usage) / perDay) * DAY_MS);
  return {
    at: after(slope.perDay),
    earliestAt: after(slope.high),
    latestAt: slope.low > 0 ? after(slope.low) : undefined,
    basis: 'slope',
    perDay: slope.perDay,
    days: days.length,
  };
}

function byTrend({ limit, usage, now }: GrowingUse, days: readonly DayValue[]): TimeToLimit | undefined {
  const recent = everyDay(days).slice(-TREND_DAYS);
  const fit = fittedHolt(recent);
  if (fit === undefined || fit.trend <= 0 || !isRising(recent)) return undefined;
  const after = (distance: number): number => now + Math.round((Math.max(0, distance) / fit.trend) * DAY_MS);
  const free = limit - usage;
  return {
    at: after(free),
    earliestAt: after(free - Z * fit.error),
    latestAt: after(free + Z * fit.error),
    basis: 'trend',
    perDay: fit.trend,
    days: days.length,
  };
}

/** After a jump the smoothed trend stays positive for a while; growth shows in several rises of the last week and no fall at its end. */
function isRising(values: readonly number[]): boolean {
  const week = values.slice(-FEWEST_DAYS);
  const rises = week.filter((value, i) => i > 0 && value > (week[i - 1] as number)).length;
  return rises >= FEWEST_CHANGES && (week.at(-1) as number) >= Math.max(...week);
}

function changesIn(days: readonly DayValue[]): number {
  return days.filter(({ value }, i) => i > 0 && value !== days[i - 1]?.value).length;
}
