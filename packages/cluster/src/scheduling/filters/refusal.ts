/** What a filter answers when a node does not take a pod. */

/** The scheduler's plugins, in the order in which they filter. */
export type FilterName =
  | 'NodeUnschedulable'
  | 'NodeName'
  | 'TaintToleration'
  | 'NodeAffinity'
  | 'NodePorts'
  | 'NodeResourcesFit'
  | 'VolumeRestrictions'
  | 'NodeVolumeLimits'
  | 'VolumeBinding'
  | 'VolumeZone'
  | 'PodTopologySpread'
  | 'InterPodAffinity';

/** One plugin's refusal of one node. */
export interface Refusal {
  readonly filter: FilterName;
  /** Kubernetes' own texts, as counted in `0/N nodes are available: …`. */
  readonly reasons: readonly string[];
  /** Whether removing pods from the node could help: what Kubernetes calls unschedulable but not unresolvable. */
  readonly preemptible: boolean;
}

/** A refusal with a fixed text, made once: refusals are the common answer in a full cluster. */
export function refusal(filter: FilterName, reason: string, preemptible = false): Refusal {
  return Object.freeze({ filter, reasons: Object.freeze([reason]), preemptible });
}
