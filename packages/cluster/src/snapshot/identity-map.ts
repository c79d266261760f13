/** A map keyed by what names an object: group, kind, namespace and name. */
import { groupOf, type KubeObject } from '../model/kube-object.ts';

/**
 * The names stay apart instead of being joined into one key: joining and hashing half a million of those takes longer than everything
 * else that is done with them. Objects come in lists of one kind and namespace, whose names are looked up once.
 */
export class IdentityMap<V> {
  readonly #kinds = new Map<string, Map<string, Map<string, Map<string, V>>>>();
  #apiVersion: string | undefined;
  #kind = '';
  #namespace = '';
  #names = new Map<string, V>();

  get(object: KubeObject): V | undefined {
    return this.#namesBeside(object).get(object.metadata.name);
  }

  set(object: KubeObject, value: V): void {
    this.#namesBeside(object).set(object.metadata.name, value);
  }

  #namesBeside({ apiVersion, kind, metadata: { namespace = '' } }: KubeObject): Map<string, V> {
    if (namespace === this.#namespace && kind === this.#kind && apiVersion === this.#apiVersion) return this.#names;
    this.#apiVersion = apiVersion;
    this.#kind = kind;
    this.#namespace = namespace;
    const kinds = inner(this.#kinds, groupOf(apiVersion));
    return (this.#names = inner(inner(kinds, kind), namespace));
  }
}

function inner<K, V>(maps: Map<string, Map<K, V>>, key: string): Map<K, V> {
  const known = maps.get(key);
  if (known !== undefined) return known;
  const made = new Map<K, V>();
  maps.set(key, made);
  return made;
}
