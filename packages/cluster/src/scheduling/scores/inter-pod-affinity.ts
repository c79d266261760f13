/**
 * What preferred affinity between pods adds to a node's score.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity;
 * `plugins/interpodaffinity/scoring.go`
 */
import type { NodeLedger } from '../node-state.ts';
import type { Preference } from '../placed-counts.ts';
import { BEST } from './node-resources.ts';

/** Scores of the nodes that take a pod, 0 to 100, in their order: the most wanted has 100, the least 0. */
export function interPodScores(preferences: readonly Preference[], nodes: readonly NodeLedger[]): Int32Array {
  const scores = new Int32Array(nodes.length);
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < nodes.length; at++) {
    let raw = 0;
    for (const { count, weight } of preferences) raw += weight * count.at(nodes[at] as NodeLedger);
    scores[at] = raw;
    if (raw < least) least = raw;
    if (raw > most) most = raw;
  }
  const span = most - least;
  return scores.map((raw) => (span > 0 ? Math.trunc(BEST * ((raw - least) / span)) : 0));
}
