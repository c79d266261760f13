/**
 * The structure of custom resources, as field ownership, patches and strict decoding read it.
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#custom-resources-and-server-side-apply
 */
import { entryOf } from '../../../model/unknown-json.ts';
import { metaSchema } from '../schema/definitions.ts';
import {
  ANY,
  DEDUCED,
  type FieldSchema,
  type ScalarName,
  type StructSchema,
  type TypeSchema,
} from '../schema/field-schema.ts';
import { schemaOfOthers, type JsonSchema } from './json-schema.ts';

const TEXT: FieldSchema = { type: { is: 'scalar', scalar: 'string' }, required: false };

/** What all objects have, whether the schema names it or not. */
function envelope(): readonly (readonly [string, FieldSchema])[] {
  return [
    ['apiVersion', TEXT],
    ['kind', TEXT],
    ['metadata', { type: metaSchema('ObjectMeta'), required: false }],
  ];
}

/** Of the objects of one version. */
export function structureOf(schema: JsonSchema): StructSchema {
  return { ...structOf({ ...schema, 'x-kubernetes-embedded-resource': true }), published: { ...schema } };
}

const SCALARS: Readonly<Record<string, ScalarName>> = {
  string: 'string',
  integer: 'int64',
  number: 'double',
  boolean: 'boolean',
};

function typeOf(schema: JsonSchema): TypeSchema {
  const { type = '' } = schema;
  if (schema['x-kubernetes-int-or-string'] === true) return { is: 'scalar', scalar: 'int-or-string' };
  const scalar = entryOf(SCALARS, type);
  if (scalar !== undefined) return { is: 'scalar', scalar };
  if (type === 'array') return listOf(schema);
  if (type !== 'object') return schema['x-kubernetes-preserve-unknown-fields'] === true ? DEDUCED : ANY;
  const others = schemaOfOthers(schema);
  if (schema.properties === undefined && others !== undefined)
    return { is: 'map', values: typeOf(others), atomic: isAtomic(schema) };
  return structOf(schema);
}

function listOf(schema: JsonSchema): TypeSchema {
  const listType = schema['x-kubernetes-list-type'];
  return {
    is: 'list',
    items: schema.items === undefined ? ANY : typeOf(schema.items),
    listType: listType === 'set' || listType === 'map' ? listType : 'atomic',
    keys: schema['x-kubernetes-list-map-keys'] ?? [],
  };
}

function structOf(schema: JsonSchema): StructSchema {
  const { properties = {}, required = [] } = schema;
  const own = Object.entries(properties).map(
    ([field, one]) => [field, fieldOf(one, required.includes(field))] as const,
  );
  const isResource = schema['x-kubernetes-embedded-resource'] === true;
  return {
    is: 'struct',
    name: '',
    fields: new Map([...own, ...(isResource ? envelope() : [])]),
    atomic: isAtomic(schema),
    open: schema['x-kubernetes-preserve-unknown-fields'] === true,
  };
}

function fieldOf(schema: JsonSchema, required: boolean): FieldSchema {
  return { type: typeOf(schema), required, ...(schema.default !== undefined && { default: schema.default }) };
}

function isAtomic(schema: JsonSchema): boolean {
  return schema['x-kubernetes-map-type'] === 'atomic';
}
