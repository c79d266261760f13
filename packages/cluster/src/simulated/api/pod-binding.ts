/**
 * Assigns pods to nodes: what a POST to a pod's `binding` does. Source: `pkg/registry/core/pod/storage`, `BindingREST`;
 * https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/binding-v1/
 */
import type { Pod } from '../../model/kinds.ts';
import type { Labels } from '../../model/selector.ts';
import { conflict, type ApiError } from './api-error.ts';
import type { ApiServer } from './api-server.ts';
import { NODES, PODS } from './built-in-types.ts';
import { withCondition, withNomination } from './pod-condition.ts';

/** Which pod goes where. */
export interface PodBinding {
  readonly namespace: string;
  readonly name: string;
  readonly nodeName: string;
  /** The pod must be this one. */
  readonly uid?: string;
  /** Added to the pod's. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Labels of the node that its pods get. Source: `PodTopologyLabelsAdmission`, on since 1.35 */
const COPIED = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'] as const;

/**
 * Binds a pod. Nothing but the node, the labels of its place, the annotations and the status change; the generation stays.
 * @throws ApiError 404 where the pod is not there, 409 where it cannot be bound
 */
export function bindPod(api: ApiServer, binding: PodBinding): Pod {
  const { namespace, name, nodeName, uid, annotations } = binding;
  const pod = api.get(PODS, namespace, name);
  const { metadata, spec, status } = pod;
  if (uid !== undefined && uid !== metadata.uid)
    throw refused(name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid ?? ''}`);
  const why = obstacle(pod);
  if (why !== undefined) throw refused(name, why);
  const labels = labelsOf(api.store.get(NODES, '', nodeName)?.metadata.labels);
  const condition = { type: 'PodScheduled', status: 'True' } as const;
  return api.store.put(PODS, {
    ...pod,
    metadata: {
      ...metadata,
      ...(labels === undefined ? {} : { labels: { ...metadata.labels, ...labels } }),
      ...(annotations === undefined ? {} : { annotations: { ...metadata.annotations, ...annotations } }),
    },
    spec: { ...spec, nodeName } as NonNullable<Pod['spec']>,
    status: withNomination(withCondition(status, condition, api.clock.now), ''),
  });
}

function obstacle({ metadata, spec }: Pod): string | undefined {
  const { name } = metadata;
  if (metadata.deletionTimestamp !== undefined) return `pod ${name} is being deleted, cannot be assigned to a host`;
  const nodeName = spec?.nodeName ?? '';
  if (nodeName !== '') return `pod ${name} is already assigned to node "${nodeName}"`;
  return (spec?.schedulingGates ?? []).length > 0 ? `pod ${name} has non-empty .spec.schedulingGates` : undefined;
}

function refused(name: string, why: string): ApiError {
  return conflict({ group: '', plural: 'pods/binding', kind: 'Pod' }, name, why);
}

function labelsOf(labels: Labels | undefined): Labels | undefined {
  let copied: Record<string, string> | undefined;
  for (const key of COPIED) {
    const value = labels?.[key];
    if (value !== undefined) (copied ??= {})[key] = value;
  }
  return copied;
}
