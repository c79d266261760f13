/**
 * Whether the cluster autoscaler would evict a pod to remove its node.
 * Source: https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md#what-types-of-pods-can-prevent-ca-from-removing-a-node
 */
import { matchesSelector } from '../model/selector.ts';
import type { KindMap, Pod } from '../model/kinds.ts';
import { timeOf } from '../snapshot/event-time.ts';
import type { ClusterSnapshot } from '../snapshot/snapshot.ts';
import { controllerOf, isDaemonPod, isFinished, isMirrorPod } from './pod-owner.ts';

/** Why a pod keeps its node. */
export type Blocker =
  'not-safe-to-evict-annotation' | 'not-replicated' | 'unmovable-kube-system-pod' | 'local-storage' | 'not-enough-pdb';

/** What becomes of a pod when its node goes. */
export type Drain =
  /** It must find another node. */
  | { readonly outcome: 'moves' }
  /** It goes with the node (DaemonSet, static, finished or long terminating pods). */
  | { readonly outcome: 'goes' }
  | { readonly outcome: 'blocks'; readonly blocker: Blocker; readonly budget?: string };

/** What counts against moving a pod. */
export interface DrainOptions {
  /**
   * Whether pods with `emptyDir` or `hostPath` volumes keep their node: the autoscaler's default is yes, but GKE (1.22+)
   * moves them. `undefined` decides by the node's provider.
   */
  readonly localStorageBlocks?: boolean;
  /** Pods that are taken as if they were not marked as unsafe to evict. */
  readonly ignoresMark?: (pod: Pod) => boolean;
}

type Budget = KindMap['PodDisruptionBudget'];
const GOES: Drain = { outcome: 'goes' };
const MOVES: Drain = { outcome: 'moves' };
/** Annotation of pods by which somebody tells the autoscaler whether it may move them: `'true'` or `'false'`. */
export const SAFE_TO_EVICT = 'cluster-autoscaler.kubernetes.io/safe-to-evict';
const SAFE_VOLUMES = 'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes';
/** Controllers that the autoscaler trusts to replace a pod (`--skip-nodes-with-custom-controller-pods`). */
const REPLACING: ReadonlySet<string> = new Set([
  'ReplicationController',
  'ReplicaSet',
  'Job',
  'StatefulSet',
  'DaemonSet',
]);
/** A pod that is terminating for this long past its grace no longer counts. */
const LONG_TERMINATING_MS = 30_000;

/**
 * What becomes of a pod, by the rules of the cluster autoscaler in their order, the budget last. A pod that is annotated as
 * safe to evict passes the other rules; its budget still counts, because evictions honour it.
 */
export function drainOf(pod: Pod, snapshot: ClusterSnapshot, options: DrainOptions = {}): Drain {
  if (isMirrorPod(pod) || isLongTerminating(pod, snapshot.observedAt) || isDaemonPod(pod) || isFinished(pod))
    return GOES;
  const budgets = budgetsOf(pod, snapshot);
  const blocker = blockerOf(pod, budgets, options);
  if (blocker !== undefined) return { outcome: 'blocks', blocker };
  const spent = budgets.find((budget) => (budget.status?.disruptionsAllowed ?? 0) < 1);
  return spent === undefined ? MOVES : { outcome: 'blocks', blocker: 'not-enough-pdb', budget: spent.metadata.name };
}

function blockerOf(
  pod: Pod,
  budgets: readonly Budget[],
  { localStorageBlocks = true, ignoresMark = () => false }: DrainOptions,
): Blocker | undefined {
  const safe = pod.metadata.annotations?.[SAFE_TO_EVICT];
  if (safe === 'true') return undefined;
  const controller = controllerOf(pod);
  if (controller === undefined || !REPLACING.has(controller.kind)) return 'not-replicated';
  if (pod.metadata.namespace === 'kube-system' && budgets.length === 0) return 'unmovable-kube-system-pod';
  if (safe === 'false' && !ignoresMark(pod)) return 'not-safe-to-evict-annotation';
  return localStorageBlocks && hasLocalStorage(pod) ? 'local-storage' : undefined;
}

function budgetsOf(pod: Pod, snapshot: ClusterSnapshot): readonly Budget[] {
  return snapshot
    .listIn('PodDisruptionBudget', pod.metadata.namespace ?? '')
    .filter((budget) => matchesSelector(budget.spec?.selector, pod.metadata.labels));
}

/** Local data that would be lost, unless it is in memory or the pod says it may be. */
function hasLocalStorage({ metadata, spec }: Pod): boolean {
  const safe = (metadata.annotations?.[SAFE_VOLUMES] ?? '').split(',').map((name) => name.trim());
  return (spec?.volumes ?? []).some(
    ({ name, emptyDir, hostPath }) =>
      !safe.includes(name) && ((emptyDir !== undefined && emptyDir.medium !== 'Memory') || hostPath !== undefined),
  );
}

/** The autoscaler adds the grace period to `deletionTimestamp`, which holds it already. */
function isLongTerminating({ metadata, spec }: Pod, now: number): boolean {
  const at = timeOf(metadata.deletionTimestamp);
  return at !== undefined && now - at > (spec?.terminationGracePeriodSeconds ?? 30) * 1000 + LONG_TERMINATING_MS;
}
