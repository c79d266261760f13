/** The HTTP endpoints that a cluster itself says it exposes: by Ingresses, Gateways and Services of type LoadBalancer. */
import { isIP } from 'node:net';
import {
  namespacedName,
  refOf,
  type ClusterSnapshot,
  type Gateway,
  type KindMap,
  type ResourceRef,
  type Service,
} from '@aia/cluster';

/** One endpoint to ask. */
export interface ExposedEndpoint {
  readonly scheme: 'http' | 'https';
  /** Name that clients ask for, or an address where none is known. */
  readonly host: string;
  readonly port: number;
  /** Begins with a slash; without query. */
  readonly path: string;
  readonly exposedBy: ResourceRef;
  /** Addresses and names in the status of what exposes it. */
  readonly addresses: readonly string[];
}

type Ingress = KindMap['Ingress'];

/** Endpoints that have an address, each once, in a stable order. Wildcard hosts are left out: nobody knows a name below them. */
export function exposedEndpoints(snapshot: ClusterSnapshot): readonly ExposedEndpoint[] {
  const all = [
    ...snapshot.list('Ingress').flatMap(ofIngress),
    ...ofGateways(snapshot),
    ...snapshot.list('Service').flatMap(ofService),
  ];
  const distinct = new Map<string, ExposedEndpoint>();
  for (const endpoint of all) {
    const key = endpointKey(endpoint);
    if (!distinct.has(key)) distinct.set(key, endpoint);
  }
  return [...distinct.values()].sort((a, b) => (endpointKey(a) < endpointKey(b) ? -1 : 1));
}

function endpointKey({ host, port, scheme }: ExposedEndpoint): string {
  return `${host} ${port} ${scheme}`;
}

/** RFC 1123 names, and addresses. */
function isAskable(host: string | undefined): host is string {
  return (
    host !== undefined &&
    (isIP(host) !== 0 || /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(host))
  );
}

function addressesOf(entries: readonly { readonly ip?: string; readonly hostname?: string }[] = []): readonly string[] {
  return entries.map(({ ip, hostname }) => ip ?? hostname).filter(isAskable);
}

const MANAGED = ['networking.gke.io/managed-certificates', 'ingress.gcp.kubernetes.io/pre-shared-cert'];

function ofIngress(ingress: Ingress): readonly ExposedEndpoint[] {
  const addresses = addressesOf(ingress.status?.loadBalancer?.ingress);
  const [first] = addresses;
  if (first === undefined || ingress.metadata.deletionTimestamp !== undefined) return [];
  return (ingress.spec?.rules ?? []).flatMap(({ host: named, http }) => {
    const host = named === undefined || named === '' ? first : named;
    if (!isAskable(host)) return [];
    const isSecure = named !== undefined && isEncrypted(ingress, host);
    const path = pathOf((http?.paths ?? []).map((one) => (one.pathType === 'ImplementationSpecific' ? '/' : one.path)));
    const place = isSecure ? ({ scheme: 'https', port: 443 } as const) : ({ scheme: 'http', port: 80 } as const);
    return [{ ...place, host, path, exposedBy: refOf(ingress), addresses }];
  });
}

function isEncrypted({ spec, metadata }: Ingress, host: string): boolean {
  if (MANAGED.some((annotation) => metadata.annotations?.[annotation] !== undefined)) return true;
  const wildcard = host.replace(/^[^.]+/, '*');
  return (spec?.tls ?? []).some(
    ({ hosts = [] }) => hosts.length === 0 || hosts.includes(host) || hosts.includes(wildcard),
  );
}

/** The root where it is served, else the first path; nothing but plain path segments is ever sent. */
function pathOf(paths: readonly (string | undefined)[]): string {
  const plain = paths.filter((path) => path !== undefined && /^(?:\/[\w.~-]*)+$/.test(path) && !path.includes('..'));
  return plain.includes('/') ? '/' : (plain[0] ?? '/');
}

const GATEWAY = 'gateway.networking.k8s.io';

function ofGateways(snapshot: ClusterSnapshot): readonly ExposedEndpoint[] {
  const hosts = hostsByGateway(snapshot);
  return snapshot.listCustom(`${GATEWAY}/Gateway`).flatMap((gateway) => {
    const addresses = (gateway.status?.addresses ?? []).map(({ value }) => value).filter(isAskable);
    if (addresses.length === 0 || gateway.metadata.deletionTimestamp !== undefined) return [];
    const routed = hosts.get(namespacedName(gateway)) ?? [];
    return ofListeners(gateway, routed, addresses);
  });
}

function ofListeners(
  gateway: Gateway,
  routed: readonly string[],
  addresses: readonly string[],
): readonly ExposedEndpoint[] {
  return (gateway.spec?.listeners ?? []).flatMap(({ hostname, port, protocol }) => {
    if ((protocol !== 'HTTP' && protocol !== 'HTTPS') || !isPort(port)) return [];
    const below = routed.filter((host) => hostname === undefined || hostname === '' || isWithin(host, hostname));
    const names = [...new Set([...below, ...(hostname === undefined ? [] : [hostname])])].filter(isAskable);
    const scheme = protocol === 'HTTPS' ? 'https' : 'http';
    return names.map((host) => ({ scheme, host, port, path: '/', exposedBy: refOf(gateway), addresses }) as const);
  });
}

function isWithin(host: string, hostname: string): boolean {
  return host === hostname || (hostname.startsWith('*.') && host.endsWith(hostname.slice(1)));
}

function hostsByGateway(snapshot: ClusterSnapshot): ReadonlyMap<string, readonly string[]> {
  const hosts = new Map<string, string[]>();
  for (const { metadata, spec } of snapshot.listCustom(`${GATEWAY}/HTTPRoute`)) {
    for (const { namespace = metadata.namespace ?? '', name = '' } of spec?.parentRefs ?? []) {
      const key = `${namespace}/${name}`;
      hosts.set(key, [...(hosts.get(key) ?? []), ...(spec?.hostnames ?? [])]);
    }
  }
  return hosts;
}

const PORTS: Readonly<Record<number, 'http' | 'https'>> = { 80: 'http', 8080: 'http', 443: 'https', 8443: 'https' };

/** Ports that say by application protocol, name or number that they speak HTTP; no other is connected to. */
function ofService(service: Service): readonly ExposedEndpoint[] {
  const { spec, status, metadata } = service;
  const addresses = addressesOf(status?.loadBalancer?.ingress);
  const [host] = addresses;
  if (spec?.type !== 'LoadBalancer' || host === undefined || metadata.deletionTimestamp !== undefined) return [];
  return (spec.ports ?? []).flatMap(({ port, name = '', appProtocol = '', protocol = 'TCP' }) => {
    const said = /^(https?)(?:$|-)/.exec(appProtocol || name)?.[1] as 'http' | 'https' | undefined;
    const scheme = said ?? PORTS[port];
    if (scheme === undefined || protocol !== 'TCP' || !isPort(port)) return [];
    return [{ scheme, host, port, path: '/', exposedBy: refOf(service), addresses }];
  });
}

function isPort(port: number | undefined): port is number {
  return Number.isInteger(port) && port !== undefined && port > 0 && port < 65_536;
}
