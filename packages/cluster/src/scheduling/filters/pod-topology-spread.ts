/**
 * Even spreading over topology domains.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
 */
import type { NodeLedger } from '../node-state.ts';
import type { SpreadConstraint } from '../pod-profile.ts';
import { NO_DOMAIN } from '../topology.ts';
import type { TopologyCount } from '../topology-count.ts';
import { refusal, type Refusal } from './refusal.ts';

/** A constraint of a waiting pod with the counts it is judged by. */
export interface Spread {
  readonly constraint: SpreadConstraint;
  readonly count: TopologyCount;
  /** 1 when the pod counts itself. */
  readonly self: 0 | 1;
}

const SKEW = refusal('PodTopologySpread', "node(s) didn't match pod topology spread constraints", true);
const NO_LABEL = refusal(
  'PodTopologySpread',
  "node(s) didn't match pod topology spread constraints (missing required label)",
);

export function podTopologySpread(spreads: readonly Spread[], node: NodeLedger): Refusal | undefined {
  for (const spread of spreads) {
    const { constraint, count, self } = spread;
    if (count.topology.domainOf(node) === NO_DOMAIN) return NO_LABEL;
    if (count.at(node) + self - leastOf(spread) > constraint.maxSkew) return SKEW;
  }
  return undefined;
}

/** Pods in the emptiest domain; 0 while there are fewer domains than `minDomains`. */
function leastOf({ constraint, count }: Spread): number {
  return count.domains < constraint.minDomains ? 0 : count.least;
}
