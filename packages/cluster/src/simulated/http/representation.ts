/** Objects, lists and events in the form that was asked for: as they are, as a table, or with their metadata alone. */
import type { KubeObject } from '../../model/kube-object.ts';
import { badRequest } from '../api/api-error.ts';
import { BUILT_IN_TYPES } from '../api/built-in-types.ts';
import type { ObjectList } from '../api/list.ts';
import type { WatchEvent } from '../api/watch.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Call, Served } from './call.ts';
import type { Form } from './negotiation.ts';
import { partialObject, printerOf, tableOf, type IncludeObject } from './table/table.ts';

/** What representations are made from. */
export interface Surface {
  readonly store: ObjectStore;
  readonly served: Served;
  readonly form: Form;
  readonly includeObject: IncludeObject;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** @throws ApiError 400 for an `includeObject` that is none */
export function surfaceOf(store: ObjectStore, served: Served, form: Form, { url }: Call, now: number): Surface {
  const includeObject = url.searchParams.get('includeObject') ?? '';
  if (!['', 'None', 'Metadata', 'Object'].includes(includeObject))
    throw badRequest(`unrecognized includeObject value: ${JSON.stringify(includeObject)}`);
  return { store, served, form, includeObject: (includeObject || 'Metadata') as IncludeObject, now };
}

/** One object. */
export function objectAs(surface: Surface, object: KubeObject): unknown {
  const { served, form } = surface;
  if (form.as === undefined) return served.toServed(object);
  if (form.as !== 'Table') return partialObject(object);
  return table(surface, [object], { resourceVersion: object.metadata.resourceVersion });
}

/** A list. */
export function listAs(surface: Surface, { apiVersion, kind, metadata, items }: ObjectList): unknown {
  const { served, form } = surface;
  if (form.as === 'Table') return table(surface, items, metadata);
  if (form.as !== undefined)
    return {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      items: items.map((object) => partialObject(object)),
    };
  const isAsKept = served.type === served.stored;
  const own = isAsKept ? { kind, apiVersion } : listKind(served);
  return { ...own, metadata, items: items.map((object) => listItem(served.toServed(object))) };
}

function listKind({ type }: Served) {
  return { kind: `${type.kind}List`, apiVersion: type.group === '' ? type.version : `${type.group}/${type.version}` };
}

const BUILT_IN_GROUPS: ReadonlySet<string> = new Set(BUILT_IN_TYPES.map(({ group }) => group));

/** In lists of built-in kinds items do not say again what the list has said. */
function listItem(object: KubeObject): unknown {
  const [group = ''] = object.apiVersion.includes('/') ? object.apiVersion.split('/', 1) : [''];
  if (!BUILT_IN_GROUPS.has(group)) return object;
  const rest: Record<string, unknown> = { ...object };
  delete rest['apiVersion'];
  delete rest['kind'];
  return rest;
}

/** An event of a watch; `isFirst` for the one that tells the columns of tables. */
export function eventAs(surface: Surface, event: WatchEvent, isFirst: boolean): unknown {
  if (event.type === 'ERROR' || (event.type === 'BOOKMARK' && surface.form.as === undefined)) return event;
  const object = event.object as KubeObject;
  if (surface.form.as !== 'Table') return { type: event.type, object: objectAs(surface, object) };
  const metadata = { resourceVersion: object.metadata.resourceVersion };
  const rows = event.type === 'BOOKMARK' ? [] : [object];
  return { type: event.type, object: table(surface, rows, metadata, !isFirst) };
}

function table(surface: Surface, objects: readonly KubeObject[], metadata: object, withoutColumns = false): unknown {
  const { store, served, includeObject, now } = surface;
  // What rows show of objects is of their own version; cells are read from how they are kept.
  const made = tableOf(
    printerOf(served.stored, store),
    objects,
    { ...metadata },
    { includeObject, now, withoutColumns },
  );
  if (includeObject !== 'Object' || served.type === served.stored) return made;
  const rows = made.rows.map((row, at) => ({ ...row, object: served.toServed(objects[at] as KubeObject) }));
  return { ...made, rows };
}
