/** Parts of objects that have addresses of their own, where they are more than a part that is written. */
import type { Pod } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { isRecord, type Json } from '../../model/unknown-json.ts';
import type { ApiServer } from '../api/api-server.ts';
import { badRequest, invalid } from '../api/api-error.ts';
import { PODS } from '../api/built-in-types.ts';
import { evictPod, type Eviction } from '../api/eviction.ts';
import { patchedObject } from '../api/patch/patched-object.ts';
import { bindPod } from '../api/pod-binding.ts';
import type { DeleteOptions, WriteOptions } from '../api/request.ts';
import { resourceType } from '../api/resource-type.ts';
import { readScale, writeScale, type Scale } from '../api/scale.ts';
import type { TokenRequestSpec } from '../api/service-account-token.ts';
import type { NodeAgents } from '../kubelet/node-agents.ts';
import { answer } from './answer.ts';
import type { Call, Served } from './call.ts';
import { logAnswer } from './log-answer.ts';
import { formOf } from './negotiation.ts';
import { deleteOptions, writeOptions } from './options.ts';
import { readPatch } from './patches.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';
import { objectOf, success } from './writes.ts';

/** What subresources need beside the API server. */
export interface SubresourceParts {
  readonly api: ApiServer;
  readonly tokens: ServiceAccountTokens;
  readonly agents: NodeAgents;
}

/** Answers one verb of a subresource. */
export type AnswerSubresource = (parts: SubresourceParts, served: Served, call: Call) => Promise<Response> | Response;

const SCALE = resourceType<Scale>('autoscaling/v1', 'Scale', 'scales', { subresources: [] });
const BINDING = resourceType('v1', 'Binding', 'bindings', { subresources: [] });
const EVICTION = resourceType('policy/v1', 'Eviction', 'evictions', { subresources: [] });
const TOKEN_REQUEST = resourceType('authentication.k8s.io/v1', 'TokenRequest', 'tokenrequests', { subresources: [] });

/** By `subresource verb`; all others are read as the object and written as a part of it. */
export const SUBRESOURCES: Readonly<Record<string, AnswerSubresource>> = {
  'scale get': ({ api }, { stored }, call) => {
    const { namespace, name } = call.target;
    return inForm(call, readScale(api, stored, namespace, name));
  },
  'scale update': async ({ api }, { stored }, call) => {
    const options = writeOptions(call, 'UpdateOptions');
    const scale = (await objectOf(call, { type: SCALE })) as Scale;
    return inForm(
      call,
      writeScale(api, stored, call.target.namespace, call.target.name, () => scale, options),
    );
  },
  'scale patch': async ({ api }, { stored }, call) => {
    const options = writeOptions(call, 'PatchOptions');
    const wanted = await readPatch(call, 'Scale');
    const change = (scale: Scale) => (wanted.kind === 'apply' ? scale : patchedObject(SCALE, scale, wanted));
    return inForm(call, writeScale(api, stored, call.target.namespace, call.target.name, change, options));
  },
  'token create': async ({ tokens }, _, call) => {
    const { namespace, name } = call.target;
    const request = (await objectOf(call, { type: TOKEN_REQUEST })) as KubeObject & { readonly spec?: unknown };
    const given = (isRecord(request.spec) ? request.spec : {}) as TokenRequestSpec;
    const status = tokens.issue(namespace, name, given);
    const spec = { audiences: [], expirationSeconds: 3600, boundObjectRef: null, ...given };
    return inForm(call, { ...request, metadata: { name, namespace }, spec, status }, 201);
  },
  'eviction create': async ({ api }, _, call) => {
    const options = writeOptions(call, 'CreateOptions');
    const eviction = (await objectOf(call, { type: EVICTION })) as KubeObject & Eviction;
    const { deleteOptions: given } = eviction as { readonly deleteOptions?: unknown };
    const deletion = isRecord(given) ? deleteOptions(call, { ...given, kind: 'DeleteOptions' }) : undefined;
    const { namespace, name } = call.target;
    const { metadata } = eviction;
    evictPod(
      api,
      namespace,
      name,
      { metadata, ...(deletion !== undefined && { deleteOptions: deletion }) },
      isDry(options, deletion),
    );
    return inForm(call, success(undefined, 201), 201);
  },
  'binding create': async ({ api }, _, call) => {
    const options = writeOptions(call, 'CreateOptions');
    const { metadata, target } = (await objectOf(call, { type: BINDING })) as KubeObject & {
      readonly target?: unknown;
    };
    const { namespace, name } = call.target;
    const node = isRecord(target) ? target : {};
    if (node['kind'] !== undefined && node['kind'] !== '' && node['kind'] !== 'Node')
      throw invalid(BINDING, name, [
        {
          type: 'FieldValueNotSupported',
          field: 'target.kind',
          value: node['kind'],
          detail: 'supported values: "Node", "<empty>"',
        },
      ]);
    if (typeof node['name'] !== 'string' || node['name'] === '')
      throw invalid(BINDING, name, [{ type: 'FieldValueRequired', field: 'target.name', detail: '' }]);
    const { uid, annotations } = metadata;
    const wanted = {
      namespace,
      name,
      nodeName: node['name'],
      ...(uid !== undefined && { uid }),
      ...(annotations !== undefined && { annotations }),
    };
    if (options.dryRun !== true) bindPod(api, wanted);
    return inForm(call, success(undefined, 201), 201);
  },
  'log get': ({ api, agents }, _, call) => logAnswer(api, agents, call),
  'exec create': notSimulated,
  'exec get': notSimulated,
  'attach create': notSimulated,
  'attach get': notSimulated,
  'portforward create': notSimulated,
  'portforward get': notSimulated,
  'proxy create': notSimulated,
  'proxy get': notSimulated,
  'ephemeralcontainers update': podPart((pod, given) => ({
    ...pod,
    spec: { ...pod.spec, ephemeralContainers: given.spec?.ephemeralContainers ?? [] } as Pod['spec'] & object,
  })),
  'resize update': podPart((pod, given) => {
    const wanted = new Map((given.spec?.containers ?? []).map((one) => [one.name, one.resources]));
    const containers = (pod.spec?.containers ?? []).map((one) =>
      wanted.has(one.name) ? { ...one, resources: wanted.get(one.name) ?? {} } : one,
    );
    return { ...pod, spec: { ...pod.spec, containers } as Pod['spec'] & object };
  }),
};

/** Containers have a behaviour and no processes. */
function notSimulated(_parts: SubresourceParts, _served: Served, { target }: Call): never {
  throw badRequest(`${target.subresource} is not there in a simulated cluster, in which no programs run`);
}

/** A part of a pod that only its own address writes. */
function podPart(laidOver: (pod: Pod, given: Pod) => Pod): AnswerSubresource {
  return async ({ api }, served, call) => {
    const options = writeOptions(call, 'UpdateOptions');
    const given = (await objectOf(call, served)) as unknown as Pod;
    const { namespace, name } = call.target;
    return inForm(
      call,
      api.change(PODS, namespace, name, (pod) => laidOver(pod, given), options),
    );
  };
}

/** Said by the query or by the options of the deletion. */
function isDry(options: WriteOptions, deletion: DeleteOptions | undefined): DeleteOptions {
  return { ...options, dryRun: options.dryRun === true || deletion?.dryRun === true };
}

function inForm({ request, url }: Call, object: Json | KubeObject, code = 200): Response {
  return answer(object, formOf(request.headers, url.searchParams), code);
}
