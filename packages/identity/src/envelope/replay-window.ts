/**
 * Which sequence numbers of a stream have been seen: the highest, and which of those just below it. Messages may arrive in another order than they were sent; none
 * is taken twice. Source: RFC 4303 section 3.4.3 and appendix A2.
 */

/** How far below the highest number a message may still be new. */
export const WINDOW_SIZE = 1024;

/** What has been seen of a stream. A value, so that it can be kept over a restart. */
export interface ReplayWindow {
  /** 0 where nothing has been seen: numbers begin with 1. */
  readonly highest: number;
  /** Bit n is set where `highest − n` has been seen. */
  readonly seen: bigint;
}

/** Of a stream that is new. */
export const EMPTY_WINDOW: ReplayWindow = { highest: 0, seen: 0n };

/** The window with a number added, or why it is not new. */
export type Admitted =
  | { readonly kind: 'admitted'; readonly window: ReplayWindow }
  | { readonly kind: 'refused'; readonly reason: 'replayed' | 'behind-window' };

const MASK = (1n << BigInt(WINDOW_SIZE)) - 1n;

/** @throws RangeError for what is no sequence number */
export function admit({ highest, seen }: ReplayWindow, sequence: number): Admitted {
  if (!isSequence(sequence)) throw new RangeError(`sequence: is ${sequence}, must be a safe integer from 1`);
  if (sequence > highest) {
    const ahead = sequence - highest;
    const kept = ahead >= WINDOW_SIZE ? 0n : (seen << BigInt(ahead)) & MASK;
    return { kind: 'admitted', window: { highest: sequence, seen: kept | 1n } };
  }
  const behind = highest - sequence;
  if (behind >= WINDOW_SIZE) return { kind: 'refused', reason: 'behind-window' };
  const bit = 1n << BigInt(behind);
  return (seen & bit) === 0n
    ? { kind: 'admitted', window: { highest, seen: seen | bit } }
    : { kind: 'refused', reason: 'replayed' };
}

/** Whether a number may be one of a sequence. */
export function isSequence(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

/** As text, to be kept. */
export function formatWindow({ highest, seen }: ReplayWindow): string {
  return `${highest}:${seen.toString(16)}`;
}

/** `undefined` for what {@link formatWindow} did not write. */
export function parseWindow(text: string): ReplayWindow | undefined {
  const [whole, digits = '', bits = ''] = /^(0|[1-9]\d{0,15}):(0|[1-9a-f][\da-f]{0,255})$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const window = { highest: Number(digits), seen: BigInt(`0x${bits}`) };
  const isEmpty = window.highest === 0 && window.seen === 0n;
  const isWhole = isSequence(window.highest) && (window.seen & 1n) === 1n;
  // No number below 1 can have been seen.
  const isPossible = window.highest >= WINDOW_SIZE || window.seen >> BigInt(window.highest) === 0n;
  return isEmpty || (isWhole && isPossible) ? window : undefined;
}
