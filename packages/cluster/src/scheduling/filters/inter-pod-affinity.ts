/**
 * Required affinity and anti-affinity between pods.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity
 */
import type { NodeLedger } from '../node-state.ts';
import { NO_DOMAIN } from '../topology.ts';
import type { TopologyCount } from '../topology-count.ts';
import { refusal, type Refusal } from './refusal.ts';

/** A waiting pod's relations to the pods that run. */
export interface Neighbourhood {
  /** Per affinity term: pods that satisfy all its terms, by this term's domains. */
  readonly wanted: readonly TopologyCount[];
  /** The pod satisfies its own affinity terms, so the first of a group may start. */
  readonly satisfiesItself: boolean;
  /** Per anti-affinity term of the pod: pods it keeps away from. */
  readonly avoided: readonly TopologyCount[];
  /** Per anti-affinity term that speaks of the pod: running pods that keep it away. */
  readonly avoiding: readonly TopologyCount[];
}

const AFFINITY = refusal('InterPodAffinity', "node(s) didn't match pod affinity rules");
const ANTI_AFFINITY = refusal('InterPodAffinity', "node(s) didn't match pod anti-affinity rules", true);
const EXISTING = refusal('InterPodAffinity', "node(s) didn't satisfy existing pods anti-affinity rules", true);

export function interPodAffinity(around: Neighbourhood, node: NodeLedger): Refusal | undefined {
  if (!findsWanted(around, node)) return AFFINITY;
  if (around.avoided.some((count) => count.at(node) > 0)) return ANTI_AFFINITY;
  return around.avoiding.some((count) => count.at(node) > 0) ? EXISTING : undefined;
}

/** The first pod of a group that wants its own kind may go anywhere that has the labels. */
function findsWanted({ wanted, satisfiesItself }: Neighbourhood, node: NodeLedger): boolean {
  if (wanted.length === 0) return true;
  if (wanted.some((count) => count.topology.domainOf(node) === NO_DOMAIN)) return false;
  if (wanted.every((count) => count.at(node) > 0)) return true;
  return satisfiesItself && wanted.every((count) => count.total === 0);
}
