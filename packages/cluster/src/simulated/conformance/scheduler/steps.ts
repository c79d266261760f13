/** What the scheduler's cases are made of. */
import type { Json, NodeShape, RequestStep } from '../conformance-case.ts';

/** For the scheduler to act, kubelets and controllers included. */
const SOON_MS = 20_000;
const NOT_HELPFUL = 'Preemption is not helpful for scheduling';
const NO_VICTIMS = 'No preemption victims found for incoming pod';

/** What a pod differs in from the plainest. */
export interface PodShape {
  readonly labels?: Json;
  readonly requests?: Json;
  readonly spec?: Json;
  readonly container?: Json;
}

/** A pod in `shop`. */
export function pod(name: string, { labels, requests, spec, container }: PodShape = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', ...(labels === undefined ? {} : { labels }) },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: 'app',
          image: 'pause:3.10',
          ...(requests === undefined ? {} : { resources: { requests } }),
          ...container,
        },
      ],
      ...spec,
    },
  };
}

/** Nodes by their labels. */
export function nodes(shapes: Readonly<Record<string, Omit<NodeShape, 'name'>>>): readonly NodeShape[] {
  return Object.entries(shapes).map(([name, shape]) => ({ name, ...shape }));
}

export function zone(name: string): Pick<NodeShape, 'labels'> {
  return { labels: { 'topology.kubernetes.io/zone': name } };
}

export function priorityClass(name: string, value: number, more: Json = {}): Json {
  return { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value, ...more };
}

export function create(object: Json): RequestStep {
  const { apiVersion, kind, metadata } = object as {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace?: string };
  };
  const { name, namespace } = metadata;
  const resource = `${apiVersion}/${kind.toLowerCase()}${kind.endsWith('s') ? 'es' : 's'}`;
  return { verb: 'create', resource, name, ...(namespace === undefined ? {} : { namespace }), body: object };
}

export function deletePod(name: string): RequestStep {
  return { verb: 'delete', resource: 'v1/pods', namespace: 'shop', name };
}

export function patchNode(name: string, body: Json): RequestStep {
  return { verb: 'patch', resource: 'v1/nodes', name, body };
}

/** The pod comes to run on a node, by name or by pattern. */
export function placed(name: string, on: string | RegExp): RequestStep {
  return {
    verb: 'get',
    resource: 'v1/pods',
    namespace: 'shop',
    name,
    expect: { body: { spec: { nodeName: on } } },
    eventuallyMs: SOON_MS,
  };
}

/** The pod waits, and its condition says why. */
export function waits(name: string, message: string, reason = 'Unschedulable'): RequestStep {
  return {
    verb: 'get',
    resource: 'v1/pods',
    namespace: 'shop',
    name,
    expect: {
      body: {
        status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason, message }] },
      },
    },
    eventuallyMs: SOON_MS,
  };
}

/** An event about a pod. */
export function said(name: string, event: Json): RequestStep {
  return {
    verb: 'list',
    resource: 'v1/events',
    namespace: 'shop',
    expect: { some: [{ involvedObject: { kind: 'Pod', name }, ...event }] },
    eventuallyMs: SOON_MS,
  };
}

/** `0/N nodes are available: …. no new claims to deallocate, preemption: 0/N nodes are available: …`, as 1.34 to 1.36 say it. */
export function unavailable(count: number, reasons: string, preemption: string): string {
  return `0/${count} nodes are available: ${reasons}. no new claims to deallocate, preemption: 0/${count} nodes are available: ${preemption}.`;
}

/** The same where no eviction would help on any node. */
export function hopeless(count: number, reasons: string): string {
  return unavailable(count, reasons, `${count} ${NOT_HELPFUL}`);
}

/** Where the pod itself is in the way, so that no node is looked at. */
export function impossible(count: number, reason: string): string {
  return `0/${count} nodes are available: ${reason}. not found`;
}

/** The same where all that is in the way is as important as the pod. */
export function crowded(count: number, reasons: string): string {
  return unavailable(count, reasons, `${count} ${NO_VICTIMS}`);
}
