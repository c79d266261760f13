/** Times as text. */
import type { JsonValue } from '../canonical/strict-json.ts';

/** How much the clocks of two honest parties may differ: what is said to be later than now by more than this lies in the future. */
export const CLOCK_SKEW_MS = 60_000;

const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/**
 * Epoch milliseconds (with a fraction, where the text has one) of a date and time with its offset from UTC, as XML Schema's `dateTimeStamp` and RFC 3339 write it; `undefined` for anything else,
 * days and hours that do not exist included.
 */
export function parseTime(text: string): number | undefined {
  const [match, year, month, day, hour, minute, second, fraction = '', zone = ''] = TIME.exec(text) ?? [];
  if (match === undefined) return undefined;
  const plain = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const seconds = Date.parse(`${plain}Z`);
  // Date takes 31 February for 3 March.
  if (Number.isNaN(seconds) || !new Date(seconds).toISOString().startsWith(plain)) return undefined;
  const offset = offsetOf(zone);
  return offset === undefined ? undefined : seconds + Number(`0${fraction || '.0'}`) * 1000 - offset;
}

/** {@link parseTime} of a value of JSON, or what stands for everything that is no time. */
export function timeOf(value: JsonValue | undefined, otherwise: number): number {
  return (typeof value === 'string' ? parseTime(value) : undefined) ?? otherwise;
}

/** In UTC with whole seconds; what is over is cut off, so that the text is never later than the time. */
export function formatTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function offsetOf(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4))];
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
