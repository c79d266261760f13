/** When a failed request is tried again, and after how long. Pure. */
import type { TimeSource } from './time-source.ts';

/** Bounds of trying again; both hold, whichever is reached first. */
export interface RetryLimits {
  /** Tries in all, the first included. Default 6. */
  readonly attempts: number;
  /** Milliseconds from the first try to the start of the last. Default 60 000. */
  readonly totalMs: number;
  /** First back-off in milliseconds, doubled each time. Default 250. */
  readonly firstDelayMs: number;
  /** Longest single back-off in milliseconds; a server's Retry-After may be longer. Default 15 000. */
  readonly longestDelayMs: number;
}

export const RETRY_LIMITS: RetryLimits = { attempts: 6, totalMs: 60_000, firstDelayMs: 250, longestDelayMs: 15_000 };

/** Statuses that a server sends for a state that passes (RFC 9110 section 15, RFC 6585 section 4). */
export function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status === 500 || status === 502 || status === 503 || status === 504;
}

/**
 * Milliseconds that a `Retry-After` header asks to wait, as seconds or as HTTP date (RFC 9110 section 10.2.3); at least 0.
 * `undefined` when absent or unreadable.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** Exponential back-off with full jitter over its upper half, so that many readers do not come back together. */
export function backOffMs(attempt: number, limits: RetryLimits, random: () => number): number {
  const ceiling = Math.min(limits.longestDelayMs, limits.firstDelayMs * 2 ** (attempt - 1));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}

/**
 * Milliseconds to wait before the next try, or `undefined` when the bounds forbid another. `attempt` is the number of tries
 * made, from 1; `asked` is what `Retry-After` asked for: never come back earlier than that.
 */
export function nextDelayMs(
  attempt: number,
  startedAt: number,
  asked: number | undefined,
  limits: RetryLimits,
  time: Pick<TimeSource, 'now' | 'random'>,
): number | undefined {
  if (attempt >= limits.attempts) return undefined;
  const delay = Math.max(
    asked ?? 0,
    backOffMs(attempt, limits, () => time.random()),
  );
  return time.now() - startedAt + delay > limits.totalMs ? undefined : delay;
}
