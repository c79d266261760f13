/**
 * Lets claims and volumes go that are being deleted, once nobody uses them.
 * Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection; `pkg/controller/volume/{pvc,pv}protection`
 */
import type { KubeObject } from '../../../model/kube-object.ts';
import { PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS } from '../../api/built-in-types.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf } from '../../store/object-index.ts';
import type { Controller } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { claimKeysOf, StorageIndex } from './storage-index.ts';

const CLAIM_FINALIZER = 'kubernetes.io/pvc-protection';
const VOLUME_FINALIZER = 'kubernetes.io/pv-protection';

export function claimProtectionController(context: SimulationContext): Controller {
  const { store } = context.api;
  const { users } = StorageIndex.of(store);
  return {
    name: 'persistentvolumeclaim-protection-controller',
    needs: ['/Pod'],
    keysOf: (change) => {
      if (isChangeOf(change, PERSISTENT_VOLUME_CLAIMS)) return [keyOf(change.object)];
      return isChangeOf(change, PODS) && change.kind === 'DELETED' ? claimKeysOf(change.object) : [];
    },
    reconcile: (key) => {
      // Pods that are nowhere yet will not start with a claim that is going.
      const isUsed = [...users.get(key)].some(({ spec }) => (spec?.nodeName ?? '') !== '');
      if (!isUsed) letGo(context, PERSISTENT_VOLUME_CLAIMS, ...namesOf(key), CLAIM_FINALIZER);
      return undefined;
    },
  };
}

export function volumeProtectionController(context: SimulationContext): Controller {
  return {
    name: 'persistentvolume-protection-controller',
    keysOf: (change) => (isChangeOf(change, PERSISTENT_VOLUMES) ? [change.object.metadata.name] : []),
    reconcile: (name) => {
      const volume = context.api.store.get(PERSISTENT_VOLUMES, '', name);
      if (volume?.status?.phase !== 'Bound') letGo(context, PERSISTENT_VOLUMES, '', name, VOLUME_FINALIZER);
      return undefined;
    },
  };
}

function letGo<T extends KubeObject>(
  { api }: SimulationContext,
  type: ResourceType<T>,
  namespace: string,
  name: string,
  finalizer: string,
): void {
  const metadata = api.store.get(type, namespace, name)?.metadata;
  if (metadata?.deletionTimestamp === undefined || metadata.finalizers?.includes(finalizer) !== true) return;
  api.change(type, namespace, name, (one) => {
    const finalizers = (one.metadata.finalizers ?? []).filter((other) => other !== finalizer);
    return { ...one, metadata: { ...one.metadata, finalizers } };
  });
}
