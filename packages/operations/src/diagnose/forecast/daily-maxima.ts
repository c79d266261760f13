/** A step function, such as the usage of a quota, by the highest value of each day. */

/** Milliseconds of a day. */
export const DAY_MS = 86_400_000;

/** One day, counted from the epoch (UTC), and the highest value seen on it. */
export interface DayValue {
  readonly day: number;
  readonly value: number;
}

/** The highest value of each day that has one, oldest first; `times` are epoch milliseconds, in any order. */
export function dailyMaxima(times: readonly number[], values: readonly number[]): readonly DayValue[] {
  const days = new Map<number, number>();
  times.forEach((at, i) => {
    const day = Math.floor(at / DAY_MS);
    days.set(day, Math.max(days.get(day) ?? Number.NEGATIVE_INFINITY, values[i] ?? Number.NEGATIVE_INFINITY));
  });
  return [...days].sort(([a], [b]) => a - b).map(([day, value]) => ({ day, value }));
}

/** One value for every day from the first to the last: what was not measured stayed as it was, as steps do. */
export function everyDay(days: readonly DayValue[]): readonly number[] {
  const values: number[] = [];
  for (const { day, value } of days) {
    const [first] = days as [DayValue, ...DayValue[]];
    while (values.length < day - first.day) values.push(values.at(-1) ?? value);
    values.push(value);
  }
  return values;
}
