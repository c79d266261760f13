/**
 * Strategic merge patches: lists merge by the key that the field's type declares, and directives say what a merge cannot.
 * Source: https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/,
 * `k8s.io/apimachinery/pkg/util/strategicpatch`, the design proposals `cli/preserve-order-in-strategic-merge-patch` and `api-machinery/strategic-merge-patch`.
 */
import { ANY, memberType, type PatchStrategy, type TypeSchema } from '../schema/field-schema.ts';
import { goText, isFields, isList, type Fields } from './json.ts';
import { deleteItems, inOrder, mergedScalars, placesOf } from './merge-lists.ts';
import { StrategicMergeError } from './strategic-merge-error.ts';

const DIRECTIVE = '$patch';
const RETAIN_KEYS = '$retainKeys';
const DELETE_FROM_LIST = '$deleteFromPrimitiveList/';
const ELEMENT_ORDER = '$setElementOrder/';

/** `original` changed as `patch` says; neither is written to. */
export function strategicMerged(original: Fields, patch: Fields, type: TypeSchema): Fields {
  const directive = patch[DIRECTIVE];
  if (directive === 'replace') return without(patch, DIRECTIVE);
  if (directive === 'delete') return {};
  if (directive !== undefined)
    throw new StrategicMergeError('other', `unknown patch type: ${goText(directive)} in map: ${goText(patch)}`);
  const result = retained(original, patch);
  const done = mergeOrderedLists(result, patch, type);
  for (const [key, value] of Object.entries(patch)) {
    if (key === RETAIN_KEYS || key.startsWith(ELEMENT_ORDER) || done.has(key)) continue;
    if (key.startsWith(DELETE_FROM_LIST)) deleteFrom(result, key.slice(DELETE_FROM_LIST.length), value);
    else mergeField(result, key, value, type);
  }
  return Object.fromEntries(result);
}

function mergeField(result: Map<string, unknown>, key: string, value: unknown, type: TypeSchema): void {
  const before = result.get(key);
  if (value === null) result.delete(key);
  else if (isFields(value) && isFields(before))
    result.set(
      key,
      strategyOf(type, key).replace ? value : strategicMerged(before, value, memberType(type, key) ?? ANY),
    );
  else if (isList(value) && isList(before))
    result.set(key, strategyOf(type, key).merge ? mergedLists(before, value, type, key) : value);
  else {
    const kept = withoutDirectives(withoutNulls(value));
    if (kept === undefined) result.delete(key);
    else result.set(key, kept);
  }
}

/** Only what `$retainKeys` lists stays. */
function retained(original: Fields, patch: Fields): Map<string, unknown> {
  const keys = patch[RETAIN_KEYS];
  if (keys === undefined) return new Map(Object.entries(original));
  const invalid = () => new StrategicMergeError('format', 'invalid patch format of retainKeys');
  if (!isList(keys)) throw invalid();
  for (const [key, value] of Object.entries(patch)) {
    const isDirective = key === RETAIN_KEYS || key.startsWith(DELETE_FROM_LIST) || key.startsWith(ELEMENT_ORDER);
    if (value !== null && !isDirective && !keys.includes(key)) throw invalid();
  }
  return new Map(Object.entries(original).filter(([key]) => keys.includes(key)));
}

function deleteFrom(result: Map<string, unknown>, key: string, gone: unknown): void {
  const list = result.get(key);
  if (!isList(list) || !isList(gone)) return;
  const removed = new Set(gone);
  result.set(
    key,
    list.filter((item) => !removed.has(item)),
  );
}

/** Lists with a wanted order, together with what else the patch says of them. Returns the keys that are done with. */
function mergeOrderedLists(result: Map<string, unknown>, patch: Fields, type: TypeSchema): ReadonlySet<string> {
  const done = new Set<string>();
  for (const [directive, order] of Object.entries(patch)) {
    if (!directive.startsWith(ELEMENT_ORDER)) continue;
    const key = directive.slice(ELEMENT_ORDER.length);
    if (!isList(order)) throw new StrategicMergeError('format', 'invalid patch format of setElementOrder list');
    const [before, wanted] = [result.get(key), patch[key]];
    const { mergeKey } = strategyOf(type, key);
    if (isList(wanted)) checkOrder(wanted, order, mergeKey);
    const merged =
      isList(before) && isList(wanted) ? mergedLists(before, wanted, type, key) : (before ?? withoutDirectives(wanted));
    if (!isList(merged)) continue;
    if (![before, wanted].some((list) => isList(list) && list.length > 0))
      throw new StrategicMergeError('other', 'no elements in any of the given slices');
    result.set(key, inOrder(merged, order, serverOrder(before, merged, mergeKey), mergeKey));
    if (wanted !== undefined) done.add(key);
  }
  return done;
}

/** The list as the server had it; new items stand in the places of deleted ones, since the API server reuses these. */
function serverOrder(before: unknown, merged: readonly unknown[], mergeKey: string): readonly unknown[] {
  if (!isList(before)) return [];
  const identity = (item: unknown) => (mergeKey !== '' && isFields(item) ? item[mergeKey] : item);
  const [left, known] = [new Set(merged.map(identity)), new Set(before.map(identity))];
  const kept = before.filter((item) => left.has(identity(item)));
  const added = merged.filter((item) => !known.has(identity(item)));
  return [...kept, ...added].slice(0, before.length);
}

/** What the patch merges into a list must stand in the order it wants. */
function checkOrder(wanted: readonly unknown[], order: readonly unknown[], mergeKey: string): void {
  const identity = (item: unknown) => (mergeKey === '' ? item : (item as Fields)[mergeKey]);
  const items = wanted.filter((item) => !isFields(item) || item[DIRECTIVE] === undefined);
  if (items.length === 0 || order.length === 0) return;
  for (const item of items) if (isFields(item)) checkItem(item, mergeKey);
  let at = 0;
  for (const item of order) if (at < items.length && identity(items[at]) === identity(item)) at++;
  if (at < items.length)
    throw new StrategicMergeError(
      'other',
      `The order in patch list:\n${goText(wanted)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`,
    );
}

function mergedLists(
  before: readonly unknown[],
  patch: readonly unknown[],
  type: TypeSchema,
  key: string,
): readonly unknown[] {
  const { mergeKey } = strategyOf(type, key);
  if (![...before, ...patch].some(isFields)) return mergedScalars(before, patch);
  if (mergeKey === '') throw new StrategicMergeError('other', `cannot merge lists without merge key for ${key}`);
  const list = memberType(type, key);
  return mergedMaps(
    before as readonly Fields[],
    patch as readonly Fields[],
    mergeKey,
    list?.is === 'list' ? list.items : ANY,
  );
}

function mergedMaps(
  before: readonly Fields[],
  patch: readonly Fields[],
  mergeKey: string,
  items: TypeSchema,
): readonly unknown[] {
  const plain = patch.filter((item) => item[DIRECTIVE] === undefined);
  for (const item of patch) checkItem(item, mergeKey);
  if (patch.some((item) => item[DIRECTIVE] === 'replace')) return plain;
  const deleted = patch.filter((item) => item[DIRECTIVE] === 'delete').map((item) => item[mergeKey]);
  const merged: Fields[] = [...deleteItems(before, mergeKey, new Set(deleted))];
  const places = placesOf(merged, mergeKey);
  for (const item of plain) {
    const at = places.get(item[mergeKey]);
    if (at === undefined) places.set(item[mergeKey], merged.push(item) - 1);
    else merged[at] = strategicMerged(merged[at] as Fields, item, items);
  }
  return inOrder(merged, plain, before, mergeKey);
}

function checkItem(item: Fields, mergeKey: string): void {
  const directive = item[DIRECTIVE];
  if (directive === 'merge')
    throw new StrategicMergeError('other', 'merging lists cannot yet be specified in the patch');
  if (directive !== undefined && directive !== 'delete' && directive !== 'replace')
    throw new StrategicMergeError('other', `unknown patch type: ${goText(directive)} in map: ${goText(item)}`);
  if (directive !== 'replace' && item[mergeKey] === undefined)
    throw new StrategicMergeError('other', `map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
}

const PLAIN: PatchStrategy = { merge: false, retainKeys: false, replace: false, mergeKey: '' };

function strategyOf(type: TypeSchema, key: string): PatchStrategy {
  return (type.is === 'struct' ? type.fields.get(key)?.patch : undefined) ?? PLAIN;
}

/** What is taken over as it is holds no directives; `undefined` where all of it is one. */
function withoutDirectives(value: unknown): unknown {
  if (isList(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isFields(value)) return value;
  if (value[DIRECTIVE] !== undefined) return undefined;
  const members = Object.entries(value).map(([key, member]) => [key, withoutDirectives(member)] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}

function withoutNulls(value: unknown): unknown {
  if (isList(value)) return value.map(withoutNulls);
  if (!isFields(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNulls(member)]));
}

function without(fields: Fields, gone: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== gone));
}
