/** Time zones by their names in the IANA database, and what their clocks show. */

/** A moment on the clocks of a time zone. */
export interface WallClock {
  readonly year: number;
  /** 1–12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const formats = new Map<string, Intl.DateTimeFormat | undefined>();
/** Names are remembered for good, and input is hostile. */
const MOST_NAMES = 1000;

/** Whether the controller knows a name. It reads them from files, so that case counts and offsets are no names. */
export function isTimeZone(name: string): boolean {
  return name === 'UTC' || formatOf(name) !== undefined;
}

/** What clocks show at a moment (epoch ms); `undefined` as zone means UTC, where the control plane's own is not known. */
export function wallClock(at: number, zone: string | undefined): WallClock {
  const date = new Date(at + offsetMs(at, zone));
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  };
}

/** The moment at which clocks show this; a time that a change to summer leaves out is read with the offset before it. */
export function momentOf({ year, month, day, hour, minute }: WallClock, zone: string | undefined): number {
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  const guess = wall - offsetMs(wall, zone);
  return wall - offsetMs(guess, zone);
}

function offsetMs(at: number, zone: string | undefined): number {
  const format = zone === undefined || zone === 'UTC' ? undefined : formatOf(zone);
  if (format === undefined) return 0;
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

function formatOf(name: string): Intl.DateTimeFormat | undefined {
  if (formats.has(name)) return formats.get(name);
  const format = /^[A-Z][\w+/-]{0,60}$/.test(name) ? made(name) : undefined;
  if (formats.size < MOST_NAMES) formats.set(name, format);
  return format;
}

function made(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
