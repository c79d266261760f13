/** When and how often events happened, whichever fields their emitters filled. */
import { namespacedName } from '../model/resource-ref.ts';
import type { Event } from '../model/kinds.ts';

/** When an event last happened (epoch ms), whichever of the API's fields its emitter filled; 0 when none is readable. */
export function eventTime(event: Event): number {
  const text =
    event.lastTimestamp ?? event.series?.lastObservedTime ?? event.eventTime ?? event.metadata.creationTimestamp;
  return timeOf(text) ?? 0;
}

/** Order of events, newest first; events of one moment by namespace and name, so that the order of the input does not show. */
export function newestFirst(a: Event, b: Event): number {
  return eventTime(b) - eventTime(a) || (namespacedName(a) < namespacedName(b) ? -1 : 1);
}

/** How often an event happened: a whole number, at least 1. */
export function eventCount(event: Event): number {
  const count = event.count ?? event.series?.count ?? 1;
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(1, Math.trunc(count)));
}

/** Epoch milliseconds of an RFC 3339 timestamp; `undefined` when absent or unreadable. */
export function timeOf(text: string | undefined): number | undefined {
  if (text === undefined || text === null) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
