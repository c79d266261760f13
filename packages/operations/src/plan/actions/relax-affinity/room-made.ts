/** Pods that run keep their old rules, which hold against their successors too. */
import type { KubeObject, Pod, PodSpec } from '@aia/cluster';
import { isReady } from '../../../diagnose/conditions.ts';
import type { Planning } from '../../planning.ts';
import type { Remedy } from '../../remedy.ts';
import { easedRollout, isRolling, replicasOf } from '../../rollout/eased-rollout.ts';
import { ownPods } from '../../rollout/placing.ts';
import { without } from '../../rollout/without.ts';

/**
 * Where the rules of pods that run leave no successor a node, a rolling update that may take none of them away first waits for ever: it may
 * then take one more than are missing already, until it is over.
 */
export function withRoomMade(remedy: Remedy, workload: KubeObject, spec: PodSpec, planning: Planning): Remedy {
  if (!isRolling(workload) || hasRoom(workload, spec, planning)) return remedy;
  const replicas = replicasOf(workload);
  const available = ownPods(workload, planning).filter(isReady).length;
  const maxUnavailable = Math.min(replicas, replicas - available + 1);
  return easedRollout(remedy, workload, {
    maxUnavailable,
    why: `The pods that run still have the old rule, which leaves no successor a place, so the rollout may take ${maxUnavailable} of ${replicas} away until it is over.`,
    ...(available === 1 && { outage: 'the only pod that runs goes before its successor is ready' }),
  });
}

/** Whether a pod without any rules of its own would find a node beside those that run. */
function hasRoom(workload: KubeObject, spec: PodSpec, planning: Planning): boolean {
  const [model] = ownPods(workload, planning);
  if (model === undefined) return true;
  const metadata = { ...model.metadata, name: '(successor)' };
  const successor: Pod = { ...model, metadata, spec: without(spec, 'affinity', 'nodeName') };
  return planning.examination.world.bestNode(successor) !== undefined;
}
