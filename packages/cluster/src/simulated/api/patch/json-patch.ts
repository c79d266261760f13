/**
 * JSON patches. Source: RFC 6902; where it leaves room, or the API server does otherwise, `gopkg.in/evanphx/json-patch.v4`:
 * negative indices count from the end, and `replace` of a key that is not there adds it.
 */
import { sameJson } from '../../../snapshot/diff.ts';
import { isFields, isList, type Fields } from './json.ts';

/** One step; what may be missing is refused when its turn comes. */
export interface JsonPatchOperation {
  readonly op?: string;
  /** JSON pointer. */
  readonly path?: string;
  /** Of `move` and `copy`. */
  readonly from?: string | undefined;
  readonly value?: unknown;
}

/** Thrown where a step does not apply; says which. */
export class JsonPatchError extends Error {}

type Change = (holder: unknown, key: string) => unknown;

/** What all copies of a patch may hold together, in letters of JSON; a few that copy copies would hold any amount. */
const MOST_COPIED = 3 * 1024 * 1024;
/** Deeper than any object that may be sent. */
const MOST_LEVELS = 256;

/** `document` after all steps, in order; parts that no step touches are shared. @throws JsonPatchError */
export function jsonPatched(document: unknown, operations: readonly JsonPatchOperation[]): unknown {
  let copied = 0;
  return operations.reduce((current: unknown, operation) => {
    if (operation.op === 'copy') copied += JSON.stringify(found(current, operation.from ?? '', 'copy') ?? null).length;
    if (copied > MOST_COPIED)
      throw new JsonPatchError(`the copies hold ${copied} letters, more than the ${MOST_COPIED} allowed`);
    return applied(current, operation);
  }, document);
}

function applied(document: unknown, operation: JsonPatchOperation): unknown {
  const { op = '', path, from = '', value } = operation;
  if (path === undefined) throw new JsonPatchError(`${op} operation failed to decode path: missing value`);
  switch (op) {
    case 'add':
      return changed(document, path, op, (holder, key) => withAdded(holder, key, value));
    case 'remove':
      return changed(document, path, op, withRemoved);
    case 'replace':
      return path === ''
        ? replacedWhole(value)
        : changed(document, path, op, (holder, key) => withReplaced(holder, key, value));
    case 'move': {
      const moved = found(document, from, op);
      const rest = changed(document, from, op, withRemoved);
      return changed(rest, path, op, (holder, key) => withAdded(holder, key, moved));
    }
    case 'copy': {
      const copied = found(document, from, op);
      return changed(document, path, op, (holder, key) => withAdded(holder, key, copied));
    }
    case 'test':
      if (sameJson((path === '' ? document : found(document, path, op)) ?? null, value ?? null)) return document;
      throw new JsonPatchError(`testing value ${path} failed: test failed`);
    default:
      throw new JsonPatchError(`Unexpected kind: ${op}`);
  }
}

function replacedWhole(value: unknown): unknown {
  if (isFields(value) || isList(value)) return value;
  throw new JsonPatchError('replace operation value must be object or array');
}

function keysOf(path: string): readonly string[] {
  const keys = path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (keys.length > MOST_LEVELS || keys.includes('__proto__'))
    throw new JsonPatchError(`no field has the path ${path}`);
  return keys;
}

/** Copies the objects and lists on the way to `path`, and changes the last of them. */
function changed(document: unknown, path: string, op: string, change: Change): unknown {
  const keys = keysOf(path);
  const missing = () =>
    new JsonPatchError(`${op} operation does not apply: doc is missing path: "${path}": missing value`);
  if (keys.length === 0) throw missing();
  const descend = (holder: unknown, depth: number): unknown => {
    const key = keys[depth] as string;
    if (!isFields(holder) && !isList(holder)) throw missing();
    if (depth === keys.length - 1) return change(holder, key);
    const inner = descend(memberOf(holder, key), depth + 1);
    return isList(holder) ? holder.with(indexIn(holder, key), inner) : { ...holder, [key]: inner };
  };
  return descend(document, 0);
}

function found(document: unknown, path: string, op: string): unknown {
  let value = document;
  for (const key of keysOf(path)) {
    if (!isFields(value) && !isList(value))
      throw new JsonPatchError(`${op} operation does not apply: doc is missing path: "${path}": missing value`);
    value = memberOf(value, key);
  }
  return value;
}

function memberOf(holder: unknown, key: string): unknown {
  if (isList(holder)) return holder[indexIn(holder, key)];
  return isFields(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined;
}

/** Index of an item that is there, or of the place after the last one where `end` is 1. */
function indexIn(list: readonly unknown[], key: string, end = 0): number {
  const index = /^-?\d+$/.test(key) ? Number(key) : Number.NaN;
  const size = list.length + end;
  if (Number.isNaN(index)) throw new JsonPatchError(`value was not a proper array index: '${key}'`);
  if (index >= size || index < -size)
    throw new JsonPatchError(`Unable to access invalid index: ${index}: invalid index referenced`);
  return index < 0 ? index + size : index;
}

function withAdded(holder: unknown, key: string, value: unknown): unknown {
  if (!isList(holder)) return { ...(holder as object), [key]: value ?? null };
  return key === '-' ? [...holder, value] : holder.toSpliced(indexIn(holder, key, 1), 0, value);
}

function withReplaced(holder: unknown, key: string, value: unknown): unknown {
  return isList(holder) ? holder.with(indexIn(holder, key), value) : { ...(holder as object), [key]: value ?? null };
}

function withRemoved(holder: unknown, key: string): unknown {
  if (isList(holder)) return holder.toSpliced(indexIn(holder, key), 1);
  if (memberOf(holder, key) === undefined)
    throw new JsonPatchError(`Unable to remove nonexistent key: ${key}: missing value`);
  return Object.fromEntries(Object.entries(holder as Fields).filter(([field]) => field !== key));
}
