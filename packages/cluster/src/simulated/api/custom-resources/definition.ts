/** What a CustomResourceDefinition makes the API server serve. */
import type { KubeObject } from '../../../model/kube-object.ts';
import type { ObjectStore } from '../../store/object-store.ts';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../built-in-types.ts';
import { resourceType, type ResourceType } from '../resource-type.ts';
import { KEEPS_ALL, type JsonSchema } from './json-schema.ts';
import { structureOf } from './structure-of-schema.ts';

/** `apiextensions.k8s.io/v1` CustomResourceDefinition. */
export interface CustomResourceDefinition extends KubeObject {
  readonly spec: DefinitionSpec;
  readonly status?: DefinitionStatus;
}

export interface DefinitionSpec {
  readonly group: string;
  readonly scope: string;
  readonly names: DefinitionNames;
  readonly versions: readonly DefinitionVersion[];
  readonly preserveUnknownFields?: boolean;
  readonly conversion?: { readonly strategy?: string };
}

export interface DefinitionNames {
  readonly plural: string;
  readonly kind: string;
  readonly singular?: string;
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

export interface DefinitionVersion {
  readonly name: string;
  readonly served: boolean;
  /** Exactly one version is the one that objects are kept in. */
  readonly storage: boolean;
  readonly schema?: { readonly openAPIV3Schema?: JsonSchema };
  readonly subresources?: { readonly status?: object; readonly scale?: ScalePaths };
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
}

/** Where a custom resource has what its scale tells: `.spec.replicas`. */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

export interface DefinitionStatus {
  readonly acceptedNames?: DefinitionNames;
  readonly conditions?: readonly DefinitionCondition[] | null;
  readonly storedVersions?: readonly string[];
}

export interface DefinitionCondition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string;
  readonly reason?: string;
  readonly message?: string;
}

/** Whether a condition is true. */
export function isTrue({ status }: CustomResourceDefinition, type: string): boolean {
  return status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') === true;
}

/** All that a store has. */
export function definitionsIn(store: ObjectStore): readonly CustomResourceDefinition[] {
  return [...store.list(CUSTOM_RESOURCE_DEFINITIONS)].map((object) => object as CustomResourceDefinition);
}

/** The version that objects are kept in. */
export function storageVersionOf({ spec }: CustomResourceDefinition): DefinitionVersion | undefined {
  return spec.versions.find(({ storage }) => storage);
}

/** The type of one version. */
export function typeOfVersion({ spec }: CustomResourceDefinition, version: DefinitionVersion): ResourceType {
  const { kind, plural, singular = kind.toLowerCase(), shortNames = [], categories = [] } = spec.names;
  const { status, scale } = version.subresources ?? {};
  return resourceType(`${spec.group}/${version.name}`, kind, plural, {
    singular,
    namespaced: spec.scope === 'Namespaced',
    shortNames,
    categories,
    subresources: [...(scale === undefined ? [] : ['scale']), ...(status === undefined ? [] : ['status'])],
    isCustom: true,
    schema: structureOf(version.schema?.openAPIV3Schema ?? KEEPS_ALL),
    selectableFields: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.replace(/^\./, '')),
    ...(scale === undefined ? {} : { scalePaths: scale }),
  });
}
