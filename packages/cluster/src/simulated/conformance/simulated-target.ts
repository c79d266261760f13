/** A simulated cluster as a target of conformance cases. */
import { groupOf } from '../../model/kube-object.ts';
import { ApiError } from '../api/api-error.ts';
import { apiVersionOf } from '../api/resource-type.ts';
import type { WatchOptions } from '../api/watch.ts';
import { createHandler, type Handler } from '../http/handler.ts';
import { HEALTHY, type Behaviours } from '../kubelet/behaviour.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';
import type { Answer, ApiRequest, ConformanceCase, ConformanceTarget } from './conformance-case.ts';

/** A new cluster for one case. */
export function simulatedTarget({ behaviours = {} }: Pick<ConformanceCase, 'behaviours'>): ConformanceTarget {
  const table: Behaviours = {
    container: ({ image }) => behaviours[image] ?? HEALTHY.container({} as never),
    image: (image) => behaviours[image] ?? HEALTHY.image(image),
  };
  const cluster = new SimulatedCluster({ seed: 'conformance', behaviours: table });
  const { clock } = cluster;
  const handle = createHandler(cluster);
  return {
    send: (request) => answerTo(cluster, handle, request),
    pass: async (ms) => clock.advance(ms),
    passSome: async (ms) => {
      const startAt = clock.now;
      // Everything that is due at one moment happens before anybody looks.
      clock.advanceTo(Math.min(clock.nextAt ?? Infinity, startAt + ms));
      return clock.now === startAt ? 1 : clock.now - startAt;
    },
    resourceOf: ({ apiVersion, kind }) => {
      const type = cluster.api.types.byKind(groupOf(apiVersion), kind);
      if (type === undefined) throw new Error(`no resource for ${apiVersion} ${kind}`);
      return { resource: `${apiVersion}/${type.plural}`, hasStatus: type.subresources.includes('status') };
    },
    addNode: async (node) => void cluster.kubelets.addNode(node),
  };
}

/** Over HTTP, as a real cluster is asked; only what a watch has seen so far is read beside it. */
async function answerTo(cluster: SimulatedCluster, handle: Handler, request: ApiRequest): Promise<Answer> {
  if (request.verb === 'watch') return watchSoFar(cluster, request);
  const response = await handle(httpRequest(request));
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return { code: response.status, body: isJson ? (JSON.parse(text) as unknown) : text };
}

const METHODS = {
  ...{ get: 'GET', list: 'GET', create: 'POST', update: 'PUT', patch: 'PATCH', apply: 'PATCH' },
  ...{ delete: 'DELETE', deletecollection: 'DELETE' },
} as const;

const PATCHES = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const;

function httpRequest(request: ApiRequest): Request {
  const { verb, body, user, patchType = 'merge' } = request;
  const contentType =
    verb === 'apply' ? 'application/apply-patch+yaml' : verb === 'patch' ? PATCHES[patchType] : 'application/json';
  const headers = new Headers({ 'content-type': contentType, accept: request.accept ?? 'application/json' });
  if (user !== undefined) headers.set('impersonate-user', user.name);
  for (const group of user?.groups ?? []) headers.append('impersonate-group', group);
  const method = METHODS[verb as keyof typeof METHODS];
  return new Request(`http://cluster${pathOf(request)}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

function pathOf({ verb, resource, namespace, name, subresource, query = {} }: ApiRequest): string {
  const [plural = '', ...version] = resource.split('/').reverse();
  const root = version.length === 1 ? '/api' : '/apis';
  const parts = [
    ...version.reverse(),
    ...(namespace === undefined ? [] : ['namespaces', namespace]),
    plural,
    // What is made takes its name from its body, unless it is made below something.
    ...(name === undefined || (verb === 'create' && subresource === undefined) ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  const search = new URLSearchParams(query).toString();
  return `${root}/${parts.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`;
}

function watchSoFar({ api }: SimulatedCluster, request: ApiRequest): Answer {
  const type = api.types.all.find((one) => `${apiVersionOf(one)}/${one.plural}` === request.resource);
  if (type === undefined) throw new Error(`no resource ${request.resource}`);
  try {
    const watch = api.watch(type, watchOptions(request));
    const events = watch.take();
    watch.close();
    return { code: 200, body: events };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { code: error.status.code, body: error.status };
  }
}

function watchOptions({ namespace, name, query = {} }: ApiRequest): WatchOptions {
  const { limit, allowWatchBookmarks, sendInitialEvents, ...texts } = query;
  return {
    ...texts,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { fieldSelector: `metadata.name=${name}` }),
    ...(limit === undefined ? {} : { limit: Number(limit) }),
    ...(allowWatchBookmarks === undefined ? {} : { allowWatchBookmarks: allowWatchBookmarks === 'true' }),
    ...(sendInitialEvents === undefined ? {} : { sendInitialEvents: sendInitialEvents === 'true' }),
  };
}
