/** Whose cloud resources are: this cluster's, another's, or nobody can tell. A project may hold several clusters and much else. */
import { ingressOfRule, serviceOfRule, type ClusterSnapshot, type ResourceRef } from '@aia/cluster';
import { absenceOf } from '../absence.ts';

/** What Kubernetes object a cloud resource was made for. */
export interface MadeFor {
  readonly kind: 'Service' | 'Ingress';
  readonly namespace: string;
  readonly name: string;
}

/** The Service or Ingress that a description names; `undefined` for what no cluster made. */
export function madeFor(description: string): MadeFor | undefined {
  const service = serviceOfRule({ description });
  const named = service ?? ingressOfRule({ description });
  if (named === undefined) return undefined;
  const [namespace = '', name = ''] = named.split('/');
  return { kind: service === undefined ? 'Ingress' : 'Service', namespace, name };
}

/** Whether that object is known not to be in this cluster. */
export function isGone(snapshot: ClusterSnapshot, { kind, namespace, name }: MadeFor): boolean {
  if (snapshot.get(kind, namespace, name) !== undefined) return false;
  // With the namespace everything in it is gone.
  const namespaces = snapshot.list('Namespace');
  const isNamespaceGone = namespaces.length > 0 && namespaces.every(({ metadata }) => metadata.name !== namespace);
  if (isNamespaceGone && snapshot.list(kind).length > 0) return true;
  return absenceOf(snapshot, kind === 'Service' ? '' : 'networking.k8s.io', kind, namespace) === 'certain';
}

/** `k8s2-tcp-‹hash›-…`, `k8s2-fr-‹hash›-…`: the hash is the cluster's. */
const HASHED = /^k8s2-[a-z]{1,4}-([a-z0-9]{8})-/;
/** `k8s-fw-shop-web--‹uid›`: the end is the cluster's. */
const SUFFIXED = /^k8s-[a-z0-9-]{1,60}--([0-9a-f]{8,16})$/;

const marks = new WeakMap<ClusterSnapshot, ReadonlySet<string>>();

/** Whether a name bears the mark that this cluster's controllers put into what they make, as its resources in use show. */
export function bearsMark(snapshot: ClusterSnapshot, name: string): boolean {
  const mark = markOf(name);
  return mark !== undefined && marksOf(snapshot).has(mark);
}

function marksOf(snapshot: ClusterSnapshot): ReadonlySet<string> {
  const known = marks.get(snapshot);
  if (known !== undefined) return known;
  const inUse = addressesInUse(snapshot);
  const found = new Set(
    (snapshot.cloud.forwardingRules ?? [])
      .filter(({ ipAddress }) => inUse.has(ipAddress))
      .flatMap(({ name }) => markOf(name) ?? []),
  );
  const ingressUid = snapshot.get('ConfigMap', 'kube-system', 'ingress-uid')?.data?.['uid'];
  if (ingressUid !== undefined) found.add(ingressUid);
  marks.set(snapshot, found);
  return found;
}

function markOf(name: string): string | undefined {
  return (HASHED.exec(name) ?? SUFFIXED.exec(name))?.[1];
}

const addresses = new WeakMap<ClusterSnapshot, ReadonlySet<string>>();

/** Addresses that Services, Ingresses and Gateways of this cluster have or ask for, also by the name of a reserved one. */
export function addressesInUse(snapshot: ClusterSnapshot): ReadonlySet<string> {
  const known = addresses.get(snapshot);
  if (known !== undefined) return known;
  const found = new Set<string>();
  for (const { spec, status, metadata } of snapshot.list('Service')) {
    for (const { ip } of status?.loadBalancer?.ingress ?? []) found.add(ip ?? '');
    for (const ip of [spec?.loadBalancerIP ?? '', ...(spec?.externalIPs ?? [])]) found.add(ip);
    for (const name of (metadata.annotations?.['networking.gke.io/load-balancer-ip-addresses'] ?? '').split(','))
      found.add(name.trim());
  }
  for (const { status, metadata } of snapshot.list('Ingress')) {
    for (const { ip } of status?.loadBalancer?.ingress ?? []) found.add(ip ?? '');
    for (const key of ['global', 'regional'])
      found.add(metadata.annotations?.[`kubernetes.io/ingress.${key}-static-ip-name`] ?? '');
  }
  for (const { status } of snapshot.listCustom('gateway.networking.k8s.io/Gateway'))
    for (const { value } of status?.addresses ?? []) found.add(value ?? '');
  found.delete('');
  addresses.set(snapshot, found);
  return found;
}

/** A resource of the Compute API. */
export function computeRef(kind: 'Address' | 'ForwardingRule' | 'Disk', region: string, name: string): ResourceRef {
  return { group: 'compute.googleapis.com', kind, namespace: '', name: `${region}/${name}` };
}

/** `about 7.30 USD a month (list price as of 2026-10)`. */
export function costText(
  monthly: number,
  { asOf, currency }: { readonly asOf: string; readonly currency: string },
): string {
  return `about ${monthly.toFixed(2)} ${currency} a month (list price as of ${asOf})`;
}
