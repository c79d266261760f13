/**
 * How many nodes that take a pod are enough, in a large cluster.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/scheduler-perf-tuning/
 */

/** So few nodes are always looked for. */
const LEAST_NODES = 100;
const LEAST_PERCENT = 5;

/**
 * Of `nodes` nodes so many that take the pod end the search: `percentage` of them, where 0 (default) goes from 50 % down by one for each
 * 125 nodes, to 5 %.
 */
export function enoughNodes(nodes: number, percentage = 0): number {
  if (nodes < LEAST_NODES) return nodes;
  const wanted = percentage > 0 ? percentage : Math.max(LEAST_PERCENT, 50 - Math.trunc(nodes / 125));
  if (wanted >= 100) return nodes;
  return Math.max(LEAST_NODES, Math.trunc((nodes * wanted) / 100));
}
