/** What a Service asks of the cloud, and why the cloud refuses it, in the words of the provider that asks. */
import { bindingQuota } from '../../../cloud/quota-headroom.ts';
import { quotaNeedOfLoadBalancer, type QuotaNeed } from '../../../cloud/quota-need.ts';
import type { Service } from '../../../model/kinds.ts';
import { EPHEMERAL, type FrontRequest } from '../../cloud/fronts.ts';
import { apiFailure, quotaFailure, type QuotaExceeded } from '../../cloud/quota-exceeded.ts';
import type { SimulatedCloud } from '../../cloud/simulated-cloud.ts';
import { keyOf } from '../object-key.ts';
import type { Dialect } from './dialect.ts';

const ADDRESSES: ReadonlySet<string> = new Set(['IN_USE_ADDRESSES', 'STATIC_ADDRESSES', 'INTERNAL_ADDRESSES']);
/** Names of reserved addresses, for what ingress-gce makes. */
const ADDRESS_NAMES = 'networking.gke.io/load-balancer-ip-addresses';
const HEALTH_PORT = 10_256;

/** The key of its front. */
export function ownerOf(service: Service): string {
  return `Service ${keyOf(service)}`;
}

/** Name of a load balancer, its rule and its pool. Source: `DefaultLoadBalancerName` in `k8s.io/cloud-provider` */
export function balancerName({ metadata }: Service): string {
  return `a${(metadata.uid ?? '').replaceAll('-', '')}`.slice(0, 32);
}

/** What a Service asks for. `kept` is the address that it has. */
export function requestOf(
  service: Service,
  dialect: Dialect,
  cloud: SimulatedCloud,
  kept: string | undefined,
): FrontRequest {
  const isInternal = dialect.kind === 'internal';
  const needs = quotaNeedOfLoadBalancer(service);
  const protocols = [...new Set((service.spec?.ports ?? []).map(({ protocol = 'TCP' }) => protocol))].sort();
  const name = balancerName(service);
  const address = wantedAddress(service, dialect, cloud) ?? kept;
  return {
    scope: isInternal ? 'internal' : 'regional',
    ...(address === undefined ? {} : { address }),
    rules: protocols.map((protocol, index) => ({
      name: index === 0 ? name : `${name}-${protocol.toLowerCase()}`,
      protocol,
    })),
    scheme: isInternal ? 'INTERNAL' : 'EXTERNAL',
    description: dialect.description(keyOf(service)),
    needs: needs.filter(({ metric }) => !ADDRESSES.has(metric)),
  };
}

/** Why the cloud would refuse it now; `undefined` where it would not. */
export function refusalOf(
  service: Service,
  dialect: Dialect,
  cloud: SimulatedCloud,
  hosts: number,
): string | undefined {
  const own = cloud.fronts.get(ownerOf(service));
  return (
    shapeRefusal(service, dialect, hosts) ??
    addressRefusal(service, dialect, cloud, own?.address) ??
    requestRefusal(service, cloud) ??
    quotaRefusal(service, dialect, cloud)
  );
}

function shapeRefusal({ spec }: Service, dialect: Dialect, hosts: number): string | undefined {
  if (!dialect.allowsMixedProtocols && isMixed(spec)) return 'mixed protocol is not supported for LoadBalancer';
  if (dialect.hasHosts && hosts === 0) return 'cannot EnsureLoadBalancer() with no hosts';
  const odd = (spec?.ports ?? []).find(({ protocol = 'TCP' }) => protocol !== 'TCP' && protocol !== 'UDP');
  return odd === undefined ? undefined : `invalid protocol ${odd.protocol ?? ''}, only TCP and UDP are supported`;
}

/** Whether its ports are of more than one protocol. */
export function isMixed(spec: Service['spec']): boolean {
  return new Set((spec?.ports ?? []).map(({ protocol = 'TCP' }) => protocol)).size > 1;
}

/** The address that a Service names, by its number or by its name. */
function wantedAddress({ spec, metadata }: Service, dialect: Dialect, cloud: SimulatedCloud): string | undefined {
  const names = dialect.hasHosts ? undefined : metadata.annotations?.[ADDRESS_NAMES];
  const [first] = (names ?? '').split(',').map((name) => name.trim());
  const byName = first === undefined || first === '' ? undefined : cloud.fronts.reserved(first)?.address;
  return byName ?? ((spec?.loadBalancerIP ?? '') === '' ? undefined : spec?.loadBalancerIP);
}

function addressRefusal(
  service: Service,
  dialect: Dialect,
  cloud: SimulatedCloud,
  own: string | undefined,
): string | undefined {
  const { spec, metadata } = service;
  const isListed = cloud.snapshot.addresses !== undefined;
  const [name = ''] = (dialect.hasHosts ? '' : (metadata.annotations?.[ADDRESS_NAMES] ?? '')).split(',');
  if (name !== '' && isListed && cloud.fronts.reserved(name) === undefined) {
    const resource = `projects/${cloud.project}/regions/${cloud.region}/addresses/${name}`;
    return apiFailure(404, `The resource '${resource}' was not found`, 'notFound');
  }
  const wanted = wantedAddress(service, dialect, cloud);
  if (wanted === undefined || wanted === own) return undefined;
  const user = cloud.fronts.userOf(wanted);
  if (user !== undefined && user !== ownerOf(service)) {
    const text = `Invalid value for field 'resource.IPAddress': '${wanted}'. Specified IP address is in-use and would result in a conflict.`;
    return atStep('FORWARDING_RULES', service, dialect, apiFailure(400, text, 'invalid'));
  }
  // Any free number of the network will do; from outside only what is reserved.
  if (dialect.kind === 'internal' || spec?.loadBalancerIP !== wanted || !isListed) return undefined;
  return cloud.fronts.reserved(wanted) === undefined
    ? `requested ip ${JSON.stringify(wanted)} is neither static nor assigned to the LB`
    : undefined;
}

function requestRefusal(service: Service, { conditions, project, region }: SimulatedCloud): string | undefined {
  const name = balancerName(service);
  const text = conditions.refusal({ type: 'forwarding-rule', name });
  if (text === undefined) return undefined;
  const about = text.includes(' for ')
    ? text
    : `${text} for 'projects/${project}/regions/${region}/forwardingRules/${name}'`;
  return apiFailure(403, about, 'forbidden');
}

function quotaRefusal(service: Service, dialect: Dialect, cloud: SimulatedCloud): string | undefined {
  const own = cloud.fronts.get(ownerOf(service));
  const request = requestOf(service, dialect, cloud, own?.address);
  const isReserved = request.address !== undefined && cloud.fronts.reserved(request.address) !== undefined;
  const wanted = [...request.needs, ...(isReserved ? [] : EPHEMERAL[request.scope])];
  const more = beyond(wanted, own === undefined ? [] : [...own.needs, ...own.addressNeeds]);
  const { binding } = bindingQuota(more, cloud.quotas, cloud.region);
  if (binding === undefined || binding.fits >= 1) return undefined;
  return quotaWords(binding.headroom.quota, service, dialect);
}

/** A refusal for want of quota, as the provider reports it. */
export function quotaWords(exceeded: QuotaExceeded, service: Service, dialect: Dialect): string {
  return atStep(exceeded.metric, service, dialect, quotaFailure(exceeded));
}

/** What is needed beyond what is had. */
function beyond(wanted: readonly QuotaNeed[], had: readonly QuotaNeed[]): readonly QuotaNeed[] {
  const amount = ({ metric, region }: QuotaNeed) =>
    had.filter((one) => one.metric === metric && one.region === region).reduce((sum, one) => sum + one.amount, 0);
  return wanted.map((need) => ({ ...need, amount: need.amount - amount(need) }));
}

/** The provider says which of its steps failed; ingress-gce, and firewalls, pass the cloud's words on as they are. */
function atStep(metric: string, service: Service, { kind }: Dialect, words: string): string {
  if (kind !== 'external-target-pool' || metric === 'FIREWALLS') return words;
  const name = balancerName(service);
  const about = `load balancer (${name}(${keyOf(service)}))`;
  switch (metric) {
    case 'STATIC_ADDRESSES':
      return `failed to ensure a static IP for ${about}: error creating gce static IP address: ${words}`;
    case 'TARGET_POOLS':
      return `failed to create target pool for ${about}: ${words}`;
    case 'HEALTH_CHECKS': {
      const port = service.spec?.healthCheckNodePort ?? HEALTH_PORT;
      return `failed to create target pool for ${about}: failed to ensure health check for ${name} port ${port} path /healthz: ${words}`;
    }
    default:
      return `failed to create forwarding rule for ${about}: ${words}`;
  }
}
