/** Delays that double with every failure, and the way Go writes durations. Source: `k8s.io/client-go/util/flowcontrol`, `Backoff`. */

/** The delay after the latest failure. */
export interface BackOff {
  readonly delayMs: number;
  /** When it was raised last. */
  readonly updatedAt: number;
}

/** Of containers and of image pulls alike. Source: `MaxCrashLoopBackOff`, `initialCrashLoopBackOff`, `imageBackOffPeriod`. */
export const FIRST_DELAY_MS = 10_000;
export const LONGEST_DELAY_MS = 300_000;

/** The delay for one more failure, which happened at `eventAt`; one that was raised long ago is forgotten. */
export function nextBackOff(known: BackOff | undefined, eventAt: number, now: number): BackOff {
  const delayMs =
    known === undefined || isForgotten(known, eventAt) ? FIRST_DELAY_MS : Math.min(LONGEST_DELAY_MS, known.delayMs * 2);
  return { delayMs, updatedAt: now };
}

/** When the delay is over that counts from `eventAt`; `eventAt` itself where none does. */
export function backOffEnd(known: BackOff | undefined, eventAt: number): number {
  return known === undefined || isForgotten(known, eventAt) ? eventAt : eventAt + known.delayMs;
}

/** What ran twice as long as the longest delay has recovered. */
function isForgotten({ updatedAt }: BackOff, eventAt: number): boolean {
  return eventAt - updatedAt > 2 * LONGEST_DELAY_MS;
}

/** As Go's `time.Duration` prints itself: `10s`, `1m20s`, `5m0s`, `1.5s`, `120ms`. */
export function goDuration(ms: number): string {
  if (ms === 0) return '0s';
  if (ms < 1000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = `${Number(((ms % 60_000) / 1000).toFixed(3))}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
