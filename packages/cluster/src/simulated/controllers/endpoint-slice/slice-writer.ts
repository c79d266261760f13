/** Brings the slices of one owner to hold what they are to hold, with as few writes as possible. */
import { sameJson } from '../../../snapshot/diff.ts';
import type { ApiServer } from '../../api/api-server.ts';
import { ENDPOINT_SLICES } from '../../api/built-in-types.ts';
import type { EndpointPort } from '../endpoints/service-pods.ts';
import { withTriggerTime } from '../endpoints/trigger-times.ts';
import { fillSlices, type Endpoint, type EndpointSlice } from './fill-slices.ts';

export const SERVICE_NAME = 'kubernetes.io/service-name';
export const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';

/** Endpoints at the same ports. */
export interface PortGroup {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

/** What the slices of one owner have in common. */
export interface SliceFrame {
  /** `web-`. */
  readonly generateName: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences: NonNullable<EndpointSlice['metadata']['ownerReferences']>;
  readonly addressType: EndpointSlice['addressType'];
  /** For the annotation of slices that are written. */
  readonly triggerTime?: string | undefined;
  /** An empty slice where there would be none. */
  readonly hasPlaceholder: boolean;
}

/** Writes what differs; `existing` are all slices of the owner for these addresses. */
export function writeSlices(
  api: ApiServer,
  frame: SliceFrame,
  existing: readonly EndpointSlice[],
  groups: readonly PortGroup[],
): void {
  const create: EndpointSlice[] = [];
  const update: EndpointSlice[] = [];
  const remove = new Set(existing);
  const byPorts = Map.groupBy(existing, ({ ports }) => portKey(ports ?? []));
  for (const { ports, endpoints } of groups) {
    const filling = fillSlices(byPorts.get(portKey(ports)) ?? [], endpoints, (slice) => !hasFrame(slice, frame));
    for (const slice of filling.unchanged) remove.delete(slice);
    for (const [slice, held] of filling.updated) {
      remove.delete(slice);
      update.push(framed(frame, ports, held, slice));
    }
    for (const held of filling.created) create.push(framed(frame, ports, held));
  }
  if (frame.hasPlaceholder && remove.size === existing.length && create.length === 0) {
    const [only] = existing;
    if (existing.length === 1 && only !== undefined && isPlaceholder(only) && hasFrame(only, frame)) return;
    create.push(framed(frame, [], []));
  }
  commit(api, create, update, [...remove]);
}

/** A slice that would go is better changed into one that would be made. */
function commit(
  api: ApiServer,
  create: EndpointSlice[],
  update: readonly EndpointSlice[],
  remove: EndpointSlice[],
): void {
  const reused: EndpointSlice[] = [];
  while (create.length > 0 && remove.length > 0) {
    const [made, gone] = [create.shift() as EndpointSlice, remove.shift() as EndpointSlice];
    const { labels = {}, annotations = {}, ownerReferences = [] } = made.metadata;
    reused.push({ ...made, metadata: { ...gone.metadata, labels, annotations, ownerReferences } });
  }
  for (const slice of create) api.create(ENDPOINT_SLICES, slice);
  for (const slice of [...reused, ...update]) api.update(ENDPOINT_SLICES, slice);
  for (const { metadata } of remove) api.delete(ENDPOINT_SLICES, metadata.namespace ?? '', metadata.name);
}

function framed(
  frame: SliceFrame,
  ports: readonly EndpointPort[],
  endpoints: readonly Endpoint[],
  slice?: EndpointSlice,
): EndpointSlice {
  const { generateName, namespace, labels, ownerReferences, addressType, triggerTime } = frame;
  const { annotations: before, ...known } = slice?.metadata ?? { generateName, namespace };
  const annotations = withTriggerTime(frame.annotations ?? before, triggerTime);
  const metadata = { ...known, labels, ownerReferences, ...(annotations === undefined ? {} : { annotations }) };
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata,
    addressType,
    endpoints: endpoints.length === 0 ? null : endpoints,
    ports: ports.length === 0 ? null : ports,
  } as unknown as EndpointSlice;
}

function hasFrame({ metadata }: EndpointSlice, { labels, ownerReferences }: SliceFrame): boolean {
  return sameJson(metadata.labels, labels) && sameJson(metadata.ownerReferences, ownerReferences);
}

function isPlaceholder({ endpoints, ports }: EndpointSlice): boolean {
  return (endpoints ?? []).length === 0 && (ports ?? []).length === 0;
}

/** Ports in any order are the same. */
function portKey(ports: NonNullable<EndpointSlice['ports']>): string {
  const keys = ports.map(({ name = '', port = 0, protocol = 'TCP', appProtocol = '' }) =>
    [name, port, protocol, appProtocol].join('/'),
  );
  return keys.sort().join();
}
