/** Objects of one type by something that they say, kept up with the store, so that nobody looks at all of them to find a few. */
import type { Pod } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { LabelSelector } from '../../model/selector.ts';
import { matchesSelector } from '../../model/selector.ts';
import { PODS } from '../api/built-in-types.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { Change, ObjectStore } from './object-store.ts';

type Group<T> = Map<string, T>;

/** Answers are in the order in which the objects came under the key. */
export class ObjectIndex<T extends KubeObject> {
  readonly #groups = new Map<string, Group<T>>();
  readonly #keysOf: (object: T) => readonly string[];

  /** `keysOf` tells under which keys an object is found. */
  constructor(store: ObjectStore, type: ResourceType<T>, keysOf: (object: T) => readonly string[]) {
    this.#keysOf = keysOf;
    for (const object of store.list(type)) this.#add(keysOf(object), object);
    store.listen((change) => {
      if (isChangeOf(change, type)) this.#take(change);
    });
  }

  get(key: string): Iterable<T> {
    return this.#groups.get(key)?.values() ?? [];
  }

  count(key: string): number {
    return this.#groups.get(key)?.size ?? 0;
  }

  #take({ kind, object, previous }: Change<T>): void {
    const keys = kind === 'DELETED' ? [] : this.#keysOf(object);
    if (previous !== undefined) {
      const id = identityOf(previous);
      const isOther = id !== identityOf(object);
      for (const key of this.#keysOf(previous)) if (isOther || !keys.includes(key)) this.#drop(key, id);
    }
    this.#add(keys, object);
  }

  #add(keys: readonly string[], object: T): void {
    const id = identityOf(object);
    for (const key of keys) {
      const group = this.#groups.get(key);
      if (group === undefined) this.#groups.set(key, new Map([[id, object]]));
      else group.set(id, object);
    }
  }

  #drop(key: string, id: string): void {
    const group = this.#groups.get(key);
    group?.delete(id);
    if (group?.size === 0) this.#groups.delete(key);
  }
}

/** Whether a change is one of this type, in any version. */
export function isChangeOf<T extends KubeObject>(change: Change, type: ResourceType<T>): change is Change<T> {
  return change.type.kind === type.kind && change.type.group === type.group;
}

/** Pods of all namespaces that are on a node. */
export function podsOnNode(store: ObjectStore, node: string): Iterable<Pod> {
  return indexOf(store, 'node', ({ spec }) => (spec?.nodeName === undefined ? [] : [spec.nodeName])).get(node);
}

/** Pods of a namespace that a selector selects. */
export function* selectedPods(
  store: ObjectStore,
  namespace: string,
  selector: LabelSelector | undefined,
): Iterable<Pod> {
  if (selector === undefined) return;
  const index = indexOf(store, 'label', labelKeys);
  const [first, ...others] = Object.entries(selector.matchLabels ?? {}).map(([key, value]) =>
    labelKey(namespace, key, value),
  );
  if (first === undefined) {
    for (const pod of store.list(PODS, namespace)) if (matchesSelector(selector, pod.metadata.labels)) yield pod;
    return;
  }
  const rarest = others.reduce((best, key) => (index.count(key) < index.count(best) ? key : best), first);
  for (const pod of index.get(rarest)) if (matchesSelector(selector, pod.metadata.labels)) yield pod;
}

/** Objects of one type by the pods that they select, so that a changed pod finds those that it concerns. */
export class SelectorIndex<T extends KubeObject> {
  readonly #index: ObjectIndex<T>;
  readonly #selectorOf: (object: T) => LabelSelector | undefined;

  /** `selectorOf` gives `undefined` for objects that select nothing. */
  constructor(store: ObjectStore, type: ResourceType<T>, selectorOf: (object: T) => LabelSelector | undefined) {
    this.#selectorOf = selectorOf;
    this.#index = new ObjectIndex(store, type, (object) => {
      const selector = selectorOf(object);
      if (selector === undefined) return [];
      const { namespace = '' } = object.metadata;
      // One of its pairs is enough to find it; without any, every pod of the namespace may be meant.
      const [pair] = Object.entries(selector.matchLabels ?? {});
      return [pair === undefined ? namespace : labelKey(namespace, ...pair)];
    });
  }

  /** Those that select these labels, in the order of the labels. */
  *selecting({ namespace = '', labels = {} }: Pod['metadata']): Iterable<T> {
    for (const object of this.#index.get(namespace))
      if (matchesSelector(this.#selectorOf(object), labels)) yield object;
    for (const [key, value] of Object.entries(labels))
      for (const object of this.#index.get(labelKey(namespace, key, value)))
        if (matchesSelector(this.#selectorOf(object), labels)) yield object;
  }
}

const INDEXES = new WeakMap<ObjectStore, Map<string, ObjectIndex<Pod>>>();

/** One index of a kind for all who ask. */
function indexOf(store: ObjectStore, name: string, keysOf: (pod: Pod) => readonly string[]): ObjectIndex<Pod> {
  let indexes = INDEXES.get(store);
  if (indexes === undefined) INDEXES.set(store, (indexes = new Map()));
  let index = indexes.get(name);
  if (index === undefined) indexes.set(name, (index = new ObjectIndex(store, PODS, keysOf)));
  return index;
}

function labelKeys({ metadata: { namespace = '', labels = {} } }: Pod): readonly string[] {
  return Object.entries(labels).map(([key, value]) => labelKey(namespace, key, value));
}

function labelKey(namespace: string, key: string, value: string): string {
  return `${namespace}/${key}=${value}`;
}

function identityOf({ metadata: { uid, namespace = '', name } }: KubeObject): string {
  return uid ?? `${namespace}/${name}`;
}
