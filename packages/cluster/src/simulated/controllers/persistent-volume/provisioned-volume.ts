/** The PersistentVolume that a provisioner makes for a claim. Source: https://kubernetes-csi.github.io/docs/external-provisioner.html */
import { entryOf } from '../../../model/unknown-json.ts';
import type { KindMap, PersistentVolume, PersistentVolumeClaim } from '../../../model/kinds.ts';
import { PROVISIONED_BY } from './binder-controller.ts';
import { affinityTo, type VolumePlace } from './volume-place.ts';

type StorageClass = KindMap['StorageClass'];

export const FINALIZER = 'external-provisioner.volume.kubernetes.io/finalizer';
const ZONE = 'topology.kubernetes.io/zone';
const HOSTNAME = 'kubernetes.io/hostname';
/** Drivers that are there without a CSIDriver object; each with the node label by which its volumes are bound to a place. */
const DRIVERS: Readonly<Record<string, string>> = {
  'pd.csi.storage.gke.io': ZONE,
  'filestore.csi.storage.gke.io': '',
  'ebs.csi.aws.com': ZONE,
  'efs.csi.aws.com': '',
  'disk.csi.azure.com': ZONE,
  'file.csi.azure.com': '',
  'cinder.csi.openstack.org': ZONE,
  'csi.vsphere.vmware.com': '',
  'rancher.io/local-path': HOSTNAME,
  'k8s.io/minikube-hostpath': '',
  'hostpath.csi.k8s.io': HOSTNAME,
};
const LOCAL: ReadonlySet<string> = new Set(['rancher.io/local-path', 'k8s.io/minikube-hostpath']);

/** Whether a driver is there without being installed. */
export function isBuiltIn(driver: string): boolean {
  return entryOf(DRIVERS, driver) !== undefined;
}

/** Labels of nodes that bind the volumes of a driver to a place; none for those that are reached from everywhere. */
export function placeKeysOf(driver: string): readonly string[] {
  const key = entryOf(DRIVERS, driver) ?? ZONE;
  return key === '' ? [] : [key];
}

export function volumeNameOf({ metadata }: PersistentVolumeClaim): string {
  return `pvc-${metadata.uid ?? ''}`;
}

/** What came of a request to a driver. */
export interface Provisioned {
  readonly driver: string;
  readonly handle: string;
  /** As Kubernetes writes it. */
  readonly storage: string;
  readonly place: VolumePlace | undefined;
}

export function volumeFor(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  { driver, handle, storage, place }: Provisioned,
): PersistentVolume {
  const { name, namespace = '', uid = '', resourceVersion = '' } = claim.metadata;
  const volumeName = volumeNameOf(claim);
  const { parameters, mountOptions, reclaimPolicy = 'Delete' } = storageClass;
  const spec = {
    accessModes: claim.spec?.accessModes ?? [],
    capacity: { storage },
    claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, resourceVersion, uid },
    ...(LOCAL.has(driver)
      ? {
          hostPath: {
            path: `/var/local-path-provisioner/${volumeName}_${namespace}_${name}`,
            type: 'DirectoryOrCreate',
          },
        }
      : { csi: { driver, fsType: parameters?.['csi.storage.k8s.io/fstype'] ?? 'ext4', volumeHandle: handle } }),
    ...(mountOptions === undefined ? {} : { mountOptions }),
    ...(place === undefined ? {} : { nodeAffinity: affinityTo(place) }),
    persistentVolumeReclaimPolicy: reclaimPolicy,
    storageClassName: storageClass.metadata.name,
    volumeMode: claim.spec?.volumeMode ?? 'Filesystem',
  };
  const annotations = {
    [PROVISIONED_BY]: driver,
    'volume.kubernetes.io/provisioner-deletion-secret-name': '',
    'volume.kubernetes.io/provisioner-deletion-secret-namespace': '',
  };
  const metadata = {
    name: volumeName,
    annotations,
    ...(reclaimPolicy === 'Delete' ? { finalizers: [FINALIZER] } : {}),
  };
  return { apiVersion: 'v1', kind: 'PersistentVolume', metadata, spec };
}
