/**
 * Makes the claims of generic ephemeral volumes.
 * Source: https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/#generic-ephemeral-volumes; `pkg/controller/volume/ephemeral`
 */
import { PERSISTENT_VOLUME_CLAIMS, PODS } from '../../api/built-in-types.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf } from '../../store/object-index.ts';
import type { Controller } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';

const SOURCE = { component: 'ephemeral_volume' };

export function ephemeralVolumeController({ api, events }: SimulationContext): Controller {
  return {
    name: 'ephemeral-volume-controller',
    needs: ['/PersistentVolumeClaim'],
    keysOf: (change) => {
      if (!isChangeOf(change, PODS) || change.kind !== 'ADDED') return [];
      return (change.object.spec?.volumes ?? []).some(({ ephemeral }) => ephemeral !== undefined)
        ? [keyOf(change.object)]
        : [];
    },
    reconcile: (key) => {
      const [namespace, name] = namesOf(key);
      const pod = api.store.get(PODS, namespace, name);
      if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return undefined;
      const { uid = '' } = pod.metadata;
      for (const { name: volume, ephemeral } of pod.spec?.volumes ?? []) {
        const template = ephemeral?.volumeClaimTemplate;
        if (template === undefined) continue;
        const claimName = `${name}-${volume}`;
        const known = api.store.get(PERSISTENT_VOLUME_CLAIMS, namespace, claimName);
        if (known !== undefined) {
          if (known.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.controller === true) === true)
            continue;
          const text = `PVC ${namespace}/${claimName} was not created for pod ${namespace}/${name} (pod is not owner)`;
          events.record(pod, 'Warning', 'EphemeralVolumeFailed', text, SOURCE);
          continue;
        }
        const { labels, annotations } = template.metadata ?? {};
        api.create(PERSISTENT_VOLUME_CLAIMS, {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: {
            name: claimName,
            namespace,
            ...(labels === undefined ? {} : { labels }),
            ...(annotations === undefined ? {} : { annotations }),
            ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name, uid, controller: true, blockOwnerDeletion: true }],
          },
          spec: template.spec,
        });
      }
      return undefined;
    },
  };
}
