/** Pods whose only nodes are kept from them by taints: of a state that passes, or by somebody's decision. */
import type { Pod, SchedulingWorld } from '@aia/cluster';
import { freshNode, nodeKinds } from '../../nodes/node-kinds.ts';
import { isTransientTaint, repellingTaints, toleratesTaint } from '../../nodes/taints.ts';
import type { Waiting } from './waiting-pods.ts';

/**
 * Whether a node would take the pod but for the state that it is in, by the scheduler's own filters: what the other nodes lack (the zone of a
 * volume, a label) is so by design, and not why the pod waits.
 */
export function isHeldByNodeState({ pod }: Waiting, world: SchedulingWorld): boolean {
  return taintsBetween(pod, world).some((taints) => taints.every(isTransientTaint));
}

/**
 * Whether a node would take the pod but for taints that are there to stay, and no other kind of node would, were it empty: the
 * pod asks for what only the tainted nodes have.
 */
export function isHeldByTaint({ pod }: Waiting, world: SchedulingWorld): boolean {
  if (!taintsBetween(pod, world).some((taints) => !taints.some(isTransientTaint))) return false;
  const fresh = nodeKinds(world).map((kind) => freshNode(kind, 1));
  const wider = world.withNodes(fresh);
  return fresh.every(({ node }) => wider.refusal(pod, node.metadata.name ?? '') !== undefined);
}

/** Of each node that would take the pod but for its taints, those taints. */
function taintsBetween(pod: Pod, world: SchedulingWorld) {
  return world.nodes.flatMap(({ node, name }) => {
    const refused = world.refusals(pod, name);
    if (refused.length !== 1 || refused[0]?.filter !== 'TaintToleration') return [];
    const untolerated = repellingTaints(node).filter((taint) => !toleratesTaint(pod, taint));
    return untolerated.length === 0 ? [] : [untolerated];
  });
}
