/** Answers to requests for resources, by verb. */
import { apiError, type ApiError } from '../api/api-error.ts';
import type { ApiServer } from '../api/api-server.ts';
import { answer, textAnswer } from './answer.ts';
import type { Call, Served } from './call.ts';
import { formOf } from './negotiation.ts';
import { listEnvelope, listItem } from './reads.ts';
import type { ServedResources } from './served-resources.ts';
import { create, remove, update, type Outcome } from './writes.ts';

/** @throws ApiError */
export async function answerResource(api: ApiServer, resources: ServedResources, call: Call): Promise<Response> {
  const { group, version, resource, namespace, name, verb } = call.target;
  const virtual = resources.virtual(group, version, resource);
  if (virtual !== undefined) {
    const handle = virtual.verbs[verb];
    if (handle === undefined) throw methodNotAllowed();
    return handle(call);
  }
  const served = resources.kept(group, version, resource);
  if (served === undefined)
    return resources.hasVersion(group, version)
      ? Promise.reject(unknownResource())
      : textAnswer('404 page not found\n', 404);
  if (served.type.namespaced ? name !== '' && namespace === '' : namespace !== '' && resource !== 'namespaces')
    throw unknownResource();
  // Of namespaces themselves the address says the name twice.
  return onKept(api, served, served.type.namespaced ? call : { ...call, target: { ...call.target, namespace: '' } });
}

async function onKept(api: ApiServer, served: Served, call: Call): Promise<Response> {
  const { verb, namespace, name, subresource } = call.target;
  const form = formOf(call.request.headers, call.url.searchParams, verb === 'list' ? 'list' : 'object');
  if (subresource !== '' && !served.type.subresources.includes(subresource)) throw unknownResource();
  if (verb === 'get') return answer(served.toServed(api.get(served.stored, namespace, name)), form);
  if (verb === 'list') {
    const scope = served.type.namespaced && namespace !== '' ? namespace : undefined;
    const items = [...api.store.list(served.stored, scope)].map((object) => listItem(served.toServed(object), false));
    return answer({ ...listEnvelope(served.type, { resourceVersion: String(api.store.revision) }), items }, form);
  }
  const write = WRITES[verb];
  if (write === undefined || (verb === 'create' && (name !== '' || (served.type.namespaced && namespace === ''))))
    throw methodNotAllowed();
  const { object, code } = await write(api, served, call);
  return answer(object, form, code);
}

const WRITES: Readonly<Record<string, (api: ApiServer, served: Served, call: Call) => Promise<Outcome>>> = {
  create,
  update,
  delete: remove,
};

/** An address below a version that is served, which names nothing. */
export function unknownResource(): ApiError {
  return apiError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function methodNotAllowed(): ApiError {
  return apiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}
