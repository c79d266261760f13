/** Lets the time of a simulated cluster pass as time passes here. */
import type { VirtualClock } from '@aia/cluster';

/** Milliseconds of work in one go; then others get their turn. */
const SLICE_MS = 40;
/** The longest rest, so that a clock that somebody else moves is followed. */
const LONGEST_REST_MS = 250;

/** A clock that is being driven. */
export interface WallTime {
  /** Does what is due by now, as far as it fits into one slice of work. */
  catchUp(): void;
  stop(): void;
}

/**
 * `speed`: milliseconds there per millisecond here; 0 lets time stand still until somebody moves the clock. `onFailure` is told of what
 * a part of the cluster threw, which is a defect of it; the others go on.
 */
export function runAtWallSpeed(clock: VirtualClock, speed: number, onFailure: (error: unknown) => void): WallTime {
  if (!(speed >= 0 && Number.isFinite(speed))) throw new RangeError(`speed is ${speed}, and must be at least 0`);
  let timer: NodeJS.Timeout | undefined;
  let seenAt = performance.now();
  // What could not be done yet; time there falls behind while it is too much for this machine.
  let owedMs = 0;
  const catchUp = () => {
    const now = performance.now();
    owedMs = advance(clock, owedMs + (now - seenAt) * speed, onFailure);
    seenAt = now;
  };
  const rest = () => {
    catchUp();
    timer = setTimeout(rest, owedMs > 1 ? 0 : restMs(clock, speed));
  };
  if (speed > 0) rest();
  return { catchUp: speed > 0 ? catchUp : () => undefined, stop: () => clearTimeout(timer) };
}

/** Returns what is left of `ms` when the slice is over. The clock stands at whole milliseconds. */
function advance(clock: VirtualClock, ms: number, onFailure: (error: unknown) => void): number {
  const until = clock.now + Math.floor(ms);
  const rest = ms - Math.floor(ms);
  const endsAt = performance.now() + SLICE_MS;
  for (let next = clock.nextAt; next !== undefined && next <= until; next = clock.nextAt) {
    if (performance.now() > endsAt) return until - clock.now + rest;
    try {
      clock.step();
    } catch (error) {
      onFailure(error);
    }
  }
  clock.advanceTo(until);
  return rest;
}

function restMs(clock: VirtualClock, speed: number): number {
  const next = clock.nextAt;
  const untilNext = next === undefined ? LONGEST_REST_MS : (next - clock.now) / speed;
  return Math.min(LONGEST_REST_MS, Math.max(1, Math.ceil(untilNext)));
}
