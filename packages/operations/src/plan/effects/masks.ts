/** Values that were taken out of a snapshot as secrets never reach a cluster in a change. */
import { withPatch, type ClusterSnapshot } from '@aia/cluster';
import type { Change } from '@aia/contract';
import { jsonDifference } from './json-difference.ts';

/** What stands in place of a secret. */
const MASK = '[redacted]';

/** Whether a mask stands anywhere in a value. */
export function isMasked(value: unknown): boolean {
  return JSON.stringify(value ?? null).includes(MASK);
}

/** A patch that would write masks over values that they stand for writes the rest alone; others stay as they are. */
export function withoutMasks(change: Change, snapshot: ClusterSnapshot): Change {
  if (change.kind !== 'patch' || !isMasked(change.patch)) return change;
  const before = snapshot.resolve(change.target);
  if (before === undefined) return change;
  const operations = jsonDifference(before, withPatch(before, change.patch));
  return { ...change, patch: { type: 'json', operations } };
}

/** Whether a change would write a mask all the same: only a person knows the value. */
export function writesMask(change: Change): boolean {
  if (change.kind === 'create') return isMasked(change.object);
  return change.kind === 'patch' && isMasked(change.patch);
}
