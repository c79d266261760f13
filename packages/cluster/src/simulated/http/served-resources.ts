/** Which resources the addresses name: those that are kept, those that are kept under another version, those that only answer. */
import type { ResourceType } from '../api/resource-type.ts';
import type { ResourceTypes } from '../api/resource-types.ts';
import { servedAsKept, type Served, type VirtualResource } from './call.ts';

/** Looks resources up by their address. */
export class ServedResources {
  readonly #types: ResourceTypes;
  readonly #views: readonly Served[];
  readonly #virtual: readonly VirtualResource[];

  constructor(types: ResourceTypes, views: readonly Served[], virtual: readonly VirtualResource[]) {
    this.#types = types;
    this.#views = views;
    this.#virtual = virtual;
  }

  /** Everything that discovery names. */
  get types(): readonly ResourceType[] {
    return [...this.#types.all, ...this.#views.map(({ type }) => type), ...this.#virtual.map(({ type }) => type)];
  }

  kept(group: string, version: string, plural: string): Served | undefined {
    const type = this.#types.byPlural(group, version, plural);
    if (type !== undefined) return servedAsKept(type);
    return this.#views.find((view) => isNamed(view.type, group, version, plural));
  }

  virtual(group: string, version: string, plural: string): VirtualResource | undefined {
    return this.#virtual.find(({ type }) => isNamed(type, group, version, plural));
  }

  /** Whether anything is served there, so that a resource that is missing is one that the server does not know. */
  hasVersion(group: string, version: string): boolean {
    return this.types.some((type) => type.group === group && type.version === version);
  }
}

function isNamed(type: ResourceType, group: string, version: string, plural: string): boolean {
  return type.plural === plural && type.group === group && type.version === version;
}
