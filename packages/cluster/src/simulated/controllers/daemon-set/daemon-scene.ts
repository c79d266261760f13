/** A DaemonSet, the nodes, and which of its pods are on which. */
import type { DaemonSet, Node, Pod } from '../../../model/kinds.ts';
import { compare } from '../../../model/order.ts';
import { isFinished } from '../../../scheduling/pod-owner.ts';
import { scaledValue } from '../../../model/int-or-percent.ts';
import { isAvailable } from '../pod-state.ts';
import { REVISION_HASH } from '../revision-history.ts';
import { placementOn, targetNode } from './daemon-placement.ts';

/** As the source of events. */
export const DAEMON_SET_CONTROLLER = { component: 'daemonset-controller' } as const;
const GENERATION = 'deprecated.daemonset.template.generation';
export const POD_GENERATION = 'pod-template-generation';

/** Everything a look at a DaemonSet goes by. */
export interface DaemonScene {
  readonly set: DaemonSet;
  readonly nodes: readonly Node[];
  /** By the node they are on or meant for, oldest first; ended ones that are being deleted are left out. */
  readonly podsByNode: ReadonlyMap<string, readonly Pod[]>;
  /** Of the template as it is now. */
  readonly hash: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

export function daemonScene(
  set: DaemonSet,
  nodes: readonly Node[],
  pods: readonly Pod[],
  hash: string,
  now: number,
): DaemonScene {
  const podsByNode = new Map<string, Pod[]>();
  for (const pod of [...pods].sort(byPlaceAndAge)) {
    if (isFinished(pod) && pod.metadata.deletionTimestamp !== undefined) continue;
    const name = targetNode(pod);
    const there = podsByNode.get(name);
    if (there === undefined) podsByNode.set(name, [pod]);
    else there.push(pod);
  }
  return { set, nodes, podsByNode, hash, now };
}

/** Placed ones first, then by age. */
function byPlaceAndAge(a: Pod, b: Pod): number {
  const isPlaced = ({ spec }: Pod) => Number((spec?.nodeName ?? '') !== '');
  return (
    isPlaced(b) - isPlaced(a) ||
    compare(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
    compare(a.metadata.name, b.metadata.name)
  );
}

export function isLeaving({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** The template's generation, where the API server tells it. */
export function templateGeneration({ metadata }: DaemonSet): string | undefined {
  return metadata.annotations?.[GENERATION];
}

/** Whether a pod is of the template as it is now. */
export function isUpdated({ set, hash }: Pick<DaemonScene, 'set' | 'hash'>, { metadata }: Pod): boolean {
  const generation = templateGeneration(set);
  const isOfGeneration = generation !== undefined && metadata.labels?.[POD_GENERATION] === generation;
  return metadata.labels?.[REVISION_HASH] === hash || isOfGeneration;
}

export function isAvailableIn({ set, now }: DaemonScene, pod: Pod): boolean {
  return isAvailable(pod, set.spec?.minReadySeconds ?? 0, now);
}

/** How many nodes are to have a pod. */
function desiredNumber({ set, nodes }: DaemonScene): number {
  return nodes.filter((node) => placementOn(node, set).shouldRun).length;
}

/** Nodes that may be without a pod, or have two, during an update; percents rounded up. */
export function updateLimits(scene: DaemonScene): { readonly surge: number; readonly unavailable: number } {
  const { maxSurge = 0, maxUnavailable = 1 } = scene.set.spec?.updateStrategy?.rollingUpdate ?? {};
  const desired = desiredNumber(scene);
  const surge = scaledValue(maxSurge, desired, 'up');
  const unavailable = scaledValue(maxUnavailable, desired, 'up');
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

export function allowsSurge(set: DaemonSet): boolean {
  const { maxSurge = 0 } = set.spec?.updateStrategy?.rollingUpdate ?? {};
  const isRolling = (set.spec?.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate';
  return isRolling && scaledValue(maxSurge, 100, 'up') > 0;
}
