/** Pods that run keep their old rules, which hold against their successors too. */
import { refOf, type KubeObject, type Pod, type PodSpec } from '@aia/cluster';
import type { Change } from '@aia/contract';
import { isReady } from '../../../diagnose/conditions.ts';
import type { Planning } from '../../planning.ts';
import { draftId, type ActionDraft, type Remedy } from '../../remedy.ts';
import { without } from '../../rollout/without.ts';
import { ownPods } from '../../rollout/placing.ts';

interface Rolling {
  readonly spec?: { readonly replicas?: number; readonly strategy?: Strategy };
}
interface Strategy {
  readonly type?: string;
  readonly rollingUpdate?: Readonly<Record<string, number | string>>;
}

/** What the API server sets where nothing is said. */
const DEFAULT: Strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } };

/**
 * Where the rules of pods that run leave no successor a node, a rolling update that may take none of them away first waits for ever: it may
 * then take one more than are missing already, until it is over.
 */
export function withRoomMade(remedy: Remedy, workload: KubeObject, spec: PodSpec, planning: Planning): Remedy {
  const [draft, ...others] = remedy.drafts;
  const { replicas = 1, strategy = DEFAULT } = (workload as KubeObject & Rolling).spec ?? {};
  const isRolling = workload.kind === 'Deployment' && strategy.type !== 'Recreate';
  if (draft === undefined || !isRolling || hasRoom(workload, spec, planning)) return remedy;
  const available = ownPods(workload, planning).filter(isReady).length;
  const maxUnavailable = Math.min(replicas, replicas - available + 1);
  const wider = { ...strategy, rollingUpdate: { ...strategy.rollingUpdate, maxUnavailable } };
  const eased: ActionDraft = {
    ...draft,
    reason: `${draft.reason} The pods that run still have the old rule, which leaves no successor a place, so the rollout may take ${maxUnavailable} of ${replicas} away until it is over.`,
    changes: [strategyChange(workload, wider), ...draft.changes],
    ...(available === 1 && { outage: 'the only pod that runs goes before its successor is ready' }),
  };
  return { ...remedy, drafts: [eased, strategyBack(eased, workload, strategy), ...others] };
}

function strategyChange(workload: KubeObject, value: Strategy): Change {
  const target = refOf(workload);
  return {
    kind: 'patch',
    target,
    patch: { type: 'json', operations: [{ op: 'add', path: '/spec/strategy', value }] },
  };
}

function strategyBack(eased: ActionDraft, workload: KubeObject, strategy: Strategy): ActionDraft {
  return {
    ...eased,
    title: `Put the rollout strategy back (${eased.target.kind} ${eased.target.namespace}/${eased.target.name})`,
    part: `${eased.part ?? ''}-strategy`,
    reason: 'The strategy was widened for one rollout only.',
    changes: [strategyChange(workload, strategy)],
    after: [draftId(eased)],
  };
}

/** Whether a pod without any rules of its own would find a node beside those that run. */
function hasRoom(workload: KubeObject, spec: PodSpec, planning: Planning): boolean {
  const [model] = ownPods(workload, planning);
  if (model === undefined) return true;
  const successor: Pod = {
    ...model,
    metadata: { ...model.metadata, name: '(successor)' },
    spec: without(spec, 'affinity', 'nodeName'),
  };
  return planning.examination.world.bestNode(successor) !== undefined;
}
