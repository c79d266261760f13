/**
 * What nodes and pods use, as a metrics server tells it. Source: https://kubernetes.io/docs/tasks/debug/debug-cluster/resource-metrics-pipeline/
 */
import type { KubeObject } from '../../model/kube-object.ts';
import { notFound } from '../api/api-error.ts';
import type { ApiServer } from '../api/api-server.ts';
import { NODES, PODS } from '../api/built-in-types.ts';
import { apiVersionOf, resourceType, type ResourceType } from '../api/resource-type.ts';
import type { NodeAgents } from '../kubelet/node-agents.ts';
import { answer } from './answer.ts';
import type { Call, VirtualResource } from './call.ts';
import { formOf } from './negotiation.ts';
import { listOptions } from './reads.ts';

const API_VERSION = 'metrics.k8s.io/v1beta1';
const READ_ONLY = { subresources: [], singular: '', verbs: ['get', 'list'] };
const NODE_METRICS = resourceType(API_VERSION, 'NodeMetrics', 'nodes', { ...READ_ONLY, namespaced: false });
const POD_METRICS = resourceType(API_VERSION, 'PodMetrics', 'pods', READ_ONLY);

/** Both of them. What is not measured is not there. */
export function metricsResources(api: ApiServer, agents: NodeAgents): readonly VirtualResource[] {
  return [
    measured(api, NODE_METRICS, NODES, ({ name }) => agents.nodeMetrics(name)),
    measured(api, POD_METRICS, PODS, ({ namespace = '', name }) => agents.podMetrics(namespace, name)),
  ];
}

type Measure = (place: { readonly namespace?: string; readonly name: string }) => KubeObject | undefined;

function measured(api: ApiServer, type: ResourceType, of: ResourceType, measure: Measure): VirtualResource {
  const form = ({ request, url }: Call) => formOf(request.headers, url.searchParams);
  return {
    type,
    verbs: {
      get: (call) => {
        const { namespace, name } = call.target;
        const found = measure({ namespace, name });
        if (found === undefined) throw notFound(type, type.namespaced ? `${namespace}/${name}` : name);
        return answer(found, form(call));
      },
      list: (call) => {
        const items = api.list(of, listOptions(call)).items.flatMap(({ metadata }) => measure(metadata) ?? []);
        const metadata = { resourceVersion: '' };
        return answer({ kind: `${type.kind}List`, apiVersion: apiVersionOf(type), metadata, items }, form(call));
      },
    },
  };
}
