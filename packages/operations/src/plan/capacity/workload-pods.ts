/** Pods by the workload that they belong to, worked out once for a snapshot. */
import { isFinished, type ClusterSnapshot, type KubeObject, type Pod } from '@aia/cluster';

const known = new WeakMap<ClusterSnapshot, ReadonlyMap<KubeObject, readonly Pod[]>>();

/** Pods that are not finished and not being deleted, by their topmost owner. Linear in pods on first use. */
export function podsByOwner(snapshot: ClusterSnapshot): ReadonlyMap<KubeObject, readonly Pod[]> {
  const found =
    known.get(snapshot) ??
    Map.groupBy(
      snapshot.list('Pod').filter((pod) => !isFinished(pod) && pod.metadata.deletionTimestamp === undefined),
      (pod) => snapshot.rootOwnerOf(pod),
    );
  known.set(snapshot, found);
  return found;
}
