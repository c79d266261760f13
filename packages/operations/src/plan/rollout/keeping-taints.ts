/** Taints that stand between pods and nodes that would take them otherwise. */
import { compare, type Node, type Pod } from '@aia/cluster';
import { isNodePod } from '../../diagnose/nodes/node-pods.ts';
import {
  isTransientTaint,
  repellingTaints,
  taintText,
  toleratesTaint,
  type Taint,
} from '../../diagnose/nodes/taints.ts';
import type { Planning } from '../planning.ts';

/** A taint with the nodes that have it. */
export interface KeepingTaint {
  /** `dedicated=batch:NoSchedule`. */
  readonly text: string;
  readonly taint: Taint;
  readonly nodes: readonly Node[];
  /** Pods that name its key in a toleration and are no daemons: what the nodes were set aside for. */
  readonly users: readonly Pod[];
  /** Whether it says what its nodes are, as accelerators, Windows or spot machines, and keeps out what is not made for that. */
  readonly isOfMachine: boolean;
}

/**
 * Keys that platforms and device makers taint nodes with for what these are.
 * Sources: https://cloud.google.com/kubernetes-engine/docs/how-to/gpus, …/spot-vms, …/multi-arch; https://kubernetes.io/docs/concepts/windows/user-guide/;
 * https://learn.microsoft.com/azure/aks/spot-node-pool
 */
const OF_MACHINES =
  /^(?:(?:nvidia|amd|intel)\.com\/|google\.com\/tpu$|aws\.amazon\.com\/neuron|habana\.ai\/|(?:node\.)?kubernetes\.io\/(?:os|arch)$|os$|cloud\.google\.com\/(?:gke-spot|gke-preemptible)$|sandbox\.gke\.io\/|kubernetes\.azure\.com\/|node-role\.kubernetes\.io\/)/;

/** Of a pod that waits: lasting taints of nodes that every other filter would let it on, sorted by their text. */
export function keepingTaints(pod: Pod, planning: Planning): readonly KeepingTaint[] {
  const { world, snapshot } = planning.examination;
  const found = world.nodes.flatMap(({ node, name }) => {
    if (world.refusals(pod, name).some(({ filter }) => filter !== 'TaintToleration')) return [];
    const between = repellingTaints(node).filter((taint) => !toleratesTaint(pod, taint));
    return between.some(isTransientTaint) ? [] : between;
  });
  const distinct = new Map(found.map((taint) => [taintText(taint), taint]));
  return [...distinct]
    .toSorted(([a], [b]) => compare(a, b))
    .map(([text, taint]) => ({
      text,
      taint,
      nodes: snapshot
        .list('Node')
        .filter(({ spec }) => (spec?.taints ?? []).some((one) => taintText(one) === text))
        .toSorted((a, b) => compare(a.metadata.name, b.metadata.name)),
      users: usersOf(taint, planning),
      isOfMachine: OF_MACHINES.test(taint.key),
    }));
}

const known = new WeakMap<Planning, Map<string, readonly Pod[]>>();

function usersOf(taint: Taint, planning: Planning): readonly Pod[] {
  const users = known.get(planning) ?? new Map<string, readonly Pod[]>();
  known.set(planning, users);
  const found =
    users.get(taintText(taint)) ??
    planning.snapshot
      .list('Pod')
      .filter(
        (pod) =>
          pod.spec?.tolerations?.some(({ key }) => key === taint.key) === true &&
          !isNodePod(pod) &&
          toleratesTaint(pod, taint),
      );
  users.set(taintText(taint), found);
  return found;
}
