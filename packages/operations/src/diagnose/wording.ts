/** How amounts and lists are worded in findings and causes, so that all of them say it the same way. */
import type { Examination } from './examination.ts';
import { shortened } from './shortened.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A duration for people in one unit, rounded down: `45 s`, `12 min`, `25 h`, `3 d`. Hours go up to two days. */
export function durationText(ms: number): string {
  if (ms < 2 * MINUTE) return `${Math.floor(ms / 1000)} s`;
  if (ms < 2 * HOUR) return `${Math.floor(ms / MINUTE)} min`;
  return ms < 2 * DAY ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / DAY)} d`;
}

/** ` for 25 h`, or nothing when the start is unknown or is itself the newest moment that was read. */
export function forText(examination: Examination, sinceAt: number | undefined): string {
  return sinceAt === undefined || sinceAt >= examination.now ? '' : ` for ${durationText(examination.now - sinceAt)}`;
}

/** `a, b, c and 4 more`; at most `most` (3) are named. */
export function listText(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** The first sentence of a runtime's words, shortened to at most 160 characters and without a full stop. */
export function briefly(text: string): string {
  const line = text.slice(0, 2000).split('\n', 1)[0]?.trim() ?? '';
  const short = shortened(line, 160);
  return short.endsWith('.') ? short.slice(0, -1) : short;
}

/** A share as a whole percentage: `41 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** `1 pod`, `12 pods`. */
export function podsText(count: number): string {
  return count === 1 ? '1 pod' : `${count} pods`;
}
