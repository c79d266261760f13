import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dailyMaxima, DAY_MS, everyDay } from './daily-maxima.ts';
import { fittedHolt, holt } from './holt.ts';
import { theilSen } from './theil-sen.ts';
import { timeToLimit } from './time-to-limit.ts';

const points = (...values: readonly number[]) => values.map((value, day) => ({ day, value }));
const whole = (most: number) => fc.integer({ min: -most, max: most });

describe('daily maxima', () => {
  it('are the highest value of each day, in order, whatever the order of the samples', () => {
    expect(dailyMaxima([DAY_MS * 3, DAY_MS + 5, DAY_MS, DAY_MS * 3 + 9], [7, 2, 4, 6])).toEqual([
      { day: 1, value: 4 },
      { day: 3, value: 7 },
    ]);
  });
  it('carry on over days without a reading', () => {
    expect(
      everyDay([
        { day: 1, value: 4 },
        { day: 3, value: 7 },
        { day: 6, value: 9 },
      ]),
    ).toEqual([4, 4, 7, 7, 7, 9]);
    expect(everyDay([])).toEqual([]);
  });
});

describe('the Theil–Sen slope', () => {
  it('is the median of the slopes between all pairs', () => {
    // 2, 2, 2 between neighbours and next but one of the first three; 33, 48.5 and 95 to the outlier.
    expect(theilSen(points(1, 3, 5, 100))?.perDay).toBe(17.5);
    expect(theilSen(points(1, 3, 5, 7, 100))?.perDay).toBe(2);
    expect(
      theilSen([
        { day: 0, value: 1 },
        { day: 4, value: 9 },
      ])?.perDay,
    ).toBe(2);
  });
  it('is 0 for one jump among many equal days, and nothing for one point', () => {
    expect(theilSen(points(...Array<number>(20).fill(40), ...Array<number>(8).fill(60)))?.perDay).toBe(0);
    expect(theilSen(points(1))).toBeUndefined();
  });
  it('is exact on a line, and moves neither with the level nor with up to a fifth of outliers', () => {
    fc.assert(
      fc.property(
        whole(50),
        whole(1000),
        fc.integer({ min: 10, max: 40 }),
        whole(10_000),
        (slope, level, n, outlier) => {
          const line = points(...Array.from({ length: n }, (_, i) => level + slope * i));
          expect(theilSen(line)).toEqual({ perDay: slope, low: slope, high: slope });
          const bent = line.map((one, i) => (i % 5 === 4 ? { ...one, value: one.value + outlier } : one));
          expect(theilSen(bent)?.perDay).toBeCloseTo(slope, 6);
        },
      ),
    );
  });
  it('lies within its band', () => {
    fc.assert(
      fc.property(fc.array(whole(100), { minLength: 2, maxLength: 30 }), (values) => {
        const { perDay, low, high } = theilSen(points(...values)) ?? { perDay: 0, low: 0, high: 0 };
        expect(low).toBeLessThanOrEqual(perDay);
        expect(high).toBeGreaterThanOrEqual(perDay);
      }),
    );
  });
});

describe("Holt's trend", () => {
  it('is smoothed as by hand', () => {
    // Expected 14 and found 13: level 13.5, trend (1.5 + 2) ÷ 2.
    expect(holt([10, 12, 13], { level: 0.5, trend: 0.5 })).toEqual({ level: 13.5, trend: 1.75, error: 1 });
    expect(holt([10], { level: 0.5, trend: 0.5 })).toBeUndefined();
  });
  it('is exact on a line, whatever the factors', () => {
    fc.assert(
      fc.property(whole(50), whole(1000), fc.integer({ min: 2, max: 40 }), (slope, level, n) => {
        const fit = fittedHolt(Array.from({ length: n }, (_, i) => level + slope * i));
        expect(fit?.trend).toBeCloseTo(slope, 6);
        expect(fit?.level).toBeCloseTo(level + slope * (n - 1), 6);
        expect(fit?.error).toBeCloseTo(0, 6);
      }),
    );
  });
});

describe('the time to a limit', () => {
  const now = 100 * DAY_MS;
  const use = (values: readonly number[], limit: number, more: object = {}) => ({
    times: values.map((_, i) => now - (values.length - 1 - i) * DAY_MS),
    values,
    limit,
    usage: values.at(-1) ?? 0,
    now,
    ...more,
  });
  const growing = Array.from({ length: 14 }, (_, i) => 40 + 2 * i);

  it('is what is free divided by the slope', () => {
    // 66 of 72 and 2 a day: three days.
    expect(timeToLimit(use(growing, 72))).toEqual({
      at: now + 3 * DAY_MS,
      earliestAt: now + 3 * DAY_MS,
      latestAt: now + 3 * DAY_MS,
      basis: 'slope',
      perDay: 2,
      days: 14,
    });
  });
  it('follows the newest trend where the older days were flat', () => {
    const bent = [...Array<number>(21).fill(50), 52, 54, 56, 58, 60, 62, 64];
    const found = timeToLimit(use(bent, 72));
    expect(found?.basis).toBe('trend');
    expect(((found?.at ?? 0) - now) / DAY_MS).toBeGreaterThan(3);
    expect(((found?.at ?? 0) - now) / DAY_MS).toBeLessThan(6);
  });
  it.each<[string, ReturnType<typeof use>]>([
    ['one jump', use([...Array<number>(10).fill(50), ...Array<number>(10).fill(60)], 72)],
    ['the same value every day', use(Array<number>(20).fill(70), 72)],
    ['use that falls', use(growing.toReversed(), 72, { usage: 60 })],
    [
      'use that goes up and down',
      use(
        Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 60 : 50)),
        72,
      ),
    ],
    ['six days', use(growing.slice(-6), 72)],
    ['less than three fifths in use', use(growing, 200)],
    ['a limit that is reached', use(growing, 66)],
    ['no limit', use(growing, -1)],
    [
      'a limit months away',
      use(
        Array.from({ length: 60 }, (_, i) => 60 + i / 20),
        100,
      ),
    ],
    ['a history that ended a week ago', use(growing, 72, { now: now + 7 * DAY_MS })],
  ])('is none for %s', (_, one) => {
    expect(timeToLimit(one)).toBeUndefined();
  });
  it('never lies in the past or outside its band', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 7, maxLength: 60 }),
        fc.integer({ min: 50, max: 160 }),
        (values, limit) => {
          const found = timeToLimit(use(values, limit));
          if (found === undefined) return;
          expect(found.earliestAt).toBeGreaterThanOrEqual(now);
          expect(found.at).toBeGreaterThanOrEqual(found.earliestAt);
          expect(found.latestAt ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(found.at);
          expect(found.perDay).toBeGreaterThan(0);
        },
      ),
    );
  });
});
