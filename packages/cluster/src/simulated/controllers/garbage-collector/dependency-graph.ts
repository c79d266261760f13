/** Which objects name which as their owners, kept up with the store. Source: `pkg/controller/garbagecollector/graph_builder.go` */
import type { KubeObject, ObjectMeta } from '../../../model/kube-object.ts';
import { FOREGROUND, ORPHAN } from '../../api/deletion.ts';
import type { Change, ObjectStore } from '../../store/object-store.ts';
import type { OwnerReference } from '../owned-index.ts';

/** Objects by the uids of their owners, whether those are there or not. */
export class DependencyGraph {
  readonly #dependents = new Map<string, Map<string, KubeObject>>();

  constructor(store: ObjectStore) {
    store.listen((change) => this.#take(change));
  }

  /** In the order in which they came. */
  dependentsOf(uid: string): readonly KubeObject[] {
    return [...(this.#dependents.get(uid)?.values() ?? [])];
  }

  #take({ kind, object, previous }: Change): void {
    const { uid } = object.metadata;
    // Events may name anything and are collected by their age.
    if (uid === undefined || object.kind === 'Event') return;
    const owners = kind === 'DELETED' ? [] : ownersOf(object);
    if (previous !== undefined) for (const owner of ownersOf(previous)) this.#drop(owner.uid, uid);
    for (const owner of owners) this.#add(owner.uid, uid, object);
  }

  #add(owner: string, uid: string, object: KubeObject): void {
    const known = this.#dependents.get(owner);
    if (known === undefined) this.#dependents.set(owner, new Map([[uid, object]]));
    else known.set(uid, object);
  }

  #drop(owner: string, uid: string): void {
    const known = this.#dependents.get(owner);
    known?.delete(uid);
    if (known?.size === 0) this.#dependents.delete(owner);
  }
}

export function ownersOf({ metadata }: KubeObject): readonly OwnerReference[] {
  return metadata.ownerReferences ?? [];
}

/** Whether an object is being deleted and waits for its dependents to go first. */
export function waitsForDependents({ metadata }: KubeObject): boolean {
  return isHeldBy(metadata, FOREGROUND);
}

/** Whether an object is being deleted and waits for its dependents to be let go. */
export function waitsForOrphaning({ metadata }: KubeObject): boolean {
  return isHeldBy(metadata, ORPHAN);
}

function isHeldBy({ deletionTimestamp, finalizers = [] }: ObjectMeta, finalizer: string): boolean {
  return deletionTimestamp !== undefined && finalizers.includes(finalizer);
}
