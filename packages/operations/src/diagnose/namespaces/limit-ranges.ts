/**
 * What the admission plugin LimitRanger does to a pod: defaults first, then bounds.
 * Source: https://kubernetes.io/docs/concepts/policy/limit-range/
 */
import {
  amountOf,
  podRequests,
  type ClusterSnapshot,
  type Container,
  type KindMap,
  type PodSpec,
  type Quantities,
} from '@aia/cluster';

type LimitRange = KindMap['LimitRange'];

/** One bound that a pod of a template would break. */
export interface Violation {
  readonly range: LimitRange;
  readonly resource: string;
  /** `Container` or `Pod`. */
  readonly type: string;
  /** `''` for bounds on whole pods. */
  readonly container: string;
  /** What the API server would say, in short: `maximum cpu per Container is 1, but the limit is 2`. */
  readonly text: string;
}

/** One entry of `spec.limits`, with what the API server fills in. */
interface Item {
  readonly type: string;
  readonly min: Quantities;
  readonly max: Quantities;
  readonly limits: Quantities;
  readonly requests: Quantities;
  readonly ratio: Quantities;
}

/** LimitRanges of a namespace in the order of their names. */
export function limitRangesIn(snapshot: ClusterSnapshot, namespace: string): readonly LimitRange[] {
  return snapshot
    .listIn('LimitRange', namespace)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** The template's pod as it is created: a limit stands in for a request that is not stated, then the namespace's defaults for both. */
export function withDefaults(spec: PodSpec, ranges: readonly LimitRange[]): PodSpec {
  const items = ranges.flatMap(itemsOf).filter(({ type }) => type === 'Container');
  const filled = (container: Container): Container => {
    const { requests = {}, limits = {} } = container.resources ?? {};
    const own = { limits: { ...limits }, requests: { ...limits, ...requests } };
    for (const item of items) {
      own.limits = { ...item.limits, ...own.limits } as typeof own.limits;
      own.requests = { ...item.requests, ...own.requests } as typeof own.requests;
    }
    return { ...container, resources: { ...container.resources, ...own } };
  };
  const { containers = [], initContainers } = spec as Partial<PodSpec>;
  return {
    ...spec,
    containers: containers.map(filled),
    ...(initContainers !== undefined && { initContainers: initContainers.map(filled) }),
  };
}

/** Everything by which the LimitRanges of a namespace refuse pods of a template; `spec` is as written, without defaults. */
export function violationsOf(spec: PodSpec, ranges: readonly LimitRange[]): readonly Violation[] {
  if (ranges.length === 0) return [];
  const made = withDefaults(spec, ranges);
  const stated = new Map(containersOf(spec).map((container) => [container.name, container]));
  return [
    ...ranges.flatMap((range) => itemsOf(range).flatMap((item) => brokenBounds(made, range, item))),
    ...containersOf(made).flatMap((container) => aboveDefault(container, stated.get(container.name), ranges)),
  ];
}

function containersOf({ containers = [], initContainers = [] }: Partial<PodSpec>): readonly Container[] {
  return [...containers, ...initContainers];
}

function brokenBounds(spec: PodSpec, range: LimitRange, item: Item): readonly Violation[] {
  if (item.type === 'Container')
    return containersOf(spec).flatMap(({ name, resources }) =>
      broken(item, resources?.requests ?? {}, resources?.limits ?? {}).map((one) => ({
        range,
        type: item.type,
        container: name,
        ...one,
      })),
    );
  if (item.type !== 'Pod') return [];
  return broken(item, totalOf(spec, 'requests'), totalOf(spec, 'limits')).map((one) => ({
    range,
    type: item.type,
    container: '',
    ...one,
  }));
}

type Broken = Pick<Violation, 'resource' | 'text'>;

/** The constraints in the order in which they are checked; of one resource and constraint the first that is broken. */
function broken({ type, min, max, ratio }: Item, requests: Quantities, limits: Quantities): readonly Broken[] {
  const found: Broken[] = [];
  for (const [resource, least] of Object.entries(min)) {
    const text = belowText(resource, least, requests[resource], limits[resource]);
    if (text !== undefined) found.push({ resource, text: `minimum ${resource} per ${type} is ${least}, but ${text}` });
  }
  for (const [resource, most] of Object.entries(max)) {
    const text = aboveText(resource, most, requests[resource], limits[resource]);
    if (text !== undefined) found.push({ resource, text: `maximum ${resource} per ${type} is ${most}, but ${text}` });
  }
  for (const [resource, most] of Object.entries(ratio)) {
    const text = ratioText(resource, most, requests[resource], limits[resource]);
    if (text !== undefined)
      found.push({
        resource,
        text: `${resource} limit may be at most ${most} times the request per ${type}, but ${text}`,
      });
  }
  return found;
}

type Stated = Quantities[string] | undefined;

function belowText(resource: string, least: string | number, request: Stated, limit: Stated): string | undefined {
  if (request === undefined) return 'no request is stated';
  if (amount(resource, request) < amount(resource, least)) return `the request is ${request}`;
  return limit !== undefined && amount(resource, limit) < amount(resource, least) ? `the limit is ${limit}` : undefined;
}

function aboveText(resource: string, most: string | number, request: Stated, limit: Stated): string | undefined {
  if (limit === undefined) return 'no limit is stated';
  if (amount(resource, limit) > amount(resource, most)) return `the limit is ${limit}`;
  return request !== undefined && amount(resource, request) > amount(resource, most)
    ? `the request is ${request}`
    : undefined;
}

function ratioText(resource: string, most: string | number, request: Stated, limit: Stated): string | undefined {
  const [asked, allowed] = [request, limit].map((one) => (one === undefined ? 0 : amount(resource, one)));
  if (!asked) return 'no request is stated';
  if (!allowed) return 'no limit is stated';
  // A ratio is a plain number; in thousandths it compares without rounding.
  const bound = (amountOf('cpu', most) ?? 0) / 1000;
  return allowed / asked > bound ? `it is ${Number((allowed / asked).toFixed(2))} times` : undefined;
}

/** A request above the limit that the namespace gives by default makes the pod invalid. */
function aboveDefault(
  made: Container,
  stated: Container | undefined,
  ranges: readonly LimitRange[],
): readonly Violation[] {
  const { requests = {}, limits = {} } = made.resources ?? {};
  return Object.keys(limits)
    .filter((resource) => stated?.resources?.limits?.[resource] === undefined)
    .filter((resource) => amount(resource, requests[resource] ?? 0) > amount(resource, limits[resource] ?? 0))
    .flatMap((resource) => {
      const range = ranges.find((one) =>
        itemsOf(one).some((item) => item.type === 'Container' && item.limits[resource] !== undefined),
      );
      const text = `the default ${resource} limit is ${limits[resource] ?? ''}, but the request is ${requests[resource] ?? ''}`;
      return range === undefined ? [] : [{ range, type: 'Container', container: made.name, resource, text }];
    });
}

/** Requests or limits of the whole pod, as the scheduler adds them up. */
export function totalOf(spec: PodSpec, of: 'requests' | 'limits'): Quantities {
  const asRequests = (container: Container): Container => ({
    ...container,
    resources: { requests: container.resources?.[of] ?? {} },
  });
  const total = podRequests({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: '' },
    spec: {
      ...spec,
      containers: ((spec as Partial<PodSpec>).containers ?? []).map(asRequests),
      initContainers: (spec.initContainers ?? []).map(asRequests),
    },
  });
  const keys = new Set(containersOf(spec).flatMap(({ resources }) => Object.keys(resources?.[of] ?? {})));
  return {
    ...(keys.has('cpu') && { cpu: `${total.cpuMillis}m` }),
    ...(keys.has('memory') && { memory: total.memoryBytes }),
    ...Object.fromEntries(total.others),
  };
}

/** Defaults follow from bounds and from each other where they are not stated. */
function itemsOf({ spec }: LimitRange): readonly Item[] {
  return (spec?.limits ?? []).map(
    ({ type, min = {}, max = {}, default: limit = {}, defaultRequest = {}, maxLimitRequestRatio = {} }) => {
      const limits = { ...max, ...limit };
      return {
        type,
        min,
        max,
        limits,
        requests: { ...min, ...limits, ...defaultRequest },
        ratio: maxLimitRequestRatio,
      };
    },
  );
}

function amount(resource: string, quantity: string | number): number {
  return amountOf(resource, quantity) ?? 0;
}
