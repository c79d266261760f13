/**
 * Even spreading over topology domains.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
 */
import type { NodeLedger } from '../node-state.ts';
import type { SpreadConstraint } from '../pod-profile.ts';
import type { TopologyCount } from '../topology-count.ts';
import { refusal, type Refusal } from './refusal.ts';

/** A constraint of a waiting pod with the counts it is judged by. */
export interface Spread {
  readonly constraint: SpreadConstraint;
  readonly count: TopologyCount;
  /** 1 when the pod counts itself. */
  readonly self: 0 | 1;
  /** Pods in the emptiest domain; 0 while there are fewer domains than `minDomains`. */
  readonly least: number;
}

const SKEW = refusal('PodTopologySpread', "node(s) didn't match pod topology spread constraints", true);
const NO_LABEL = refusal(
  'PodTopologySpread',
  "node(s) didn't match pod topology spread constraints (missing required label)",
);

export function spreadOver(constraint: SpreadConstraint, count: TopologyCount, self: 0 | 1): Spread {
  const least = count.domains.size < constraint.minDomains ? 0 : count.least;
  return { constraint, count, self, least };
}

export function podTopologySpread(spreads: readonly Spread[], node: NodeLedger): Refusal | undefined {
  for (const { constraint, count, self, least } of spreads) {
    if (node.labels[constraint.topologyKey] === undefined) return NO_LABEL;
    if (count.at(node) + self - least > constraint.maxSkew) return SKEW;
  }
  return undefined;
}
