/** Small completions of kinds other than pods: default classes, protection of what is in use, taints of new nodes. */
import type { KindMap, Node, PersistentVolumeClaim } from '../../model/kinds.ts';
import { STORAGE_CLASSES } from '../api/built-in-types.ts';
import { defaultIngressClassOf, defaultStorageClassOf, saysClass } from '../api/default-class.ts';
import type { Admission, AdmissionPlugin } from '../api/request.ts';
import { kindKey } from '../api/resource-type.ts';
import type { AdmissionContext } from './admission-context.ts';
import { forbiddenEarly } from './refusal.ts';

/** `kind` is that of {@link kindKey}: others define kinds of the same names in groups of their own. */
function isNew({ operation, type, subresource }: Admission, kind: string): boolean {
  return operation === 'CREATE' && subresource === '' && kindKey(type) === kind;
}

/** Source: https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass */
export function defaultStorageClass({ store }: AdmissionContext): AdmissionPlugin {
  return {
    name: 'DefaultStorageClass',
    mutate(admission) {
      const claim = admission.object as PersistentVolumeClaim;
      if (!isNew(admission, '/PersistentVolumeClaim') || saysClass(claim)) return claim;
      const found = defaultStorageClassOf(store);
      return found === undefined ? claim : { ...claim, spec: { ...claim.spec, storageClassName: found.metadata.name } };
    },
  };
}

/** Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#default-ingress-class */
export function defaultIngressClass({ store }: AdmissionContext): AdmissionPlugin {
  return {
    name: 'DefaultIngressClass',
    mutate(admission) {
      const ingress = admission.object as KindMap['Ingress'];
      if (!isNew(admission, 'networking.k8s.io/Ingress') || ingress.spec?.ingressClassName !== undefined)
        return ingress;
      if (ingress.metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined) return ingress;
      const found = defaultIngressClassOf(store);
      return found === undefined
        ? ingress
        : { ...ingress, spec: { ...ingress.spec, ingressClassName: found.metadata.name } };
    },
  };
}

const PROTECTION: Readonly<Record<string, string>> = {
  '/PersistentVolumeClaim': 'kubernetes.io/pvc-protection',
  '/PersistentVolume': 'kubernetes.io/pv-protection',
  'storage.k8s.io/VolumeAttributesClass': 'kubernetes.io/vac-protection',
};

/** Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection */
export function storageProtection(): AdmissionPlugin {
  return {
    name: 'StorageObjectInUseProtection',
    mutate(admission) {
      const { object, type } = admission;
      const finalizer = PROTECTION[kindKey(type)];
      if (finalizer === undefined || !isNew(admission, kindKey(type))) return object;
      const finalizers = object.metadata.finalizers ?? [];
      if (finalizers.includes(finalizer)) return object;
      return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
    },
  };
}

/** Nodes begin as not ready. Source: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-nodes-by-condition */
export function taintNodes(): AdmissionPlugin {
  const NOT_READY = { effect: 'NoSchedule', key: 'node.kubernetes.io/not-ready' };
  return {
    name: 'TaintNodesByCondition',
    mutate(admission) {
      const node = admission.object as Node;
      if (!isNew(admission, '/Node')) return node;
      const taints = node.spec?.taints ?? [];
      if (taints.some(({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect)) return node;
      return { ...node, spec: { ...node.spec, taints: [...taints, NOT_READY] } };
    },
  };
}

/** Claims grow only where their class allows it. Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims */
export function claimResize({ store }: AdmissionContext): AdmissionPlugin {
  return {
    name: 'PersistentVolumeClaimResize',
    validate(admission) {
      if (admission.operation !== 'UPDATE' || admission.type.kind !== 'PersistentVolumeClaim') return;
      if (admission.subresource !== '') return;
      const [now, before] = [admission.object, admission.previous] as readonly PersistentVolumeClaim[];
      const sizeOf = (claim: PersistentVolumeClaim | undefined) => claim?.spec?.resources?.requests?.['storage'];
      if (sizeOf(now) === sizeOf(before)) return;
      if (before?.status?.phase !== 'Bound')
        throw forbiddenEarly(admission, 'Only bound persistent volume claims can be expanded');
      const name = before.spec?.storageClassName ?? '';
      const found = name === '' ? undefined : store.get(STORAGE_CLASSES, '', name);
      if (found?.allowVolumeExpansion !== true)
        throw forbiddenEarly(
          admission,
          'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
        );
    },
  };
}
