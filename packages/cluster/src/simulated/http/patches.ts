/** Patches over HTTP. Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-update */
import type { KubeObject } from '../../model/kube-object.ts';
import { entryOf, type Json } from '../../model/unknown-json.ts';
import { invalid } from '../api/api-error.ts';
import type { ApiServer } from '../api/api-server.ts';
import { PATCH_KINDS, patchOf, type Patch } from '../api/patch/patch.ts';
import type { WriteOptions } from '../api/request.ts';
import { apiVersionOf } from '../api/resource-type.ts';
import { patchedObject } from '../api/patch/patched-object.ts';
import { parseJson, parseYaml, readText } from './body.ts';
import type { Call, Served } from './call.ts';
import { contentType, unsupportedMediaType } from './negotiation.ts';
import { fieldValidation, writeOptions } from './options.ts';
import type { Outcome } from './writes.ts';

/** `PATCH` of an object or one of its parts. @throws ApiError */
export async function patch(api: ApiServer, served: Served, call: Call): Promise<Outcome> {
  const wanted = await readPatch(call, served.type.kind);
  const options = writeOptions(call, 'PatchOptions');
  const { namespace, name } = call.target;
  if (wanted.kind === 'apply') return apply(api, served, call, wanted.configuration, options);
  if (call.url.searchParams.has('force')) throw forceForbidden();
  if (served.type === served.stored) return done(api.patch(served.stored, namespace, name, wanted, options));
  const validation = { directive: fieldValidation(call.url), warn: call.warn };
  const change = (object: KubeObject) =>
    served.toStored(patchedObject(served.type, served.toServed(object), wanted, validation));
  return done(api.change(served.stored, namespace, name, change, options));
}

/** Without `fieldManager` in the query nobody applies; the name of the program does not count here. */
function apply(api: ApiServer, served: Served, call: Call, configuration: Json, options: WriteOptions): Outcome {
  const { namespace, name } = call.target;
  // Versions of built-in kinds differ in their fields, so that what was left out of one cannot be told from what another lacks.
  if (served.type !== served.stored && served.stored.isCustom !== true)
    throw unsupportedMediaType(Object.keys(PATCH_KINDS).join(', '));
  const query = call.url.searchParams;
  const isNew = api.store.get(served.stored, namespace, name) === undefined;
  const fieldManager = query.get('fieldManager') ?? '';
  const force = query.get('force') === 'true';
  const { apiVersion = '' } = configuration;
  const isServed = apiVersion === apiVersionOf(served.type);
  const stored = isServed ? { ...configuration, apiVersion: apiVersionOf(served.stored) } : configuration;
  const object = api.apply(served.stored, namespace, name, stored, { ...options, fieldManager, force });
  return { object, code: isNew ? 201 : 200 };
}

/** Source: `k8s.io/apimachinery/pkg/apis/meta/v1/validation`, `ValidatePatchOptions`. */
function forceForbidden() {
  const about = { group: 'meta.k8s.io', kind: 'PatchOptions', plural: '' };
  const detail = 'may not be specified for non-apply patch';
  return invalid(about, '', [{ type: 'FieldValueForbidden', field: 'force', detail }]);
}

function done(object: KubeObject): Outcome {
  return { object, code: 200 };
}

/** The patch in a body, by its content type. @throws ApiError 400, 413, 415 */
export async function readPatch({ request }: Call, kind: string): Promise<Patch> {
  const type = contentType(request.headers);
  const known = entryOf(PATCH_KINDS, type);
  if (known === undefined) throw unsupportedMediaType(Object.keys(PATCH_KINDS).join(', '));
  const text = await readText(request);
  return patchOf(known, known === 'apply' ? parseYaml(text, kind) : parseJson(text, kind));
}
