/** The small cluster that the live reader's tests read, and ways to make its server misbehave. */
import { GOOD } from '../probes/certificates.suite.ts';
import {
  startApiServer,
  virtualTime,
  type ApiServerOptions,
  type Collection,
  type Fault,
  type RunningApiServer,
} from './api-server.suite.ts';
import type { LiveOptions } from './live-options.ts';
import { createLiveReader } from './live-reader.ts';

const running: RunningApiServer[] = [];

/** For `afterEach`. */
export async function closeServers(): Promise<void> {
  await Promise.all(running.splice(0).map((server) => server.close()));
}

export async function start(options: Partial<ApiServerOptions> = {}): Promise<RunningApiServer> {
  const server = await startApiServer({ collections: cluster(), ...options });
  running.push(server);
  return server;
}

/** Observes without waiting and without logs, unless `options` say otherwise. */
export function read(server: RunningApiServer, options: LiveOptions = {}, signal?: AbortSignal) {
  return createLiveReader({ kubeconfig: server.kubeconfig, time: virtualTime(), logs: false, ...options }).observe(
    signal,
  );
}

export function collection(
  kind: string,
  resource: string,
  items: readonly object[],
  place: Partial<Collection> = {},
): Collection {
  return { group: '', version: 'v1', resource, kind, namespaced: true, ...place, items: items as Collection['items'] };
}

export function pod(i: number, status: object = {}): object {
  const name = `web-${String(i).padStart(5, '0')}`;
  return {
    metadata: {
      name,
      namespace: 'shop',
      uid: `uid-${i}`,
      resourceVersion: String(i + 1),
      managedFields: [{ manager: 'x', fieldsV1: { f: {} } }],
    },
    spec: { containers: [{ name: 'web' }] },
    status,
  };
}

const SECRETS = [
  {
    metadata: { name: 'db', namespace: 'shop', uid: 's1', resourceVersion: '1' },
    type: 'Opaque',
    data: { password: 'aHVudGVyMi1zZWNyZXQ=' },
  },
  {
    metadata: {
      name: 'tls',
      namespace: 'shop',
      uid: 's2',
      resourceVersion: '2',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'aHVudGVyMi1zZWNyZXQ=' },
    },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': Buffer.from(GOOD.cert).toString('base64'), 'tls.key': 'aHVudGVyMi1zZWNyZXQ=' },
  },
];

export function cluster(pods: readonly object[] = [pod(0), pod(1)]): Collection[] {
  return [
    collection('Pod', 'pods', pods),
    collection('Node', 'nodes', [{ metadata: { name: 'n1' } }], { namespaced: false }),
    collection('Secret', 'secrets', SECRETS),
    collection('Event', 'events', []),
    collection('Deployment', 'deployments', [{ metadata: { name: 'web', namespace: 'shop' } }], { group: 'apps' }),
    collection('Event', 'events', [{ metadata: { name: 'copy', namespace: 'shop' } }], { group: 'events.k8s.io' }),
    collection('Lease', 'leases', [{ metadata: { name: 'beat', namespace: 'kube-system' } }], {
      group: 'coordination.k8s.io',
    }),
    collection('Widget', 'widgets', [{ metadata: { name: 'w', namespace: 'shop' } }], {
      group: 'example.com',
      version: 'v1beta1',
    }),
    collection('PolicyReport', 'policyreports', [{ metadata: { name: 'r', namespace: 'shop' } }], {
      group: 'wgpolicyk8s.io',
    }),
  ];
}

export const onPath =
  (path: string, fault: Fault): Fault =>
  (request, response, n) =>
    request.path === path && fault(request, response, n);
export const once =
  (fault: Fault): Fault =>
  (request, response, n) =>
    n === 1 && fault(request, response, n);
export const inputs = (snapshot: { readonly missing: readonly { readonly input: string }[] }) =>
  snapshot.missing.map(({ input }) => input);

/** `onPath` counts only the calls it answers; this counts the calls that reach it. */
export function countedFault(fault: Fault): Fault {
  let pods = 0;
  return (request, response) => request.path === '/api/v1/pods' && fault(request, response, ++pods);
}
