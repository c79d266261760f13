/** Times as text. */
import type { JsonValue } from '../canonical/strict-json.ts';

/** How much the clocks of two honest parties may differ: what is said to be later than now by more than this lies in the future. */
export const CLOCK_SKEW_MS = 60_000;

const TIME =
  /^(\d{4}-\d\d-(\d\d))T([01]\d|2[0-3]|24(?=:00:00(?:\.0+)?[Z+-])):([0-5]\d):([0-5]\d(?:\.\d+)?)(?:Z|([+-])(0\d|1[0-3]|14(?=:00)):([0-5]\d))$/;

/**
 * Epoch milliseconds (with a fraction, where the text has one) of a date and time with its offset from UTC; `undefined` for anything else, days that do not exist and
 * leap seconds included. Source: `dateTimeStamp` as https://www.w3.org/TR/vc-data-model-2.0/#representing-time has it, with years of four digits.
 */
export function parseTime(text: string): number | undefined {
  const [match, date = '', day, hour, minute, second, sign, offsetHours = 0, offsetMinutes = 0] = TIME.exec(text) ?? [];
  if (match === undefined) return undefined;
  const midnight = Date.parse(date);
  // Date takes 31 February for 3 March.
  if (new Date(midnight).getUTCDate() !== Number(day)) return undefined;
  const minutes = (Number(hour) * 60 + Number(minute)) * 60_000;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  return midnight + minutes + Number(second) * 1000 - (sign === '-' ? -offset : offset);
}

/** {@link parseTime} of a value of JSON, or what stands for everything that is no time. */
export function timeOf(value: JsonValue | undefined, otherwise: number): number {
  return (typeof value === 'string' ? parseTime(value) : undefined) ?? otherwise;
}

/** In UTC with whole seconds; what is over is cut off, so that the text is never later than the time. */
export function formatTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** @throws RangeError for a time (epoch milliseconds) that is none, to which nothing would lie in the future */
export function requireTime(name: string, at: number): void {
  if (!Number.isFinite(at)) throw new RangeError(`${name}: is ${at}, must be a time in epoch milliseconds`);
}
