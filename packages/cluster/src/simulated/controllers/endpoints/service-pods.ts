/** Which pods stand behind a Service, and at which ports. Source: `staging/src/k8s.io/endpointslice/util`, `pkg/api/v1/pod` */
import type { Pod, Service } from '../../../model/kinds.ts';
import { isFinished } from '../../../scheduling/pod-owner.ts';
import { SERVICES } from '../../api/built-in-types.ts';
import { isChangeOf, SelectorIndex, selectedPods } from '../../store/object-index.ts';
import { PODS } from '../../api/built-in-types.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import type { Change, ObjectStore } from '../../store/object-store.ts';
import { keyOf } from '../object-key.ts';
import { isReady } from '../pod-state.ts';

type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];

/** A port at which a pod serves a port of a Service. */
export interface EndpointPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly appProtocol?: string;
}

/** Services by what they select, and the keys of those that a change concerns. */
export class ServiceKeys {
  readonly #services: SelectorIndex<Service>;

  constructor(store: ObjectStore) {
    this.#services = new SelectorIndex(store, SERVICES, (service) =>
      hasSelector(service) ? { matchLabels: service.spec?.selector ?? {} } : undefined,
    );
  }

  /** Of a changed Service itself, or of those that select a changed pod. */
  of(change: Change): readonly string[] {
    if (isChangeOf(change, SERVICES)) return [keyOf(change.object)];
    if (!isChangeOf(change, PODS)) return [];
    const { kind, object, previous } = change;
    if (kind === 'MODIFIED' && previous !== undefined && isSameForEndpoints(previous, object)) return [];
    const keys = new Set([...this.#services.selecting(object.metadata)].map(keyOf));
    if (previous !== undefined && previous.metadata.labels !== object.metadata.labels)
      for (const service of this.#services.selecting(previous.metadata)) keys.add(keyOf(service));
    return [...keys];
  }
}

function isSameForEndpoints(a: Pod, b: Pod): boolean {
  return (
    a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
    isReady(a) === isReady(b) &&
    isFinished(a) === isFinished(b) &&
    a.spec?.nodeName === b.spec?.nodeName &&
    (a.status === b.status || sameJson(addressesOf(a), addressesOf(b))) &&
    (a.metadata.labels === b.metadata.labels || sameJson(a.metadata.labels, b.metadata.labels))
  );
}

/** Whether a Service has a selector by which endpoints are found; external names have none. */
export function hasSelector({ spec }: Service): boolean {
  return spec?.selector !== undefined && spec.selector !== null && spec.type !== 'ExternalName';
}

/** Pods with an address that have not ended; those that are ending where `withTerminating`. */
export function* podsBehind(store: ObjectStore, service: Service, withTerminating: boolean): Iterable<Pod> {
  const selector = { matchLabels: service.spec?.selector ?? {} };
  for (const pod of selectedPods(store, service.metadata.namespace ?? '', selector)) {
    if (isFinished(pod) || addressesOf(pod).length === 0) continue;
    if (withTerminating || pod.metadata.deletionTimestamp === undefined) yield pod;
  }
}

/** All addresses of a pod, the main one first. */
export function addressesOf({ status }: Pod): readonly string[] {
  const addresses = (status?.podIPs ?? []).flatMap(({ ip }) => ip ?? []);
  if (addresses.length > 0) return addresses;
  const { podIP = '' } = status ?? {};
  return podIP === '' ? [] : [podIP];
}

/** The ports of a Service as one pod serves them; a named port that the pod does not have is left out. */
export function portsOf({ spec }: Service, pod: Pod): readonly EndpointPort[] {
  return (spec?.ports ?? []).flatMap((port) => {
    const number = numberOf(port, pod);
    if (number === undefined) return [];
    const { name = '', protocol = 'TCP', appProtocol } = port;
    return [{ ...(appProtocol === undefined ? {} : { appProtocol }), name, port: number, protocol }];
  });
}

function numberOf({ port, targetPort = port, protocol = 'TCP' }: ServicePort, { spec }: Pod): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  for (const { ports = [] } of [...(spec?.containers ?? []), ...sidecars])
    for (const one of ports)
      if (one.name === targetPort && (one.protocol ?? 'TCP') === protocol) return one.containerPort;
  return undefined;
}

/** The name under which a pod of a headless Service is found. */
export function hostnameOf(service: Service, { spec, metadata }: Pod): string | undefined {
  const { hostname = '', subdomain } = spec ?? {};
  const isNamed = hostname !== '' && subdomain === service.metadata.name;
  return isNamed && metadata.namespace === service.metadata.namespace ? hostname : undefined;
}

export function isHeadless({ spec }: Service): boolean {
  return spec?.clusterIP === 'None';
}
