/** Routes of the Gateway API: what they attach to and send traffic to, and what permits it. */
import {
  groupOf,
  matchesSelector,
  type Gateway,
  type GatewayListener,
  type GatewayReference,
  type GatewayRoute,
  type KubeObject,
  type ParentReference,
  type BackendReference,
  type CustomCondition,
} from '@aia/cluster';
import { absenceOf, type Absence } from '../absence.ts';
import { inOrder, type Examination } from '../examination.ts';
import { listText } from '../wording.ts';

export const GATEWAY_GROUP = 'gateway.networking.k8s.io';
const ROUTE_KINDS = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'] as const;

/** All routes, judged or not, by kind in the order of the snapshot; those being deleted are left out. */
export function gatewayRoutes({ snapshot }: Examination): readonly GatewayRoute[] {
  return ROUTE_KINDS.flatMap((kind) => snapshot.listCustom(`gateway.networking.k8s.io/${kind}`)).filter(
    ({ metadata }) => metadata.deletionTimestamp === undefined,
  );
}

/** Judged Gateways that are not being deleted, in a stable order. */
export function judgedGateways(examination: Examination): readonly Gateway[] {
  return inOrder(
    examination.snapshot
      .listCustom('gateway.networking.k8s.io/Gateway')
      .filter(
        ({ metadata }) => metadata.deletionTimestamp === undefined && examination.judges(metadata.namespace ?? ''),
      ),
  );
}

/** Judged routes, in a stable order. */
export function judgedRoutes(examination: Examination): readonly GatewayRoute[] {
  return inOrder(gatewayRoutes(examination).filter(({ metadata }) => examination.judges(metadata.namespace ?? '')));
}

/** The Gateway that a reference names, when it is in the snapshot. */
export function gatewayOf(
  { snapshot }: Examination,
  { group, kind, namespace, name }: PlacedReference<GatewayReference>,
): Gateway | undefined {
  return snapshot.resolve({ group, kind, namespace, name }) as Gateway | undefined;
}

/** The conditions that a controller has set on a route for one of its parents, with their place. */
export function parentConditions(
  route: GatewayRoute,
  { reference, namespace }: PlacedReference<ParentReference>,
): { readonly conditions: readonly CustomCondition[]; readonly path: string } | undefined {
  const parents = route.status?.parents ?? [];
  const at = parents.findIndex(
    ({ parentRef }) =>
      parentRef?.name === reference.name &&
      (parentRef.namespace ?? route.metadata.namespace) === namespace &&
      (parentRef.kind ?? 'Gateway') === (reference.kind ?? 'Gateway') &&
      parentRef.sectionName === reference.sectionName &&
      parentRef.port === reference.port,
  );
  const found = parents[at];
  return found === undefined
    ? undefined
    : { conditions: found.conditions ?? [], path: `status.parents[${at}].conditions` };
}

/** A reference with its defaults filled in, and its place. */
export interface PlacedReference<R extends GatewayReference> {
  readonly reference: R;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
}

/** What a route attaches to. A parent of kind Service (a mesh) is one of the core group, whatever it says. */
export function parentsOf(route: GatewayRoute): readonly PlacedReference<ParentReference>[] {
  return (route.spec?.parentRefs ?? []).map((reference, i) => {
    const { kind = 'Gateway', group = GATEWAY_GROUP } = reference;
    return placed(route, reference, { group: kind === 'Service' ? '' : group, kind }, `spec.parentRefs[${i}]`);
  });
}

/** Services that a route sends traffic to; other kinds of backend are left out. */
export function serviceBackendsOf(route: GatewayRoute): readonly PlacedReference<BackendReference>[] {
  return (route.spec?.rules ?? []).flatMap(({ backendRefs = [] }, i) =>
    backendRefs.flatMap((reference, j) => {
      const { kind = 'Service', group = '' } = reference;
      if (kind !== 'Service' || (group !== '' && group !== 'core')) return [];
      return [placed(route, reference, { group: '', kind }, `spec.rules[${i}].backendRefs[${j}]`)];
    }),
  );
}

/** Secrets with the certificates of a listener. */
export function certificatesOf(
  gateway: Gateway,
  listener: GatewayListener,
  at: number,
): readonly PlacedReference<GatewayReference>[] {
  if (listener.tls?.mode === 'Passthrough') return [];
  return (listener.tls?.certificateRefs ?? []).flatMap((reference, j) => {
    const { kind = 'Secret', group = '' } = reference;
    if (kind !== 'Secret' || group !== '') return [];
    return [placed(gateway, reference, { group, kind }, `spec.listeners[${at}].tls.certificateRefs[${j}]`)];
  });
}

function placed<R extends GatewayReference>(
  from: KubeObject,
  reference: R,
  { group, kind }: { readonly group: string; readonly kind: string },
  path: string,
): PlacedReference<R> {
  const namespace = reference.namespace ?? from.metadata.namespace ?? '';
  return { reference, group, kind, namespace, name: reference.name, path };
}

/** Whether an object may name one of another namespace: `granted`, or how sure it is that nothing grants it. */
export function grantFor(
  { snapshot }: Examination,
  from: KubeObject,
  to: Pick<PlacedReference<GatewayReference>, 'group' | 'kind' | 'namespace' | 'name'>,
): 'granted' | Absence {
  if (to.namespace === (from.metadata.namespace ?? '')) return 'granted';
  const grants = snapshot.listCustom('gateway.networking.k8s.io/ReferenceGrant').filter(({ metadata, spec }) => {
    const isFrom = (spec?.from ?? []).some(
      ({ group = '', kind, namespace }) =>
        group === groupOf(from.apiVersion) && kind === from.kind && namespace === (from.metadata.namespace ?? ''),
    );
    const isTo = (spec?.to ?? []).some(
      ({ group = '', kind, name }) =>
        group === to.group && kind === to.kind && (name === undefined || name === '' || name === to.name),
    );
    return metadata.namespace === to.namespace && isFrom && isTo;
  });
  return grants.length > 0 ? 'granted' : absenceOf(snapshot, GATEWAY_GROUP, 'ReferenceGrant', to.namespace);
}

/** Why a route may not attach to a listener. */
export interface ListenerRefusal {
  readonly reason: 'NotAllowedByListeners' | 'NoMatchingListenerHostname' | 'NoMatchingParent';
  readonly detail: string;
  /** Whether the snapshot holds all that the answer rests on. */
  readonly isCertain: boolean;
}

/** Why none of a Gateway's listeners takes the route; `undefined` when one does. */
export function refusalByListeners(
  examination: Examination,
  route: GatewayRoute,
  { reference }: PlacedReference<ParentReference>,
  gateway: Gateway,
): ListenerRefusal | undefined {
  const { sectionName, port } = reference;
  const all = gateway.spec?.listeners ?? [];
  const meant = all.filter(
    (listener) =>
      (sectionName === undefined || listener.name === sectionName) && (port === undefined || listener.port === port),
  );
  if (all.length === 0) return undefined;
  if (meant.length === 0) {
    const what = [
      ...(sectionName === undefined ? [] : [`named ${sectionName}`]),
      ...(port === undefined ? [] : [`on port ${port}`]),
    ];
    const has = listText(all.map((listener) => `${listener.name} (${listener.port ?? '?'})`));
    return { reason: 'NoMatchingParent', detail: `it has no listener ${what.join(' ')}, only ${has}`, isCertain: true };
  }
  const refusals = meant.map((listener) => refusalBy(examination, route, listener, gateway));
  const [first] = refusals;
  if (first === undefined || refusals.includes(undefined)) return undefined;
  return refusals.find((refusal) => refusal?.isCertain === false) ?? first;
}

function refusalBy(
  examination: Examination,
  route: GatewayRoute,
  listener: GatewayListener,
  gateway: Gateway,
): ListenerRefusal | undefined {
  const kinds = listener.allowedRoutes?.kinds ?? [];
  if (kinds.length > 0 && !kinds.some(({ kind }) => kind === route.kind))
    return refused(`listener ${listener.name} takes only ${kinds.map(({ kind }) => kind).join(', ')}`);
  return namespaceRefusal(examination, route, listener, gateway) ?? hostnameRefusal(route, listener);
}

function refused(detail: string, isCertain = true): ListenerRefusal {
  return { reason: 'NotAllowedByListeners', detail, isCertain };
}

function namespaceRefusal(
  { snapshot }: Examination,
  { metadata }: GatewayRoute,
  { name, allowedRoutes }: GatewayListener,
  gateway: Gateway,
): ListenerRefusal | undefined {
  const { from = 'Same', selector } = allowedRoutes?.namespaces ?? {};
  const { namespace = '' } = metadata;
  if (from === 'All') return undefined;
  if (from === 'None') return refused(`listener ${name} takes no routes`);
  if (from === 'Same')
    return namespace === gateway.metadata.namespace
      ? undefined
      : refused(`listener ${name} takes only routes of its own namespace ${gateway.metadata.namespace ?? ''}`);
  const labels = snapshot.get('Namespace', '', namespace)?.metadata.labels;
  if (matchesSelector(selector, { ...labels, 'kubernetes.io/metadata.name': namespace })) return undefined;
  return refused(
    `listener ${name} takes only routes of namespaces with certain labels, and ${namespace} ${labels === undefined ? 'is not among those read to have them' : 'does not have them'}`,
    labels !== undefined,
  );
}

const WITH_HOSTNAMES: ReadonlySet<string> = new Set(['HTTPRoute', 'GRPCRoute', 'TLSRoute']);

function hostnameRefusal(
  { kind, spec }: GatewayRoute,
  { name, hostname = '' }: GatewayListener,
): ListenerRefusal | undefined {
  const { hostnames = [] } = spec ?? {};
  if (!WITH_HOSTNAMES.has(kind) || hostname === '' || hostnames.length === 0) return undefined;
  if (hostnames.some((own) => overlaps(own.toLowerCase(), hostname.toLowerCase()))) return undefined;
  return {
    reason: 'NoMatchingListenerHostname',
    detail: `listener ${name} serves ${hostname}, the route ${hostnames.slice(0, 3).join(', ')}`,
    isCertain: true,
  };
}

/** Whether two host names, either with a leading `*.`, have one in common. A wildcard stands for one label or more. */
function overlaps(a: string, b: string): boolean {
  if (a === b) return true;
  const isUnder = (wild: string, other: string): boolean =>
    wild.startsWith('*.') && other.endsWith(wild.slice(1)) && other.length > wild.length - 1;
  return isUnder(a, b) || isUnder(b, a);
}
