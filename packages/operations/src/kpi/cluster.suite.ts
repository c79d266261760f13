/** Small clusters for tests of figures: everything in them can be added up by hand. */
export const OBSERVED = '2025-09-27T12:00:00Z';
const LONG_AGO = '2025-09-20T12:00:00Z';

/** A node of 2 CPU and 4 GiB allocatable, or as given. */
export function node(name: string, allocatable: object = { cpu: '2', memory: '4Gi' }, spec: object = {}) {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, uid: name }, spec, status: { allocatable } };
}

/** Use of a node, from the metrics API. */
export function nodeMetrics(name: string, cpu: string, memory: string) {
  return { apiVersion: 'metrics.k8s.io/v1beta1', kind: 'NodeMetrics', metadata: { name }, usage: { cpu, memory } };
}

/** A pod that has been running ready on `node-1` for a week, or as given. Requests 500m and 1Gi. */
export function pod(
  name: string,
  { metadata = {}, spec = {}, status = {} }: { metadata?: object; spec?: object; status?: object } = {},
) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'a', uid: name, creationTimestamp: LONG_AGO, ...metadata },
    spec: {
      nodeName: 'node-1',
      containers: [{ name: 'c', resources: { requests: { cpu: '500m', memory: '1Gi' } } }],
      ...spec,
    },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }], ...status },
  };
}

/** Status of a pod that is not ready. */
export const UNREADY = { conditions: [{ type: 'Ready', status: 'False' }] };

/** A controller's reference. */
export function owner(kind: string, name: string, apiVersion = 'apps/v1') {
  return { ownerReferences: [{ apiVersion, kind, name, uid: name, controller: true }] };
}

/** A Job with conditions that hold. */
export function job(name: string, conditions: readonly string[], failed = 0, extra: object = {}) {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: 'a', uid: name, creationTimestamp: LONG_AGO, ...extra },
    spec: { backoffLimit: 3 },
    status: { failed, conditions: conditions.map((type) => ({ type, status: 'True' })) },
  };
}
