/** The addresses that Kubernetes lists behind a Service, from its EndpointSlices or, where there are none, its Endpoints. */
import { timeOf, type ClusterSnapshot, type KindMap, type KubeObject, type Service } from '@aia/cluster';

type EndpointSlice = KindMap['EndpointSlice'];

export interface EndpointCount {
  readonly kind: 'EndpointSlice' | 'Endpoints';
  /** The object that the numbers stand in; the first of several slices. */
  readonly object: KubeObject;
  readonly ready: number;
  readonly notReady: number;
  /** Names of the pods that are not ready, as far as they are named; sorted. */
  readonly unreadyPods: readonly string[];
  /** When the controller last had a reason to change them (epoch ms). */
  readonly changedAt: number | undefined;
  /** Holds a lease of a leader election instead of addresses, as before Kubernetes had Leases. */
  readonly isLeaderElection: boolean;
}

const TRIGGERED = 'endpoints.kubernetes.io/last-change-trigger-time';
const LEADER = 'control-plane.alpha.kubernetes.io/leader';

/** `undefined` where neither was read for the Service. Endpoints that are being taken down count for neither side. */
export function countEndpoints(snapshot: ClusterSnapshot, service: Service): EndpointCount | undefined {
  const { namespace = '', name } = service.metadata;
  const slices = snapshot.withLabels('EndpointSlice', namespace, { 'kubernetes.io/service-name': name });
  const [first] = slices;
  if (first === undefined) return countInEndpoints(snapshot, namespace, name);
  if (slices.length === 1) return countInSlice(first);
  const addresses = new Map<string, { isReady: boolean; pod: string | undefined }>();
  for (const { endpoints } of slices)
    for (const { addresses: own, conditions, targetRef } of endpoints ?? [])
      if (conditions?.terminating !== true)
        addresses.set(targetRef?.name ?? own?.[0] ?? '', {
          isReady: conditions?.ready !== false,
          pod: targetRef?.name,
        });
  const all = [...addresses.values()];
  const unready = all.filter(({ isReady }) => !isReady);
  return {
    kind: 'EndpointSlice',
    object: first,
    ready: all.length - unready.length,
    notReady: unready.length,
    unreadyPods: unready.flatMap(({ pod }) => pod ?? []).sort(),
    changedAt: latest(slices),
    isLeaderElection: false,
  };
}

/** An address stands in one slice once for each family of addresses, so a single slice needs no comparing. */
function countInSlice(slice: EndpointSlice): EndpointCount {
  let ready = 0;
  const unready: (string | undefined)[] = [];
  for (const { conditions, targetRef } of slice.endpoints ?? []) {
    if (conditions?.terminating === true) continue;
    if (conditions?.ready !== false) ready++;
    else unready.push(targetRef?.name);
  }
  return {
    kind: 'EndpointSlice',
    object: slice,
    ready,
    notReady: unready.length,
    unreadyPods: unready.filter((name) => name !== undefined).sort(),
    changedAt: latest([slice]),
    isLeaderElection: false,
  };
}

/** Of the Endpoints of a name, whether or not there is a Service of that name. */
export function countInEndpoints(
  snapshot: ClusterSnapshot,
  namespace: string,
  name: string,
): EndpointCount | undefined {
  const object = snapshot.get('Endpoints', namespace, name);
  if (object === undefined) return undefined;
  const subsets = object.subsets ?? [];
  // One address stands in a subset for each set of ports that it offers.
  const ready = new Set(subsets.flatMap(({ addresses = [] }) => addresses.map(keyOf)));
  const unready = subsets.flatMap(({ notReadyAddresses = [] }) => notReadyAddresses);
  return {
    kind: 'Endpoints',
    object,
    ready: ready.size,
    notReady: new Set(unready.map(keyOf)).size,
    unreadyPods: [...new Set(unready.flatMap(({ targetRef }) => targetRef?.name ?? []))].sort(),
    changedAt: latest([object]),
    isLeaderElection: object.metadata.annotations?.[LEADER] !== undefined,
  };
}

function keyOf({ ip, targetRef }: { readonly ip?: string; readonly targetRef?: { readonly name?: string } }): string {
  return targetRef?.name ?? ip ?? '';
}

function latest(objects: readonly KubeObject[]): number | undefined {
  const times = objects.flatMap(({ metadata }) => timeOf(metadata.annotations?.[TRIGGERED]) ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}
