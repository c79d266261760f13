/** A loopback server that speaks enough of the Kubernetes API to test a reader over real HTTP, faults included. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TimeSource } from './time-source.ts';

export interface Collection {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly items: readonly Readonly<Record<string, unknown>>[];
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly authorization: string;
  readonly headers: IncomingHttpHeaders;
}

/** Answers instead of the server; `false` leaves it to the server. `n` counts the calls of this fault from 1. */
export type Fault = (request: SeenRequest, response: ServerResponse, n: number) => boolean;

export interface ApiServerOptions {
  readonly collections: readonly Collection[];
  readonly token?: string;
  /** Default true. */
  readonly aggregatedDiscovery?: boolean;
  readonly faults?: readonly Fault[];
  readonly logs?: Readonly<Record<string, string>>;
  /** With PEM key and certificate: serves HTTPS. */
  readonly tls?: ServerOptions & { readonly cert: string };
}

export interface RunningApiServer {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** TCP connections accepted. */
  readonly connections: () => number;
  /** TCP connections on which an answer is not finished. */
  readonly busyConnections: () => number;
  /** Path of a kubeconfig that leads here. */
  readonly kubeconfig: string;
  close(): Promise<void>;
}

/** A clock that sleeping moves, without waiting. */
export function virtualTime(startAt = Date.parse('2026-01-02T03:04:05Z')): TimeSource & { readonly slept: number[] } {
  let now = startAt;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    random: () => 0.5,
    sleep: (ms, signal) => {
      if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
      slept.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
}

export async function startApiServer(options: ApiServerOptions): Promise<RunningApiServer> {
  const requests: SeenRequest[] = [];
  const counts = new Map<Fault, number>();
  const busy = new Set<ServerResponse>();
  let connections = 0;
  const answer = (incoming: IncomingMessage, response: ServerResponse) => {
    const url = new URL(incoming.url ?? '/', 'http://server');
    const request: SeenRequest = {
      method: incoming.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      accept: incoming.headers.accept ?? '',
      authorization: incoming.headers.authorization ?? '',
      headers: incoming.headers,
    };
    requests.push(request);
    busy.add(response);
    response.on('close', () => busy.delete(response));
    for (const fault of options.faults ?? []) {
      const n = (counts.get(fault) ?? 0) + 1;
      counts.set(fault, n);
      if (fault(request, response, n)) return;
      counts.set(fault, n - 1);
    }
    serve(options, request, response);
  };
  const server: Server = options.tls === undefined ? createServer(answer) : createTlsServer(options.tls, answer);
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = await mkdtemp(join(tmpdir(), 'aia-kubeconfig-'));
  const kubeconfig = join(folder, 'config');
  await writeFile(kubeconfig, kubeconfigText(url, options));
  return {
    url,
    requests,
    connections: () => connections,
    busyConnections: () => busy.size,
    kubeconfig,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

/** Plain HTTP is refused by the official client unless certificates are not verified. */
function kubeconfigText(server: string, { token, tls }: ApiServerOptions): string {
  const authority =
    tls === undefined
      ? { 'insecure-skip-tls-verify': true }
      : { 'certificate-authority-data': Buffer.from(tls.cert).toString('base64') };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'loopback',
    clusters: [{ name: 'c', cluster: { server, ...authority } }],
    users: [{ name: 'u', user: token === undefined ? {} : { token } }],
    contexts: [{ name: 'loopback', context: { cluster: 'c', user: 'u' } }],
  });
}

export function sendJson(
  response: ServerResponse,
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): true {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
  return true;
}

export function sendStatus(
  response: ServerResponse,
  code: number,
  reason: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): true {
  return sendJson(
    response,
    { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code },
    code,
    headers,
  );
}

function serve(options: ApiServerOptions, request: SeenRequest, response: ServerResponse): void {
  if (request.method !== 'GET') return void sendStatus(response, 405, 'MethodNotAllowed', 'only reading is served');
  if (options.token !== undefined && request.authorization !== `Bearer ${options.token}`)
    return void sendStatus(response, 401, 'Unauthorized', 'Unauthorized');
  if (request.path === '/version')
    return void sendJson(response, { major: '1', minor: '33', gitVersion: 'v1.33.4-gke.1036000' });
  if (request.path.endsWith('/log')) return serveLog(options, request, response);
  const discovery = discover(options, request);
  if (discovery !== undefined) return void sendJson(response, discovery);
  const found = options.collections.find((collection) => pathOf(collection) === unscoped(request.path));
  if (found === undefined)
    return void sendStatus(response, 404, 'NotFound', 'the server could not find the requested resource');
  serveList(found, request, response);
}

function serveLog({ logs = {} }: ApiServerOptions, { path, query }: SeenRequest, response: ServerResponse): void {
  const [, namespace, pod] = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/log$/.exec(path) ?? [];
  const text =
    logs[`${namespace}/${pod}/${query.get('container')}${query.get('previous') === 'true' ? '/previous' : ''}`];
  if (text === undefined)
    return void sendStatus(response, 400, 'BadRequest', 'previous terminated container not found');
  response.writeHead(200, { 'content-type': 'text/plain' }).end(text);
}

function groupPath({ group, version }: Collection): string {
  return group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
}

function pathOf(collection: Collection): string {
  return `${groupPath(collection)}/${collection.resource}`;
}

function unscoped(path: string): string {
  return path.replace(/\/namespaces\/[^/]+\/(?=[a-z])/, '/');
}

function discover(
  { collections, aggregatedDiscovery = true }: ApiServerOptions,
  { path, accept }: SeenRequest,
): unknown {
  const core = collections.filter(({ group }) => group === '');
  const named = collections.filter(({ group }) => group !== '');
  const groups = Map.groupBy(path === '/api' ? core : named, ({ group }) => group);
  if ((path === '/api' || path === '/apis') && aggregatedDiscovery && accept.includes('APIGroupDiscoveryList')) {
    const items = [...groups].map(([name, members]) => ({ metadata: { name }, versions: aggregatedVersions(members) }));
    return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
  }
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis') {
    const list = [...groups].map(([name, members]) => {
      const versions = [...new Set(members.map(({ version }) => version))].map((version) => ({
        groupVersion: `${name}/${version}`,
        version,
      }));
      return { name, versions, preferredVersion: versions[0] };
    });
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: list };
  }
  const members = collections.filter((collection) => groupPath(collection) === path);
  if (members.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    groupVersion: path.split('/').slice(2).join('/'),
    resources: members.flatMap(legacyResources),
  };
}

const VERBS = ['get', 'list', 'watch'];

function aggregatedVersions(members: readonly Collection[]): unknown[] {
  return [...Map.groupBy(members, ({ version }) => version)].map(([version, resources]) => ({
    version,
    freshness: 'Current',
    resources: resources.map(({ resource, kind, namespaced }) => ({
      resource,
      responseKind: { group: '', version: '', kind },
      scope: namespaced ? 'Namespaced' : 'Cluster',
      verbs: VERBS,
      subresources: [{ subresource: 'status', verbs: ['get'] }],
    })),
  }));
}

function legacyResources({ resource, kind, namespaced }: Collection): unknown[] {
  return [
    { name: resource, kind, namespaced, verbs: VERBS },
    { name: `${resource}/status`, kind, namespaced, verbs: ['get', 'list'] },
  ];
}

function serveList(collection: Collection, { path, query, accept }: SeenRequest, response: ServerResponse): void {
  const namespace = /\/namespaces\/([^/]+)\/[a-z]/.exec(path)?.[1];
  const type = /^type=(.*)$/.exec(query.get('fieldSelector') ?? '')?.[1];
  const matching = collection.items.filter((item) => {
    const { namespace: own } = (item['metadata'] ?? {}) as { namespace?: string };
    return (namespace === undefined || own === namespace) && (type === undefined || item['type'] === type);
  });
  const from = Number(query.get('continue') ?? 0);
  const limit = Number(query.get('limit') ?? matching.length);
  const rest =
    from + limit < matching.length
      ? { continue: String(from + limit), remainingItemCount: matching.length - from - limit }
      : {};
  const page = matching.slice(from, from + limit);
  const apiVersion = collection.group === '' ? collection.version : `${collection.group}/${collection.version}`;
  const metadata = { resourceVersion: '1000', ...rest };
  if (accept.includes('as=PartialObjectMetadataList')) {
    const items = page.map((item) => ({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: item['metadata'],
    }));
    sendJson(response, { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items });
  } else sendJson(response, { kind: `${collection.kind}List`, apiVersion, metadata, items: page });
}
