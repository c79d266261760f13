/** Tables of storage. */
import type { KindMap, PersistentVolume, PersistentVolumeClaim } from '../../../model/kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { accessModesCell, age, UNSET } from './cells.ts';
import { printer, type TablePrinter } from './column.ts';

interface Driver extends KubeObject {
  readonly spec?: {
    readonly attachRequired?: boolean;
    readonly podInfoOnMount?: boolean;
    readonly storageCapacity?: boolean;
    readonly requiresRepublish?: boolean;
    readonly tokenRequests?: readonly { readonly audience: string }[];
    readonly volumeLifecycleModes?: readonly string[];
  };
}
interface StorageCapacity extends KubeObject {
  readonly storageClassName?: string;
  readonly capacity?: string;
}

const DEFAULT_CLASS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

/** By `group/Kind`. */
export const STORAGE_TABLES: Readonly<Record<string, TablePrinter>> = {
  '/PersistentVolume': printer<PersistentVolume>(
    'Name, Capacity, Access Modes, Reclaim Policy, Status, Claim, StorageClass, VolumeAttributesClass, Reason, Age, +VolumeMode',
    (one, now) => [
      one.metadata.name,
      String(one.spec?.capacity?.['storage'] ?? ''),
      accessModesCell(one.spec?.accessModes),
      one.spec?.persistentVolumeReclaimPolicy ?? '',
      one.metadata.deletionTimestamp === undefined ? (one.status?.phase ?? '') : 'Terminating',
      one.spec?.claimRef === undefined ? '' : `${one.spec.claimRef.namespace ?? ''}/${one.spec.claimRef.name ?? ''}`,
      classOf(one, one.spec?.storageClassName),
      one.spec?.volumeAttributesClassName ?? UNSET,
      one.status?.reason ?? '',
      age(one, now),
      one.spec?.volumeMode ?? UNSET,
    ],
  ),
  '/PersistentVolumeClaim': printer<PersistentVolumeClaim>(
    'Name, Status, Volume, Capacity, Access Modes, StorageClass, VolumeAttributesClass, Age, +VolumeMode',
    (one, now) => {
      const isBound = (one.spec?.volumeName ?? '') !== '';
      return [
        one.metadata.name,
        one.metadata.deletionTimestamp === undefined ? (one.status?.phase ?? '') : 'Terminating',
        one.spec?.volumeName ?? '',
        isBound ? String(one.status?.capacity?.['storage'] ?? '0') : '',
        isBound ? accessModesCell(one.status?.accessModes) : '',
        classOf(one, one.spec?.storageClassName),
        one.spec?.volumeAttributesClassName ?? UNSET,
        age(one, now),
        one.spec?.volumeMode ?? UNSET,
      ];
    },
  ),
  'storage.k8s.io/StorageClass': printer<KindMap['StorageClass']>(
    'Name, Provisioner, ReclaimPolicy, VolumeBindingMode, AllowVolumeExpansion, Age',
    (one, now) => [
      DEFAULT_CLASS.some((name) => one.metadata.annotations?.[name] === 'true')
        ? `${one.metadata.name} (default)`
        : one.metadata.name,
      one.provisioner,
      one.reclaimPolicy ?? 'Delete',
      one.volumeBindingMode ?? 'Immediate',
      one.allowVolumeExpansion ?? false,
      age(one, now),
    ],
  ),
  'storage.k8s.io/VolumeAttachment': printer<KindMap['VolumeAttachment']>(
    'Name, Attacher, PV, Node, Attached:boolean, Age',
    (one, now) => [
      one.metadata.name,
      one.spec.attacher,
      one.spec.source.persistentVolumeName ?? '',
      one.spec.nodeName,
      one.status?.attached ?? false,
      age(one, now),
    ],
  ),
  'storage.k8s.io/CSINode': printer<KindMap['CSINode']>('Name, Drivers:integer, Age', (one, now) => [
    one.metadata.name,
    one.spec.drivers.length,
    age(one, now),
  ]),
  'storage.k8s.io/CSIDriver': printer<Driver>(
    'Name, AttachRequired:boolean, PodInfoOnMount:boolean, StorageCapacity:boolean, TokenRequests, RequiresRepublish:boolean, Modes, Age',
    ({ spec, ...one }, now) => [
      one.metadata.name,
      spec?.attachRequired ?? true,
      spec?.podInfoOnMount ?? false,
      spec?.storageCapacity ?? false,
      (spec?.tokenRequests ?? []).map(({ audience }) => audience).join(',') || UNSET,
      spec?.requiresRepublish ?? false,
      (spec?.volumeLifecycleModes ?? []).join(',') || '<none>',
      age(one, now),
    ],
  ),
  'storage.k8s.io/CSIStorageCapacity': printer<StorageCapacity>('Name, StorageClassName, Capacity', (one) => [
    one.metadata.name,
    one.storageClassName ?? '',
    one.capacity ?? UNSET,
  ]),
};

/** The annotation is how the class was named before there was a field. */
function classOf({ metadata }: KubeObject, name: string | undefined): string {
  return metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? name ?? '';
}
