/** StorageClasses and the provisioners behind them. */
import {
  compare,
  driverOf,
  type ClusterSnapshot,
  type KindMap,
  type PersistentVolume,
  type PersistentVolumeClaim,
} from '@aia/cluster';
import { absenceOf } from '../absence.ts';

export type StorageClass = KindMap['StorageClass'];

const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';
const DEFAULT = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

/** Provisioner of classes whose volumes are made by hand. */
export const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

/** Name of the class that a claim or volume asks for; `''` for none on purpose, `undefined` where the default applies. */
export function classNameOf({ metadata, spec }: PersistentVolumeClaim | PersistentVolume): string | undefined {
  return metadata.annotations?.[BETA_CLASS] ?? spec?.storageClassName;
}

/** Default classes, the one that Kubernetes takes first: the newest, then by name. */
export function defaultClasses(snapshot: ClusterSnapshot): readonly StorageClass[] {
  return snapshot
    .list('StorageClass')
    .filter(({ metadata }) => DEFAULT.some((key) => metadata.annotations?.[key] === 'true'))
    .toSorted(
      (a, b) =>
        compare(b.metadata.creationTimestamp ?? '', a.metadata.creationTimestamp ?? '') ||
        compare(a.metadata.name, b.metadata.name),
    );
}

/** The class a claim gets its volume by, when it is in the snapshot. */
export function classOf(snapshot: ClusterSnapshot, claim: PersistentVolumeClaim): StorageClass | undefined {
  const name = classNameOf(claim);
  return name === undefined ? defaultClasses(snapshot)[0] : snapshot.get('StorageClass', '', name);
}

/**
 * Whether a CSI driver of a provisioner is known to the cluster: by its CSIDriver object, or by a node on which it registered.
 * `undefined` where neither was read, and for provisioners that are no CSI drivers (their names hold a slash), which register nowhere.
 */
export function isRegistered(snapshot: ClusterSnapshot, provisioner: string): boolean | undefined {
  const driver = driverOf(provisioner);
  if (driver === '' || driver.includes('/')) return undefined;
  if (snapshot.listOf('storage.k8s.io', 'CSIDriver').some(({ metadata }) => metadata.name === driver)) return true;
  const nodes = snapshot.list('CSINode');
  if (nodes.some(({ spec }) => spec?.drivers?.some(({ name }) => name === driver))) return true;
  const isRead = nodes.length > 0 || absenceOf(snapshot, 'storage.k8s.io', 'CSIDriver', '') === 'certain';
  return isRead ? false : undefined;
}
