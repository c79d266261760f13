/**
 * Filters on what a node is: cordoned, named, tainted, labelled. Their answers never change with placements.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
 */
import type { Node } from '../../model/kinds.ts';
import { compareIntegers } from '../../model/selector.ts';
import { acceptsNode, type PodProfile, type Toleration } from '../pod-profile.ts';
import { refusal, type Refusal } from './refusal.ts';

export type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];

const UNSCHEDULABLE = refusal('NodeUnschedulable', 'node(s) were unschedulable');
const NODE_NAME = refusal('NodeName', "node(s) didn't match the requested node name");
const NODE_AFFINITY = refusal('NodeAffinity', "node(s) didn't match Pod's node affinity/selector");
const CORDON: Taint = { key: 'node.kubernetes.io/unschedulable', value: '', effect: 'NoSchedule' };

/** Cordoned nodes take only pods that tolerate it, as DaemonSet pods do. */
export function nodeUnschedulable(pod: PodProfile, node: Node): Refusal | undefined {
  return node.spec?.unschedulable === true && !tolerates(pod.tolerations, CORDON) ? UNSCHEDULABLE : undefined;
}

/** A pod that names its node fits no other. */
export function nodeName(pod: PodProfile, node: Node): Refusal | undefined {
  const wanted = pod.pod.spec?.nodeName ?? '';
  return wanted !== '' && wanted !== node.metadata.name ? NODE_NAME : undefined;
}

/** The first taint that keeps pods out and is not tolerated. `PreferNoSchedule` keeps no pod out. */
export function taintToleration(pod: PodProfile, node: Node): Refusal | undefined {
  const taint = untoleratedTaint(pod.tolerations, node.spec?.taints);
  return taint === undefined
    ? undefined
    : refusal('TaintToleration', `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`);
}

/** `nodeSelector` and required node affinity. */
export function nodeAffinity(pod: PodProfile, node: Node): Refusal | undefined {
  return acceptsNode(pod, node.metadata.name, node.metadata.labels) ? undefined : NODE_AFFINITY;
}

/** First `NoSchedule` or `NoExecute` taint without toleration. */
export function untoleratedTaint(
  tolerations: readonly Toleration[],
  taints: readonly Taint[] | undefined,
): Taint | undefined {
  return taints?.find(
    (taint) => (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') && !tolerates(tolerations, taint),
  );
}

/** Whether one of the tolerations is about the taint. */
export function tolerates(tolerations: readonly Toleration[], taint: Taint): boolean {
  return tolerations.some((toleration) => {
    const { key = '', operator = 'Equal', value = '', effect = '' } = toleration;
    if (effect !== '' && effect !== taint.effect) return false;
    if (key !== '' && key !== taint.key) return false;
    // Kubernetes reads an empty operator as Equal; an empty key with Exists tolerates everything.
    if (operator === 'Exists') return true;
    // Numeric comparison is alpha in 1.35; where it is off, the API server admits no such toleration.
    if (operator === 'Gt') return compareIntegers(taint.value, [value]) > 0;
    if (operator === 'Lt') return compareIntegers(taint.value, [value]) < 0;
    return (operator === 'Equal' || operator === '') && value === (taint.value ?? '');
  });
}
