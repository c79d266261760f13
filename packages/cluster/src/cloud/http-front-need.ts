/**
 * Which quota an Ingress or a Gateway uses up on Google's cloud: a table that can be replaced, and its reading.
 * Source: https://cloud.google.com/load-balancing/docs/quotas; https://cloud.google.com/kubernetes-engine/docs/concepts/ingress
 */
import type { Gateway } from '../model/gateway-kinds.ts';
import type { KindMap } from '../model/kinds.ts';
import type { QuotaNeed } from './quota-need.ts';

type Ingress = KindMap['Ingress'];

/** Where an HTTP load balancer takes requests: all over the world, in one region, or inside the network. */
export type HttpFrontScope = 'global' | 'regional' | 'internal';

/** What its parts are counted by. */
export type HttpFrontUnit = 'rule' | 'http' | 'https' | 'address' | 'reserved-address' | 'certificate' | 'front';

/** One line of the table: so much of `metric` per unit. */
export interface HttpFrontEffect {
  readonly metric: string;
  readonly region: 'region' | 'global';
  readonly per: HttpFrontUnit;
  readonly group?: string;
}

const RULES = 'forwarding rules';

/** What the fronts of an Ingress or Gateway use up, by scope. */
const HTTP_FRONT_QUOTAS: Readonly<Record<HttpFrontScope, readonly HttpFrontEffect[]>> = Object.freeze({
  global: [
    { metric: 'FORWARDING_RULES', region: 'global', per: 'rule', group: RULES },
    { metric: 'IN_USE_ADDRESSES', region: 'global', per: 'address' },
    { metric: 'STATIC_ADDRESSES', region: 'global', per: 'reserved-address' },
    { metric: 'URL_MAPS', region: 'global', per: 'front' },
    { metric: 'TARGET_HTTP_PROXIES', region: 'global', per: 'http' },
    { metric: 'TARGET_HTTPS_PROXIES', region: 'global', per: 'https' },
    { metric: 'SSL_CERTIFICATES', region: 'global', per: 'certificate' },
  ],
  regional: [
    { metric: 'FORWARDING_RULES', region: 'region', per: 'rule', group: RULES },
    { metric: 'EXTERNAL_MANAGED_FORWARDING_RULES', region: 'region', per: 'rule', group: RULES },
    { metric: 'IN_USE_ADDRESSES', region: 'region', per: 'address' },
    { metric: 'STATIC_ADDRESSES', region: 'region', per: 'reserved-address' },
  ],
  internal: [
    { metric: 'FORWARDING_RULES', region: 'region', per: 'rule', group: RULES },
    { metric: 'INTERNAL_ADDRESSES', region: 'region', per: 'address' },
  ],
});

/** The parts of one front. */
export interface HttpFront {
  readonly scope: HttpFrontScope;
  readonly http: number;
  readonly https: number;
  /** Certificates that are made for it; what was made before is not counted. */
  readonly certificates: number;
  /** Whether its address is reserved. */
  readonly isReserved: boolean;
}

/** What a front uses up, its backends not counted. */
export function quotaNeedOfFront(front: HttpFront, table = HTTP_FRONT_QUOTAS): readonly QuotaNeed[] {
  const rules = front.http + front.https;
  const units: Readonly<Record<HttpFrontUnit, number>> = {
    rule: rules,
    http: front.http,
    https: front.https,
    address: rules === 0 || front.isReserved ? 0 : 1,
    'reserved-address': rules === 0 || !front.isReserved ? 0 : 1,
    certificate: front.certificates,
    front: 1,
  };
  return table[front.scope]
    .map(({ per, ...need }): QuotaNeed => ({ ...need, amount: units[per] }))
    .filter(({ amount }) => amount > 0);
}

/** What one backend uses up: a port of a Service, once for all Ingresses of a cluster, once for each Gateway. */
export function quotaNeedOfBackend(
  scope: HttpFrontScope,
  zones: number,
  usesEndpointGroups = true,
): readonly QuotaNeed[] {
  const global: readonly QuotaNeed[] = [
    { metric: 'BACKEND_SERVICES', region: 'global', amount: 1 },
    { metric: 'HEALTH_CHECKS', region: 'global', amount: 1 },
  ];
  const groups: readonly QuotaNeed[] =
    usesEndpointGroups && zones > 0 ? [{ metric: 'NETWORK_ENDPOINT_GROUPS', region: 'region', amount: zones }] : [];
  return [...(scope === 'global' ? global : []), ...groups];
}

/** Annotation that names the class, before `spec.ingressClassName` and in place of it. */
export const INGRESS_CLASS = 'kubernetes.io/ingress.class';
const ALLOW_HTTP = 'kubernetes.io/ingress.allow-http';
/** Certificates that are there already, by name. */
const PRE_SHARED = 'ingress.gcp.kubernetes.io/pre-shared-cert';
const MANAGED = 'networking.gke.io/managed-certificates';
const STATIC_IP = {
  global: 'kubernetes.io/ingress.global-static-ip-name',
  regional: 'kubernetes.io/ingress.regional-static-ip-name',
  internal: 'kubernetes.io/ingress.regional-static-ip-name',
} as const;

/**
 * The scope of an Ingress that GKE's own controller serves; `undefined` for others.
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/ingress#controller_summary
 */
export function ingressScope({ metadata, spec }: Ingress): HttpFrontScope | undefined {
  switch (metadata.annotations?.[INGRESS_CLASS]) {
    case undefined:
      return spec?.ingressClassName === undefined ? 'global' : undefined;
    case '':
    case 'gce':
      return 'global';
    case 'gce-internal':
      return 'internal';
    case 'gce-regional-external':
      return 'regional';
    default:
      return undefined;
  }
}

/** The name of the address that is reserved for an Ingress; `undefined` where it names none. */
export function staticAddressOf({ metadata }: Ingress, scope: HttpFrontScope): string | undefined {
  const name = metadata.annotations?.[STATIC_IP[scope]] ?? '';
  return name === '' ? undefined : name;
}

/** The front of an Ingress; `undefined` for those of other controllers. */
export function frontOfIngress(ingress: Ingress): HttpFront | undefined {
  const scope = ingressScope(ingress);
  if (scope === undefined) return undefined;
  const { annotations = {} } = ingress.metadata;
  const secrets = new Set(
    (ingress.spec?.tls ?? []).flatMap(({ secretName = '' }) => (secretName === '' ? [] : [secretName])),
  );
  const listed = (name: string) => (annotations[name] ?? '') !== '';
  const isSecure = secrets.size > 0 || listed(PRE_SHARED) || listed(MANAGED);
  return {
    scope,
    http: annotations[ALLOW_HTTP] === 'false' ? 0 : 1,
    https: isSecure ? 1 : 0,
    certificates: listed(PRE_SHARED) ? 0 : secrets.size,
    isReserved: staticAddressOf(ingress, scope) !== undefined,
  };
}

/** A port of a Service that an Ingress sends to: `namespace/name`, and the port by name or number. */
export interface IngressBackend {
  readonly service: string;
  readonly name: string;
  readonly number: number;
}

/** Where an Ingress sends to, each once, its default backend first. */
export function backendsOfIngress({ metadata, spec }: Ingress): readonly IngressBackend[] {
  const found = new Map<string, IngressBackend>();
  const paths = (spec?.rules ?? []).flatMap(({ http }) => http?.paths ?? []);
  for (const backend of [spec?.defaultBackend, ...paths.map((path) => path.backend)]) {
    const { name: service, port } = backend?.service ?? {};
    if (service === undefined) continue;
    const one = {
      service: `${metadata.namespace ?? ''}/${service}`,
      name: port?.name ?? '',
      number: port?.number ?? 0,
    };
    found.set(`${one.service}/${one.name}/${one.number}`, one);
  }
  return [...found.values()];
}

/** What an Ingress uses up if nothing else sends to its backends; empty for those of other controllers. `zones`: of the cluster. */
export function quotaNeedOfIngress(ingress: Ingress, zones: number): readonly QuotaNeed[] {
  const front = frontOfIngress(ingress);
  if (front === undefined) return [];
  return summed([
    ...quotaNeedOfFront(front),
    ...backendsOfIngress(ingress).flatMap(() => quotaNeedOfBackend(front.scope, zones)),
  ]);
}

/** Classes of GKE's Gateway controller. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/gateway-api#gatewayclass */
const GATEWAY_CLASSES: readonly (readonly [pattern: RegExp, scope: HttpFrontScope])[] = [
  [/^gke-l7-(?:global-external-managed|gxlb)(?:-mc)?$/, 'global'],
  [/^gke-l7-regional-external-managed(?:-mc)?$/, 'regional'],
  [/^gke-l7-rilb(?:-mc)?$/, 'internal'],
];

/** The scope of a Gateway that GKE's controller serves; `undefined` for others. */
export function gatewayScope({ spec }: Gateway): HttpFrontScope | undefined {
  const { gatewayClassName = '' } = spec ?? {};
  return GATEWAY_CLASSES.find(([pattern]) => pattern.test(gatewayClassName))?.[1];
}

/** The front of a Gateway; `undefined` for those of other controllers. One rule per port, whatever the host names. */
export function frontOfGateway(gateway: Gateway): HttpFront | undefined {
  const scope = gatewayScope(gateway);
  if (scope === undefined) return undefined;
  const listeners = gateway.spec?.listeners ?? [];
  const ports = (protocol: string) =>
    new Set(listeners.filter((one) => (one.protocol ?? 'HTTP') === protocol).map(({ port }) => port)).size;
  const refs = listeners.flatMap(({ tls }) => tls?.certificateRefs ?? []);
  return {
    scope,
    http: ports('HTTP'),
    https: ports('HTTPS'),
    certificates: new Set(refs.map(({ namespace = '', name }) => `${namespace}/${name}`)).size,
    isReserved: (gateway.spec?.addresses ?? []).some(({ type }) => type === 'NamedAddress'),
  };
}

/** What a Gateway uses up with so many backends; empty for those of other controllers. `zones`: of the cluster. */
export function quotaNeedOfGateway(gateway: Gateway, backends: number, zones: number): readonly QuotaNeed[] {
  const front = frontOfGateway(gateway);
  if (front === undefined) return [];
  const each = quotaNeedOfBackend(front.scope, zones).map((need) => ({ ...need, amount: need.amount * backends }));
  return summed([...quotaNeedOfFront(front), ...each.filter(({ amount }) => amount > 0)]);
}

/** One need for each metric. */
export function summed(needs: readonly QuotaNeed[]): readonly QuotaNeed[] {
  const sums = new Map<string, QuotaNeed>();
  for (const need of needs) {
    const key = `${need.region}/${need.metric}`;
    sums.set(key, { ...need, amount: need.amount + (sums.get(key)?.amount ?? 0) });
  }
  return [...sums.values()];
}
