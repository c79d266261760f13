/** Which pods use which claim. */
import { type KubeObject, namespacedName, isFinished, type ClusterSnapshot, type Pod } from '@aia/cluster';
import { inOrder } from '../examination.ts';

const known = new WeakMap<ClusterSnapshot, ReadonlyMap<string, readonly Pod[]>>();

/** Unfinished pods that mount a claim, in a stable order; those on their way out are among them. */
export function usersOf(snapshot: ClusterSnapshot, claim: KubeObject): readonly Pod[] {
  return usersByKey(snapshot, claim.metadata.namespace ?? '', claim.metadata.name);
}

/** The same by the claim's namespace and name. */
export function usersByKey(snapshot: ClusterSnapshot, namespace: string, claim: string): readonly Pod[] {
  let users = known.get(snapshot);
  if (users === undefined) known.set(snapshot, (users = collect(snapshot)));
  return users.get(`${namespace}/${claim}`) ?? [];
}

/** Names of the claims that a pod mounts, those of its ephemeral volumes included. */
export function claimNamesOf({ metadata, spec }: Pod): readonly string[] {
  return (spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    const own = ephemeral === undefined ? undefined : `${metadata.name}-${name}`;
    return persistentVolumeClaim?.claimName ?? own ?? [];
  });
}

/** Claims of a pod that are there and have no volume, by name. */
export function unboundClaims(pod: Pod | undefined, snapshot: ClusterSnapshot): readonly string[] {
  return (pod === undefined ? [] : claimNamesOf(pod)).filter((name) => {
    const claim = snapshot.get('PersistentVolumeClaim', pod?.metadata.namespace ?? '', name);
    return claim !== undefined && claim.status?.phase !== 'Bound';
  });
}

/** Keys `namespace/name` of pods or claims for facts: sorted, at most 20. */
export function podKeys(pods: readonly KubeObject[]): readonly string[] {
  return pods.map(namespacedName).sort().slice(0, 20);
}

function collect(snapshot: ClusterSnapshot): ReadonlyMap<string, readonly Pod[]> {
  const users = new Map<string, Pod[]>();
  for (const pod of snapshot.list('Pod')) {
    if (isFinished(pod)) continue;
    for (const claim of new Set(claimNamesOf(pod))) {
      const key = `${pod.metadata.namespace ?? ''}/${claim}`;
      const pods = users.get(key);
      if (pods === undefined) users.set(key, [pod]);
      else pods.push(pod);
    }
  }
  for (const [key, pods] of users) users.set(key, [...inOrder(pods)]);
  return users;
}
