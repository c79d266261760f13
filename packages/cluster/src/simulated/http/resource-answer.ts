/** Answers to requests for resources, by verb. */
import { entryOf } from '../../model/unknown-json.ts';
import { apiError, type ApiError } from '../api/api-error.ts';
import type { ApiServer } from '../api/api-server.ts';
import { answer, textAnswer } from './answer.ts';
import { readObject } from './body.ts';
import type { Call, Served } from './call.ts';
import { subresourceVerbs } from './discovery.ts';
import { formOf } from './negotiation.ts';
import { deleteOptions } from './options.ts';
import { patch } from './patches.ts';
import { listOptions, openWatch } from './reads.ts';
import { eventAs, listAs, objectAs, surfaceOf, type Surface } from './representation.ts';
import type { ServedResources } from './served-resources.ts';
import { SUBRESOURCES, type SubresourceParts } from './subresources.ts';
import { watchAnswer } from './watch-answer.ts';
import { create, remove, update, type Outcome } from './writes.ts';

/** What requests for resources need. */
export interface ResourceParts extends SubresourceParts {
  readonly resources: ServedResources;
}

/** @throws ApiError */
export async function answerResource(parts: ResourceParts, call: Call): Promise<Response> {
  const { group, version, resource, namespace, name, verb } = call.target;
  const { resources } = parts;
  const virtual = resources.virtual(group, version, resource);
  if (virtual !== undefined) {
    const handle = virtual.verbs[verb];
    if (handle === undefined) throw methodNotAllowed();
    return handle(call);
  }
  const served = resources.kept(group, version, resource);
  if (served === undefined) {
    if (resources.hasVersion(group, version)) throw unknownResource();
    return textAnswer('404 page not found\n', 404);
  }
  const { namespaced } = served.type;
  if (
    namespaced
      ? name !== '' && namespace === '' && verb !== 'list' && verb !== 'watch'
      : namespace !== '' && resource !== 'namespaces'
  )
    throw unknownResource();
  // Of namespaces themselves the address says the name twice.
  return onKept(parts, served, namespaced ? call : { ...call, target: { ...call.target, namespace: '' } });
}

async function onKept(parts: ResourceParts, served: Served, call: Call): Promise<Response> {
  const { verb, subresource, name } = call.target;
  if (subresource !== '') {
    if (!served.type.subresources.includes(subresource)) throw unknownResource();
    if (!subresourceVerbs(subresource).includes(verb)) throw methodNotAllowed();
    const handle = SUBRESOURCES[`${subresource} ${verb}`];
    if (handle !== undefined) return handle(parts, served, call);
  }
  // What the collection has verbs for is not what its objects have.
  const isCreate = verb === 'create' && (name !== '' || (served.type.namespaced && call.target.namespace === ''));
  const answers = entryOf(ANSWERS, verb);
  if (answers === undefined || isCreate || (subresource === '' && !served.type.verbs.includes(verb)))
    throw methodNotAllowed();
  const { request, url } = call;
  const isList = verb === 'list' || verb === 'deletecollection';
  const form = formOf(request.headers, url.searchParams, isList ? 'list' : 'object');
  return answers(parts.api, surfaceOf(parts.api.store, served, form, call, parts.api.clock.now), call);
}

type Answers = (api: ApiServer, surface: Surface, call: Call) => Response | Promise<Response>;

const ANSWERS: Readonly<Record<string, Answers>> = {
  get: (api, surface, { target }) =>
    answer(objectAs(surface, api.get(surface.served.stored, target.namespace, target.name)), surface.form),
  list: (api, surface, call) =>
    answer(listAs(surface, api.list(surface.served.stored, listOptions(call))), surface.form),
  watch: (api, surface, call) => {
    const watch = openWatch(api, surface.served, call);
    return watchAnswer(watch, (event, isFirst) => eventAs({ ...surface, now: api.clock.now }, event, isFirst));
  },
  create: writing(create),
  update: writing(update),
  patch: writing(patch),
  delete: writing(remove),
  deletecollection: async (api, surface, call) => {
    const options = deleteOptions(call, await readObject(call.request, 'DeleteOptions'));
    return answer(
      listAs(surface, api.deleteCollection(surface.served.stored, listOptions(call), options)),
      surface.form,
    );
  },
};

function writing(write: (api: ApiServer, served: Served, call: Call) => Promise<Outcome>): Answers {
  return async (api, surface, call) => {
    const { object, code } = await write(api, surface.served, call);
    return answer(object.kind === 'Status' ? object : objectAs(surface, object), surface.form, code);
  };
}

/** An address below a version that is served, which names nothing. */
function unknownResource(): ApiError {
  return apiError(404, 'NotFound', 'the server could not find the requested resource', {});
}

function methodNotAllowed(): ApiError {
  return apiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}
