/** Classes of cause of which at most one is true of one thing, and what that means for those that are proposed together. */
import { refKey } from '@aia/cluster';
import type { DirectEffect, Hypothesis } from './hypothesis.ts';

/** Of one container of one image at most one class of each group holds: what ends it, what keeps it from being started. */
export const EXCLUSIVE: readonly (readonly string[])[] = [
  ['liveness-probe-kills', 'program-fails'],
  ['memory-limit-too-low', 'memory-grows', 'node-out-of-memory'],
  ['executable-missing', 'image-unavailable'],
];

/**
 * Lets hypotheses that exclude each other about one thing compete for all that any of them would explain, so that only the
 * weightiest is named: of three pods of a Deployment whose liveness probe kills them, the events of two may have expired.
 */
export function contested(hypotheses: readonly Hypothesis[]): readonly Hypothesis[] {
  const groups = Map.groupBy(hypotheses.filter(hasGroup), (one) => groupKey(one));
  return hypotheses.map((one) => {
    const rivals = hasGroup(one) ? (groups.get(groupKey(one)) ?? []).filter((other) => other.class !== one.class) : [];
    if (rivals.length === 0) return one;
    const own = new Set(one.effects.map(({ finding }) => finding));
    const more = rivals.flatMap(({ effects }) => effects).filter(({ finding }) => !own.has(finding));
    const added = new Map(
      more.map((effect): [string, DirectEffect] => [effect.finding, { ...effect, relation: SAME }]),
    );
    return { ...one, effects: [...one.effects, ...added.values()] };
  });
}

const SAME = 'it is the same container of the same image';

function hasGroup({ class: name, subject }: Hypothesis): boolean {
  return subject !== undefined && EXCLUSIVE.some((group) => group.includes(name));
}

function groupKey({ class: name, resource, subject = '' }: Hypothesis): string {
  return [EXCLUSIVE.findIndex((group) => group.includes(name)), refKey(resource), subject].join('\n');
}
