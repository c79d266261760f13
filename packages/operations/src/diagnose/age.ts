/** Whether something is too new to be judged. */
import { timeOf } from '@aia/cluster';
import type { Examination } from './examination.ts';
import { areAgesKnown } from './pods/visible-failure.ts';

/** Whether a moment (epoch ms) lies within the grace; never where it, or the moment of observation, is unknown. */
export function isWithinGrace(examination: Examination, at: number | undefined): boolean {
  return at !== undefined && examination.now - at < examination.thresholds.graceMs && areAgesKnown(examination);
}

/** When an object was made, epoch ms; 0 where that is unknown. For orders, newest or oldest first. */
export function createdAt({ metadata }: { readonly metadata: { readonly creationTimestamp?: string } }): number {
  return timeOf(metadata.creationTimestamp) ?? 0;
}

/** Whether an object was made within the grace. */
export function isYoung(
  examination: Examination,
  { metadata }: { readonly metadata: { readonly creationTimestamp?: string } },
): boolean {
  return isWithinGrace(examination, timeOf(metadata.creationTimestamp));
}
