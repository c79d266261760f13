/**
 * Schedules of CronJobs, read exactly as the CronJob controller reads them: the standard parser of robfig/cron v3, five fields or a
 * descriptor, with an optional time zone in front.
 * Source: https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format
 */
import { isTimeZone } from './time-zone.ts';

/** A schedule: when in a calendar, or every so often. */
export type CronSchedule =
  | { readonly kind: 'calendar'; readonly fields: CalendarFields; readonly zone: string | undefined }
  | { readonly kind: 'every'; readonly everyMs: number };

/** The allowed values of each field. */
export interface CalendarFields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** A day must be in both sets where one of them is a `*`, else in either. */
  readonly isBoth: boolean;
}

/** What {@link parseSchedule} says of a text: a schedule, or what is wrong with it. */
export type ParsedSchedule = { readonly schedule: CronSchedule } | { readonly problem: string };

interface Bounds {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly Bounds[] = [
  { name: 'minute', min: 0, max: 59, names: [] },
  { name: 'hour', min: 0, max: 23, names: [] },
  { name: 'day of month', min: 1, max: 31, names: [] },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of week', min: 0, max: 6, names: WEEKDAYS },
];
const DESCRIPTORS: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);
const EVERY = '@every ';
/** Longer texts are no schedules. */
const LONGEST = 500;

/** What is wrong with one part of a schedule. */
class ScheduleProblem extends Error {}

/** Reads the text of `spec.schedule`. */
export function parseSchedule(text: string): ParsedSchedule {
  try {
    return { schedule: scheduleOf(text) };
  } catch (error) {
    if (error instanceof ScheduleProblem) return { problem: error.message };
    throw error;
  }
}

/** Reads a schedule together with `spec.timeZone`, which counts unless the schedule names a zone itself. */
export function parseZonedSchedule(text: string, timeZone: string | undefined): ParsedSchedule {
  const parsed = parseSchedule(text);
  if (timeZone === undefined || !('schedule' in parsed)) return parsed;
  const { schedule } = parsed;
  if (schedule.kind === 'every' || schedule.zone !== undefined) return parsed;
  return isTimeZone(timeZone)
    ? { schedule: { ...schedule, zone: timeZone } }
    : { problem: `${timeZone} is no time zone` };
}

function scheduleOf(text: string): CronSchedule {
  if (text.length > LONGEST) throw new ScheduleProblem('it is too long');
  const zoned = /^(?:CRON_)?TZ=/.test(text);
  const gap = text.indexOf(' ');
  const named = zoned ? text.slice(text.indexOf('=') + 1, gap < 0 ? undefined : gap) : 'Local';
  // Go's `LoadLocation` takes no name for UTC.
  const zone = named === 'Local' ? undefined : named === '' ? 'UTC' : named;
  if (zone !== undefined && !isTimeZone(zone)) throw new ScheduleProblem(`${zone} is no time zone`);
  const body = zoned ? (gap < 0 ? '' : text.slice(gap).trim()) : text;
  if (body.startsWith('@')) return descriptorOf(body, zone);
  return { kind: 'calendar', fields: calendarOf(body), zone };
}

function descriptorOf(body: string, zone: string | undefined): CronSchedule {
  const fields = DESCRIPTORS.get(body);
  if (fields !== undefined) return { kind: 'calendar', fields: calendarOf(fields), zone };
  const duration = body.startsWith(EVERY) ? durationMs(body.slice(EVERY.length)) : undefined;
  if (duration === undefined) throw new ScheduleProblem(`${body} is no descriptor`);
  // Shorter than a second is a second, and what is left of one is dropped.
  return { kind: 'every', everyMs: Math.max(1000, Math.floor(duration / 1000) * 1000) };
}

function calendarOf(body: string): CalendarFields {
  const parts = body.split(/\s+/).filter((part) => part !== '');
  if (parts.length !== FIELDS.length) throw new ScheduleProblem(`it has ${parts.length} fields instead of 5`);
  const read = FIELDS.map((bounds, i) => fieldOf(parts[i] ?? '', bounds));
  const [minutes, hours, days, months, weekdays] = read as [Field, Field, Field, Field, Field];
  return {
    minutes: minutes.values,
    hours: hours.values,
    days: days.values,
    months: months.values,
    weekdays: weekdays.values,
    isBoth: days.star || weekdays.star,
  };
}

interface Field {
  readonly values: ReadonlySet<number>;
  readonly star: boolean;
}

function fieldOf(text: string, bounds: Bounds): Field {
  const ranges = text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => rangeOf(part, bounds));
  return {
    values: new Set(ranges.flatMap(({ start, end, step }) => steps(start, end, step))),
    star: ranges.some(({ star }) => star),
  };
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly star: boolean;
}

/** `*`, `?`, `N`, `N-M`, each with `/step`; `N/step` runs to the maximum, and what follows the hyphen of a `*` is not looked at. */
function rangeOf(text: string, bounds: Bounds): Range {
  const wrong = (why: string): ScheduleProblem => new ScheduleProblem(`the ${bounds.name} ${text} ${why}`);
  const [range = '', stepText, ...moreSteps] = text.split('/');
  const [low = '', high, ...moreHyphens] = range.split('-');
  if (moreSteps.length > 0) throw wrong('has more than one slash');
  const star = low === '*' || low === '?';
  if (!star && moreHyphens.length > 0) throw wrong('has more than one hyphen');
  const start = star ? bounds.min : numberOf(low, bounds);
  const last = high === undefined ? start : star ? bounds.max : numberOf(high, bounds);
  const step = stepText === undefined ? 1 : integer(stepText);
  const isOpen = star || (stepText !== undefined && high === undefined);
  const end = isOpen ? bounds.max : last;
  if (start === undefined || end === undefined || step === undefined) throw wrong('is no number, name or range');
  if (step === 0) throw wrong('has a step of 0');
  if (start < bounds.min || end > bounds.max) throw wrong(`lies outside ${bounds.min}–${bounds.max}`);
  if (start > end) throw wrong('begins after its end');
  return { start, end, step, star: star && step === 1 };
}

function steps(start: number, end: number, step: number): readonly number[] {
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, i) => start + i * step);
}

function numberOf(text: string, { names, min }: Bounds): number | undefined {
  const at = names.indexOf(text.toLowerCase());
  return at < 0 ? integer(text) : at + min;
}

/** As Go's `strconv.Atoi`, without what is negative. */
function integer(text: string): number | undefined {
  return /^\+?\d{1,9}$/.test(text) ? Number(text) : undefined;
}

const UNITS_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Go's `time.ParseDuration`: `1h30m`, `1.5h`, `-2s`, `0`. */
function durationMs(text: string): number | undefined {
  const unsigned = text.replace(/^[+-]/, '');
  if (unsigned === '0') return 0;
  const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy;
  let sum = 0;
  while (part.lastIndex < unsigned.length) {
    const [, amount, unit = ''] = part.exec(unsigned) ?? [];
    if (amount === undefined) return undefined;
    sum += Number(amount) * (UNITS_MS[unit] ?? 0);
  }
  return unsigned === '' ? undefined : text.startsWith('-') ? -sum : sum;
}
