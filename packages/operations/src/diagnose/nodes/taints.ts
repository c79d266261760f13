/**
 * Taints and who bears them.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
 */
import type { Node, Pod } from '@aia/cluster';

export type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];

/** Taints that keep pods out; `PreferNoSchedule` only discourages. */
export function repellingTaints(node: Node): readonly Taint[] {
  return (node.spec?.taints ?? []).filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute');
}

/** Whether one of the pod's tolerations covers the taint. */
export function toleratesTaint(pod: Pod, taint: Taint): boolean {
  return (pod.spec?.tolerations ?? []).some(({ key = '', operator = 'Equal', value = '', effect = '' }) => {
    if ((effect !== '' && effect !== taint.effect) || (key !== '' && key !== taint.key)) return false;
    // An empty operator reads as Equal; an empty key is only allowed with Exists and covers every taint.
    return operator === 'Exists' || (key !== '' && value === (taint.value ?? ''));
  });
}

/** `dedicated=gpu:NoSchedule`, as kubectl writes it. */
export function taintText({ key, value = '', effect }: Taint): string {
  return `${key}${value === '' ? '' : `=${value}`}:${effect}`;
}

/** Set by controllers for a condition or a step in the life of a node, which other rules report or which pass. */
export function isTransientTaint({ key }: Taint): boolean {
  return TRANSIENT.test(key);
}

const TRANSIENT =
  /^(?:node\.kubernetes\.io\/|node\.cloudprovider\.kubernetes\.io\/|ToBeDeletedByClusterAutoscaler$|DeletionCandidateOfClusterAutoscaler$|karpenter\.sh\/|node\.cilium\.io\/|startup-taint\.cluster-autoscaler\.kubernetes\.io\/|ignore-taint\.cluster-autoscaler\.kubernetes\.io\/|node-role\.kubernetes\.io\/(?:control-plane|master)$)/;
