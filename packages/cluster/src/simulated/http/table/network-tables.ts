/** Tables of how pods are reached. */
import type { KindMap, Service } from '../../../model/kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { age, labelsCell, NONE, orNone, selectorCell, someOf, UNSET } from './cells.ts';
import { printer, type TablePrinter } from './column.ts';

interface Addressed extends KubeObject {
  readonly spec?: { readonly cidrs?: readonly string[]; readonly parentRef?: Readonly<Record<string, string>> };
}

/** By `group/Kind`. */
export const NETWORK_TABLES: Readonly<Record<string, TablePrinter>> = {
  '/Service': printer<Service>('Name, Type, Cluster-IP, External-IP, Port(s), Age, +Selector', (one, now) => [
    one.metadata.name,
    one.spec?.type ?? '',
    one.spec?.clusterIPs?.[0] ?? one.spec?.clusterIP ?? NONE,
    externalAddress(one),
    orNone((one.spec?.ports ?? []).map(portText).join(',')),
    age(one, now),
    labelsCell(one.spec?.selector),
  ]),
  '/Endpoints': printer<KindMap['Endpoints']>('Name, Endpoints, Age', (one, now) => [
    one.metadata.name,
    orNone(someOf(endpointsOf(one), 3)),
    age(one, now),
  ]),
  'discovery.k8s.io/EndpointSlice': printer<KindMap['EndpointSlice']>(
    'Name, AddressType, Ports, Endpoints, Age',
    (one, now) => {
      const ports = (one.ports ?? []).map(({ port }) => (port === undefined ? '*' : String(port)));
      const addresses = (one.endpoints ?? []).flatMap((endpoint) => endpoint.addresses);
      return [
        one.metadata.name,
        one.addressType,
        someOf(ports, 3) || UNSET,
        someOf(addresses, 3) || UNSET,
        age(one, now),
      ];
    },
  ),
  'networking.k8s.io/Ingress': printer<KindMap['Ingress']>('Name, Class, Hosts, Address, Ports, Age', (one, now) => [
    one.metadata.name,
    one.spec?.ingressClassName ?? NONE,
    hostsCell(one),
    (one.status?.loadBalancer?.ingress ?? []).map(({ ip, hostname = '' }) => ip || hostname).join(','),
    (one.spec?.tls ?? []).length > 0 ? '80, 443' : '80',
    age(one, now),
  ]),
  'networking.k8s.io/IngressClass': printer<KindMap['IngressClass']>(
    'Name, Controller, Parameters, Age',
    (one, now) => {
      const { kind, apiGroup, name } = one.spec?.parameters ?? {};
      const parameters =
        kind === undefined ? NONE : `${kind}${apiGroup === undefined ? '' : `.${apiGroup}`}/${name ?? ''}`;
      return [one.metadata.name, one.spec?.controller ?? '', parameters, age(one, now)];
    },
  ),
  'networking.k8s.io/NetworkPolicy': printer<KindMap['NetworkPolicy']>('Name, Pod-Selector, Age', (one, now) => [
    one.metadata.name,
    selectorCell(one.spec?.podSelector),
    age(one, now),
  ]),
  'networking.k8s.io/ServiceCIDR': printer<Addressed>('Name, CIDRs, Age', (one, now) => [
    one.metadata.name,
    (one.spec?.cidrs ?? []).join(','),
    age(one, now),
  ]),
  'networking.k8s.io/IPAddress': printer<Addressed>('Name, ParentRef', (one) => {
    const { group = '', resource = '', namespace = '', name = '' } = one.spec?.parentRef ?? {};
    const parts = [group === '' ? resource : `${resource}.${group}`, namespace, name].filter((part) => part !== '');
    return [one.metadata.name, parts.join('/')];
  }),
};

function externalAddress({ spec, status }: Service): string {
  const given = spec?.externalIPs ?? [];
  if (spec?.type === 'ExternalName') return spec.externalName ?? '';
  if (spec?.type !== 'LoadBalancer') return orNone(given.join(','));
  const balanced = (status?.loadBalancer?.ingress ?? [])
    .map(({ ip, hostname = '' }) => ip || hostname)
    .filter((one) => one !== '');
  const all = [...new Set(balanced)].sort().concat(given);
  return all.length === 0 ? '<pending>' : all.join(',');
}

function portText({
  port,
  nodePort = 0,
  protocol = 'TCP',
}: NonNullable<NonNullable<Service['spec']>['ports']>[number]): string {
  return nodePort > 0 ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`;
}

function endpointsOf({ subsets = [] }: KindMap['Endpoints']): readonly string[] {
  return subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => addresses.map(({ ip }) => `${ip.includes(':') ? `[${ip}]` : ip}:${port}`)),
  );
}

function hostsCell({ spec }: KindMap['Ingress']): string {
  const hosts = (spec?.rules ?? []).map(({ host }) => host ?? '').filter((host) => host !== '');
  return hosts.length === 0 ? '*' : someOf(hosts, 3);
}
