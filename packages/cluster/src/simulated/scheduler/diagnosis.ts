/** Why no node takes a pod, in the scheduler's words. Source: `pkg/scheduler/framework/types.go`, `FitError` */
import { availability, countReasons } from '../../scheduling/availability.ts';
import type { Refusal } from '../../scheduling/filters/refusal.ts';
import type { NodeLedger } from '../../scheduling/node-state.ts';

/** What came of looking at all nodes. */
export interface Diagnosis {
  readonly message: string;
  /** Plugins that refused the pod somewhere. */
  readonly plugins: ReadonlySet<string>;
  /** Nodes that might take the pod if others left them. */
  readonly preemptible: readonly NodeLedger[];
  /** Nothing could leave the node for the pod; of other nodes, nothing is known. */
  isHopeless(node: string): boolean;
}

const NO_NODES: Diagnosis = {
  message: 'no nodes available to schedule pods',
  plugins: new Set(),
  preemptible: [],
  isHopeless: () => true,
};

/** What a problem of the pod itself leaves to say: no node was looked at. */
export function diagnoseProblem(nodes: number, problem: string): Diagnosis {
  if (nodes === 0) return NO_NODES;
  return {
    message: `0/${nodes} nodes are available: ${problem}.`,
    plugins: new Set([problem === 'pod affinity terms conflict' ? 'NodeAffinity' : 'VolumeBinding']),
    preemptible: [],
    isHopeless: () => true,
  };
}

/** `refusals` in the order of `nodes`. */
export function diagnose(
  nodes: readonly NodeLedger[],
  refusals: readonly Refusal[],
  wording: (reason: string) => string,
): Diagnosis {
  if (nodes.length === 0) return NO_NODES;
  const counted = countReasons(
    refusals.flatMap(({ reasons }) => reasons),
    wording,
  );
  const preemptible = nodes.filter((_, i) => refusals[i]?.preemptible === true);
  return {
    message: availability(nodes.length, counted),
    plugins: new Set(refusals.map(({ filter }) => filter)),
    preemptible,
    isHopeless: (node) => !preemptible.some(({ name }) => name === node),
  };
}
