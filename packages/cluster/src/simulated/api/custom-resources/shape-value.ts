/**
 * What becomes of the fields of a custom resource before it is judged: those that nobody knows go, those that have a default come.
 * Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning and #defaulting
 */
import { entryOf } from '../../../model/unknown-json.ts';
import { isFields, type Fields } from '../patch/json.ts';
import { schemaOfField, type JsonSchema } from './json-schema.ts';

/** What objects have whatever their schema says. */
const ENVELOPE: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** A value without the fields that its schema does not name; the value itself where it has none. */
export function pruned(schema: JsonSchema, value: unknown, isResource = false): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined
      ? value
      : shared(
          value,
          value.map((item) => pruned(items, item)),
        );
  }
  if (!isFields(value)) return value;
  const keepsUnknown = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const hasEnvelope = isResource || schema['x-kubernetes-embedded-resource'] === true;
  return mapped(value, (field, part) => {
    if (hasEnvelope && ENVELOPE.has(field)) return part;
    const known = schemaOfField(schema, field);
    if (known === undefined) return keepsUnknown ? part : undefined;
    return pruned(known, part);
  });
}

/** A value with the defaults of its schema where fields are missing, or null and not allowed to be. */
export function defaulted(schema: JsonSchema, value: unknown): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined
      ? value
      : shared(
          value,
          value.map((item) => defaulted(items, item)),
        );
  }
  if (!isFields(value)) return value;
  const present = withoutNulls(schema, value);
  const added = Object.entries(schema.properties ?? {}).filter(
    ([field, one]) => one.default !== undefined && entryOf(present, field) === undefined,
  );
  const complete =
    added.length === 0
      ? present
      : { ...present, ...Object.fromEntries(added.map(([field, one]) => [field, one.default])) };
  return mapped(complete, (field, part) => {
    const known = schemaOfField(schema, field);
    return known === undefined ? part : defaulted(known, part);
  });
}

function withoutNulls(schema: JsonSchema, value: Fields): Fields {
  return mapped(value, (field, part) => {
    const known = schemaOfField(schema, field);
    const isReplaced = part === null && known?.default !== undefined && known.nullable !== true;
    return isReplaced ? undefined : part;
  });
}

/** The same fields with other values; `undefined` takes a field out. The object itself where all stays. */
function mapped(value: Fields, change: (field: string, part: unknown) => unknown): Fields {
  let isSame = true;
  const entries: [string, unknown][] = [];
  for (const [field, part] of Object.entries(value)) {
    const after = change(field, part);
    if (after !== part) isSame = false;
    if (after !== undefined) entries.push([field, after]);
  }
  return isSame ? value : Object.fromEntries(entries);
}

function shared(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return after.every((item, at) => item === before[at]) ? before : after;
}
