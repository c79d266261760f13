/** What an Ingress asks of the cloud, why the cloud refuses it, and what its annotations then say. */
import type { KindMap } from '../../../model/kinds.ts';
import {
  frontOfIngress,
  quotaNeedOfBackend,
  quotaNeedOfFront,
  staticAddressOf,
  type HttpFront,
} from '../../../cloud/http-front-need.ts';
import { bindingQuota } from '../../../cloud/quota-headroom.ts';
import type { QuotaNeed } from '../../../cloud/quota-need.ts';
import { EPHEMERAL, type FrontRequest } from '../../cloud/fronts.ts';
import { apiFailure, quotaFailure, type QuotaExceeded } from '../../cloud/quota-exceeded.ts';
import type { SimulatedCloud } from '../../cloud/simulated-cloud.ts';
import { keyOf } from '../object-key.ts';
import { frontName } from './backend-names.ts';
import type { BackendPort } from './ingress-backends.ts';
import type { NamedNeeds } from './shared-backends.ts';

export type Ingress = KindMap['Ingress'];

/** An Ingress as it is to be made: its front, and its backends, each once. */
export interface IngressPlan {
  readonly front: HttpFront;
  readonly name: string;
  readonly backends: readonly BackendPort[];
}

const ADDRESSES: ReadonlySet<string> = new Set(['IN_USE_ADDRESSES', 'STATIC_ADDRESSES', 'INTERNAL_ADDRESSES']);
const SCHEMES = { global: 'EXTERNAL', regional: 'EXTERNAL_MANAGED', internal: 'INTERNAL_MANAGED' } as const;

export function ownerOf(ingress: Ingress): string {
  return `Ingress ${keyOf(ingress)}`;
}

/** The plan; `certificates` is how many of its secrets are there. `undefined` for Ingresses of other controllers. */
export function planOf(
  ingress: Ingress,
  backends: readonly BackendPort[],
  certificates: number,
  cloud: SimulatedCloud,
): IngressPlan | undefined {
  const front = frontOfIngress(ingress);
  if (front === undefined) return undefined;
  // Without any of its certificates it serves HTTP alone.
  const lost = front.certificates > 0 && certificates === 0;
  const made = { ...front, certificates, https: lost ? 0 : front.https };
  return { front: made, name: frontName(cloud.snapshot.cluster?.name ?? '', keyOf(ingress)), backends };
}

/** What each of its backends uses up. */
export function backendNeeds({ front, backends }: IngressPlan, cloud: SimulatedCloud): readonly NamedNeeds[] {
  const zones = Math.max(1, cloud.zones.length);
  return backends.map(({ name, hasGroup }) => ({ name, needs: quotaNeedOfBackend(front.scope, zones, hasGroup) }));
}

export function requestOf(
  ingress: Ingress,
  { front, name }: IngressPlan,
  cloud: SimulatedCloud,
  kept: string | undefined,
): FrontRequest {
  const named = staticAddressOf(ingress, front.scope);
  const address = (named === undefined ? undefined : cloud.fronts.reserved(named)?.address) ?? kept;
  return {
    scope: front.scope,
    ...(address === undefined ? {} : { address }),
    rules: [
      ...(front.http > 0 ? [{ name: `k8s2-fr-${name}`, protocol: 'TCP' }] : []),
      ...(front.https > 0 ? [{ name: `k8s2-fs-${name}`, protocol: 'TCP' }] : []),
    ],
    scheme: SCHEMES[front.scope],
    description: JSON.stringify({ 'kubernetes.io/ingress-name': keyOf(ingress) }),
    needs: quotaNeedOfFront(front).filter(({ metric }) => !ADDRESSES.has(metric)),
  };
}

/** Why it cannot be made now, as the controller reports it; `missing` is what its backends need beyond those there. */
export function refusalOf(
  ingress: Ingress,
  plan: IngressPlan,
  cloud: SimulatedCloud,
  missing: readonly QuotaNeed[],
): string | undefined {
  const backend = exceeded(missing, [], cloud);
  if (backend !== undefined) {
    const step = backend.metric === 'HEALTH_CHECKS' ? 'error ensuring health check: ' : '';
    return `error running backend syncing routine: ${step}${quotaFailure(backend)}`;
  }
  const words = configRefusal(ingress, plan, cloud) ?? frontRefusal(ingress, plan, cloud);
  return words === undefined
    ? undefined
    : `error running load balancer syncing routine: loadbalancer ${plan.name} does not exist: ${words}`;
}

function configRefusal(ingress: Ingress, { front }: IngressPlan, cloud: SimulatedCloud): string | undefined {
  if (front.http + front.https === 0)
    return "invalid ingress frontend configuration, please check your usage of the 'kubernetes.io/ingress.allow-http' annotation.";
  const name = staticAddressOf(ingress, front.scope);
  if (name === undefined) return undefined;
  const address = cloud.fronts.reserved(name)?.address;
  if (address === undefined)
    return cloud.snapshot.addresses === undefined
      ? undefined
      : `the given static IP name ${name} doesn't translate to an existing static IP.`;
  const user = cloud.fronts.userOf(address);
  if (user === undefined || user === ownerOf(ingress)) return undefined;
  const text = `Invalid value for field 'resource.IPAddress': '${address}'. Specified IP address is in-use and would result in a conflict.`;
  return apiFailure(400, text, 'invalid');
}

function frontRefusal(ingress: Ingress, plan: IngressPlan, cloud: SimulatedCloud): string | undefined {
  const rule = `k8s2-fr-${plan.name}`;
  const text = cloud.conditions.refusal({ type: 'forwarding-rule', name: rule });
  if (text !== undefined) return apiFailure(403, text, 'forbidden');
  const own = cloud.fronts.get(ownerOf(ingress));
  const request = requestOf(ingress, plan, cloud, own?.address);
  const isReserved = request.address !== undefined && cloud.fronts.reserved(request.address) !== undefined;
  const wanted = [...request.needs, ...(isReserved ? [] : EPHEMERAL[request.scope])];
  const refused = exceeded(wanted, own === undefined ? [] : [...own.needs, ...own.addressNeeds], cloud);
  if (refused === undefined) return undefined;
  return `${refused.metric === 'URL_MAPS' ? 'CreateUrlMap: ' : ''}${quotaFailure(refused)}`;
}

function exceeded(
  wanted: readonly QuotaNeed[],
  had: readonly QuotaNeed[],
  { quotas, region }: SimulatedCloud,
): QuotaExceeded | undefined {
  const sums = new Map<string, QuotaNeed>();
  const add = (need: QuotaNeed, sign: 1 | -1) => {
    const key = `${need.region}/${need.metric}`;
    sums.set(key, { ...need, amount: (sums.get(key)?.amount ?? 0) + sign * need.amount });
  };
  for (const need of wanted) add(need, 1);
  for (const need of had) add(need, -1);
  const { binding } = bindingQuota([...sums.values()], quotas, region);
  return binding === undefined || binding.fits >= 1 ? undefined : binding.headroom.quota;
}

const OWN =
  /^ingress\.kubernetes\.io\/(?:backends|(?:https-)?forwarding-rule|(?:https-)?target-proxy|url-map|ssl-cert)$/;

/** With the names of what was made, and the health of its backends. */
export function withResources(ingress: Ingress, { front, name }: IngressPlan, health: object): Ingress {
  const resources = {
    backends: JSON.stringify(health),
    ...(front.http > 0 ? { 'forwarding-rule': `k8s2-fr-${name}`, 'target-proxy': `k8s2-tp-${name}` } : {}),
    ...(front.https > 0 ? { 'https-forwarding-rule': `k8s2-fs-${name}`, 'https-target-proxy': `k8s2-ts-${name}` } : {}),
    'url-map': `k8s2-um-${name}`,
  };
  const kept = Object.entries(ingress.metadata.annotations ?? {}).filter(([key]) => !OWN.test(key));
  const named = Object.entries(resources).map(([key, value]) => [`ingress.kubernetes.io/${key}`, value]);
  return { ...ingress, metadata: { ...ingress.metadata, annotations: Object.fromEntries([...kept, ...named]) } };
}

/** Annotations without those that the controller writes. */
export function givenAnnotations({ metadata }: Ingress): object {
  return Object.fromEntries(Object.entries(metadata.annotations ?? {}).filter(([key]) => !OWN.test(key)));
}
