/**
 * What is wrong with a custom resource by its schema, in the words of the API server.
 * Source: `k8s.io/apiextensions-apiserver/pkg/apiserver/validation`, `k8s.io/kube-openapi/pkg/validation`
 */
import { entryOf } from '../../../model/unknown-json.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import type { FieldError } from '../api-error.ts';
import { isFields, type Fields } from '../patch/json.ts';
import { schemaOfField, typeNameOf, type JsonSchema } from './json-schema.ts';
import { compilePattern, type Pattern } from './pattern/pattern.ts';

/** Finds what one keyword of a schema forbids. */
type Rule = (schema: JsonSchema, value: unknown, path: string) => readonly FieldError[];

/** Errors in the order of the fields. */
export function valueErrors(schema: JsonSchema, value: unknown, path: string): readonly FieldError[] {
  if (value === null && schema.nullable === true) return [];
  const typeError = typeErrorOf(schema, value, path);
  if (typeError !== undefined) return [typeError];
  return RULES.flatMap((rule) => rule(schema, value, path));
}

function typeErrorOf(schema: JsonSchema, value: unknown, path: string): FieldError | undefined {
  const found = typeNameOf(value);
  const isIntOrString = schema['x-kubernetes-int-or-string'] === true;
  const wanted = isIntOrString ? ['integer', 'string'] : schema.type === undefined ? [] : [schema.type];
  const fits = (type: string) => type === found || (type === 'number' && found === 'integer');
  if (wanted.length === 0 || wanted.some(fits)) return undefined;
  return wrongType(path, wanted.join(','), found);
}

function wrongType(path: string, wanted: string, found: string): FieldError {
  const detail = `${path} in body must be of type ${wanted}: ${JSON.stringify(found)}`;
  return { type: 'FieldValueTypeInvalid', field: path, value: found, detail };
}

const FORMATS: Readonly<Record<string, RegExp>> = {
  date: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
  'date-time':
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/,
  email: /^[^@\s]+@[^@\s]+$/,
  ipv4: /^((25[0-5]|2[0-4]\d|1?\d?\d)(\.|$)){4}$/,
  uuid: /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i,
  byte: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
};

const text: Rule = (schema, value, path) => {
  if (typeof value !== 'string') return [];
  const { minLength, maxLength, pattern, format } = schema;
  const letters = [...value].length;
  const errors: FieldError[] = [];
  if (maxLength !== undefined && letters > maxLength)
    errors.push({ type: 'FieldValueTooLong', field: path, detail: `may not be more than ${maxLength} bytes` });
  if (minLength !== undefined && letters < minLength)
    errors.push(wrong(path, value, `should be at least ${minLength} chars long`));
  if (pattern !== undefined && !patternOf(schema, pattern)(value))
    errors.push(wrong(path, value, `should match '${pattern}'`));
  const form = format === undefined ? undefined : entryOf(FORMATS, format);
  if (form !== undefined && !form.test(value)) {
    const detail = `${path} in body must be of type ${format ?? ''}: ${JSON.stringify(value)}`;
    errors.push({ type: 'FieldValueTypeInvalid', field: path, value, detail });
  }
  return errors;
};

/** Of the schemas that are in use; each goes with its schema. */
const patterns = new WeakMap<JsonSchema, Pattern>();

function patternOf(schema: JsonSchema, source: string): Pattern {
  const known = patterns.get(schema) ?? compilePattern(source);
  patterns.set(schema, known);
  return known;
}

const INTEGER_BOUNDS: Readonly<Record<string, number>> = { int32: 2 ** 31, int64: 2 ** 63 };

const number: Rule = (schema, value, path) => {
  if (typeof value !== 'number') return [];
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format = '' } = schema;
  const errors: FieldError[] = [];
  const bound = entryOf(INTEGER_BOUNDS, format);
  if (bound !== undefined && (value >= bound || value < -bound))
    errors.push(wrong(path, value, `must be of type ${format}: ${JSON.stringify(String(value))}`));
  if (maximum !== undefined && (exclusiveMaximum === true ? value >= maximum : value > maximum))
    errors.push(wrong(path, value, `should be less than ${exclusiveMaximum === true ? '' : 'or equal to '}${maximum}`));
  if (minimum !== undefined && (exclusiveMinimum === true ? value <= minimum : value < minimum))
    errors.push(
      wrong(path, value, `should be greater than ${exclusiveMinimum === true ? '' : 'or equal to '}${minimum}`),
    );
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf))
    errors.push(wrong(path, value, `should be a multiple of ${multipleOf}`));
  return errors;
};

const list: Rule = (schema, value, path) => {
  if (!Array.isArray(value)) return [];
  const { minItems, maxItems, items } = schema;
  const errors: FieldError[] = [];
  if (minItems !== undefined && value.length < minItems)
    errors.push(wrong(path, value, `should have at least ${minItems} items`));
  if (maxItems !== undefined && value.length > maxItems) errors.push(tooMany(path, value.length, maxItems));
  if (items !== undefined)
    for (const [at, item] of value.entries()) errors.push(...valueErrors(items, item, `${path}[${at}]`));
  return [...errors, ...duplicates(schema, value, path)];
};

/** Of lists that are sets, or maps by some of their items' fields. */
function duplicates(schema: JsonSchema, value: readonly unknown[], path: string): readonly FieldError[] {
  const listType = schema['x-kubernetes-list-type'];
  if (listType !== 'set' && listType !== 'map') return [];
  const names = schema['x-kubernetes-list-map-keys'] ?? [];
  const keyOf = (item: unknown) =>
    listType === 'set' || !isFields(item) ? item : Object.fromEntries(names.map((name) => [name, item[name]]));
  const seen = new Set<string>();
  return value.flatMap((item, at): FieldError[] => {
    const key = keyOf(item);
    const shown = JSON.stringify(key);
    if (!seen.has(shown)) {
      seen.add(shown);
      return [];
    }
    return [{ type: 'FieldValueDuplicate', field: `${path}[${at}]`, value: key, detail: '' }];
  });
}

const object: Rule = (schema, value, path) => {
  if (!isFields(value)) return [];
  const { minProperties, maxProperties, required = [] } = schema;
  const count = Object.keys(value).length;
  const errors: FieldError[] = [];
  if (minProperties !== undefined && count < minProperties)
    errors.push(wrong(path, value, `should have at least ${minProperties} properties`));
  if (maxProperties !== undefined && count > maxProperties) errors.push(tooMany(path, count, maxProperties));
  for (const field of required)
    if (entryOf(value, field) === undefined)
      errors.push({ type: 'FieldValueRequired', field: joined(path, field), detail: '' });
  return [...errors, ...fieldErrors(schema, value, path)];
};

function fieldErrors(schema: JsonSchema, value: Fields, path: string): readonly FieldError[] {
  return Object.keys(value)
    .sort()
    .flatMap((field) => {
      const known = schemaOfField(schema, field);
      return known === undefined ? [] : valueErrors(known, value[field], joined(path, field));
    });
}

const choice: Rule = ({ enum: allowed }, value, path) => {
  if (allowed === undefined || allowed.some((one) => sameJson(one, value))) return [];
  const shown = allowed.map((one) => JSON.stringify(typeof one === 'string' ? one : JSON.stringify(one)));
  return [{ type: 'FieldValueNotSupported', field: path, value, detail: `supported values: ${shown.join(', ')}` }];
};

const alternatives: Rule = ({ allOf = [], anyOf, oneOf, not }, value, path) => {
  const fits = (one: JsonSchema) => valueErrors(one, value, path).length === 0;
  const errors: FieldError[] = [];
  if (anyOf !== undefined && !anyOf.some(fits))
    errors.push(wrong(path, value, 'must validate at least one schema (anyOf)', true));
  const fitting = oneOf?.filter(fits).length ?? 1;
  if (fitting !== 1) {
    const found = fitting === 0 ? 'Found none valid' : `Found ${fitting} valid alternatives`;
    errors.push(wrong(path, value, `must validate one and only one schema (oneOf). ${found}`, true));
  }
  if (allOf.length > 0 && !allOf.every(fits))
    errors.push(
      ...allOf.flatMap((one) => valueErrors(one, value, path)),
      wrong(path, value, 'must validate all the schemas (allOf)', true),
    );
  if (not !== undefined && fits(not)) errors.push(wrong(path, value, 'must not validate the schema (not)', true));
  return errors;
};

const RULES: readonly Rule[] = [object, list, text, number, choice, alternatives];

function joined(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}

function tooMany(path: string, count: number, most: number): FieldError {
  return { type: 'FieldValueTooMany', field: path, value: count, detail: `must have at most ${most} items` };
}

function wrong(path: string, value: unknown, rule: string, isQuoted = false): FieldError {
  const subject = isQuoted ? JSON.stringify(path) : `${path} in body`;
  return { type: 'FieldValueInvalid', field: path, value, detail: `${subject} ${rule}` };
}
