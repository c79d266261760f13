/** The types of resources that the simulated API server serves: what discovery says of them. */
import { groupOf, type KubeObject } from '../../model/kube-object.ts';
import type { StructSchema } from './schema/field-schema.ts';

/** One type of resource. `T` is the shape of its objects; it exists for the compiler alone. */
export interface ResourceType<T extends KubeObject = KubeObject> {
  /** `''` for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Beside the resource itself: `status`, `scale`, `eviction`, `log`, … */
  readonly subresources: readonly string[];
  readonly verbs: readonly string[];
  /** Whether a CustomResourceDefinition made it. */
  readonly isCustom?: boolean;
  /** Fields that a custom resource can be selected by, beside its names: `spec.color`. */
  readonly selectableFields?: readonly string[];
  /** Structure of the objects, for custom resources; `schemaOf` knows it for Kubernetes' own kinds. */
  readonly schema?: StructSchema;
  /** Never set. */
  readonly shape?: T;
}

const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'] as const;

/** What a type may say otherwise than most do. */
export type ResourceTraits = Partial<Omit<ResourceType, 'group' | 'version' | 'kind' | 'plural' | 'shape'>>;

/** A type from the little that differs between most. `apiVersion` as in objects: `v1`, `apps/v1`. */
export function resourceType<T extends KubeObject>(
  apiVersion: string,
  kind: string,
  plural: string,
  more: ResourceTraits = {},
): ResourceType<T> {
  return {
    group: groupOf(apiVersion),
    version: apiVersion.slice(apiVersion.indexOf('/') + 1),
    kind,
    plural,
    singular: kind.toLowerCase(),
    namespaced: true,
    shortNames: [],
    categories: [],
    subresources: ['status'],
    verbs: ALL_VERBS,
    ...more,
  };
}

/** `apps/v1`, `v1`. */
export function apiVersionOf({ group, version }: Pick<ResourceType, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** As messages name a type: `deployments.apps`, `pods`. */
export function qualifiedPlural({ group, plural }: Pick<ResourceType, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** `apps/Deployment`, `/Pod`: all versions of a kind are one set of objects. */
export function kindKey({ group, kind }: Pick<ResourceType, 'group' | 'kind'>): string {
  return `${group}/${kind}`;
}

/** The types that are served: built-in ones, and those that CustomResourceDefinitions add. */
export class ResourceTypes {
  readonly #byPlural = new Map<string, ResourceType>();
  readonly #byKind = new Map<string, ResourceType>();

  constructor(types: Iterable<ResourceType>) {
    for (const type of types) this.add(type);
  }

  /** Adds a type; the first version of a kind is the one it is stored in. */
  add(type: ResourceType): void {
    this.#byPlural.set(pluralKey(type.group, type.version, type.plural), type);
    const kind = `${type.group}/${type.kind}`;
    if (!this.#byKind.has(kind)) this.#byKind.set(kind, type);
  }

  remove(type: ResourceType): void {
    this.#byPlural.delete(pluralKey(type.group, type.version, type.plural));
    const kind = `${type.group}/${type.kind}`;
    if (this.#byKind.get(kind)?.version === type.version) this.#byKind.delete(kind);
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
