/**
 * HTTPRoutes of a Gateway: which of its listeners they attach to, and whether what they send to is there.
 * Source: https://gateway-api.sigs.k8s.io/reference/spec/; https://cloud.google.com/kubernetes-engine/docs/how-to/deploying-gateways
 */
import type {
  BackendReference,
  Gateway,
  GatewayListener,
  GatewayRoute,
  ParentReference,
  ReferenceGrant,
} from '../../../model/gateway-kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { matchesSelector } from '../../../model/selector.ts';
import { NAMESPACES, SERVICES } from '../../api/built-in-types.ts';
import type { ApiServer } from '../../api/api-server.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import { keyOf } from '../object-key.ts';

export const GATEWAY_GROUP = 'gateway.networking.k8s.io';

/** What became of one parent reference. */
export interface Attachment {
  readonly route: GatewayRoute;
  readonly parentRef: ParentReference;
  /** Names of the listeners that it attaches to; none where it is not accepted. */
  readonly listeners: readonly string[];
  /** `Accepted`, or why not. */
  readonly accepted: 'Accepted' | 'NoMatchingParent' | 'NotAllowedByListeners' | 'NoMatchingListenerHostname';
  /** What cannot be resolved; `undefined` where all can. */
  readonly unresolved?: Unresolved;
  /** `namespace/name:port` of the Services that it sends to, as far as they are there. */
  readonly backends: readonly string[];
}

/** A reference that leads nowhere. */
export interface Unresolved {
  readonly reason: 'BackendNotFound' | 'RefNotPermitted' | 'InvalidKind';
  readonly cause: string;
  readonly words: string;
}

/** Keys of the Gateways that a route names. */
export function parentsOf({ metadata, spec }: GatewayRoute): readonly string[] {
  return (spec?.parentRefs ?? [])
    .filter(({ group = GATEWAY_GROUP, kind = 'Gateway' }) => group === GATEWAY_GROUP && kind === 'Gateway')
    .map(({ namespace = metadata.namespace ?? '', name }) => `${namespace}/${name}`);
}

/** Keys of the Services that a route names. */
export function servicesOf(route: GatewayRoute): readonly string[] {
  return referencesOf(route).map(({ namespace = route.metadata.namespace ?? '', name }) => `${namespace}/${name}`);
}

/** What becomes of a route's references to a Gateway. */
export function attachmentsOf(api: ApiServer, gateway: Gateway, route: GatewayRoute): readonly Attachment[] {
  const key = keyOf(gateway);
  const { namespace: own = '' } = route.metadata;
  return (route.spec?.parentRefs ?? [])
    .filter(({ namespace = own, name }) => `${namespace}/${name}` === key)
    .map((parentRef) => attachmentOf(api, gateway, route, parentRef));
}

function attachmentOf(api: ApiServer, gateway: Gateway, route: GatewayRoute, parentRef: ParentReference): Attachment {
  const named = (gateway.spec?.listeners ?? []).filter(
    ({ name, port }) =>
      (parentRef.sectionName === undefined || parentRef.sectionName === name) &&
      (parentRef.port === undefined || parentRef.port === port),
  );
  const allowed = named.filter((listener) => isAllowed(api, gateway, listener, route));
  const matching = allowed.filter((listener) => sharesHost(listener, route));
  const accepted =
    named.length === 0
      ? 'NoMatchingParent'
      : allowed.length === 0
        ? 'NotAllowedByListeners'
        : matching.length === 0
          ? 'NoMatchingListenerHostname'
          : 'Accepted';
  const references = referencesOf(route);
  const found = references.map((reference) => resolve(api, route, reference));
  const unresolved = found.find((one) => typeof one !== 'string');
  return {
    ...{ route, parentRef, accepted, listeners: matching.map(({ name }) => name) },
    ...(unresolved === undefined || typeof unresolved === 'string' ? {} : { unresolved }),
    backends: found.filter((one) => typeof one === 'string'),
  };
}

function referencesOf({ spec }: GatewayRoute): readonly BackendReference[] {
  return (spec?.rules ?? []).flatMap(({ backendRefs = [] }) => backendRefs);
}

/** Routes of its own namespace, of all, or of those that a selector takes. */
function isAllowed(api: ApiServer, gateway: Gateway, { allowedRoutes }: GatewayListener, route: GatewayRoute): boolean {
  const { from = 'Same', selector } = allowedRoutes?.namespaces ?? {};
  const { namespace = '' } = route.metadata;
  if (from === 'All') return true;
  if (from !== 'Selector') return namespace === gateway.metadata.namespace;
  return selector !== undefined && matchesSelector(selector, api.store.get(NAMESPACES, '', namespace)?.metadata.labels);
}

/** A listener without a host name takes all; `*.example.com` takes every name below. */
function sharesHost({ hostname }: GatewayListener, { spec }: GatewayRoute): boolean {
  const names = spec?.hostnames ?? [];
  if (hostname === undefined || hostname === '' || names.length === 0) return true;
  return names.some((name) => name === hostname || covers(hostname, name) || covers(name, hostname));
}

function covers(pattern: string, name: string): boolean {
  return pattern.startsWith('*.') && name.endsWith(pattern.slice(1));
}

/** `namespace/name:port`, or why it cannot be. */
function resolve(api: ApiServer, route: GatewayRoute, reference: BackendReference): string | Unresolved {
  const { group = '', kind = 'Service', name, port = 0 } = reference;
  const own = route.metadata.namespace ?? '';
  const { namespace = own } = reference;
  if (kind !== 'Service' || group !== '') {
    const words = `Error GWCER104: HTTPRoute ${quoted(route)} is misconfigured, err: unsupported backendRef kind ${JSON.stringify(kind)}`;
    return { reason: 'InvalidKind', cause: 'unsupported-kind', words };
  }
  const misconfigured = `Error GWCER104: HTTPRoute ${quoted(route)} is misconfigured, err: `;
  if (namespace !== own && !isGranted(api, own, namespace, name)) {
    const words = `${misconfigured}Service ${namespace}/${name} is not permitted by any ReferenceGrant`;
    return { reason: 'RefNotPermitted', cause: 'reference-not-permitted', words };
  }
  const service = api.store.get(SERVICES, namespace, name);
  if (service === undefined)
    return {
      ...{ reason: 'BackendNotFound', cause: 'reference-not-found' },
      words: `${misconfigured}Error GWCER102: services ${namespace}/${name} not found`,
    };
  if (!(service.spec?.ports ?? []).some((one) => one.port === port))
    return {
      ...{ reason: 'BackendNotFound', cause: 'reference-not-found' },
      words: `${misconfigured}port ${port} not found in Service ${namespace}/${name}`,
    };
  return `${namespace}/${name}:${port}`;
}

function isGranted(api: ApiServer, from: string, to: string, name: string): boolean {
  const type = api.types.byKind(GATEWAY_GROUP, 'ReferenceGrant') as ResourceType<ReferenceGrant> | undefined;
  if (type === undefined) return false;
  for (const { spec } of api.store.list(type, to)) {
    const takes = (spec?.from ?? []).some(({ kind, namespace }) => kind === 'HTTPRoute' && namespace === from);
    const gives = (spec?.to ?? []).some((one) => one.kind === 'Service' && (one.name ?? name) === name);
    if (takes && gives) return true;
  }
  return false;
}

export function quoted(object: KubeObject): string {
  return JSON.stringify(keyOf(object));
}
