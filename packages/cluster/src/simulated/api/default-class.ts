/** Which class objects get that name none. */
import type { KindMap, PersistentVolumeClaim } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { INGRESS_CLASSES, STORAGE_CLASSES } from './built-in-types.ts';

/** Source: https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass */
export function defaultStorageClassOf(store: ObjectStore): KindMap['StorageClass'] | undefined {
  return newest(store.list(STORAGE_CLASSES), 'storageclass.kubernetes.io/is-default-class');
}

/** Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#default-ingress-class */
export function defaultIngressClassOf(store: ObjectStore): KindMap['IngressClass'] | undefined {
  return newest(store.list(INGRESS_CLASSES), 'ingressclass.kubernetes.io/is-default-class');
}

/** Whether a claim says its class, as the old annotation does too; naming no class (`''`) is a choice. */
export function saysClass({ metadata, spec }: PersistentVolumeClaim): boolean {
  return (
    spec?.storageClassName !== undefined ||
    metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] !== undefined
  );
}

/** The newest counts; of equally old ones the first by name. */
function newest<T extends KubeObject>(objects: Iterable<T>, annotation: string): T | undefined {
  const marked = [...objects].filter(({ metadata }) => metadata.annotations?.[annotation] === 'true');
  const age = ({ metadata }: T) => Date.parse(metadata.creationTimestamp ?? '') || 0;
  return marked.sort((a, b) => age(b) - age(a) || (a.metadata.name < b.metadata.name ? -1 : 1))[0];
}
