/** Objects of one type by the controller that owns them, kept up with the store, so that no reconcile looks at all of them. */
import type { KubeObject, ObjectMeta } from '../../model/kube-object.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { Change, ObjectStore } from '../store/object-store.ts';

/** An entry of `metadata.ownerReferences`. */
export type OwnerReference = NonNullable<ObjectMeta['ownerReferences']>[number];

/** The reference to what manages an object; at most one has `controller: true`. */
export function controllerRefOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find((owner) => owner.controller === true);
}

/** Whether a change is one of this type, in any version. */
export function isChangeOf<T extends KubeObject>(change: Change, type: ResourceType<T>): change is Change<T> {
  return change.type.kind === type.kind && change.type.group === type.group;
}

type Group<T> = Map<string, T>;

/** Both answers are in the order in which the objects were made. */
export class OwnedIndex<T extends KubeObject> {
  readonly #byOwner = new Map<string, Group<T>>();
  readonly #orphans = new Map<string, Group<T>>();

  private constructor(store: ObjectStore, type: ResourceType<T>) {
    for (const object of store.list(type)) this.#add(object);
    store.listen((change) => {
      if (isChangeOf(change, type)) this.#take(change);
    });
  }

  /** The one index of a type over a store. */
  static of<T extends KubeObject>(store: ObjectStore, type: ResourceType<T>): OwnedIndex<T> {
    const indexes = INDEXES.get(store) ?? new Map<string, unknown>();
    INDEXES.set(store, indexes);
    const key = `${type.group}/${type.kind}`;
    const known = indexes.get(key) as OwnedIndex<T> | undefined;
    if (known !== undefined) return known;
    const made = new OwnedIndex(store, type);
    indexes.set(key, made);
    return made;
  }

  /** What the controller with this uid owns. */
  ownedBy(uid: string): Iterable<T> {
    return this.#byOwner.get(uid)?.values() ?? [];
  }

  /** What nobody controls. */
  orphansIn(namespace: string): Iterable<T> {
    return this.#orphans.get(namespace)?.values() ?? [];
  }

  #take({ kind, object, previous }: Change<T>): void {
    if (previous !== undefined && (kind === 'DELETED' || !hasSamePlace(previous, object))) this.#drop(previous);
    if (kind !== 'DELETED') this.#add(object);
  }

  #add(object: T): void {
    const [groups, key] = this.#place(object);
    const group = groups.get(key) ?? new Map<string, T>();
    if (group.size === 0) groups.set(key, group);
    group.set(nameKey(object), object);
  }

  #drop(object: T): void {
    const [groups, key] = this.#place(object);
    const group = groups.get(key);
    group?.delete(nameKey(object));
    if (group?.size === 0) groups.delete(key);
  }

  #place(object: T): readonly [Map<string, Group<T>>, string] {
    const owner = controllerRefOf(object);
    return owner === undefined ? [this.#orphans, object.metadata.namespace ?? ''] : [this.#byOwner, owner.uid];
  }
}

/** One index for all controllers of a cluster. */
const INDEXES = new WeakMap<ObjectStore, Map<string, unknown>>();

function hasSamePlace(a: KubeObject, b: KubeObject): boolean {
  return controllerRefOf(a)?.uid === controllerRefOf(b)?.uid;
}

function nameKey({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
