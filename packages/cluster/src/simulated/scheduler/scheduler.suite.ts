/** Small clusters for the tests of the scheduler. */
import type { Event, Node, Pod } from '../../model/kinds.ts';
import { EVENTS, NAMESPACES, NODES, PODS, PRIORITY_CLASSES } from '../api/built-in-types.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface NodeSample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly capacity?: Readonly<Record<string, string>>;
  readonly spec?: Json;
  readonly images?: readonly Json[];
}

export interface PodSample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly requests?: Readonly<Record<string, string>>;
  readonly spec?: Json;
  readonly metadata?: Json;
  readonly container?: Json;
  /** By a PriorityClass of that value, which is made where there is none. */
  readonly priority?: number;
}

/** A cluster with the namespace `shop`. */
export function schedulingCluster(seed = 'scheduler') {
  const cluster = new SimulatedCluster({ seed });
  const { api, clock } = cluster;
  api.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } } as never);
  const get = (name: string): Pod => api.get(PODS, 'shop', name);
  return {
    cluster,
    api,
    clock,
    get,
    /** By default so long that the scheduler has acted, and kubelets have not. */
    settle: (ms = 8) => clock.advance(ms),
    addNode: (name: string, sample?: NodeSample) => {
      const node = nodeObject(name, sample);
      api.create(NODES, node);
      return api.changeStatus(NODES, '', name, (one) => ({
        ...one,
        status: node.status as NonNullable<Node['status']>,
      }));
    },
    addPod: (name: string, sample: PodSample = {}) => {
      const { priority } = sample;
      if (priority === undefined) return api.create(PODS, podObject(name, sample));
      const priorityClassName = `p${priority}`.replace('-', 'minus-');
      if (api.store.get(PRIORITY_CLASSES, '', priorityClassName) === undefined)
        api.create(PRIORITY_CLASSES, {
          apiVersion: 'scheduling.k8s.io/v1',
          kind: 'PriorityClass',
          metadata: { name: priorityClassName },
          value: priority,
        });
      return api.create(PODS, podObject(name, { ...sample, spec: { priorityClassName, ...sample.spec } }));
    },
    nodeOf: (name: string) => get(name).spec?.nodeName,
    conditionOf: (name: string, type = 'PodScheduled') =>
      get(name).status?.conditions?.find((condition) => condition.type === type),
    /** What the scheduler said of a pod. */
    events: (name: string): readonly Event[] =>
      [...api.store.list(EVENTS, 'shop')].filter(
        ({ involvedObject, reportingComponent }) =>
          involvedObject?.name === name && reportingComponent === 'default-scheduler',
      ),
  };
}

export function nodeObject(name: string, { labels, capacity, spec, images }: NodeSample = {}): Node {
  const amounts = { cpu: '4', memory: '16Gi', pods: '110', ...capacity };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec: spec ?? {},
    status: {
      capacity: amounts,
      allocatable: amounts,
      conditions: [{ type: 'Ready', status: 'True' }],
      ...(images === undefined ? {} : { images }),
    },
  } as unknown as Node;
}

export function podObject(name: string, { labels, requests, spec, metadata, container }: PodSample = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: labels ?? {}, ...metadata },
    spec: {
      containers: [{ name: 'app', image: 'app:1', resources: { requests: requests ?? {} }, ...container }],
      ...spec,
    },
  } as unknown as Pod;
}
