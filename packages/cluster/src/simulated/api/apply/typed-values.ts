/**
 * Objects put together from others, and objects without some fields.
 * Source: `sigs.k8s.io/structured-merge-diff/typed`, `merge.go` and `remove.go`.
 */
import { isFields, isList } from '../patch/json.ts';
import { DEDUCED, memberType, type ListSchema, type TypeSchema } from '../schema/field-schema.ts';
import type { FieldSet } from './field-set.ts';
import { fieldElement, itemElement } from './path-element.ts';
import { formOf, isBare, itemsByElement } from './value-form.ts';

/** `base` with everything that `over` says; `undefined` where nothing is left. */
export function mergedValue(base: unknown, over: unknown, type: TypeSchema): unknown {
  const form = formOf(type, base, over);
  if (form === 'leaf' || (isBare(base) && isBare(over))) return over === undefined ? base : over;
  return form === 'map' ? mergedMembers(base, over, type) : mergedItems(base, over, type as ListSchema);
}

function mergedMembers(base: unknown, over: unknown, type: TypeSchema): unknown {
  if (!isFields(over)) return base;
  const result = new Map(isFields(base) ? Object.entries(base) : []);
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const merged = mergedValue(result.get(key), value, memberType(type, key) ?? DEDUCED);
    if (merged === undefined) result.delete(key);
    else result.set(key, merged);
  }
  return result.size === 0 ? undefined : Object.fromEntries(result);
}

/** Items of `over` in its order; those that only `base` has stay behind what they stood behind. */
function mergedItems(base: unknown, over: unknown, type: ListSchema): unknown {
  const own = (isList(base) ? base : []).map((item) => ({ item, element: itemElement(item, type) ?? '' }));
  const baseItems = itemsByElement(base, type);
  const overItems = itemsByElement(over, type);
  const shared = [...overItems.keys()].filter((element) => baseItems.has(element));
  const result: unknown[] = [];
  let at = 0;
  /** Passes items of `base`: up to the next shared one, which `over` still has to come to. */
  const pass = (next: string | undefined) => {
    for (; at < own.length && own[at]?.element !== next; at++)
      if (!overItems.has(own[at]?.element ?? '')) result.push(own[at]?.item);
  };
  for (const [element, [item]] of overItems) {
    pass(shared[0]);
    const same = baseItems.get(element) ?? [];
    // Which of several items of one key is meant cannot be told.
    const merged = mergedValue(same.length === 1 ? same[0] : undefined, item, type.items);
    if (merged !== undefined) result.push(merged);
    if (element !== shared[0]) continue;
    shared.shift();
    at++;
  }
  pass(undefined);
  return result.length === 0 ? undefined : result;
}

/** `value` without the fields and items of `gone`; `undefined` where nothing is left. */
export function withoutPaths(value: unknown, gone: FieldSet, type: TypeSchema): unknown {
  const form = formOf(type, value);
  if (form === 'map' && isFields(value)) return withoutMembers(value, gone, type);
  if (form === 'list' && isList(value)) return withoutItems(value, gone, type as ListSchema);
  return type.is === 'scalar' || type.is === 'any' ? value : undefined;
}

function withoutMembers(value: Readonly<Record<string, unknown>>, gone: FieldSet, type: TypeSchema): unknown {
  const kept = Object.entries(value).flatMap(([key, member]) => {
    const element = fieldElement(key);
    if (gone.members.has(element)) return [];
    const below = gone.children.get(element);
    const rest = below === undefined ? member : withoutPaths(member, below, memberType(type, key) ?? DEDUCED);
    return rest === undefined ? [] : [[key, rest] as const];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function withoutItems(value: readonly unknown[], gone: FieldSet, type: ListSchema): unknown {
  const kept = value.flatMap((item) => {
    const element = itemElement(item, type) ?? '';
    if (gone.members.has(element)) return [];
    const below = gone.children.get(element);
    const rest = below === undefined ? item : withoutPaths(item, below, type.items);
    return rest === undefined ? [] : [rest];
  });
  return kept.length === 0 ? undefined : kept;
}
