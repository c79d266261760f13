/** How a value of a type is walked through: as one value, by its keys, or by its items. */
import { isFields, isList } from '../patch/json.ts';
import type { FieldSchema, ListSchema, TypeSchema } from '../schema/field-schema.ts';
import { itemElement } from './path-element.ts';

/** `leaf` is owned as a whole. */
export type ValueForm = 'leaf' | 'map' | 'list';

/** Where the type says nothing, the values do; values of different forms are leaves. */
export function formOf(type: TypeSchema, ...values: readonly unknown[]): ValueForm {
  switch (type.is) {
    case 'scalar':
      return 'leaf';
    case 'list':
      return type.listType === 'atomic' ? 'leaf' : 'list';
    case 'any':
      return type.deduced && values.every((value) => value === undefined || isFields(value)) ? 'map' : 'leaf';
    default:
      return type.atomic ? 'leaf' : 'map';
  }
}

/** Nothing that could be walked through. */
export function isBare(value: unknown): boolean {
  if (isList(value)) return value.length === 0;
  if (isFields(value)) return Object.values(value).every((member) => member === undefined);
  return value === undefined || value === null;
}

/** Fields that a struct of Go always has: a struct in place counts as empty, a required list or map as null. */
export function memberOrFiller(holder: unknown, key: string, type: TypeSchema): unknown {
  if (!isFields(holder)) return undefined;
  const value = holder[key];
  return value === undefined && type.is === 'struct' ? fillerOf(type.fields.get(key)) : value;
}

function fillerOf(field: FieldSchema | undefined): unknown {
  if (field === undefined) return undefined;
  if (isFields(field.default)) return {};
  return field.required && field.type.is !== 'scalar' ? null : undefined;
}

/** Items by the step to them, in their order; those of the same step together. */
export function itemsByElement(list: unknown, type: ListSchema): ReadonlyMap<string, readonly unknown[]> {
  const found = new Map<string, unknown[]>();
  for (const item of isList(list) ? list : []) {
    const element = itemElement(item, type);
    if (element === undefined) continue;
    const same = found.get(element);
    if (same === undefined) found.set(element, [item]);
    else same.push(item);
  }
  return found;
}
