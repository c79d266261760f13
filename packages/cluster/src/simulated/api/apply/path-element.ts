/**
 * Steps of paths to fields, in the form of `FieldsV1`: `f:spec` a field, `k:{"name":"web"}` an item by its keys, `v:"a"` an item by its
 * value. Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ (`fieldsV1`)
 */
import { isFields, isList } from '../patch/json.ts';
import type { ListSchema, TypeSchema } from '../schema/field-schema.ts';

export function fieldElement(name: string): string {
  return `f:${name}`;
}

/** The step to an item of a list that is no single value; `undefined` for an item that has none of the keys. */
export function itemElement(item: unknown, list: ListSchema): string | undefined {
  if (list.listType === 'set') return item === null || typeof item === 'object' ? undefined : `v:${goJson(item)}`;
  if (!isFields(item)) return undefined;
  const keys = list.keys.flatMap((key) => {
    const value = item[key] ?? keyDefault(list.items, key);
    return value === undefined ? [] : [[key, value] as const];
  });
  return keys.length === 0 ? undefined : `k:${goJson(Object.fromEntries(keys.sort(([a], [b]) => (a < b ? -1 : 1))))}`;
}

/** Items are told apart by what a key is when it is not given, too. */
function keyDefault(items: TypeSchema, key: string): unknown {
  const field = items.is === 'struct' ? items.fields.get(key) : undefined;
  if (field?.default !== undefined) return field.default;
  return field?.required === true && field.type.is === 'scalar' && field.type.scalar === 'string' ? '' : undefined;
}

/** Go's encoder escapes what HTML would read. */
function goJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** As messages show a step: `.spec`, `[name="web"]`, `[="a"]`. */
export function elementText(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${valueText(JSON.parse(rest))}]`;
  if (!element.startsWith('k:')) return `[${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as object).sort(([a], [b]) => (a < b ? -1 : 1));
  return `[${keys.map(([key, value]) => `${key}=${valueText(value)}`).join(',')}]`;
}

function valueText(value: unknown): string {
  if (value === null) return 'null';
  if (isList(value)) return `[${value.map(valueText).join(',')}]`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** Fields before items; numbers by size, the rest by letters. */
export function compareElements(a: string, b: string): number {
  const kinds = 'fkvi';
  const byKind = kinds.indexOf(a.charAt(0)) - kinds.indexOf(b.charAt(0));
  if (byKind !== 0 || a.startsWith('f:')) return byKind || order(a, b);
  const [x, y] = [a, b].map((element) => JSON.parse(element.slice(2)) as unknown);
  if (!isFields(x) || !isFields(y)) return order(x, y);
  const names = Object.keys(x).sort();
  for (const [at, name] of Object.keys(y).sort().entries()) {
    const other = names[at];
    if (other === undefined) return -1;
    const found = order(other, name) || order(x[other], y[name]);
    if (found !== 0) return found;
  }
  return names.length - Object.keys(y).length;
}

function order(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [x, y] = [String(a), String(b)];
  if (x === y) return 0;
  return x < y ? -1 : 1;
}
