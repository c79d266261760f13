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
  /** Where a custom resource has what its scale tells: `.spec.replicas`. */
  readonly scalePaths?: {
    readonly specReplicasPath: string;
    readonly statusReplicasPath: string;
    readonly labelSelectorPath?: string;
  };
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

/** An object as this version of its kind has it: custom resources of all versions differ in nothing but that they say so. */
export function inVersion<T extends KubeObject>(type: ResourceType<T>, object: T): T {
  const apiVersion = apiVersionOf(type);
  return type.isCustom !== true || object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}

/** As messages name a type: `deployments.apps`, `pods`. */
export function qualifiedPlural({ group, plural }: Pick<ResourceType, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** `apps/Deployment`, `/Pod`: all versions of a kind are one set of objects. */
export function kindKey({ group, kind }: Pick<ResourceType, 'group' | 'kind'>): string {
  return `${group}/${kind}`;
}
