/** Create, update and delete over HTTP. */
import type { KubeObject, ObjectMeta } from '../../model/kube-object.ts';
import { isRecord, type Json } from '../../model/unknown-json.ts';
import { badRequest } from '../api/api-error.ts';
import type { ApiServer } from '../api/api-server.ts';
import { apiVersionOf } from '../api/resource-type.ts';
import { decodedObject } from '../api/schema/field-validation.ts';
import { readObject } from './body.ts';
import type { Call, Served } from './call.ts';
import { deleteOptions, fieldValidation, writeOptions } from './options.ts';

/** What an operation gives back: an object and the code of its answer. */
export interface Outcome {
  /** As it is kept. */
  readonly object: KubeObject;
  readonly code: number;
}

/** `POST` to a collection. @throws ApiError */
export async function create(api: ApiServer, served: Served, call: Call): Promise<Outcome> {
  const options = writeOptions(call, 'CreateOptions');
  const body = await objectOf(call, served);
  const object = api.create(served.stored, served.toStored(inNamespace(body, call.target.namespace)), options);
  return { object, code: 201 };
}

/** `PUT` of an object or one of its parts. @throws ApiError */
export async function update(api: ApiServer, served: Served, call: Call): Promise<Outcome> {
  const options = writeOptions(call, 'UpdateOptions');
  const body = inNamespace(await objectOf(call, served), call.target.namespace);
  const { name } = call.target;
  const given = (body.metadata as Partial<ObjectMeta>).name ?? '';
  if (given === '') throw badRequest('name must be provided');
  if (given !== name)
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  const isNew = api.store.get(served.stored, call.target.namespace, name) === undefined;
  return { object: api.update(served.stored, served.toStored(body), options), code: isNew ? 201 : 200 };
}

/**
 * The object in a body, of the type that the address names. Fields that say so may be missing.
 * @throws ApiError 400, 413, 415
 */
export async function objectOf(call: Call, { type }: Pick<Served, 'type'>): Promise<KubeObject> {
  let duplicates: readonly string[] = [];
  const body = (await readObject(call.request, type.kind, (found) => void (duplicates = found))) ?? {};
  const apiVersion = body['apiVersion'] ?? apiVersionOf(type);
  const kind = body['kind'] ?? type.kind;
  if (kind !== type.kind)
    throw badRequest(
      `${String(kind)} in version ${JSON.stringify(versionOf(String(apiVersion)))} cannot be handled as a ${type.kind}: no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersionOf(type))}`,
    );
  if (apiVersion !== apiVersionOf(type))
    throw badRequest(
      `the API version in the data (${String(apiVersion)}) does not match the expected API version (${apiVersionOf(type)})`,
    );
  const validation = { directive: fieldValidation(call.url), warn: call.warn, duplicates };
  const object = decodedObject(type, { ...body, apiVersion, kind }, validation);
  return { ...object, metadata: isRecord(object['metadata']) ? object['metadata'] : {} } as unknown as KubeObject;
}

function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}

/** The address says the namespace; the object may say the same or nothing. */
export function inNamespace(object: KubeObject, namespace: string): KubeObject {
  const said = object.metadata.namespace ?? '';
  if (said !== '' && said !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  if (namespace === '' || said === namespace) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}

/** Kinds whose deletion answers the object as it was, where most answer a Status. Source: `ReturnDeletedObject` in `pkg/registry`. */
const RETURNS_OBJECT: ReadonlySet<string> = new Set([
  '/pods',
  '/podtemplates',
  '/services',
  '/serviceaccounts',
  '/resourcequotas',
  '/persistentvolumes',
  '/persistentvolumeclaims',
  'policy/podsecuritypolicies',
  'storage.k8s.io/csidrivers',
  'storage.k8s.io/csinodes',
  'storage.k8s.io/storageclasses',
  'storage.k8s.io/volumeattachments',
  'scheduling.k8s.io/priorityclasses',
]);

/** `DELETE` of one object. @throws ApiError */
export async function remove(api: ApiServer, served: Served, call: Call): Promise<Outcome> {
  const { namespace, name } = call.target;
  const options = deleteOptions(call, await readObject(call.request, 'DeleteOptions'));
  const object = api.delete(served.stored, namespace, name, options);
  const { group, plural } = served.type;
  const remains = options.dryRun === true || api.store.byUid(object.metadata.uid ?? '') !== undefined;
  if (remains || RETURNS_OBJECT.has(`${group}/${plural}`)) return { object, code: 200 };
  return {
    object: success({ name, ...(group !== '' && { group }), kind: plural, uid: object.metadata.uid }),
    code: 200,
  };
}

/** `Status` of a success. */
export function success(details?: Json, code?: number): KubeObject {
  const status = {
    ...{ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' },
    ...(details !== undefined && { details }),
    ...(code !== undefined && { code }),
  };
  return status as unknown as KubeObject;
}
