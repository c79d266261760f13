/** What the API server knows about the objects of one version of a CustomResourceDefinition. */
import type { KubeObject } from '../../../model/kube-object.ts';
import { apiError, type FieldError } from '../api-error.ts';
import type { ResourceStrategy } from '../request.ts';
import { isTrue, type CustomResourceDefinition, type DefinitionVersion } from './definition.ts';
import { isFields, type Fields } from '../patch/json.ts';
import { KEEPS_ALL, type JsonSchema } from './json-schema.ts';
import { valueErrors } from './judge-value.ts';
import { defaulted, pruned } from './shape-value.ts';

const ENVELOPE = ['apiVersion', 'kind', 'metadata'] as const;

export function customStrategy(definition: CustomResourceDefinition, version: DefinitionVersion): ResourceStrategy {
  const schema = version.schema?.openAPIV3Schema ?? KEEPS_ALL;
  const judge = (object: KubeObject) => errorsOf(schema, object);
  return {
    defaults: (object) => shaped(schema, object, definition.spec.preserveUnknownFields === true),
    prepareForCreate: (object) => {
      if (isTrue(definition, 'Terminating'))
        throw apiError(405, 'MethodNotAllowed', 'create not allowed while custom resource definition is terminating');
      return object;
    },
    validate: judge,
    // What was wrong before and did not change is let through, so that a stricter schema locks nobody out.
    validateUpdate: (object, previous) => {
      const errors = judge(object);
      return errors.length === 0 ? errors : errors.filter((error) => !isOld(error, object, previous));
    },
  };
}

function shaped(schema: JsonSchema, object: KubeObject, keepsAll: boolean): KubeObject {
  const known = keepsAll ? object : pruned(schema, object, true);
  return defaulted(schema, known) as KubeObject;
}

function errorsOf(schema: JsonSchema, object: KubeObject): readonly FieldError[] {
  const { properties = {}, required = [] } = schema;
  // What all objects have is judged by the API server itself.
  const rest = Object.fromEntries(Object.entries(object).filter(([field]) => !ENVELOPE.includes(field as 'kind')));
  const own = Object.fromEntries(Object.entries(properties).filter(([field]) => !ENVELOPE.includes(field as 'kind')));
  const isOwn = (field: string) => !ENVELOPE.includes(field as 'kind');
  return valueErrors({ ...schema, properties: own, required: required.filter(isOwn) }, rest, '');
}

function isOld({ field, type }: FieldError, object: KubeObject, previous: KubeObject): boolean {
  const place = type === 'FieldValueRequired' ? field.replace(/\.?[^.[\]]+$/, '') : field;
  if (place === '') return false;
  return JSON.stringify(partOf(object, place)) === JSON.stringify(partOf(previous, place));
}

function partOf(object: unknown, path: string): unknown {
  return path
    .split(/[.[\]]/)
    .filter((part) => part !== '')
    .reduce<unknown>((value, part) => {
      if (Array.isArray(value)) return value[Number(part)] as unknown;
      return isFields(value) ? (value as Fields)[part] : undefined;
    }, object);
}
