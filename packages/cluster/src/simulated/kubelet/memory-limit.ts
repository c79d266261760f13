/** When a container uses more memory than it may. */
import { wholeUnits } from '../../model/quantity.ts';
import type { UsageCurve } from './behaviour.ts';
import type { ContainerRuntime } from './pod-runtime.ts';

const SECOND_MS = 1000;
/** Nothing is looked for beyond. */
const HORIZON_MS = 30 * 86_400_000;

/** Bytes, or `undefined` without a limit. */
export function memoryLimitOf({ resources }: ContainerRuntime): number | undefined {
  const limit = resources?.limits?.['memory'];
  return limit === undefined ? undefined : wholeUnits(limit);
}

/**
 * Milliseconds after the start at which a curve first reaches a limit, to the millisecond where it does not fall back within a second
 * (or a hundredth of its age).
 */
export function timeOfOom(usage: UsageCurve | undefined, limitBytes: number | undefined): number | undefined {
  if (usage === undefined || limitBytes === undefined) return undefined;
  if (usage.peakMemoryBytes !== undefined && usage.peakMemoryBytes < limitBytes) return undefined;
  const exceeds = (at: number) => usage(at).memoryBytes >= limitBytes;
  let before = 0;
  if (exceeds(0)) return 0;
  for (let at = SECOND_MS; at <= HORIZON_MS; at += Math.max(SECOND_MS, Math.floor(at / 100))) {
    if (exceeds(at)) return firstWithin(exceeds, before, at);
    before = at;
  }
  return undefined;
}

function firstWithin(exceeds: (at: number) => boolean, low: number, high: number): number {
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (exceeds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
