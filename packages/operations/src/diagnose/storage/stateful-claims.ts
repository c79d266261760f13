/** Claims that StatefulSets make from their templates. */
import type { ClusterSnapshot, PersistentVolumeClaim } from '@aia/cluster';
import { wantedReplicas } from '../workloads/workload-templates.ts';

const known = new WeakMap<ClusterSnapshot, ReadonlyMap<string, number>>();

/** Whether a replica that a StatefulSet wants uses the claim, by its name `template-set-ordinal`. */
export function isOfStatefulSet(snapshot: ClusterSnapshot, { metadata }: PersistentVolumeClaim): boolean {
  const match = /^(.{1,300})-(\d{1,9})$/.exec(metadata.name);
  if (match === null) return false;
  let prefixes = known.get(snapshot);
  if (prefixes === undefined) known.set(snapshot, (prefixes = collect(snapshot)));
  const replicas = prefixes.get(`${metadata.namespace ?? ''}/${match[1] ?? ''}`);
  return replicas !== undefined && Number(match[2]) < replicas;
}

/** Namespace and name of the claims without the ordinal, to the ordinal from which on none is wanted. */
function collect(snapshot: ClusterSnapshot): ReadonlyMap<string, number> {
  const prefixes = new Map<string, number>();
  for (const set of snapshot.list('StatefulSet')) {
    const { namespace = '', name } = set.metadata;
    for (const { metadata } of set.spec?.volumeClaimTemplates ?? [])
      prefixes.set(`${namespace}/${metadata?.name ?? ''}-${name}`, wantedReplicas(set));
  }
  return prefixes;
}
