/**
 * Which fields an object has, and in which two objects differ.
 * Source: `sigs.k8s.io/structured-merge-diff/typed`; https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
import { sameJson } from '../../../snapshot/diff.ts';
import { isFields } from '../patch/json.ts';
import { DEDUCED, memberType, type ListSchema, type TypeSchema } from '../schema/field-schema.ts';
import { insertPath, newFieldSet, type FieldPath, type FieldSet, type GrowingFieldSet } from './field-set.ts';
import { fieldElement } from './path-element.ts';
import { formOf, isBare, itemsByElement, memberOrFiller } from './value-form.ts';

/** All fields of a value, leaves and items of lists. */
export function fieldsOf(value: unknown, type: TypeSchema): FieldSet {
  const set = newFieldSet();
  collect(value, type, [], set);
  return set;
}

function collect(value: unknown, type: TypeSchema, path: FieldPath, set: GrowingFieldSet): void {
  const form = formOf(type, value);
  if (form === 'leaf') insertPath(set, path);
  else if (form === 'list') collectItems(value, type as ListSchema, path, set);
  else if (isFields(value)) collectMembers(value, type, path, set);
}

function collectMembers(
  value: Readonly<Record<string, unknown>>,
  type: TypeSchema,
  path: FieldPath,
  set: GrowingFieldSet,
): void {
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const inner = [...path, fieldElement(key)];
    collect(member, memberType(type, key) ?? DEDUCED, inner, set);
    const isNamed = type.is === 'struct' && type.fields.has(key);
    if (!isNamed || member === null || (isFields(member) && isBare(member))) insertPath(set, inner);
  }
}

function collectItems(value: unknown, type: ListSchema, path: FieldPath, set: GrowingFieldSet): void {
  for (const [element, items] of itemsByElement(value, type)) {
    const inner = [...path, element];
    if (items.length === 1) collect(items[0], type.items, inner, set);
    insertPath(set, inner);
  }
}

/** In which fields `after` differs from `before`; no field is in more than one of the sets. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

export function compareFields(before: unknown, after: unknown, type: TypeSchema): Comparison {
  const comparison = { added: newFieldSet(), modified: newFieldSet(), removed: newFieldSet() };
  compare(before, after, type, [], comparison);
  return comparison;
}

type GrowingComparison = Record<keyof Comparison, GrowingFieldSet>;

function compare(before: unknown, after: unknown, type: TypeSchema, path: FieldPath, into: GrowingComparison): void {
  // The same value needs no look: writes share what they do not change.
  if (before === after) return;
  const form = formOf(type, before, after);
  const isLeaf = form === 'leaf' || (isBare(before) && isBare(after));
  if (!isLeaf && form === 'map') compareMembers(before, after, type, path, into);
  else if (!isLeaf) compareItems(before, after, type as ListSchema, path, into);
  if (before === undefined) insertPath(into.added, path);
  else if (after === undefined) insertPath(into.removed, path);
  else if (isLeaf && !sameJson(before, after)) insertPath(into.modified, path);
}

function compareMembers(
  before: unknown,
  after: unknown,
  type: TypeSchema,
  path: FieldPath,
  into: GrowingComparison,
): void {
  const keys = new Set([...Object.keys(isFields(before) ? before : {}), ...Object.keys(isFields(after) ? after : {})]);
  for (const key of keys) {
    const [x, y] = [memberOrFiller(before, key, type), memberOrFiller(after, key, type)];
    compare(x, y, memberType(type, key) ?? DEDUCED, [...path, fieldElement(key)], into);
  }
}

/** Items that stand in a list more than once are owned together. */
function compareItems(
  before: unknown,
  after: unknown,
  type: ListSchema,
  path: FieldPath,
  into: GrowingComparison,
): void {
  const [olds, news] = [itemsByElement(before, type), itemsByElement(after, type)];
  for (const element of new Set([...olds.keys(), ...news.keys()])) {
    const inner = [...path, element];
    const [old = [], now = []] = [olds.get(element), news.get(element)];
    if (old.length <= 1 && now.length <= 1) compare(old[0], now[0], type.items, inner, into);
    else if (old.length > 1 && now.length > 1) {
      if (!sameJson(old, now)) insertPath(into.modified, inner);
    } else if (old.length > 1) {
      if (now.length > 0) compare(undefined, now[0], type.items, inner, into);
      insertPath(into.removed, inner);
    } else {
      if (old.length > 0) compare(old[0], undefined, type.items, inner, into);
      insertPath(into.added, inner);
    }
  }
}
