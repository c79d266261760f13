/** Pods whose only nodes are in a state that passes. */
import type { SchedulingWorld } from '@aia/cluster';
import { isTransientTaint, repellingTaints, toleratesTaint } from '../../nodes/taints.ts';
import type { Waiting } from './waiting-pods.ts';

/**
 * Whether a node would take the pod but for the state that it is in, by the scheduler's own filters: what the other nodes lack (the zone of a
 * volume, a label) is so by design, and not why the pod waits.
 */
export function isHeldByNodeState({ pod }: Waiting, world: SchedulingWorld): boolean {
  return world.nodes.some(({ node, name }) => {
    const refused = world.refusals(pod, name);
    if (refused.length !== 1 || refused[0]?.filter !== 'TaintToleration') return false;
    const untolerated = repellingTaints(node).filter((taint) => !toleratesTaint(pod, taint));
    return untolerated.length > 0 && untolerated.every(isTransientTaint);
  });
}
