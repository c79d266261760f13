/** Schedules pods one after another: the counterfactual behind "with 8 more CPUs all of them would run". */
import { namespacedName } from '../model/resource-ref.ts';
import type { Pod } from '../model/kinds.ts';
import { timeOf } from '../snapshot/event-time.ts';
import type { ClusterSnapshot } from '../snapshot/snapshot.ts';
import { unschedulable } from './explain.ts';
import { isFinished } from './pod-owner.ts';
import type { NodeScore, SchedulingWorld } from './world.ts';

/** In which order, and by which score, pods are placed. */
export interface FitOptions {
  /**
   * `queue` (default): by priority, then age, then name, as the scheduler's queue would; `given`: as listed.
   */
  readonly order?: 'queue' | 'given';
  /** `least-allocated` by default. */
  readonly score?: NodeScore;
}

/** Where one pod went. */
export type Placement =
  | { readonly pod: Pod; readonly node: string }
  /** `message` as {@link explain} gives it, at the moment of the pod's turn. */
  | { readonly pod: Pod; readonly node: undefined; readonly message: string };

/** Where the pods went. */
export interface Fit {
  /** In the order of scheduling. */
  readonly placements: readonly Placement[];
  readonly placed: number;
  /** The world with the placed pods. */
  readonly world: SchedulingWorld;
}

/** Places each pod on the best node that takes it; the given world stays as it is. No pod is evicted for another. */
export function fitPods(
  pods: readonly Pod[],
  world: SchedulingWorld,
  { order = 'queue', score = 'least-allocated' }: FitOptions = {},
): Fit {
  const after = world.fork();
  const turns = order === 'given' ? pods : pods.toSorted(byQueue);
  const placements = turns.map((pod): Placement => {
    const node = after.bestNode(pod, score);
    if (node === undefined) return { pod, node, message: unschedulable(pod, after)?.message ?? '' };
    after.place(pod, node);
    return { pod, node };
  });
  return { placements, placed: placements.filter(({ node }) => node !== undefined).length, world: after };
}

/** Pods of a snapshot that wait for a node. */
export function waitingPods(snapshot: ClusterSnapshot): readonly Pod[] {
  return snapshot
    .list('Pod')
    .filter(
      (pod) => (pod.spec?.nodeName ?? '') === '' && !isFinished(pod) && pod.metadata.deletionTimestamp === undefined,
    );
}

function byQueue(a: Pod, b: Pod): number {
  const priority = (b.spec?.priority ?? 0) - (a.spec?.priority ?? 0);
  const age = (timeOf(a.metadata.creationTimestamp) ?? 0) - (timeOf(b.metadata.creationTimestamp) ?? 0);
  return priority || age || (namespacedName(a) < namespacedName(b) ? -1 : 1);
}
