/** StorageClasses that every GKE cluster begins with. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/persistent-volumes#storageclasses */
import { DISK_DRIVER } from '../../cloud/disk-need.ts';
import type { KindMap } from '../../model/kinds.ts';

/** `standard-rwo`, which is the default, and `premium-rwo`; both make a disk where the first pod that uses the claim runs. */
export const GKE_STORAGE_CLASSES: readonly KindMap['StorageClass'][] = [
  classOf('standard-rwo', 'pd-balanced', { 'storageclass.kubernetes.io/is-default-class': 'true' }),
  classOf('premium-rwo', 'pd-ssd', {}),
];

function classOf(name: string, type: string, annotations: Readonly<Record<string, string>>): KindMap['StorageClass'] {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, annotations },
    provisioner: DISK_DRIVER,
    parameters: { type },
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: true,
    reclaimPolicy: 'Delete',
  };
}
