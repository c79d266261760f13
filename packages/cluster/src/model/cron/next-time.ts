/** When a schedule comes round next. */
import type { CalendarFields, CronSchedule } from './cron-schedule.ts';
import { momentOf, wallClock, type WallClock } from './time-zone.ts';

/** A schedule that names no date within this many years never runs; the controller gives up there too. */
const MOST_YEARS = 5;
const MINUTE = 60_000;

/** The first moment of a schedule after another (epoch ms); `undefined` when there is none, as for 30 February. */
export function nextTime(schedule: CronSchedule, after: number): number | undefined {
  if (schedule.kind === 'every') return Math.floor(after / 1000) * 1000 + schedule.everyMs;
  const { fields, zone } = schedule;
  if (isNever(fields)) return undefined;
  let at = Math.floor(after / MINUTE) * MINUTE + MINUTE;
  const lastYear = wallClock(at, zone).year + MOST_YEARS;
  for (;;) {
    const clock = wallClock(at, zone);
    if (clock.year > lastYear) return undefined;
    const later = firstPossible(clock, fields);
    if (later === undefined) return at;
    // Clocks that are put back would otherwise lead round in a circle.
    at = Math.max(at + MINUTE, momentOf(later, zone));
  }
}

/** A field of commas alone allows nothing. */
function isNever({ minutes, hours, months, days, weekdays }: CalendarFields): boolean {
  return [minutes, hours, months].some(({ size }) => size === 0) || days.size + weekdays.size === 0;
}

/** Where to look next when a moment is not in the schedule; `undefined` when it is. */
function firstPossible(clock: WallClock, fields: CalendarFields): WallClock | undefined {
  const { year, month, day, hour, minute } = clock;
  if (!fields.months.has(month)) return { year, month: month + 1, day: 1, hour: 0, minute: 0 };
  if (!isDay(clock, fields)) return { year, month, day: day + 1, hour: 0, minute: 0 };
  if (!fields.hours.has(hour)) return { year, month, day, hour: hour + 1, minute: 0 };
  if (fields.minutes.has(minute)) return undefined;
  const next = [...fields.minutes].filter((one) => one > minute);
  return next.length === 0
    ? { year, month, day, hour: hour + 1, minute: 0 }
    : { year, month, day, hour, minute: Math.min(...next) };
}

function isDay({ year, month, day }: WallClock, { days, weekdays, isBoth }: CalendarFields): boolean {
  const isDate = days.has(day);
  const isWeekday = weekdays.has(new Date(Date.UTC(year, month - 1, day)).getUTCDay());
  return isBoth ? isDate && isWeekday : isDate || isWeekday;
}
