/** What etcd and the API server's cache are to a cluster: objects with revisions, and everything that changed lately. */
import type { KubeObject } from '../../model/kube-object.ts';
import { kindKey, type ResourceType } from '../api/resource-type.ts';

/** One committed write. Objects are never changed once stored; a new version is a new value. */
export interface Change<T extends KubeObject = KubeObject> {
  readonly kind: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly type: ResourceType<T>;
  /** As it is now; for `DELETED` as it was last, with the revision of the deletion. */
  readonly object: T;
  /** As it was before; `undefined` for `ADDED`. */
  readonly previous: T | undefined;
  /** The cluster-wide revision of this write, the object's `resourceVersion`. */
  readonly revision: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Told of each change right after it was committed, in order. Must not throw, and must not write: note what to do and do it later. */
export type ChangeListener = (change: Change) => void;

/** Changes kept for watches that begin in the past. Older ones are answered with 410 Gone, as after etcd's compaction. */
const KEPT_CHANGES = 50_000;

type Names = Map<string, KubeObject>;

/** Objects by type, namespace and name. Writing here checks nothing; see `ApiServer`. */
export class ObjectStore {
  readonly #types = new Map<string, Map<string, Names>>();
  readonly #uids = new Map<string, KubeObject>();
  /** Replaced as a whole, so that whoever is being told goes through those of that moment. */
  #listeners: readonly ChangeListener[] = [];
  readonly #changes: Change[] = [];
  readonly #now: () => number;
  readonly #kept: number;
  #revision: number;
  #oldest: number;

  /** `kept`: how many changes to keep for watches. */
  constructor(now: () => number, { firstRevision = 1, kept = KEPT_CHANGES } = {}) {
    this.#now = now;
    this.#kept = kept;
    this.#revision = firstRevision;
    this.#oldest = firstRevision;
  }

  /** Of the last write. */
  get revision(): number {
    return this.#revision;
  }

  /** A watch can begin here or later. */
  get oldestRevision(): number {
    return this.#oldest;
  }

  get<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string): T | undefined {
    return this.#types.get(kindKey(type))?.get(namespace)?.get(name) as T | undefined;
  }

  byUid(uid: string): KubeObject | undefined {
    return this.#uids.get(uid);
  }

  /** In the order in which they were made, by namespace. */
  *list<T extends KubeObject>(type: ResourceType<T>, namespace?: string): Iterable<T> {
    const namespaces = this.#types.get(kindKey(type));
    if (namespaces === undefined) return;
    if (namespace !== undefined) yield* (namespaces.get(namespace)?.values() ?? []) as Iterable<T>;
    else for (const names of namespaces.values()) yield* names.values() as Iterable<T>;
  }

  /** How many objects of a type there are. */
  count(type: ResourceType, namespace?: string): number {
    const namespaces = this.#types.get(kindKey(type));
    if (namespace !== undefined) return namespaces?.get(namespace)?.size ?? 0;
    let sum = 0;
    for (const names of namespaces?.values() ?? []) sum += names.size;
    return sum;
  }

  /** Stores an object under its names with the next revision, and tells the listeners. */
  put<T extends KubeObject>(type: ResourceType<T>, object: T): T {
    const { namespace = '', name } = object.metadata;
    const names = this.#namesOf(type, namespace);
    const previous = names.get(name) as T | undefined;
    const revision = ++this.#revision;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
    names.set(name, stored);
    if (stored.metadata.uid !== undefined) this.#uids.set(stored.metadata.uid, stored);
    this.#commit({
      kind: previous === undefined ? 'ADDED' : 'MODIFIED',
      type,
      object: stored,
      previous,
      revision,
      at: this.#now(),
    });
    return stored;
  }

  /**
   * Begins with objects as they were elsewhere, with their own revisions; what has none gets one. Watches cannot begin before them.
   * Listeners are told of each once all are there.
   */
  load(objects: Iterable<readonly [type: ResourceType, object: KubeObject]>): void {
    const loaded: [ResourceType, KubeObject][] = [];
    for (const [type, object] of objects) {
      const revision = Number(object.metadata.resourceVersion);
      this.#revision = Math.max(this.#revision, Number.isSafeInteger(revision) ? revision : 0);
      loaded.push([type, object]);
    }
    const changes = loaded.map(([type, given]): Change => {
      const isKnown = Number.isSafeInteger(Number(given.metadata.resourceVersion ?? ''));
      const revision = isKnown ? Number(given.metadata.resourceVersion) : ++this.#revision;
      const object = isKnown ? given : { ...given, metadata: { ...given.metadata, resourceVersion: String(revision) } };
      this.#namesOf(type, object.metadata.namespace ?? '').set(object.metadata.name, object);
      if (object.metadata.uid !== undefined) this.#uids.set(object.metadata.uid, object);
      return { kind: 'ADDED', type, object, previous: undefined, revision, at: this.#now() };
    });
    this.#changes.length = 0;
    this.#oldest = this.#revision;
    for (const change of changes) for (const listener of this.#listeners) listener(change);
  }

  /** Takes an object away; returns it as it was last. */
  remove<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string): T | undefined {
    const names = this.#types.get(kindKey(type))?.get(namespace);
    const previous = names?.get(name) as T | undefined;
    if (names === undefined || previous === undefined) return undefined;
    names.delete(name);
    if (previous.metadata.uid !== undefined) this.#uids.delete(previous.metadata.uid);
    const revision = ++this.#revision;
    const object = { ...previous, metadata: { ...previous.metadata, resourceVersion: String(revision) } };
    this.#commit({ kind: 'DELETED', type, object, previous, revision, at: this.#now() });
    return previous;
  }

  /** Calls `listener` after every change from now on; returns how to stop that. */
  listen(listener: ChangeListener): () => void {
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((one) => one !== listener);
    };
  }

  /** Changes after a revision, oldest first; `undefined` when some of them are forgotten already. */
  changesAfter(revision: number): readonly Change[] | undefined {
    if (revision < this.#oldest) return undefined;
    let [low, high] = [0, this.#changes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#changes[middle] as Change).revision > revision) high = middle;
      else low = middle + 1;
    }
    return this.#changes.slice(low);
  }

  #namesOf(type: ResourceType, namespace: string): Names {
    const namespaces = this.#types.get(kindKey(type)) ?? new Map<string, Names>();
    if (namespaces.size === 0) this.#types.set(kindKey(type), namespaces);
    const names = namespaces.get(namespace) ?? new Map<string, KubeObject>();
    if (names.size === 0) namespaces.set(namespace, names);
    return names;
  }

  #commit(change: Change): void {
    this.#changes.push(change);
    // In one go now and then, because taking one from the front of a long array is dear.
    if (this.#changes.length > 2 * this.#kept) {
      const gone = this.#changes.splice(0, this.#changes.length - this.#kept);
      this.#oldest = gone.at(-1)?.revision ?? this.#oldest;
    }
    for (const listener of this.#listeners) listener(change);
  }
}
