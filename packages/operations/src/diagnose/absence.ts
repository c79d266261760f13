/** When something that is not in the snapshot is not in the cluster either. */
import type { ClusterSnapshot } from '@aia/cluster';

/** Namespaced kinds whose absence rules conclude from. */
type NamespacedKind = 'ConfigMap' | 'Pod' | 'ReplicaSet' | 'Secret' | 'Service' | 'ServiceAccount';

/** Cluster-scoped kinds whose absence rules conclude from. */
type ClusterKind = 'StorageClass' | 'Node';

/**
 * Whether the objects of a kind in a namespace were read, so that one that is not there does not exist. A live or simulated
 * cluster is read whole (what was refused is listed as missing, and rules that need it do not run). A dump may hold some
 * namespaces and kinds only: there, an object of the kind in the namespace is the sign, or the kind elsewhere together with
 * what every namespace holds, which shows that this namespace was dumped too and merely has none of the kind. A set of
 * manifests that holds none of the kind proves nothing: the object may be made elsewhere.
 */
export function isReadIn(snapshot: ClusterSnapshot, kind: NamespacedKind, namespace: string): boolean {
  if (isReportedMissing(snapshot, kind)) return false;
  if (isWhole(snapshot)) return true;
  if (snapshot.listIn(kind, namespace).length > 0) return true;
  return snapshot.list(kind).length > 0 && isDumped(snapshot, namespace);
}

/** The same for a cluster-scoped kind: one object of it is there, or the cluster was read whole. */
export function isReadAtAll(snapshot: ClusterSnapshot, kind: ClusterKind): boolean {
  return isWhole(snapshot) || snapshot.list(kind).length > 0;
}

/**
 * How sure it is that an object which is not in the snapshot is not in the cluster. `certain` as for {@link isReadIn};
 * `likely` in a dump that holds the referring object but does not show that this kind was dumped: a set of manifests, a part of
 * a cluster; `unknown` where the reader was refused the kind. For references that a dump rarely tears apart (an Ingress and its
 * Service, an autoscaler and its target), a rule reports a likely absence as `low` and says what was not read.
 */
export type Absence = 'certain' | 'likely' | 'unknown';

/** See {@link Absence}; `namespace` is `''` for cluster-scoped kinds. */
export function absenceOf(snapshot: ClusterSnapshot, group: string, kind: string, namespace: string): Absence {
  if (isWhole(snapshot)) return isReportedMissing(snapshot, kind) ? 'unknown' : 'certain';
  const all = snapshot.listOf(group, kind);
  if (all.length === 0) return 'likely';
  if (namespace === '' || all.some(({ metadata }) => metadata.namespace === namespace)) return 'certain';
  return isDumped(snapshot, namespace) ? 'certain' : 'likely';
}

/** A reader that was refused a kind says so, as `pods`, `config-maps` or `kind:apps/ReplicaSet`. */
function isReportedMissing({ missing }: ClusterSnapshot, kind: string): boolean {
  const plural = `${kind.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase()}s`;
  return missing.some(
    ({ input }) => input === plural || (input.startsWith('kind:') && /[:/]([^/]+)$/.exec(input)?.[1] === kind),
  );
}

function isWhole({ source }: ClusterSnapshot): boolean {
  return source.kind === 'live' || source.kind === 'simulated';
}

/** Controllers put both into every namespace, https://kubernetes.io/docs/concepts/security/service-accounts/ */
function isDumped(snapshot: ClusterSnapshot, namespace: string): boolean {
  return (
    snapshot.get('ConfigMap', namespace, 'kube-root-ca.crt') !== undefined ||
    snapshot.get('ServiceAccount', namespace, 'default') !== undefined
  );
}
