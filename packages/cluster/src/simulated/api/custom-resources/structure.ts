/**
 * Whether a schema is structural: whether it says of every field what type it has.
 * Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema;
 * `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/validation.go`
 */
import type { FieldError } from '../api-error.ts';
import { valueErrors } from './judge-value.ts';
import type { JsonSchema } from './json-schema.ts';
import { patternProblem } from './pattern/pattern.ts';
import { pruned } from './shape-value.ts';

/** Where in a schema another one stands. */
type Level = 'root' | 'field' | 'item';

export function structureErrors(schema: JsonSchema, path: string): readonly FieldError[] {
  const wrong = patternErrors(schema, path);
  // By what cannot be read nothing can be judged, defaults least of all.
  return wrong.length > 0 ? wrong : levelErrors(schema, path, 'root');
}

/** Of a schema and of all within it. */
function patternErrors(schema: JsonSchema, path: string): readonly FieldError[] {
  const problem = patternProblem(schema.pattern ?? '');
  const detail = `must be a valid regular expression, but isn't: ${problem ?? ''}`;
  const own: FieldError = { type: 'FieldValueInvalid', field: `${path}.pattern`, value: schema.pattern, detail };
  return [
    ...(problem === undefined ? [] : [own]),
    ...innerSchemas(schema).flatMap(([step, one]) => patternErrors(one, `${path}.${step}`)),
  ];
}

function innerSchemas(schema: JsonSchema): readonly (readonly [step: string, JsonSchema])[] {
  const { properties = {}, additionalProperties, items, not } = schema;
  const lists = (['allOf', 'anyOf', 'oneOf'] as const).flatMap((name) =>
    (schema[name] ?? []).map((one, at) => [`${name}[${at}]`, one] as const),
  );
  const single = Object.entries({ additionalProperties, items, not }).flatMap(([name, one]) =>
    typeof one === 'object' ? [[name, one] as const] : [],
  );
  return [
    ...Object.entries(properties).map(([field, one]) => [`properties[${field}]`, one] as const),
    ...single,
    ...lists,
  ];
}

const TYPE_MISSING: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  field: 'must not be empty for specified object fields',
  item: 'must not be empty for specified array items',
};

function levelErrors(schema: JsonSchema, path: string, level: Level): readonly FieldError[] {
  const { properties = {}, items, additionalProperties } = schema;
  const others = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  return [
    ...typeErrors(schema, path, level),
    ...keywordErrors(schema, path),
    ...Object.entries(properties).flatMap(([field, one]) => levelErrors(one, `${path}.properties[${field}]`, 'field')),
    ...(others === undefined ? [] : levelErrors(others, `${path}.additionalProperties`, 'field')),
    ...(items === undefined ? [] : levelErrors(items, `${path}.items`, 'item')),
  ];
}

function typeErrors(schema: JsonSchema, path: string, level: Level): readonly FieldError[] {
  const { type = '' } = schema;
  if (level === 'root' && type !== '' && type !== 'object')
    return [{ type: 'FieldValueInvalid', field: `${path}.type`, value: type, detail: 'must be object at the root' }];
  const isFree =
    schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (type !== '' || (isFree && level !== 'root')) return [];
  return [{ type: 'FieldValueRequired', field: `${path}.type`, detail: TYPE_MISSING[level] }];
}

function keywordErrors(schema: JsonSchema, path: string): readonly FieldError[] {
  const { type, items, properties, additionalProperties, uniqueItems } = schema;
  const errors: FieldError[] = [];
  const forbid = (field: string, detail: string) =>
    errors.push({ type: 'FieldValueForbidden', field: `${path}.${field}`, detail });
  if (type === 'array' && items === undefined)
    errors.push({ type: 'FieldValueRequired', field: `${path}.items`, detail: 'must be specified' });
  if (uniqueItems === true)
    forbid('uniqueItems', 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic');
  if (properties !== undefined && (additionalProperties === false || typeof additionalProperties === 'object'))
    forbid('additionalProperties', 'additionalProperties and properties are mutual exclusive');
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    errors.push({
      type: 'FieldValueInvalid',
      field: `${path}.x-kubernetes-preserve-unknown-fields`,
      value: false,
      detail: 'must be true or undefined',
    });
  return [...errors, ...defaultErrors(schema, `${path}.default`)];
}

/** A default must be what the schema itself would let through. */
function defaultErrors(schema: JsonSchema, path: string): readonly FieldError[] {
  if (schema.default === undefined) return [];
  if (pruned(schema, schema.default) !== schema.default)
    return [{ type: 'FieldValueInvalid', field: path, value: schema.default, detail: 'must not have unknown fields' }];
  return valueErrors(schema, schema.default, path);
}
