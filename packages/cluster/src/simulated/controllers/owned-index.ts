/** Objects of one type by the controller that owns them. */
import type { KubeObject, ObjectMeta } from '../../model/kube-object.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { ObjectIndex } from '../store/object-index.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** An entry of `metadata.ownerReferences`. */
export type OwnerReference = NonNullable<ObjectMeta['ownerReferences']>[number];

/** The reference to what manages an object; at most one has `controller: true`. */
export function controllerRefOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find((owner) => owner.controller === true);
}

/** Both answers are in the order in which the objects came there. */
export class OwnedIndex<T extends KubeObject> {
  readonly #index: ObjectIndex<T>;

  private constructor(store: ObjectStore, type: ResourceType<T>) {
    this.#index = new ObjectIndex(store, type, (object) => {
      const owner = controllerRefOf(object);
      return [owner === undefined ? orphansKey(object.metadata.namespace ?? '') : owner.uid];
    });
  }

  /** The one index of a type over a store. */
  static of<T extends KubeObject>(store: ObjectStore, type: ResourceType<T>): OwnedIndex<T> {
    const indexes = INDEXES.get(store) ?? new Map<string, unknown>();
    INDEXES.set(store, indexes);
    const key = `${type.group}/${type.kind}`;
    const index = (indexes.get(key) as OwnedIndex<T> | undefined) ?? new OwnedIndex(store, type);
    indexes.set(key, index);
    return index;
  }

  /** What the controller with this uid owns. */
  ownedBy(uid: string): Iterable<T> {
    return this.#index.get(uid);
  }

  /** What nobody controls. */
  orphansIn(namespace: string): Iterable<T> {
    return this.#index.get(orphansKey(namespace));
  }
}

/** One index for all controllers of a cluster. */
const INDEXES = new WeakMap<ObjectStore, Map<string, unknown>>();

/** No uid looks like it. */
function orphansKey(namespace: string): string {
  return `orphans/${namespace}`;
}
