/** Defaults and validation of CustomResourceDefinitions. Source: `k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/{v1,validation}` */
import type { KubeObject } from '../../../model/kube-object.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import type { FieldError } from '../api-error.ts';
import { dns1035LabelErrors, dnsSubdomainErrors } from '../names.ts';
import type { ResourceStrategy } from '../request.ts';
import {
  isTrue,
  storageVersionOf,
  type CustomResourceDefinition,
  type DefinitionNames,
  type DefinitionSpec,
} from './definition.ts';
import { structureErrors } from './structure.ts';

export const DEFINITION_STRATEGY: ResourceStrategy = {
  defaults: (object) => {
    const { spec } = object as Partial<CustomResourceDefinition>;
    if (spec?.names === undefined) return object;
    const { kind } = spec.names;
    const names = { singular: kind.toLowerCase(), listKind: `${kind}List`, ...withoutEmpty(spec.names) };
    return { ...object, spec: { conversion: { strategy: 'None' }, ...spec, names } } as KubeObject;
  },
  prepareForCreate: (object) => {
    const storage = storageVersionOf(object as CustomResourceDefinition)?.name;
    const status = {
      acceptedNames: { kind: '', plural: '' },
      conditions: null,
      storedVersions: storage === undefined ? [] : [storage],
    };
    return { ...object, status } as KubeObject;
  },
  prepareForUpdate: (object) => {
    const definition = object as CustomResourceDefinition;
    const storage = storageVersionOf(definition)?.name;
    const { storedVersions = [] } = definition.status ?? {};
    if (storage === undefined || storedVersions.includes(storage)) return object;
    return { ...definition, status: { ...definition.status, storedVersions: [...storedVersions, storage] } };
  },
  validate: (object) => {
    const definition = object as CustomResourceDefinition;
    return [...nameErrors(definition), ...approvalErrors(definition), ...specErrors(definition.spec)];
  },
  validateUpdate: (object, previous) => {
    const definition = object as CustomResourceDefinition;
    const before = previous as CustomResourceDefinition;
    return [...specErrors(definition.spec), ...immutableErrors(definition.spec, before), ...storedErrors(definition)];
  },
};

function withoutEmpty(names: DefinitionNames): DefinitionNames {
  return Object.fromEntries(Object.entries(names).filter(([, value]) => value !== '')) as unknown as DefinitionNames;
}

function nameErrors({ metadata, spec }: CustomResourceDefinition): readonly FieldError[] {
  if (metadata.name === `${spec.names.plural}.${spec.group}`) return [];
  return [wrong('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group')];
}

const APPROVED = 'api-approved.kubernetes.io';

/** Groups of the Kubernetes project itself need its approval. */
function approvalErrors({ metadata, spec }: CustomResourceDefinition): readonly FieldError[] {
  const isProtected = /(^|\.)(k8s|kubernetes)\.io$/.test(spec.group);
  if (!isProtected || metadata.annotations?.[APPROVED] !== undefined) return [];
  const detail = `protected groups must have approval annotation "${APPROVED}", see https://github.com/kubernetes/enhancements/pull/1111`;
  return [{ type: 'FieldValueRequired', field: `metadata.annotations[${APPROVED}]`, detail }];
}

function specErrors(spec: DefinitionSpec): readonly FieldError[] {
  return [
    ...groupErrors(spec),
    ...scopeErrors(spec),
    ...versionErrors(spec),
    ...namesErrors(spec.names),
    ...schemaErrors(spec),
  ];
}

function groupErrors({ group = '' }: Partial<DefinitionSpec>): readonly FieldError[] {
  const field = 'spec.group';
  if (group === '') return [required(field)];
  const errors = dnsSubdomainErrors(group);
  if (errors.length > 0) return [wrong(field, group, errors.join(','))];
  return group.includes('.') ? [] : [wrong(field, group, 'should be a domain with at least one dot')];
}

function scopeErrors({ scope = '' }: Partial<DefinitionSpec>): readonly FieldError[] {
  if (scope === '') return [required('spec.scope')];
  if (scope === 'Cluster' || scope === 'Namespaced') return [];
  const detail = 'supported values: "Cluster", "Namespaced"';
  return [{ type: 'FieldValueNotSupported', field: 'spec.scope', value: scope, detail }];
}

function versionErrors({ versions = [] }: Partial<DefinitionSpec>): readonly FieldError[] {
  const field = 'spec.versions';
  const names = versions.map(({ name }) => name);
  return [
    ...names.flatMap((name, at) => {
      const errors = dns1035LabelErrors(name);
      return errors.length === 0 ? [] : [wrong(`${field}[${at}].name`, name, errors.join(','))];
    }),
    ...(new Set(names).size === names.length ? [] : [wrong(field, versions, 'must contain unique version names')]),
    ...(versions.filter(({ storage }) => storage).length === 1
      ? []
      : [wrong(field, versions, 'must have exactly one version marked as storage version')]),
  ];
}

function namesErrors(names: DefinitionNames): readonly FieldError[] {
  const { plural = '', singular = '', kind = '', listKind = '' } = names;
  const given = Object.entries({ plural, singular, kind, listKind });
  const isKind = (name: string) => name === 'kind' || name === 'listKind';
  const missing = ['plural', 'singular', 'kind', 'listKind'].filter((name) =>
    given.some(([one, text]) => one === name && text === ''),
  );
  const form = given.flatMap(([name, text]) => {
    const errors = text === '' ? [] : dns1035LabelErrors(isKind(name) ? text.toLowerCase() : text);
    const intro = isKind(name) ? 'may have mixed case, but should otherwise match: ' : '';
    return errors.length === 0 ? [] : [wrong(`spec.names.${name}`, text, `${intro}${errors.join(',')}`)];
  });
  const lists = (['shortNames', 'categories'] as const).flatMap((list) =>
    (names[list] ?? []).flatMap((text, at) => {
      const errors = dns1035LabelErrors(text);
      return errors.length === 0 ? [] : [wrong(`spec.names.${list}[${at}]`, text, errors.join(','))];
    }),
  );
  const isAmbiguous = kind !== '' && kind === listKind;
  const same = isAmbiguous ? [wrong('spec.names.listKind', listKind, 'kind and listKind may not be the same')] : [];
  return [...missing.map((name) => required(`spec.names.${name}`)), ...form, ...lists, ...same];
}

/** Where all versions have one schema, Kubernetes speaks of it as in the first version of its own API. */
function schemaErrors({ versions = [] }: Partial<DefinitionSpec>): readonly FieldError[] {
  const schemas = versions.map(({ schema }) => schema?.openAPIV3Schema);
  const missing = schemas.flatMap((schema, at) =>
    schema === undefined ? [required(`spec.versions[${at}].schema.openAPIV3Schema`, 'schemas are required')] : [],
  );
  if (missing.length > 0) return missing;
  const isOne = schemas.every((schema) => sameJson(schema, schemas[0]));
  const shown = isOne ? schemas.slice(0, 1) : schemas;
  return shown.flatMap((schema, at) =>
    structureErrors(
      schema ?? {},
      isOne ? 'spec.validation.openAPIV3Schema' : `spec.versions[${at}].schema.openAPIV3Schema`,
    ),
  );
}

function immutableErrors(spec: DefinitionSpec, before: CustomResourceDefinition): readonly FieldError[] {
  const detail = 'field is immutable';
  const established = isTrue(before, 'Established');
  const fields = [
    ...(established ? [['spec.scope', spec.scope, before.spec.scope] as const] : []),
    ...(established ? [['spec.names.kind', spec.names.kind, before.spec.names.kind] as const] : []),
    ['spec.group', spec.group, before.spec.group] as const,
    ['spec.names.plural', spec.names.plural, before.spec.names.plural] as const,
  ];
  return fields.filter(([, now, then]) => now !== then).map(([field, now]) => wrong(field, now, detail));
}

function storedErrors({ spec, status }: CustomResourceDefinition): readonly FieldError[] {
  const names = new Set(spec.versions.map(({ name }) => name));
  return (status?.storedVersions ?? []).flatMap((version, at) => {
    if (names.has(version)) return [];
    const detail = `missing from spec.versions; ${version} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${version} and removes ${version} from status.storedVersions`;
    return [wrong(`status.storedVersions[${at}]`, version, detail)];
  });
}

function required(field: string, detail = ''): FieldError {
  return { type: 'FieldValueRequired', field, detail };
}

function wrong(field: string, value: unknown, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field, value, detail };
}
