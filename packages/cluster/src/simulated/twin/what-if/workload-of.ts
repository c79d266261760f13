/** Whose pod a pod is. */
import type { KubeObject } from '../../../model/kube-object.ts';
import { entityOf } from '../../entity.ts';
import type { ObjectStore } from '../../store/object-store.ts';

/** Topmost owner, or the object itself: `Deployment shop/web`. */
export function workloadEntity(store: ObjectStore, object: KubeObject): string {
  let top = object;
  // Owners may name each other in a circle.
  for (let level = 0; level < 8; level++) {
    const owner = top.metadata.ownerReferences?.find(({ controller }) => controller === true);
    if (owner === undefined) break;
    const found = store.byUid(owner.uid);
    if (found === undefined) return `${owner.kind} ${object.metadata.namespace ?? ''}/${owner.name}`;
    top = found;
  }
  return entityOf(top);
}
