/** A simulated cluster as a target of conformance cases. */
import { groupOf, type KubeObject } from '../../model/kube-object.ts';
import { ApiError } from '../api/api-error.ts';
import type { DeleteOptions, User, WriteOptions } from '../api/request.ts';
import { apiVersionOf, type ResourceType } from '../api/resource-type.ts';
import type { WatchOptions } from '../api/watch.ts';
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
  return {
    send: async (request) => answerTo(cluster, request),
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

function answerTo(cluster: SimulatedCluster, request: ApiRequest): Answer {
  try {
    return { code: request.verb === 'create' ? 201 : 200, body: bodyOf(cluster, request) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { code: error.status.code, body: error.status };
  }
}

function bodyOf({ api }: SimulatedCluster, request: ApiRequest): unknown {
  const type = typeOf(api.types.all, request.resource);
  const { verb, namespace = '', name = '', body } = request;
  if (verb === 'get') return api.get(type, namespace, name);
  if (verb === 'create') return api.create(type, placed(body as KubeObject, request), writeOptions(request));
  if (verb === 'update') return api.update(type, placed(body as KubeObject, request), writeOptions(request));
  if (verb === 'delete') return api.delete(type, namespace, name, deleteOptions(request));
  if (verb === 'list') return api.list(type, listOptions(request));
  if (verb === 'watch') return api.watch(type, listOptions(request)).take();
  if (verb === 'deletecollection') return api.deleteCollection(type, listOptions(request), deleteOptions(request));
  throw new Error(`${verb} of the simulated cluster is not there yet`);
}

function placed(object: KubeObject, { namespace }: ApiRequest): KubeObject {
  return namespace === undefined ? object : { ...object, metadata: { ...object.metadata, namespace } };
}

function typeOf(types: readonly ResourceType[], resource: string): ResourceType {
  const found = types.find((type) => `${apiVersionOf(type)}/${type.plural}` === resource);
  if (found === undefined) throw new Error(`no resource ${resource}`);
  return found;
}

function writeOptions({ query = {}, subresource, user }: ApiRequest): WriteOptions {
  const asker: User = { name: user?.name ?? 'kubernetes-admin', groups: user?.groups ?? ['system:masters'] };
  return {
    user: asker,
    ...(query['fieldManager'] === undefined ? {} : { fieldManager: query['fieldManager'] }),
    ...(query['dryRun'] === undefined ? {} : { dryRun: query['dryRun'] === 'All' }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function listOptions({ namespace, name, query = {} }: ApiRequest): WatchOptions {
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

function deleteOptions(request: ApiRequest): DeleteOptions {
  const { propagationPolicy, gracePeriodSeconds } = request.query ?? {};
  return {
    ...writeOptions(request),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy: propagationPolicy as 'Orphan' }),
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: Number(gracePeriodSeconds) }),
    ...(request.body as DeleteOptions | undefined),
  };
}
