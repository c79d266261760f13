/**
 * Whether the cluster autoscaler would evict a pod to remove its node.
 * Source: https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md#what-types-of-pods-can-prevent-ca-from-removing-a-node
 */
import { matchesSelector } from '../model/selector.ts';
import type { KindMap, Pod } from '../model/kinds.ts';
import { timeOf, type ClusterSnapshot } from '../snapshot/snapshot.ts';
import { controllerOf, isDaemonPod, isMirrorPod } from './pod-owner.ts';
import { isFinished } from './world.ts';

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
}

type Budget = KindMap['PodDisruptionBudget'];
const GOES: Drain = { outcome: 'goes' };
const MOVES: Drain = { outcome: 'moves' };
const SAFE_TO_EVICT = 'cluster-autoscaler.kubernetes.io/safe-to-evict';
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
 * What becomes of a pod, by the rules of the cluster autoscaler. Budgets come first: evictions honour them even for pods
 * that are annotated as safe to evict.
 */
export function drainOf(pod: Pod, snapshot: ClusterSnapshot, { localStorageBlocks = true }: DrainOptions = {}): Drain {
  const safe = pod.metadata.annotations?.[SAFE_TO_EVICT];
  if (isMirrorPod(pod) || isDaemonPod(pod) || isFinished(pod) || isLongTerminating(pod, snapshot.observedAt))
    return GOES;
  const budgets = budgetsOf(pod, snapshot);
  const spent = budgets.find((budget) => (budget.status?.disruptionsAllowed ?? 0) < 1);
  if (spent !== undefined) return { outcome: 'blocks', blocker: 'not-enough-pdb', budget: spent.metadata.name };
  if (safe === 'true') return MOVES;
  if (safe === 'false') return blocks('not-safe-to-evict-annotation');
  const controller = controllerOf(pod);
  if (controller === undefined || !REPLACING.has(controller.kind)) return blocks('not-replicated');
  if (pod.metadata.namespace === 'kube-system' && budgets.length === 0) return blocks('unmovable-kube-system-pod');
  return localStorageBlocks && hasLocalStorage(pod) ? blocks('local-storage') : MOVES;
}

function blocks(blocker: Blocker): Drain {
  return { outcome: 'blocks', blocker };
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

/** `deletionTimestamp` already includes the grace period. */
function isLongTerminating({ metadata }: Pod, now: number): boolean {
  const at = timeOf(metadata.deletionTimestamp);
  return at !== undefined && now - at > LONG_TERMINATING_MS;
}
