/**
 * Slices for Endpoints that somebody made by hand for a Service without a selector.
 * Source: https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#mirroring; `pkg/controller/endpointslicemirroring`
 */
import type { KindMap } from '../../../model/kinds.ts';
import { ENDPOINT_SLICES, ENDPOINTS, SERVICES } from '../../api/built-in-types.ts';
import type { ApiServer } from '../../api/api-server.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf, ObjectIndex } from '../../store/object-index.ts';
import type { Change } from '../../store/object-store.ts';
import type { Controller } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import type { Endpoint, EndpointSlice } from './fill-slices.ts';
import { MANAGED_BY, SERVICE_NAME, writeSlices, type PortGroup } from './slice-writer.ts';

type Endpoints = KindMap['Endpoints'];
type Subset = NonNullable<Endpoints['subsets']>[number];

const CONTROLLER_NAME = 'endpointslicemirroring-controller.k8s.io';
const SKIP = 'endpointslice.kubernetes.io/skip-mirror';
const LEADER = 'control-plane.alpha.kubernetes.io/leader';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** Addresses of a subset that are mirrored at most. */
const CAPACITY = 1000;

export function endpointSliceMirroringController({ api }: SimulationContext): Controller {
  const slices = new ObjectIndex(api.store, ENDPOINT_SLICES, sliceKeys);
  return {
    name: 'endpointslice-mirroring-controller',
    needs: ['/Service', '/Endpoints', 'discovery.k8s.io/EndpointSlice'],
    keysOf,
    reconcile: (key) => {
      const [namespace, name] = namesOf(key);
      const endpoints = api.store.get(ENDPOINTS, namespace, name);
      const existing = [...slices.get(key)];
      if (endpoints === undefined || !isMirrored(api, endpoints)) {
        for (const { metadata } of existing) api.delete(ENDPOINT_SLICES, namespace, metadata.name);
        return undefined;
      }
      for (const addressType of ['IPv4', 'IPv6'] as const) {
        const own = existing.filter((slice) => slice.addressType === addressType);
        writeSlices(api, frameOf(endpoints, addressType), own, groupsOf(endpoints, addressType));
      }
      return undefined;
    },
  };
}

function keysOf(change: Change): readonly string[] {
  return isChangeOf(change, ENDPOINTS) || isChangeOf(change, SERVICES) ? [keyOf(change.object)] : [];
}

function sliceKeys({ metadata: { namespace = '', labels = {} } }: EndpointSlice): readonly string[] {
  const service = labels[SERVICE_NAME];
  return labels[MANAGED_BY] === CONTROLLER_NAME && service !== undefined ? [`${namespace}/${service}`] : [];
}

function isMirrored({ store }: ApiServer, { metadata }: Endpoints): boolean {
  const { name, namespace = '', labels = {}, annotations = {} } = metadata;
  if (labels[SKIP] === 'true' || annotations[LEADER] !== undefined) return false;
  const service = store.get(SERVICES, namespace, name);
  return service !== undefined && service.spec?.selector === undefined && service.spec?.type !== 'ExternalName';
}

function frameOf({ metadata }: Endpoints, addressType: 'IPv4' | 'IPv6') {
  const { name, namespace = '', uid = '', labels = {}, annotations = {} } = metadata;
  const copied = Object.entries(annotations).filter(([key]) => key !== LAST_APPLIED);
  const trigger = annotations['endpoints.kubernetes.io/last-change-trigger-time'];
  return {
    generateName: `${name}-`,
    namespace,
    addressType,
    labels: { ...labels, [MANAGED_BY]: CONTROLLER_NAME, [SERVICE_NAME]: name },
    annotations: Object.fromEntries(copied),
    ownerReferences: [{ apiVersion: 'v1', blockOwnerDeletion: true, controller: true, kind: 'Endpoints', name, uid }],
    triggerTime: trigger,
    hasPlaceholder: false,
  };
}

function groupsOf({ subsets = [] }: Endpoints, addressType: 'IPv4' | 'IPv6'): readonly PortGroup[] {
  return subsets.flatMap((subset) => {
    const endpoints = endpointsOf(subset)
      .filter(({ addresses }) => (addresses[0]?.includes(':') ?? false) === (addressType === 'IPv6'))
      .slice(0, CAPACITY);
    const ports = (subset.ports ?? []).map(({ name = '', port, protocol = 'TCP', appProtocol }) => ({
      ...(appProtocol === undefined ? {} : { appProtocol }),
      name,
      port,
      protocol,
    }));
    return endpoints.length === 0 ? [] : [{ ports, endpoints }];
  });
}

function endpointsOf({ addresses = [], notReadyAddresses = [] }: Subset): readonly Endpoint[] {
  const endpoint =
    (ready: boolean) =>
    (address: NonNullable<Subset['addresses']>[number]): Endpoint => {
      const { ip, hostname, nodeName, targetRef } = address;
      return {
        addresses: [ip],
        conditions: { ready },
        ...(hostname === undefined ? {} : { hostname }),
        ...(nodeName === undefined ? {} : { nodeName }),
        ...(targetRef === undefined ? {} : { targetRef }),
      };
    };
  return [...addresses.map(endpoint(true)), ...notReadyAddresses.map(endpoint(false))];
}
