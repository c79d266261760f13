/** Every Service of type LoadBalancer: whether it has an address, what is behind it, what else leads there, and who may be using it. */
import {
  compare,
  namespacedName,
  patternOf,
  refKey,
  refOf,
  refText,
  type GatewayRoute,
  type KindMap,
  type ResourceRef,
  type Service,
} from '@aia/cluster';
import { inOrder, type Examination } from '../../diagnose/examination.ts';
import { gatewayOf, gatewayRoutes, parentsOf, serviceBackendsOf } from '../../diagnose/services/gateway-routes.ts';
import { ingressBackends } from '../../diagnose/services/ingress-backends.ts';
import { hasIngressAddress } from '../../diagnose/services/ingress-classes.ts';
import {
  hasAddress,
  isInternal,
  isPending,
  loadBalancers,
  speaksHttp,
} from '../../diagnose/services/load-balancers.ts';
import { nearestWorkload } from '../../diagnose/services/nearest-workload.ts';
import { backings, type Backing } from '../../diagnose/services/service-endpoints.ts';
import { targetOf } from '../../diagnose/services/target-ports.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Planning } from '../planning.ts';
import { isNamed } from './named-services.ts';

/** One of them. */
export interface Balancer {
  readonly service: Service;
  readonly ref: ResourceRef;
  /** `namespace/name`. */
  readonly key: string;
  readonly addresses: readonly string[];
  /** It waits for an address for longer than that takes, and no event tells that it ever had one. */
  readonly isWaiting: boolean;
  readonly isInternal: boolean;
  readonly isHttp: boolean;
  /** Workloads behind it, sorted; empty where nothing is. */
  readonly workloads: readonly string[];
  /** Ports of the pods that it leads to: `TCP/8080`. */
  readonly targets: ReadonlySet<string>;
  /** Nothing selects, nobody is likely to have been meant, and nothing leads to it. */
  readonly isOrphan: boolean;
  /** Requests may come through it: nothing was measured at it, so an address and ready endpoints are taken as traffic. */
  readonly carriesTraffic: boolean;
  /** Host names under which it is known from outside, sorted. */
  readonly hosts: readonly string[];
  /** The Ingress or Gateway with an address that leads to it as well. */
  readonly route: string | undefined;
  /** Whether a plan may change it. */
  readonly isOpen: boolean;
}

const EXTERNAL_DNS = ['external-dns.alpha.kubernetes.io/hostname', 'external-dns.kubernetes.io/hostname'];
const SERVED: ReadonlySet<string> = new Set([
  'EnsuredLoadBalancer',
  'UpdatedLoadBalancer',
  'SyncLoadBalancerSuccessful',
]);

const known = new WeakMap<Planning, readonly Balancer[]>();

/** All of them, judged or not, in a stable order. */
export function balancersOf(planning: Planning): readonly Balancer[] {
  let found = known.get(planning);
  if (found === undefined) known.set(planning, (found = collect(planning)));
  return found;
}

function collect({ examination, policy }: Planning): readonly Balancer[] {
  const routes = routesTo(examination);
  return inOrder(loadBalancers(examination)).map((service) => balancerOf(service, examination, policy, routes));
}

function balancerOf(service: Service, examination: Examination, policy: Policy, routes: Routes): Balancer {
  const key = namespacedName(service);
  const backing = backings(examination).get(key);
  const route = routes.get(key);
  const ready = backing?.state === 'serving' || backing?.state === 'partly';
  return {
    ...{ service, key, ref: refOf(service), route: route?.text },
    addresses: (service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []),
    isWaiting: isPending(service, examination) && !wasServed(service, examination),
    isInternal: isInternal(service),
    isHttp: isHttp(service, backing, route),
    workloads: backing === undefined ? [] : workloadsBehind(backing, examination),
    targets: new Set((service.spec?.ports ?? []).map((port) => targetText(port, backing))),
    isOrphan: route === undefined && isOrphan(service, backing, examination),
    carriesTraffic: hasAddress(service) && ready,
    hosts: [...new Set([...hostsSaid(service), ...(route?.hosts ?? [])])].sort(compare),
    isOpen: isOpen(service, policy),
  };
}

/** Whether another one, or what is asked of it, leads to all that this one leads to. */
export function covers(other: Balancer, one: Balancer): boolean {
  return (
    other !== one &&
    one.workloads.length > 0 &&
    one.service.metadata.namespace === other.service.metadata.namespace &&
    one.isInternal === other.isInternal &&
    one.workloads.join() === other.workloads.join() &&
    [...one.targets].every((target) => other.targets.has(target))
  );
}

interface Route {
  readonly text: string;
  readonly hosts: readonly string[];
}
type Routes = ReadonlyMap<string, Route>;

/** Ingresses and routes of Gateways that have an address, by the Services that they lead to. */
function routesTo(examination: Examination): Routes {
  const routes = new Map<string, Route>();
  for (const ingress of inOrder(examination.snapshot.list('Ingress')).filter(hasIngressAddress))
    for (const { service, route } of ingressBackends(ingress)) {
      const key = `${ingress.metadata.namespace ?? ''}/${service}`;
      add(routes, key, refText(refOf(ingress)), hostsOfIngress(ingress, route));
    }
  for (const route of inOrder(gatewayRoutes(examination)).filter((one) => isServed(one, examination)))
    for (const { namespace, name } of serviceBackendsOf(route))
      add(routes, `${namespace}/${name}`, refText(refOf(route)), route.spec?.hostnames ?? []);
  return routes;
}

function add(routes: Map<string, Route>, key: string, text: string, hosts: readonly string[]): void {
  const before = routes.get(key);
  routes.set(key, { text: before?.text ?? text, hosts: [...(before?.hosts ?? []), ...hosts] });
}

function hostsOfIngress(_ingress: KindMap['Ingress'], route: string): readonly string[] {
  const host = route.split('/')[0] ?? '';
  return host === '*' || host.includes(' ') ? [] : [host];
}

function isServed(route: GatewayRoute, examination: Examination): boolean {
  return parentsOf(route).some((parent) => (gatewayOf(examination, parent)?.status?.addresses ?? []).length > 0);
}

function hostsSaid({ metadata }: Service): readonly string[] {
  return EXTERNAL_DNS.flatMap((name) => (metadata.annotations?.[name] ?? '').split(','))
    .map((host) => host.trim().toLowerCase())
    .filter((host) => HOST_NAME.test(host));
}

const HOST_NAME = /^(?:\*\.)?[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+$/;

function wasServed(service: Service, { snapshot }: Examination): boolean {
  return snapshot.eventsOf(service).some(({ reason = '' }) => SERVED.has(reason));
}

function workloadsBehind({ makers, pods }: Backing, examination: Examination): readonly string[] {
  const all =
    makers.length > 0 ? makers.map(({ workload }) => workload) : pods.map((pod) => examination.workloadOf(pod));
  return [...new Set(all.map((workload) => refKey(refOf(workload))))].sort(compare);
}

type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];

function targetText(port: ServicePort, backing: Backing | undefined): string {
  const target = targetOf(port);
  const ports = [
    ...(backing?.makers ?? []).flatMap(({ containers }) => containers),
    ...(backing?.pods ?? []).flatMap(({ spec }) => spec?.containers ?? []),
  ].flatMap((container) => container.ports ?? []);
  const number =
    typeof target === 'number' ? target : (ports.find(({ name }) => name === target)?.containerPort ?? target);
  return `${port.protocol ?? 'TCP'}/${number}`;
}

const HTTP_PROTOCOL = /^(?:https?|kubernetes\.io\/(?:h2c|wss?)|HTTPS?|HTTP2)$/;

function isHttp(service: Service, backing: Backing | undefined, route: Route | undefined): boolean {
  if (speaksHttp(service) || route !== undefined) return true;
  const { annotations = {} } = service.metadata;
  if (['cloud.google.com/backend-config', 'beta.cloud.google.com/backend-config'].some((name) => name in annotations))
    return true;
  const ports = service.spec?.ports ?? [];
  const declared = (backing?.makers ?? []).flatMap(({ containers }) => containers.flatMap((one) => one.ports ?? []));
  return (
    ports.length > 0 &&
    ports.every(
      ({ appProtocol = '', ...port }) =>
        HTTP_PROTOCOL.test(appProtocol) ||
        declared.some(
          ({ name = '', containerPort }) =>
            /^(?:https?|web)(?:-|$)/.test(name) && (targetOf(port) === name || targetOf(port) === containerPort),
        ),
    )
  );
}

function isOrphan(service: Service, backing: Backing | undefined, examination: Examination): boolean {
  if (backing === undefined || !backing.arePodsRead || backing.makers.length > 0 || backing.pods.length > 0)
    return false;
  if (backing.state !== 'unselected') return false;
  if (isNamed(examination, service.metadata.namespace ?? '', service.metadata.name)) return false;
  return nearestWorkload(examination, service)?.isDrifted !== true;
}

/** Neither protected by the policy nor kept by an operator, which would take a change back. */
function isOpen({ metadata, kind }: Service, { protected: guarded }: Policy): boolean {
  const { namespace = '', name, labels = {}, ownerReferences = [], deletionTimestamp } = metadata;
  const matches = (patterns: readonly string[], text: string) => patterns.some((pattern) => patternOf(pattern)(text));
  return (
    deletionTimestamp === undefined &&
    !ownerReferences.some(({ controller }) => controller === true) &&
    !matches(guarded.namespaces, namespace) &&
    !matches(guarded.kinds, kind) &&
    !matches(guarded.objects, `${kind} ${namespace}/${name}`) &&
    !Object.entries(guarded.labels).some(([key, value]) => labels[key] === value)
  );
}
