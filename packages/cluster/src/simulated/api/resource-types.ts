/** Which types a cluster serves at the moment. */
import { groupOf, type KubeObject } from '../../model/kube-object.ts';
import type { ResourceStrategy } from './request.ts';
import { kindKey, type ResourceType } from './resource-type.ts';

/** The types that are served: built-in ones, and those that CustomResourceDefinitions add. */
export class ResourceTypes {
  readonly #byPlural = new Map<string, ResourceType>();
  readonly #byKind = new Map<string, ResourceType>();
  readonly #strategies = new Map<string, ResourceStrategy>();

  constructor(types: Iterable<ResourceType>) {
    for (const type of types) this.add(type);
  }

  /** Serves a type; the first version of a kind is the one it is stored in. `strategy`: what is known of its objects, for custom ones. */
  add(type: ResourceType, strategy?: ResourceStrategy): void {
    const key = pluralKey(type.group, type.version, type.plural);
    this.#byPlural.set(key, type);
    if (strategy !== undefined) this.#strategies.set(key, strategy);
    this.keep(type);
  }

  /** Stores a kind in this version, unless it is stored in another already; that alone does not serve it. */
  keep(type: ResourceType): void {
    if (!this.#byKind.has(kindKey(type))) this.#byKind.set(kindKey(type), type);
  }

  /** Serves no version of a kind any more. */
  removeKind(group: string, kind: string): void {
    for (const [key, type] of this.#byPlural)
      if (type.group === group && type.kind === kind) {
        this.#byPlural.delete(key);
        this.#strategies.delete(key);
      }
    this.#byKind.delete(`${group}/${kind}`);
  }

  strategyOf({ group, version, plural }: ResourceType): ResourceStrategy | undefined {
    return this.#strategies.get(pluralKey(group, version, plural));
  }

  /** As a URL names it. */
  byPlural(group: string, version: string, plural: string): ResourceType | undefined {
    return this.#byPlural.get(pluralKey(group, version, plural));
  }

  byKind(group: string, kind: string): ResourceType | undefined {
    return this.#byKind.get(`${group}/${kind}`);
  }

  /** The type of an object, by what it says of itself. */
  of(object: KubeObject): ResourceType | undefined {
    return this.byKind(groupOf(object.apiVersion), object.kind);
  }

  /** In the order in which they were added. */
  get all(): readonly ResourceType[] {
    return [...this.#byPlural.values()];
  }
}

function pluralKey(group: string, version: string, plural: string): string {
  return `${group}/${version}/${plural}`;
}
