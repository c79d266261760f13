/** Critical findings that appear on a twin. */
import { objectKey, refKey, type ClusterSnapshot, type ResourceRef } from '@aia/cluster';
import type { AssessedFinding, Assessment } from '@aia/contract';

/** A cluster with what was found in it. */
export interface Seen {
  readonly snapshot: ClusterSnapshot;
  readonly assessment: Assessment;
}

/** Those of `after` that `before` has not, neither about the same resource nor about another one of the same workload. */
export function newCritical(before: Seen, after: Seen): readonly AssessedFinding[] {
  const known = new Set(criticalOf(before).map((finding) => keyOf(finding, before)));
  return criticalOf(after).filter((finding) => !known.has(keyOf(finding, after)));
}

function criticalOf({ assessment }: Seen): readonly AssessedFinding[] {
  return assessment.findings.filter(({ severity }) => severity === 'critical');
}

/** Pods and ReplicaSets are made anew under other names. */
function keyOf({ code, resource }: AssessedFinding, { snapshot }: Seen): string {
  return `${code} ${workloadKey(resource, snapshot)}`;
}

/** Of the topmost owner of a resource. */
export function workloadKey(ref: ResourceRef, snapshot: ClusterSnapshot): string {
  const object = snapshot.resolve(ref);
  return object === undefined ? refKey(ref) : objectKey(snapshot.rootOwnerOf(object));
}
