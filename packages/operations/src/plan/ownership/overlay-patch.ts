/** A change as a strategic merge patch over the manifest that an object is applied from. */
import type { KubeObject } from '@aia/cluster';
import type { ObjectChange } from '../effects/changed-objects.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The patch as an object; the whole object where it is new. `undefined` where nothing changes. */
export function overlayPatch({ before, after }: ObjectChange): Fields | undefined {
  const known = before ?? after;
  if (known === undefined) return undefined;
  if (before === undefined) return after as unknown as Fields;
  const identity = identityOf(known);
  if (after === undefined) return { $patch: 'delete', ...identity };
  const changed = partOf(withoutServerFields(before), withoutServerFields(after));
  if (changed === undefined) return undefined;
  const { metadata, ...rest } = changed as { readonly metadata?: Fields } & Fields;
  return { ...identity, metadata: { ...(identity['metadata'] as Fields), ...metadata }, ...rest };
}

function identityOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): Fields {
  return { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
}

function withoutServerFields(object: KubeObject): Fields {
  const { metadata, ...rest } = object as unknown as { readonly metadata: Fields; readonly status?: unknown } & Fields;
  const { labels = {}, annotations = {} } = metadata;
  return Object.fromEntries(
    Object.entries({ ...rest, metadata: { labels, annotations } }).filter(([name]) => name !== 'status'),
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What differs; null for what is gone. */
function partOf(before: Fields, after: Fields): Fields | undefined {
  const parts: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[name], after[name]];
    if (JSON.stringify(was) === JSON.stringify(is)) continue;
    const part = is === undefined ? null : isFields(was) && isFields(is) ? partOf(was, is) : listPart(was, is);
    if (part !== undefined) parts[name] = part;
  }
  return Object.keys(parts).length === 0 ? undefined : parts;
}

/** Items that have names merge by them; other lists stand as a whole. */
function listPart(was: unknown, is: unknown): unknown {
  if (!Array.isArray(was) || !Array.isArray(is)) return is;
  const [before, after] = [byName(was), byName(is)];
  if (before === undefined || after === undefined) return is;
  const changed = [...after].flatMap(([name, item]) => {
    const old = before.get(name);
    const part = old === undefined ? item : partOf(old, item);
    return part === undefined ? [] : [{ name, ...part }];
  });
  const gone = [...before.keys()].filter((name) => !after.has(name)).map((name) => ({ name, $patch: 'delete' }));
  return [...changed, ...gone];
}

function byName(list: readonly unknown[]): ReadonlyMap<string, Fields> | undefined {
  const named = new Map<string, Fields>();
  for (const item of list) {
    if (!isFields(item) || typeof item['name'] !== 'string') return undefined;
    named.set(item['name'], item);
  }
  return named.size === list.length ? named : undefined;
}
