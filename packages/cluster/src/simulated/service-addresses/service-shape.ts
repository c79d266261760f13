/** What a Service has by its type, and how one is rewritten before it is stored. Source: `pkg/registry/core/service/strategy.go`, `storage/alloc.go` */
import type { Service } from '../../model/kinds.ts';

export type ServiceSpec = NonNullable<Service['spec']>;
export type ServicePort = NonNullable<ServiceSpec['ports']>[number];

export const NONE = 'None';

export function needsClusterIp({ type = 'ClusterIP' }: ServiceSpec): boolean {
  return type !== 'ExternalName';
}

export function isHeadless({ clusterIP, clusterIPs }: ServiceSpec): boolean {
  return clusterIP === NONE || clusterIPs?.[0] === NONE;
}

export function needsNodePort({ type, allocateLoadBalancerNodePorts = true }: ServiceSpec): boolean {
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts);
}

export function needsHealthPort({ type, externalTrafficPolicy }: ServiceSpec): boolean {
  return type === 'LoadBalancer' && externalTrafficPolicy === 'Local';
}

/** Fields that a Service of the type has. */
const BY_TYPE: readonly (readonly [has: (spec: ServiceSpec) => boolean, fields: readonly (keyof ServiceSpec)[]])[] = [
  [needsClusterIp, ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy']],
  [needsHealthPort, ['healthCheckNodePort']],
  [({ type }) => type === 'LoadBalancer', ['allocateLoadBalancerNodePorts', 'loadBalancerClass']],
  [({ type }) => type === 'LoadBalancer' || type === 'NodePort', ['externalTrafficPolicy']],
];

/** What a client left out of an update was given before and stays; what the new type does not have, and was not changed, goes. */
export function updatedSpec(spec: ServiceSpec, before: ServiceSpec): ServiceSpec {
  const kept = withKeptAddresses(spec, before);
  const gone = BY_TYPE.filter(([has]) => has(before) && !has(kept)).flatMap(([, fields]) => fields);
  const dropped = gone.filter((field) => JSON.stringify(kept[field]) === JSON.stringify(before[field]));
  const rest = Object.fromEntries(
    Object.entries(kept).filter(([field]) => !dropped.includes(field as keyof ServiceSpec)),
  ) as ServiceSpec;
  const losesPorts = hasNodePorts(before) && !hasNodePorts(kept) && sameNodePorts(kept, before);
  return losesPorts ? { ...rest, ports: (rest.ports ?? []).map(({ nodePort: _, ...port }) => port) } : rest;
}

/** `clusterIPs` begin with `clusterIP`. */
export function normalizedSpec(spec: ServiceSpec, before?: ServiceSpec): ServiceSpec {
  const { clusterIP = '', clusterIPs = [] } = spec;
  if (clusterIPs.length === 0) return clusterIP === '' ? spec : { ...spec, clusterIPs: [clusterIP] };
  if (before === undefined || before.clusterIP === clusterIP) return spec;
  // One of the two was changed, and the other was merely sent along.
  if (JSON.stringify(clusterIPs) !== JSON.stringify(before.clusterIPs)) return spec;
  return clusterIP === ''
    ? withoutFields(spec, 'clusterIPs')
    : { ...spec, clusterIPs: [clusterIP, ...clusterIPs.slice(1)] };
}

function withKeptAddresses(spec: ServiceSpec, before: ServiceSpec): ServiceSpec {
  let kept = spec;
  if (needsClusterIp(before) && needsClusterIp(kept)) {
    const { clusterIP = before.clusterIP, clusterIPs = [] } = kept;
    const isOpen = clusterIPs.length === 0 && clusterIP === before.clusterIP;
    kept = withField(kept, 'clusterIP', clusterIP === '' ? before.clusterIP : clusterIP);
    if (isOpen || kept.clusterIP === before.clusterIP)
      kept = withField(kept, 'clusterIPs', kept.clusterIPs?.length ? kept.clusterIPs : before.clusterIPs);
    kept = withField(kept, 'ipFamilyPolicy', kept.ipFamilyPolicy ?? before.ipFamilyPolicy);
    kept = withField(kept, 'ipFamilies', kept.ipFamilies?.length ? kept.ipFamilies : before.ipFamilies);
  }
  if (needsNodePort(before) && needsNodePort(kept)) kept = withKeptNodePorts(kept, before);
  if (needsHealthPort(before) && needsHealthPort(kept))
    kept = withField(kept, 'healthCheckNodePort', kept.healthCheckNodePort ?? before.healthCheckNodePort);
  return kept;
}

function withKeptNodePorts(spec: ServiceSpec, before: ServiceSpec): ServiceSpec {
  const used = new Set((spec.ports ?? []).map(({ nodePort = 0 }) => nodePort));
  const old = new Map((before.ports ?? []).map((port) => [portKey(port), port.nodePort ?? 0]));
  const ports = (spec.ports ?? []).map((port) => {
    if ((port.nodePort ?? 0) !== 0) return port;
    const known = old.get(portKey(port)) ?? 0;
    if (known === 0 || used.has(known)) return port;
    used.add(known);
    return { ...port, nodePort: known };
  });
  return { ...spec, ports };
}

function portKey({ protocol = 'TCP', port }: ServicePort): string {
  return `${protocol}/${port}`;
}

function hasNodePorts({ type }: ServiceSpec): boolean {
  return type === 'NodePort' || type === 'LoadBalancer';
}

function sameNodePorts(a: ServiceSpec, b: ServiceSpec): boolean {
  const numbers = ({ ports = [] }: ServiceSpec) => ports.map(({ nodePort = 0 }) => nodePort).join();
  return numbers(a) === numbers(b);
}

function withField<F extends keyof ServiceSpec>(spec: ServiceSpec, field: F, value: ServiceSpec[F]): ServiceSpec {
  return value === undefined || spec[field] === value ? spec : { ...spec, [field]: value };
}

function withoutFields(spec: ServiceSpec, ...fields: readonly (keyof ServiceSpec)[]): ServiceSpec {
  return Object.fromEntries(
    Object.entries(spec).filter(([field]) => !fields.includes(field as keyof ServiceSpec)),
  ) as ServiceSpec;
}
