/**
 * Lists of objects as they are or were: ordered, selected, in pages that belong to one moment.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks and #resource-versions
 */
import type { KubeObject } from '../../model/kube-object.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { ApiError, apiError, badRequest, invalid, type FieldError } from './api-error.ts';
import { parseFieldSelector } from './field-selector.ts';
import { parseLabelSelector } from './label-selector.ts';
import { apiVersionOf, inVersion, type ResourceType } from './resource-type.ts';

/** Which objects. */
export interface Selection {
  /** Without it those of all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** Query parameters of a list, as the URL has them. */
export interface ListOptions extends Selection {
  readonly limit?: number;
  /** From the list before; the page after it is of the same moment. */
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
  readonly sendInitialEvents?: boolean;
}

/** `metav1.List`. */
export interface ObjectList<T extends KubeObject = KubeObject> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    /** Only without selectors, as etcd counts keys and not matches. */
    readonly remainingItemCount?: number;
  };
  readonly items: readonly T[];
}

/** Whether an object belongs to a selection. */
export type Match = (object: KubeObject) => boolean;

const LIST_OPTIONS = { group: 'meta.k8s.io', plural: 'listoptions', kind: 'ListOptions' };
const TOO_OLD = 'The resourceVersion for the provided list is too old.';
const CONTINUE_TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** @throws ApiError 400 for selectors that are none */
export function matchOf(type: ResourceType, { namespace, labelSelector = '', fieldSelector = '' }: Selection): Match {
  const matchesLabels = parseLabelSelector(labelSelector);
  const matchesFields = parseFieldSelector(fieldSelector, type);
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    matchesLabels(object.metadata.labels) &&
    matchesFields(object);
}

/**
 * Objects of a type by namespace and name, in pages where a limit is given.
 * @throws ApiError 400 for selectors or tokens that are none, 410 where the moment is forgotten, 422 for options that contradict each other,
 * 504 for a revision that is not there yet
 */
export function listObjects<T extends KubeObject>(
  store: ObjectStore,
  type: ResourceType<T>,
  options: ListOptions = {},
): ObjectList<T> {
  checkListOptions(options);
  const match = matchOf(type, options);
  const start = startOf(store, options);
  const objects = objectsAt(store, type, options.namespace, start.revision).filter(({ key }) => key >= start.key);
  // Revision 0 is answered from a cache that knows no pages.
  const limit = options.resourceVersion === '0' || options.limit === undefined ? 0 : options.limit;
  const page = pageOf(type, objects, match, limit);
  const hasSelector = (options.labelSelector ?? '') !== '' || (options.fieldSelector ?? '') !== '';
  const rest = objects.length - page.scanned;
  const more = {
    ...(rest > 0 ? { continue: tokenOf(start.revision, `${page.lastKey}\0`) } : {}),
    ...(rest > 0 && !hasSelector ? { remainingItemCount: rest } : {}),
  };
  return {
    apiVersion: apiVersionOf(type),
    kind: `${type.kind}List`,
    metadata: { resourceVersion: String(start.revision), ...more },
    items: page.items,
  };
}

interface Keyed<T> {
  readonly key: string;
  readonly object: T;
}

function pageOf<T extends KubeObject>(
  type: ResourceType<T>,
  objects: readonly Keyed<T>[],
  match: Match,
  limit: number,
) {
  const items: T[] = [];
  let scanned = 0;
  for (const { object } of objects) {
    if (limit > 0 && items.length >= limit) break;
    scanned++;
    if (match(object)) items.push(inVersion(type, object));
  }
  return { items, scanned, lastKey: objects[scanned - 1]?.key ?? '' };
}

/** By the key that etcd has them under, at a revision that is not forgotten. */
function objectsAt<T extends KubeObject>(
  store: ObjectStore,
  type: ResourceType<T>,
  namespace: string | undefined,
  revision: number,
): readonly Keyed<T>[] {
  const objects = new Map<string, T>();
  for (const object of store.list(type, namespace)) objects.set(keyOf(object), object);
  const since = revision === store.revision ? [] : (store.changesAfter(revision) ?? []);
  for (const { type: changed, object, previous } of since.toReversed()) {
    if (changed.kind !== type.kind || changed.group !== type.group) continue;
    if (namespace !== undefined && object.metadata.namespace !== namespace) continue;
    if (previous === undefined) objects.delete(keyOf(object));
    else objects.set(keyOf(object), previous as T);
  }
  return [...objects]
    .map(([key, object]) => ({ key, object }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

function keyOf({ metadata: { namespace, name } }: KubeObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

interface Start {
  readonly revision: number;
  readonly key: string;
}

function startOf(store: ObjectStore, options: ListOptions): Start {
  if (options.continue !== undefined && options.continue !== '') return startOfPage(store, options.continue);
  const revision = revisionOf(options.resourceVersion);
  if (revision > store.revision) throw tooLargeRevision(revision, store.revision);
  const isExact = options.resourceVersionMatch === 'Exact';
  // With a limit and no other wish a revision is meant exactly.
  const isMeantExactly =
    isExact || ((options.limit ?? 0) > 0 && options.resourceVersionMatch === undefined && revision > 0);
  if (!isMeantExactly) return { revision: store.revision, key: '' };
  if (revision < store.oldestRevision) throw expired(TOO_OLD);
  return { revision, key: '' };
}

function startOfPage(store: ObjectStore, token: string): Start {
  const { rv, start } = readToken(token);
  if (rv === -1) return { revision: store.revision, key: start };
  if (rv >= store.oldestRevision) return { revision: rv, key: start };
  const { status } = expired(CONTINUE_TOO_OLD);
  throw new ApiError({ ...status, metadata: { continue: tokenOf(-1, start) } });
}

function tokenOf(revision: number, start: string): string {
  const text = btoa(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start }));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function readToken(token: string): { readonly rv: number; readonly start: string } {
  try {
    const { v, rv, start } = JSON.parse(atob(token.replaceAll('-', '+').replaceAll('_', '/'))) as Record<
      string,
      unknown
    >;
    if (v === 'meta.k8s.io/v1' && typeof rv === 'number' && typeof start === 'string') return { rv, start };
  } catch {
    // Said below.
  }
  throw badRequest('invalid continue token: continue key is not valid');
}

/** A `resourceVersion` as a number; nothing and `0` ask for none. */
export function revisionOf(resourceVersion = ''): number {
  if (resourceVersion === '') return 0;
  if (/^\d{1,20}$/.test(resourceVersion)) return Number(resourceVersion);
  throw badRequest(
    `resourceVersion: Invalid value: ${JSON.stringify(resourceVersion)}: strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`,
  );
}

function tooLargeRevision(revision: number, current: number): ApiError {
  return apiError(504, 'Timeout', `Timeout: Too large resource version: ${revision}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

/** 410: what is asked for is no longer known. */
export function expired(message: string): ApiError {
  return apiError(410, 'Expired', message);
}

function checkListOptions({ resourceVersionMatch: match, resourceVersion = '', ...options }: ListOptions): void {
  const hasContinue = (options.continue ?? '') !== '';
  if (hasContinue && resourceVersion !== '' && resourceVersion !== '0')
    throw badRequest('specifying resource version is not allowed when using continue');
  const errors: FieldError[] = [];
  const forbid = (field: string, detail: string) => errors.push({ type: 'FieldValueForbidden', field, detail });
  if (match !== undefined && match !== '') {
    const field = 'resourceVersionMatch';
    if (resourceVersion === '') forbid(field, `${field} is forbidden unless resourceVersion is provided`);
    if (hasContinue) forbid(field, `${field} is forbidden when continue is provided`);
    if (match !== 'Exact' && match !== 'NotOlderThan')
      errors.push({
        type: 'FieldValueNotSupported',
        field,
        value: match,
        detail: 'supported values: "Exact", "NotOlderThan", ""',
      });
    if (match === 'Exact' && resourceVersion === '0')
      forbid(field, `${field} "exact" is forbidden for resourceVersion "0"`);
  }
  if (options.sendInitialEvents !== undefined) forbid('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  if (errors.length > 0) throw invalid(LIST_OPTIONS, '', errors);
}

/** Of a watch. Source: `ValidateListOptions`. */
export function checkWatchOptions({ resourceVersionMatch: match, sendInitialEvents, ...options }: ListOptions): void {
  const errors: FieldError[] = [];
  const field = 'resourceVersionMatch';
  const forbid = (detail: string) => errors.push({ type: 'FieldValueForbidden', field, detail });
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan')
    forbid('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  if (match !== undefined && match !== '') {
    if (sendInitialEvents === undefined) forbid(`${field} is forbidden for watch unless sendInitialEvents is provided`);
    if (match !== 'NotOlderThan')
      errors.push({
        type: 'FieldValueNotSupported',
        field,
        value: match,
        detail: 'supported values: "NotOlderThan"',
      });
    if ((options.continue ?? '') !== '') forbid(`${field} is forbidden when continue is provided`);
  }
  if (errors.length > 0) throw invalid(LIST_OPTIONS, '', errors);
}
