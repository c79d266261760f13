/** Pods that a workload had before: gone from the cluster, still in the usage history. They show what it needs when it may. */
import {
  workloadUsage,
  type ClusterSnapshot,
  type KubeObject,
  type Pod,
  type UsageIndex,
  type WorkloadUsage,
} from '@aia/cluster';

/** A pod of the history. */
export interface EarlierPod {
  readonly name: string;
  /** The ReplicaSet or DaemonSet that made it. */
  readonly maker: KubeObject;
}

/** What generated names end with. */
const SUFFIX = /-[bcdfghjklmnpqrstvwxz2456789]{5}$/;

const goneOfSnapshot = new WeakMap<ClusterSnapshot, ReadonlyMap<string, readonly string[]>>();

/** Earlier pods of the Deployment, ReplicaSet or DaemonSet that a pod belongs to, of all revisions that are still there. */
export function earlierPodsOf(snapshot: ClusterSnapshot, pod: Pod): readonly EarlierPod[] {
  const gone = gonePods(snapshot);
  if (gone.size === 0) return [];
  const namespace = pod.metadata.namespace ?? '';
  return makersOf(snapshot, pod).flatMap((maker) =>
    (gone.get(`${namespace}/${maker.metadata.name}`) ?? []).map((name) => ({ name, maker })),
  );
}

/** Usage of each container of a pod and of the earlier pods of its workload, as {@link workloadUsage} sums it up. */
export function usageWithEarlier(snapshot: ClusterSnapshot, index: UsageIndex, pod: Pod): readonly WorkloadUsage[] {
  const { name, namespace = '' } = pod.metadata;
  const earlier = earlierPodsOf(snapshot, pod).map((one) => ({ namespace, name: one.name }));
  return workloadUsage(index, [{ namespace, name }, ...earlier], snapshot.observedAt);
}

function makersOf(snapshot: ClusterSnapshot, pod: Pod): readonly KubeObject[] {
  const maker = snapshot.ownerOf(pod);
  if (maker === undefined) return [];
  const deployment = maker.kind === 'ReplicaSet' ? snapshot.ownerOf(maker) : undefined;
  return deployment === undefined ? [maker] : snapshot.ownedBy(deployment).filter(({ kind }) => kind === 'ReplicaSet');
}

/** Names of pods that only the history knows, by namespace and the name of what made them. */
function gonePods(snapshot: ClusterSnapshot): ReadonlyMap<string, readonly string[]> {
  const known = goneOfSnapshot.get(snapshot);
  if (known !== undefined) return known;
  const gone = new Map<string, Set<string>>();
  for (const { namespace, pod } of snapshot.usage.containers) {
    if (!SUFFIX.test(pod) || snapshot.get('Pod', namespace, pod) !== undefined) continue;
    const maker = `${namespace}/${pod.slice(0, -6)}`;
    gone.set(maker, (gone.get(maker) ?? new Set()).add(pod));
  }
  const found = new Map([...gone].map(([maker, pods]) => [maker, [...pods].sort()] as const));
  goneOfSnapshot.set(snapshot, found);
  return found;
}
