/** How endpoints are spread over slices so that few slices change. Source: `staging/src/k8s.io/endpointslice/reconciler.go` */
import type { KindMap } from '../../../model/kinds.ts';
import { sameJson } from '../../../snapshot/diff.ts';

export type EndpointSlice = KindMap['EndpointSlice'];
export type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

/** Endpoints that a slice takes. Source: `kube-controller-manager --max-endpoints-per-slice` */
export const SLICE_CAPACITY = 100;

/** What to do with the slices of one set of ports. */
export interface Filling {
  /** Slices that stay, with what they are to hold; those that hold it already are not among them. */
  readonly updated: ReadonlyMap<EndpointSlice, readonly Endpoint[]>;
  readonly unchanged: readonly EndpointSlice[];
  readonly created: readonly (readonly Endpoint[])[];
  readonly deleted: readonly EndpointSlice[];
}

/** `mustChange` tells of slices that need a write anyway. */
export function fillSlices(
  slices: readonly EndpointSlice[],
  desired: readonly Endpoint[],
  mustChange: (slice: EndpointSlice) => boolean,
): Filling {
  const open = new Map(desired.map((endpoint) => [identityOf(endpoint), endpoint]));
  const updated = new Map<EndpointSlice, Endpoint[]>();
  const unchanged: EndpointSlice[] = [];
  const deleted: EndpointSlice[] = [];
  for (const slice of slices) {
    const before = slice.endpoints ?? [];
    const kept = takeKnown(before, open);
    if (kept.length === 0) deleted.push(slice);
    else if (kept.length < before.length || mustChange(slice) || !sameJson(kept, before)) updated.set(slice, kept);
    else unchanged.push(slice);
  }
  const rest = [...open.values()];
  for (const kept of updated.values()) kept.push(...rest.splice(0, SLICE_CAPACITY - kept.length));
  return { updated, deleted, ...spread(rest, unchanged, updated) };
}

/** What is left goes into one slice with room for all of it, the fullest of those, or into new ones. */
function spread(
  rest: Endpoint[],
  unchanged: EndpointSlice[],
  updated: Map<EndpointSlice, Endpoint[]>,
): Pick<Filling, 'created' | 'unchanged'> {
  const created: (readonly Endpoint[])[] = [];
  while (rest.length > 0) {
    const room = (slice: EndpointSlice) => SLICE_CAPACITY - (slice.endpoints?.length ?? 0);
    const fitting = unchanged.filter((slice) => room(slice) >= rest.length);
    const [first] = fitting;
    if (rest.length >= SLICE_CAPACITY || first === undefined) {
      created.push(rest.splice(0, SLICE_CAPACITY));
      continue;
    }
    const fullest = fitting.reduce((best, slice) => (room(slice) < room(best) ? slice : best), first);
    unchanged.splice(unchanged.indexOf(fullest), 1);
    updated.set(fullest, [...(fullest.endpoints ?? []), ...rest.splice(0)]);
  }
  return { created, unchanged };
}

function takeKnown(before: readonly Endpoint[], open: Map<string, Endpoint>): Endpoint[] {
  return before.flatMap((endpoint) => {
    const key = identityOf(endpoint);
    const wanted = open.get(key);
    open.delete(key);
    return wanted ?? [];
  });
}

function identityOf({ addresses, hostname = '', targetRef }: Endpoint): string {
  return `${addresses.join()} ${hostname} ${targetRef?.namespace ?? ''}/${targetRef?.name ?? ''} ${targetRef?.uid ?? ''}`;
}
