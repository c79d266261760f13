/** The words of an event or a condition, in the form that every parser of this folder reads. */
import type { Event } from '@aia/cluster';

const COMBINED = '(combined from similar events):';

/**
 * A text with single spaces, without the prefix that client-go's correlator puts on aggregated events. Idempotent.
 * Quantities, names and quotes stay as they are.
 */
export function plainText(text: string): string {
  const single = text.replaceAll(/\s+/g, ' ').trim();
  return single.startsWith(COMBINED) ? single.slice(COMBINED.length).trimStart() : single;
}

/** {@link plainText} of an event's message; empty when it has none. */
export function eventText(event: Event): string {
  return plainText(event.message ?? '');
}
