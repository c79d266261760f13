/** What cases about pods on a node are made of. */
import { ABSENT, type ConformanceCase, type Json, type Step } from './conformance-case.ts';

export const NODES = [{ name: 'n1' }] as const;
export const APP = { name: 'app', image: 'app:1' } as const;
export const http = { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 5 } as const;

/** A pod bound to the node; no scheduler is asked. */
export function pod(spec: Json = {}, name = 'web'): Json {
  return {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' } },
    spec: { nodeName: 'n1', containers: [APP], ...spec },
  };
}

export const configMap = (data: Json, name = 'settings'): Json => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' } },
  data,
});

/** The pod becomes so. */
export function becomes(status: Json, { eventuallyMs = 60_000, name = 'web', keep = 'pod' } = {}): Step {
  return {
    verb: 'get',
    resource: 'v1/pods',
    namespace: 'shop',
    name,
    expect: { body: { status } },
    eventuallyMs,
    keep,
  };
}

/** The pod is so, and stays so. */
export function stays(status: Json, staysMs = 30_000): Step {
  return { verb: 'get', resource: 'v1/pods', namespace: 'shop', name: 'web', expect: { body: { status } }, staysMs };
}

/** Somebody says of the pod: `reason` and the message. */
export function told(reason: string, message: string | RegExp, name = 'web'): Step {
  const some = [
    { reason, message, involvedObject: { kind: 'Pod', name }, source: { component: 'kubelet', host: 'n1' } },
  ];
  return { verb: 'list', resource: 'v1/events', namespace: 'shop', expect: { some }, eventuallyMs: 60_000 };
}

export const app = (status: Json): Json => ({ containerStatuses: [{ name: 'app', ...status }] });
export const waiting = (reason: string, message: string | RegExp): Json =>
  app({ ready: false, state: { waiting: { reason, message } } });
export const conditions = (...some: readonly Json[]): Json => ({ conditions: some });
export const env = (valueFrom: Json): Json => ({ containers: [{ ...APP, env: [{ name: 'KEY', valueFrom }] }] });
export const mounting = (volume: Json): Json => ({
  containers: [{ ...APP, volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
  volumes: [{ name: 'v', ...volume }],
});

/** One pod on one node; what differs is what is expected of it. */
export function one(
  name: string,
  source: string,
  spec: Json,
  steps: readonly Step[],
  more: Partial<ConformanceCase> = {},
): ConformanceCase {
  return { name, source, nodes: NODES, given: [pod(spec)], steps, ...more };
}

export const READY: Json = {
  phase: 'Running',
  ...conditions(
    { type: 'PodReadyToStartContainers', status: 'True' },
    { type: 'Initialized', status: 'True' },
    { type: 'Ready', status: 'True', reason: ABSENT },
    { type: 'ContainersReady', status: 'True' },
    { type: 'PodScheduled', status: 'True' },
  ),
};
