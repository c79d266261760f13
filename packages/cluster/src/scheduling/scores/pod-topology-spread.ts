/**
 * Even spreading as a wish: what `ScheduleAnyway` adds to a node's score.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/; `plugins/podtopologyspread/scoring.go`
 */
import { NO_DOMAIN } from '../topology.ts';
import type { Spread } from '../filters/pod-topology-spread.ts';
import type { NodeLedger } from '../node-state.ts';
import { BEST } from './node-resources.ts';

const IGNORED = -1;

/**
 * Scores of the nodes that take a pod, 0 to 100, in their order. A node without one of the labels is no choice, unless `someKeys`.
 */
export function spreadScores(spreads: readonly Spread[], nodes: readonly NodeLedger[], someKeys: boolean): Int32Array {
  const scores = new Int32Array(nodes.length);
  const isIgnored = (node: NodeLedger) =>
    !someKeys && spreads.some(({ count }) => count.topology.domainOf(node) === NO_DOMAIN);
  const weights = spreads.map((spread) => Math.log(domainsAmong(spread, nodes, isIgnored) + 2));
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  nodes.forEach((node, at) => {
    if (isIgnored(node)) {
      scores[at] = IGNORED;
      return;
    }
    const raw = rawScore(spreads, weights, node);
    scores[at] = raw;
    if (raw < least) least = raw;
    if (raw > most) most = raw;
  });
  return scores.map((raw) => {
    if (raw === IGNORED) return 0;
    return most === 0 ? BEST : Math.trunc((BEST * (most + least - raw)) / most);
  });
}

/** Fewer pods in the node's domains are better; domains of a key with many of them weigh more. */
function rawScore(spreads: readonly Spread[], weights: readonly number[], node: NodeLedger): number {
  let score = 0;
  spreads.forEach(({ constraint, count }, i) => {
    if (count.topology.domainOf(node) === NO_DOMAIN) return;
    score += count.at(node) * (weights[i] as number) + constraint.maxSkew - 1;
  });
  return Math.round(score);
}

/** Each node is a domain of host names, also those that share one. */
function domainsAmong(
  { count: { topology } }: Spread,
  nodes: readonly NodeLedger[],
  isIgnored: (node: NodeLedger) => boolean,
): number {
  const seen = new Set<number>();
  let counted = 0;
  for (const node of nodes) {
    if (isIgnored(node)) continue;
    counted++;
    seen.add(topology.domainOf(node));
  }
  seen.delete(NO_DOMAIN);
  return topology.key === 'kubernetes.io/hostname' ? counted : seen.size;
}
