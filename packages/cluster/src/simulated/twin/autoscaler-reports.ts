/** Whether a cluster autoscaler that goes on reporting reports the same as before. */
import type { VisibilityRecord } from '../../cloud/cloud.ts';
import { sameJson } from '../../snapshot/diff.ts';

const MOMENTS = /"?\b(?:time|lastProbeTime|lastTransitionTime|updatedAt)"?: ?(?:"[^"\n]{0,60}"|[^\n,}]{0,60}),?/g;
const MACHINES = /Instance '[^'\n]{0,80}'/g;

/** Two statuses, as text or parsed: moments and names of machines that were tried aside. */
export function reportsAlike(before: unknown, after: unknown): boolean {
  return steady(before) === steady(after);
}

function steady(report: unknown): string {
  const text = typeof report === 'string' ? report : (JSON.stringify(report) ?? '');
  return text.replace(MOMENTS, '').replace(MACHINES, 'Instance');
}

/** Two logs of decisions: what was there is, and what came is what had been decided about the same groups before. */
export function decidesAlike(
  before: readonly VisibilityRecord[] | undefined,
  after: readonly VisibilityRecord[] | undefined,
): boolean {
  if (before === undefined || after === undefined) return before === after;
  const known = new Set(before.map(kindOf));
  return (
    sameJson(before, after.slice(0, before.length)) && after.slice(before.length).every((one) => known.has(kindOf(one)))
  );
}

function kindOf({ type, messageId, groups }: VisibilityRecord): string {
  return JSON.stringify([type, messageId, groups.toSorted()]);
}
