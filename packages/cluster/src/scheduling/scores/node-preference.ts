/**
 * What a pod prefers of nodes as such, and what nodes prefer not to have.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#node-affinity-weight and
 * https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
 */
import { tolerates } from '../filters/node-selection.ts';
import type { NodeLedger } from '../node-state.ts';
import { matchesNodeTerm } from '../node-terms.ts';
import type { PodProfile } from '../pod-profile.ts';
import { BEST } from './node-resources.ts';

/** Sum of the weights of the preferred terms that hold for the node. */
export function preferredNodeAffinity(pod: PodProfile, { name, labels }: NodeLedger): number {
  let sum = 0;
  for (const { weight, preference } of pod.preferredNodeTerms)
    if (matchesNodeTerm(preference, name, labels)) sum += weight;
  return sum;
}

/** Taints `PreferNoSchedule` of the node that the pod does not tolerate. */
export function softTaints({ tolerations }: PodProfile, { node }: NodeLedger): number {
  const soft = node.spec?.taints?.filter(({ effect }) => effect === 'PreferNoSchedule') ?? [];
  return soft.filter((taint) => !tolerates(tolerations, taint)).length;
}

/** Scaled so that the most is {@link BEST}, or 0 where `isPenalty`. Source: `plugins/helper/normalize_score.go` */
export function normalised(raw: number, most: number, isPenalty: boolean): number {
  if (most === 0) return isPenalty ? BEST : raw;
  const scaled = Math.trunc((BEST * raw) / most);
  return isPenalty ? BEST - scaled : scaled;
}
