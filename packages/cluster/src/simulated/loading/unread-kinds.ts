/** What a recorded cluster had and its record does not show. */
import { groupOf } from '../../model/kube-object.ts';
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import { relationsOf } from '../../topology/topology.ts';

/**
 * Kinds (`group/Kind`) of which other objects speak and of which none is there at all: a dump of pods and Deployments alone says nothing of the
 * ReplicaSets between them, and a controller that believed there were none would make them anew.
 */
export function unreadKinds(snapshot: ClusterSnapshot): ReadonlySet<string> {
  const unread = known.get(snapshot) ?? look(snapshot);
  known.set(snapshot, unread);
  return unread;
}

/** One snapshot is simulated again and again, and does not change. */
const known = new WeakMap<ClusterSnapshot, ReadonlySet<string>>();

function look(snapshot: ClusterSnapshot): ReadonlySet<string> {
  const present = snapshot.kinds();
  const unread = new Set<string>();
  const note = (kind: string) => {
    if (!present.has(kind)) unread.add(kind);
  };
  for (const object of snapshot.objects) {
    for (const { to, optional } of relationsOf(snapshot, object)) if (!optional) note(`${to.group}/${to.kind}`);
    for (const { kind, apiVersion } of object.metadata.ownerReferences ?? []) note(`${groupOf(apiVersion)}/${kind}`);
    if (object.metadata.namespace !== undefined) note('/Namespace');
  }
  for (const { spec } of snapshot.list('Pod')) {
    if (spec?.serviceAccountName !== undefined) note('/ServiceAccount');
    if (spec?.priorityClassName !== undefined) note('scheduling.k8s.io/PriorityClass');
  }
  for (const { status } of snapshot.list('Deployment')) if ((status?.replicas ?? 0) > 0) note('apps/ReplicaSet');
  for (const kind of ['Deployment', 'ReplicaSet', 'StatefulSet'] as const)
    for (const { status } of snapshot.list(kind)) if ((status?.replicas ?? 0) > 0) note('/Pod');
  for (const { status } of snapshot.list('DaemonSet')) if ((status?.currentNumberScheduled ?? 0) > 0) note('/Pod');
  return unread;
}
