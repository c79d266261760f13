/** Marks that the cluster autoscaler puts on nodes. Source: `cluster-autoscaler/utils/taints` */
import type { Node } from '../../model/kinds.ts';

export const TO_BE_DELETED = 'ToBeDeletedByClusterAutoscaler';
export const CANDIDATE = 'DeletionCandidateOfClusterAutoscaler';

/** With the mark, whose value is the moment in epoch seconds; the node itself where it has it. */
export function withTaint(node: Node, key: string, effect: string, now: number): Node {
  const taints = node.spec?.taints ?? [];
  if (taints.some((taint) => taint.key === key)) return node;
  const value = String(Math.floor(now / 1000));
  return { ...node, spec: { ...node.spec, taints: [...taints, { key, value, effect }] } } as Node;
}

/** Without the mark; the node itself where it has none. */
export function withoutTaint(node: Node, key: string): Node {
  const taints = node.spec?.taints ?? [];
  const left = taints.filter((taint) => taint.key !== key);
  return left.length === taints.length ? node : ({ ...node, spec: { ...node.spec, taints: left } } as Node);
}
