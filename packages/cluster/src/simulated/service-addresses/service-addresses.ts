/**
 * Cluster IPs and node ports of Services: given out when a Service is written, free again when it goes or no longer has them.
 * Source: https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/; `pkg/registry/core/service/storage/alloc.go`
 */
import type { Service } from '../../model/kinds.ts';
import { sameJson } from '../../snapshot/diff.ts';
import { apiError, invalid, type ApiError, type FieldError } from '../api/api-error.ts';
import { SERVICES } from '../api/built-in-types.ts';
import type { Admission, AdmissionPlugin } from '../api/request.ts';
import { isChangeOf } from '../store/object-index.ts';
import type { ObjectStore } from '../store/object-store.ts';
import {
  addressOfNumber,
  addressRange,
  freeNumber,
  numberOfAddress,
  portRange,
  type NumberRange,
} from './number-pool.ts';
import {
  isHeadless,
  needsClusterIp,
  needsHealthPort,
  needsNodePort,
  normalizedSpec,
  updatedSpec,
  type ServicePort,
  type ServiceSpec,
} from './service-shape.ts';

/** Source: `kubeadm init --service-cidr` */
const SERVICE_CIDR = '10.96.0.0/12';
/** Of clusters whose range nobody tells, at most and at least. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips */
const [WIDEST_BITS, NARROWEST_BITS] = [12, 20];
/** Source: `kube-apiserver --service-node-port-range` */
const PORTS = portRange(30_000, 32_767);

/** Runs as if it were an admission plugin, because it completes writes. */
export function serviceAddresses(store: ObjectStore): AdmissionPlugin {
  const taken = new TakenNumbers(store);
  return {
    name: 'ServiceAddresses',
    mutate: (admission) => (isServiceWrite(admission) ? rewritten(admission) : admission.object),
    complete: (admission) => (isServiceWrite(admission) ? addressed(admission, taken) : admission.object),
  };
}

function isServiceWrite(admission: Admission): admission is Admission<Service> {
  const { type, operation, subresource } = admission;
  return type.kind === SERVICES.kind && type.group === '' && operation !== 'DELETE' && subresource === '';
}

function rewritten({ object, previous }: Admission<Service>): Service {
  if (object.spec === undefined) return object;
  const before = previous?.spec;
  const spec = normalizedSpec(before === undefined ? object.spec : updatedSpec(object.spec, before), before);
  return spec === object.spec ? object : { ...object, spec };
}

/** What a Service has already is not asked for again: a recorded cluster may have other ranges. */
function addressed({ object, previous, name, namespace }: Admission<Service>, taken: TakenNumbers): Service {
  if (object.spec === undefined) return object;
  const own = `${namespace}/${name}`;
  const withFamilies = familiesOf(object.spec, object, previous?.spec);
  const hasAddress = (previous?.spec?.clusterIPs?.[0] ?? '') !== '' && sameAddress(withFamilies, previous?.spec);
  const withAddress = hasAddress ? withFamilies : addressOf(withFamilies, object, own, taken);
  const spec = portsOf(withAddress, object, own, taken);
  return spec === object.spec ? object : { ...object, spec };
}

/** The cluster has IPv4 alone; what is headless and selects nothing may still hold addresses of both families. */
function familiesOf(spec: ServiceSpec, service: Service, before: ServiceSpec | undefined): ServiceSpec {
  if (!needsClusterIp(spec)) return spec;
  const isFree = isHeadless(spec) && Object.keys(spec.selector ?? {}).length === 0;
  const ipFamilyPolicy = spec.ipFamilyPolicy ?? (isFree ? 'RequireDualStack' : 'SingleStack');
  const byDefault = isFree && ipFamilyPolicy !== 'SingleStack' ? ['IPv4', 'IPv6'] : ['IPv4'];
  const ipFamilies = spec.ipFamilies ?? byDefault;
  const isChanged = ipFamilyPolicy !== before?.ipFamilyPolicy || !sameJson(ipFamilies, before.ipFamilies);
  if (!isFree && isChanged) refuseFamilies(ipFamilyPolicy, ipFamilies, service);
  const isGiven = spec.ipFamilyPolicy !== undefined && spec.ipFamilies !== undefined;
  return isGiven ? spec : { ...spec, ipFamilyPolicy, ipFamilies };
}

function refuseFamilies(policy: string, families: readonly string[], service: Service): void {
  const errors: FieldError[] = [];
  if (policy === 'RequireDualStack') {
    const detail = 'this cluster is not configured for dual-stack services';
    errors.push({ type: 'FieldValueInvalid', field: 'spec.ipFamilyPolicy', value: policy, detail });
  }
  for (const [index, family] of families.entries())
    if (family !== 'IPv4') {
      const field = `spec.ipFamilies[${index}]`;
      errors.push({ type: 'FieldValueInvalid', field, value: family, detail: 'not configured on this cluster' });
    }
  if (errors.length > 0) throw invalid(SERVICES, service.metadata.name, errors);
}

function sameAddress({ clusterIPs }: ServiceSpec, before: ServiceSpec | undefined): boolean {
  return clusterIPs?.[0] === before?.clusterIPs?.[0];
}

function addressOf(spec: ServiceSpec, service: Service, own: string, taken: TakenNumbers): ServiceSpec {
  if (!needsClusterIp(spec) || isHeadless(spec)) return spec;
  const wanted = spec.clusterIPs?.[0] ?? '';
  if (wanted !== '') {
    const refusal = addressRefusal(wanted, own, taken);
    if (refusal === undefined) return spec;
    const detail = `failed to allocate IP ${wanted}: ${refusal}`;
    throw refused(service, 'spec.clusterIPs', spec.clusterIPs, detail);
  }
  const number = freeNumber(taken.range, own, (one) => taken.addressOwner(one) !== undefined);
  if (number === undefined) throw full('serviceIP');
  const clusterIP = addressOfNumber(number);
  return { ...spec, clusterIP, clusterIPs: [clusterIP] };
}

function addressRefusal(address: string, own: string, taken: TakenNumbers): string | undefined {
  const number = numberOfAddress(address);
  const { range, cidr } = taken;
  if (number === undefined || number < range.first - 1 || number > range.last + 1)
    return 'the provided network does not match the current range';
  if (number < range.first || number > range.last)
    return `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${cidr}`;
  return (taken.addressOwner(number) ?? own) === own ? undefined : 'provided IP is already allocated';
}

function portsOf(spec: ServiceSpec, service: Service, own: string, taken: TakenNumbers): ServiceSpec {
  if (spec.type !== 'NodePort' && spec.type !== 'LoadBalancer') return spec;
  const given = new Set<number>();
  for (const [index, { nodePort = 0 }] of (spec.ports ?? []).entries()) {
    if (nodePort === 0) continue;
    const refusal = portRefusal(nodePort, own, taken);
    if (refusal !== undefined) throw refused(service, `spec.ports[${index}].nodePort`, nodePort, refusal);
    given.add(nodePort);
  }
  const ports = needsNodePort(spec) ? (spec.ports ?? []).map(filler(given, own, taken)) : spec.ports;
  const health = healthPort(spec, service, own, taken, given);
  return { ...spec, ...(ports === undefined ? {} : { ports }), ...health };
}

/** Gives each port that has none a node port; the same service port over another protocol gets the same one. */
function filler(given: Set<number>, own: string, taken: TakenNumbers): (port: ServicePort) => ServicePort {
  const byPort = new Map<number, number>();
  return (port) => {
    const known = port.nodePort ?? 0;
    const nodePort = known !== 0 ? known : (byPort.get(port.port) ?? freePort(`${own}/${port.port}`, given, taken));
    byPort.set(port.port, nodePort);
    given.add(nodePort);
    return known === 0 ? { ...port, nodePort } : port;
  };
}

function healthPort(
  spec: ServiceSpec,
  service: Service,
  own: string,
  taken: TakenNumbers,
  given: ReadonlySet<number>,
): Partial<ServiceSpec> {
  if (!needsHealthPort(spec)) return {};
  const wanted = spec.healthCheckNodePort ?? 0;
  if (wanted === 0) return { healthCheckNodePort: freePort(`${own}/health`, given, taken) };
  const refusal = portRefusal(wanted, own, taken);
  if (refusal === undefined) return {};
  throw apiError(
    500,
    'InternalError',
    `Internal error occurred: failed to allocate requested HealthCheck NodePort ${wanted}: ${refusal}`,
    {
      causes: [
        {
          message: `failed to allocate requested HealthCheck NodePort ${wanted}: ${refusal} for ${service.metadata.name}`,
        },
      ],
    },
  );
}

function portRefusal(port: number, own: string, taken: TakenNumbers): string | undefined {
  if (taken.portOwner(port) === own) return undefined;
  if (port < PORTS.first || port > PORTS.last)
    return `provided port is not in the valid range. The range of valid ports is ${PORTS.first}-${PORTS.last}`;
  return taken.portOwner(port) === undefined ? undefined : 'provided port is already allocated';
}

function freePort(name: string, given: ReadonlySet<number>, taken: TakenNumbers): number {
  const port = freeNumber(PORTS, name, (one) => given.has(one) || taken.portOwner(one) !== undefined);
  if (port === undefined) throw full('nodePort');
  return port;
}

function refused(service: Service, field: string, value: unknown, detail: string): ApiError {
  return invalid(SERVICES, service.metadata.name, [{ type: 'FieldValueInvalid', field, value, detail }]);
}

function full(what: string): ApiError {
  const message = `failed to allocate a ${what}: range is full`;
  return apiError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
}

/** Which Service (`namespace/name`) has which number, as the store has it. */
class TakenNumbers {
  readonly #addresses = new Map<number, string>();
  readonly #ports = new Map<number, string>();
  #cidr: string | undefined;
  #range: NumberRange | undefined;

  constructor(store: ObjectStore) {
    store.listen((change) => {
      if (!isChangeOf(change, SERVICES)) return;
      if (change.previous !== undefined) this.#forget(change.previous);
      if (change.kind !== 'DELETED') this.#note(change.object);
    });
  }

  /** The range that all addresses come from, told by those that a recorded cluster had before anything was written. */
  get cidr(): string {
    return (this.#cidr ??= cidrOf([...this.#addresses.keys()]));
  }

  get range(): NumberRange {
    return (this.#range ??= addressRange(this.cidr));
  }

  addressOwner(address: number): string | undefined {
    return this.#addresses.get(address);
  }

  portOwner(port: number): string | undefined {
    return this.#ports.get(port);
  }

  #note(service: Service): void {
    const own = keyOf(service);
    for (const address of addressesOf(service)) this.#addresses.set(address, own);
    for (const port of nodePortsOf(service)) this.#ports.set(port, own);
  }

  #forget(service: Service): void {
    const own = keyOf(service);
    for (const address of addressesOf(service))
      if (this.#addresses.get(address) === own) this.#addresses.delete(address);
    for (const port of nodePortsOf(service)) if (this.#ports.get(port) === own) this.#ports.delete(port);
  }
}

function keyOf({ metadata: { namespace = '', name } }: Service): string {
  return `${namespace}/${name}`;
}

function addressesOf({ spec }: Service): readonly number[] {
  return (spec?.clusterIPs ?? [spec?.clusterIP ?? '']).flatMap((address) => numberOfAddress(address) ?? []);
}

function nodePortsOf({ spec }: Service): readonly number[] {
  const ports = (spec?.ports ?? []).map(({ nodePort = 0 }) => nodePort);
  return [...ports, spec?.healthCheckNodePort ?? 0].filter((port) => port !== 0);
}

/** The default where it holds all addresses, else the network that they share. */
function cidrOf(addresses: readonly number[]): string {
  const { first, last } = addressRange(SERVICE_CIDR);
  const [least, most] = [Math.min(...addresses), Math.max(...addresses)];
  if (addresses.length === 0 || (least >= first && most <= last)) return SERVICE_CIDR;
  const shared = Math.clz32(least ^ most);
  const bits = Math.min(NARROWEST_BITS, Math.max(WIDEST_BITS, shared));
  return `${addressOfNumber(least - (least % 2 ** (32 - bits)))}/${bits}`;
}
