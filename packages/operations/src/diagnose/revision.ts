/** Revisions of a Deployment, as its ReplicaSets keep them. */
import type { Pod, ReplicaSet } from '@aia/cluster';
import type { Examination } from './examination.ts';

/** Set by the Deployment controller on each ReplicaSet. */
const REVISION = 'deployment.kubernetes.io/revision';

/** The image that a container of this name had in the revision before the pod's; `undefined` where that cannot be told. */
export function previousImageOf({ snapshot }: Examination, pod: Pod, container: string): string | undefined {
  const current = snapshot.ownerOf(pod);
  const deployment = current?.kind === 'ReplicaSet' ? snapshot.ownerOf(current) : undefined;
  if (current === undefined || deployment === undefined) return undefined;
  const before = revisionOf(current as ReplicaSet);
  const previous = snapshot
    .ownedBy(deployment)
    .filter((owned): owned is ReplicaSet => owned.kind === 'ReplicaSet' && revisionOf(owned as ReplicaSet) < before)
    .reduce<ReplicaSet | undefined>(
      (best, one) => (best === undefined || revisionOf(one) > revisionOf(best) ? one : best),
      undefined,
    );
  const template = previous?.spec?.template?.spec;
  const containers = [...(template?.containers ?? []), ...(template?.initContainers ?? [])];
  return containers.find(({ name }) => name === container)?.image;
}

function revisionOf(replicaSet: ReplicaSet): number {
  const revision = Number(replicaSet.metadata.annotations?.[REVISION]);
  return Number.isFinite(revision) ? revision : 0;
}
