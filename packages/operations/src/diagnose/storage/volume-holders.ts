/** Pods that use the same claim from another node: they hold a disk that only one node at a time can have. */
import type { ClusterSnapshot, Pod, ResourceRef } from '@aia/cluster';

/** A pod and the claim by which it holds the disk. */
export interface VolumeHolder {
  readonly pod: Pod;
  readonly claim: string;
}

/** Unfinished pods on other nodes that share a claim with this one, by name. */
export function holdersOf(snapshot: ClusterSnapshot, waiting: ResourceRef): readonly VolumeHolder[] {
  const pod = snapshot.get('Pod', waiting.namespace, waiting.name);
  const claims = new Set(pod === undefined ? [] : claimsOf(pod));
  if (claims.size === 0) return [];
  return snapshot
    .listIn('Pod', waiting.namespace)
    .filter((other) => isBoundElsewhere(other, pod?.spec?.nodeName))
    .flatMap((other) => claimsOf(other).flatMap((claim) => (claims.has(claim) ? [{ pod: other, claim }] : [])))
    .sort((a, b) => (a.pod.metadata.name < b.pod.metadata.name ? -1 : 1));
}

/** The pod that has a ReadWriteOncePod claim of a waiting one, wherever it runs. */
export function exclusiveHolder(snapshot: ClusterSnapshot, waiting: ResourceRef): VolumeHolder | undefined {
  return holdersOf(snapshot, waiting).find(({ claim }) =>
    snapshot.get('PersistentVolumeClaim', waiting.namespace, claim)?.spec?.accessModes?.includes('ReadWriteOncePod'),
  );
}

function isBoundElsewhere({ spec, status }: Pod, node: string | undefined): boolean {
  const isEnded = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return !isEnded && spec?.nodeName !== undefined && spec.nodeName !== node;
}

function claimsOf({ spec }: Pod): readonly string[] {
  return (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}
