/** Numbers and durations that options take. */
import { InvalidArgumentError } from 'commander';

/** A whole number within bounds, both included. */
export function wholeNumber(from: number, to: number) {
  return (value: string): number => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < from || number > to)
      throw new InvalidArgumentError(`"${value}" is not a whole number from ${from} to ${to}.`);
    return number;
  };
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `90s`, `10m`, `1h30m`, `1d`. */
export function duration(value: string): number {
  if (!/^(?:\d{1,6}[smhd])+$/.test(value))
    throw new InvalidArgumentError(`"${value}" is not a duration such as 90s, 10m or 1h30m.`);
  return [...value.matchAll(/(\d+)([smhd])/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? 1),
    0,
  );
}

/** As {@link duration}, at most so many milliseconds. */
export function durationUpTo(mostMs: number) {
  return (value: string): number => {
    const ms = duration(value);
    if (ms > mostMs) throw new InvalidArgumentError(`"${value}" is more than ${mostMs / 3_600_000} hours.`);
    return ms;
  };
}
