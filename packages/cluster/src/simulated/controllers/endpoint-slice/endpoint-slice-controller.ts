/**
 * EndpointSlices: the addresses behind each Service with a selector, a hundred in each slice.
 * Source: https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/; `staging/src/k8s.io/endpointslice`
 */
import type { Pod, Service } from '../../../model/kinds.ts';
import { ENDPOINT_SLICES, NODES, SERVICES } from '../../api/built-in-types.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf, ObjectIndex } from '../../store/object-index.ts';
import type { Change, ObjectStore } from '../../store/object-store.ts';
import type { Controller } from '../controller.ts';
import {
  addressesOf,
  hasSelector,
  hostnameOf,
  isHeadless,
  podsBehind,
  portsOf,
  ServiceKeys,
} from '../endpoints/service-pods.ts';
import { TriggerTimes } from '../endpoints/trigger-times.ts';
import { namesOf } from '../object-key.ts';
import { isReady } from '../pod-state.ts';
import { Throttle } from '../throttle.ts';
import type { Endpoint, EndpointSlice } from './fill-slices.ts';
import { MANAGED_BY, SERVICE_NAME, writeSlices, type PortGroup, type SliceFrame } from './slice-writer.ts';

export const CONTROLLER_NAME = 'endpointslice-controller.k8s.io';
const HEADLESS = 'service.kubernetes.io/headless';
const ZONE = 'topology.kubernetes.io/zone';
const RESERVED: ReadonlySet<string> = new Set([SERVICE_NAME, MANAGED_BY, HEADLESS]);
/** A pod on a node that is not there yet is looked at again. */
const RETRY_MS = 1000;

export function endpointSliceController({ api, clock }: SimulationContext): Controller {
  const { store } = api;
  const services = new ServiceKeys(store);
  const slices = new ObjectIndex(store, ENDPOINT_SLICES, sliceKeys);
  const times = new TriggerTimes();
  const throttle = new Throttle();
  // What the controller itself writes needs no second look.
  let isWriting = false;
  return {
    name: 'endpointslice-controller',
    needs: ['/Service', '/Pod', '/Node', 'discovery.k8s.io/EndpointSlice'],
    keysOf: (change) => (isWriting ? [] : [...services.of(change), ...keysOfSlice(change)]),
    reconcile: (key) => {
      const [namespace, name] = namesOf(key);
      const service = store.get(SERVICES, namespace, name);
      if (service === undefined) {
        times.forget(key);
        throttle.forget(key);
        return undefined;
      }
      const waitMs = throttle.waitMs(key, clock.now);
      if (!hasSelector(service)) return undefined;
      if (waitMs > 0) return waitMs;
      const pods = [...podsBehind(store, service, true)];
      const placed = pods.filter((pod) => isPlaced(store, pod, service));
      throttle.looked(key, pods.length, clock.now);
      const triggerTime = times.next(service, pods);
      isWriting = true;
      try {
        const existing = [...slices.get(key)];
        for (const addressType of ['IPv4', 'IPv6'] as const) {
          const own = existing.filter((slice) => slice.addressType === addressType);
          const isWanted = (service.spec?.ipFamilies ?? ['IPv4']).includes(addressType);
          const groups = isWanted ? groupsOf(store, service, placed, addressType) : [];
          const frame = { ...frameOf(service, addressType), triggerTime, hasPlaceholder: isWanted };
          writeSlices(api, frame, own, groups);
        }
      } finally {
        isWriting = false;
      }
      return placed.length < pods.length ? RETRY_MS : undefined;
    },
  };
}

function sliceKeys({ metadata: { namespace = '', labels = {} } }: EndpointSlice): readonly string[] {
  const service = labels[SERVICE_NAME];
  return labels[MANAGED_BY] === CONTROLLER_NAME && service !== undefined ? [`${namespace}/${service}`] : [];
}

/** Slices that somebody else changed or took away. */
function keysOfSlice(change: Change): readonly string[] {
  if (!isChangeOf(change, ENDPOINT_SLICES) || change.kind === 'ADDED') return [];
  return [
    ...new Set([...sliceKeys(change.object), ...(change.previous === undefined ? [] : sliceKeys(change.previous))]),
  ];
}

/** Whether the node of a pod is known, which its zone comes from. */
function isPlaced(store: ObjectStore, { spec }: Pod, service: Service): boolean {
  return service.spec?.publishNotReadyAddresses === true || store.get(NODES, '', spec?.nodeName ?? '') !== undefined;
}

function groupsOf(
  store: ObjectStore,
  service: Service,
  pods: readonly Pod[],
  addressType: 'IPv4' | 'IPv6',
): readonly PortGroup[] {
  const groups = new Map<string, { ports: PortGroup['ports']; endpoints: Endpoint[] }>();
  for (const pod of pods) {
    const addresses = addressesOf(pod).filter((address) => address.includes(':') === (addressType === 'IPv6'));
    if (addresses.length === 0) continue;
    const ports = portsOf(service, pod);
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    groups.set(key, group);
    group.endpoints.push(endpointOf(store, service, pod, addresses));
  }
  return [...groups.values()];
}

function endpointOf(store: ObjectStore, service: Service, pod: Pod, addresses: readonly string[]): Endpoint {
  const { name, namespace = '', uid = '' } = pod.metadata;
  const serving = isReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = service.spec?.publishNotReadyAddresses === true || (serving && !terminating);
  const { nodeName } = pod.spec ?? {};
  const zone = store.get(NODES, '', nodeName ?? '')?.metadata.labels?.[ZONE];
  const hostname = hostnameOf(service, pod);
  return {
    addresses: addresses.slice(0, 1),
    conditions: { ready, serving, terminating },
    ...(hostname === undefined ? {} : { hostname }),
    ...(nodeName === undefined ? {} : { nodeName }),
    targetRef: { kind: 'Pod', name, namespace, uid },
    ...(zone === undefined || zone === '' ? {} : { zone }),
  };
}

function frameOf(service: Service, addressType: 'IPv4' | 'IPv6'): Omit<SliceFrame, 'hasPlaceholder'> {
  const { name, namespace = '', labels = {}, uid = '' } = service.metadata;
  const copied = Object.entries(labels).filter(([key]) => !RESERVED.has(key));
  return {
    generateName: `${name}-`,
    namespace,
    addressType,
    labels: {
      ...Object.fromEntries(copied),
      ...(isHeadless(service) ? { [HEADLESS]: '' } : {}),
      [MANAGED_BY]: CONTROLLER_NAME,
      [SERVICE_NAME]: name,
    },
    ownerReferences: [{ apiVersion: 'v1', blockOwnerDeletion: true, controller: true, kind: 'Service', name, uid }],
  };
}
