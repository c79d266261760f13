/** How long processes get to end. */
import type { PodRuntime } from './pod-runtime.ts';

/** Milliseconds, from the pod's own wish. */
export function graceOf({ object: { spec } }: PodRuntime): number {
  return (spec?.terminationGracePeriodSeconds ?? 30) * 1000;
}
