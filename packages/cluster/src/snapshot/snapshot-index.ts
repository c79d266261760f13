/** Objects of a snapshot by kind, namespace, name, owner, label and involved object. */
import { groupOf, type KubeObject } from '../model/kube-object.ts';
import type { Event } from '../model/kinds.ts';
import { newestFirst } from './event-time.ts';

/** Objects by key. */
export type Groups = ReadonlyMap<string, KubeObject[]>;

/** The indexes of a snapshot, each built on first use and kept. */
export class SnapshotIndex {
  #kinds: Groups | undefined;
  #uids: ReadonlyMap<string, KubeObject> | undefined;
  #involved: ReadonlyMap<string, Event[]> | undefined;
  readonly #owners = new Map<boolean, ReadonlyMap<string, Groups>>();
  readonly #names = new Map<string, ReadonlyMap<string, ReadonlyMap<string, KubeObject>>>();
  readonly #namespaces = new Map<string, Groups>();
  readonly #labels = new Map<string, Groups>();

  byKind(objects: readonly KubeObject[]): Groups {
    return (this.#kinds ??= groupBy(objects, kindKey));
  }

  /** By namespace, then name: keys that were joined of both would have to be made and hashed for every object. */
  byName(
    objects: readonly KubeObject[],
    group: string,
    kind: string,
  ): ReadonlyMap<string, ReadonlyMap<string, KubeObject>> {
    return memo(this.#names, `${group}/${kind}`, () => {
      const namespaces = new Map<string, ReadonlyMap<string, KubeObject>>();
      for (const [namespace, inside] of this.byNamespace(objects, group, kind))
        namespaces.set(namespace, new Map(inside.map((object) => [object.metadata.name, object])));
      return namespaces;
    });
  }

  byNamespace(objects: readonly KubeObject[], group: string, kind: string): Groups {
    return memo(this.#namespaces, `${group}/${kind}`, (key) =>
      groupBy(this.byKind(objects).get(key) ?? [], (object) => object.metadata.namespace ?? ''),
    );
  }

  byLabel(objects: readonly KubeObject[], group: string, kind: string, label: string): Groups {
    const labelled = (object: KubeObject) => {
      const value = object.metadata.labels?.[label];
      return value === undefined ? undefined : nameKey(object.metadata.namespace ?? '', value);
    };
    return memo(this.#labels, `${group}/${kind}/${label}`, () =>
      groupBy(this.byKind(objects).get(`${group}/${kind}`) ?? [], labelled),
    );
  }

  byUid(objects: readonly KubeObject[]): ReadonlyMap<string, KubeObject> {
    return (this.#uids ??= new Map(
      objects
        .filter((object) => object.metadata.uid !== undefined)
        .map((object) => [object.metadata.uid as string, object]),
    ));
  }

  /** Dependants by namespace and by the name of what they name as owner, of whatever kind: in their own namespace, or (`clusterScoped`) in none. */
  byOwner(objects: readonly KubeObject[], clusterScoped: boolean): ReadonlyMap<string, Groups> {
    return memo(this.#owners, clusterScoped, () => {
      const namespaces = new Map<string, Map<string, KubeObject[]>>();
      for (const object of objects) {
        const { namespace = '', ownerReferences } = object.metadata;
        if (ownerReferences === undefined) continue;
        const owners = memo(namespaces, clusterScoped ? '' : namespace, () => new Map<string, KubeObject[]>());
        // Two owners of one name, a Deployment and a Service, are told apart by whoever asks.
        for (const { name } of ownerReferences) if (owners.get(name)?.at(-1) !== object) append(owners, name, object);
      }
      return namespaces;
    });
  }

  byInvolved(events: readonly Event[]): ReadonlyMap<string, Event[]> {
    if (this.#involved !== undefined) return this.#involved;
    const groups = new Map<string, Event[]>();
    for (const event of events) {
      const { kind, namespace, name } = event.involvedObject ?? {};
      if (kind === undefined || name === undefined) continue;
      const key = involvedKey(kind, namespace ?? event.metadata.namespace ?? '', name);
      append(groups, key, event);
      // Events about cluster-scoped objects stand in namespace `default`, and name no namespace themselves.
      const unscoped = involvedKey(kind, '', name);
      if (namespace === undefined && unscoped !== key) append(groups, unscoped, event);
    }
    for (const list of groups.values()) list.sort(newestFirst);
    return (this.#involved = groups);
  }
}

function kindKey(object: KubeObject): string {
  return `${groupOf(object.apiVersion)}/${object.kind}`;
}

/** Key of a name in a namespace. */
export function nameKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** Some emitters give these cluster-scoped kinds a namespace all the same. */
export function involvedKey(kind: string, namespace: string, name: string): string {
  return kind === 'Node' || kind === 'PersistentVolume' || kind === 'Namespace'
    ? `${kind}//${name}`
    : `${kind}/${namespace}/${name}`;
}

function memo<K, V>(cache: Map<K, V>, key: K, make: (key: K) => V): V {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const value = make(key);
  cache.set(key, value);
  return value;
}

function groupBy(objects: readonly KubeObject[], keyOf: (object: KubeObject) => string | undefined): Groups {
  const groups = new Map<string, KubeObject[]>();
  for (const object of objects) {
    const key = keyOf(object);
    if (key !== undefined) append(groups, key, object);
  }
  return groups;
}

function append<T>(groups: Map<string, T[]>, key: string, item: T): void {
  const known = groups.get(key);
  if (known === undefined) groups.set(key, [item]);
  else known.push(item);
}
