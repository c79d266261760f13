/**
 * What a pod asks of a node, as the scheduler counts it.
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers and
 * https://kubernetes.io/docs/tasks/configure-pod-container/assign-pod-level-resources/
 */
import type { Container, Pod, PodSpec } from '../model/kinds.ts';
import {
  addResources,
  maxResources,
  NO_RESOURCES,
  resourcesOf,
  Tally,
  type Quantities,
  type Resources,
} from './resources.ts';

/**
 * Requests of a pod: the sum over its containers and sidecars, or what its init phase needs where that is more; CPU,
 * memory and huge pages from `spec.resources` where set (1.32+); plus the overhead of its runtime class. A request that
 * is not set but limited equals its limit, as the API server defaults it. While a resize in place is not done, the
 * largest of the wanted, the granted and the actual amount counts; an infeasible wish does not.
 */
export function podRequests(pod: Pod): Resources {
  const { spec } = pod;
  if (spec === undefined) return NO_RESOURCES;
  const granted = grantedOf(pod);
  const level = (spec as LeveledSpec).resources;
  const plain = (spec.initContainers ?? NONE).length === 0 && granted === undefined && level === undefined;
  if (plain) return sumOf(spec);
  const containers = withLevel(containerRequests(spec, granted), level);
  return spec.overhead === undefined ? containers : addResources(containers, resourcesOf(spec.overhead));
}

/** `spec.resources`, which the 1.30 types do not have; admission has checked its shape. */
type LeveledSpec = PodSpec & { readonly resources?: ContainerResources };
interface ContainerResources {
  readonly requests?: Quantities;
  readonly limits?: Quantities;
}
/** What the kubelet has granted to running containers, by name. */
interface Granted {
  /** The kubelet cannot give what the spec asks for. */
  readonly infeasible: boolean;
  readonly byContainer: ReadonlyMap<string, Resources>;
}

const NONE: readonly Container[] = [];

/** The common case: containers only. */
function sumOf(spec: PodSpec): Resources {
  const tally = new Tally();
  for (const container of spec.containers ?? NONE) addContainer(tally, container.resources);
  tally.add(spec.overhead);
  return tally.result();
}

function addContainer(tally: Tally, resources: ContainerResources | undefined): void {
  if (resources === undefined) return;
  const { requests, limits } = resources;
  tally.add(requests);
  for (const name in limits) if (requests?.[name] === undefined) tally.addAmount(name, limits[name] as string | number);
}

function requestsOf(container: Container, granted?: Granted): Resources {
  const own = granted?.byContainer.get(container.name);
  if (own !== undefined && granted?.infeasible === true) return own;
  const tally = new Tally();
  addContainer(tally, container.resources);
  return own === undefined ? tally.result() : maxResources(tally.result(), own);
}

/**
 * Init containers run one after another, each beside the sidecars (init containers that restart always) started before
 * it; then the containers run beside all sidecars. The pod needs the larger of the two phases.
 */
function containerRequests(spec: PodSpec, granted: Granted | undefined): Resources {
  let running = NO_RESOURCES;
  for (const container of spec.containers ?? NONE) running = addResources(running, requestsOf(container, granted));
  let sidecars = NO_RESOURCES;
  let starting = NO_RESOURCES;
  for (const container of spec.initContainers ?? NONE) {
    const isSidecar = container.restartPolicy === 'Always';
    const own = addResources(isSidecar ? requestsOf(container, granted) : requestsOf(container), sidecars);
    if (isSidecar) sidecars = own;
    starting = maxResources(starting, own);
  }
  return maxResources(addResources(running, sidecars), starting);
}

/** Amounts requested for the whole pod replace the sum of its containers'; limits stand in where neither requests any. */
function withLevel(sum: Resources, level: ContainerResources | undefined): Resources {
  if (level === undefined) return sum;
  const { limits = {}, requests = {} } = level;
  const tally = new Tally();
  tally.cpuMillis = sum.cpuMillis;
  tally.memoryBytes = sum.memoryBytes;
  for (const [name, amount] of sum.others) tally.set(name, amount);
  for (const name in { ...limits, ...requests }) {
    if (name !== 'cpu' && name !== 'memory' && !name.startsWith('hugepages-')) continue;
    const wanted = requests[name] ?? (amountIn(sum, name) === 0 ? limits[name] : undefined);
    if (wanted !== undefined) tally.set(name, wanted);
  }
  return tally.result();
}

function amountIn({ cpuMillis, memoryBytes, others }: Resources, name: string): number {
  if (name === 'cpu') return cpuMillis;
  return name === 'memory' ? memoryBytes : (others.get(name) ?? 0);
}

/**
 * `allocatedResources` and `resources.requests` of container statuses; admission does not check them, so only quantities
 * pass.
 */
function grantedOf({ status }: Pod): Granted | undefined {
  let byContainer: Map<string, Resources> | undefined;
  for (const list of [status?.containerStatuses, status?.initContainerStatuses]) {
    for (const { name, allocatedResources, resources } of list ?? []) {
      if (allocatedResources === undefined && resources === undefined) continue;
      const actual: unknown = (resources as { requests?: unknown } | null | undefined)?.requests;
      const parts = [allocatedResources as unknown, actual].filter(isQuantities);
      if (parts.length === 0) continue;
      byContainer ??= new Map();
      byContainer.set(name, parts.map(resourcesOf).reduce(maxResources));
    }
  }
  return byContainer && { infeasible: isInfeasible(status), byContainer };
}

/** The condition since 1.33, and the field before. */
function isInfeasible(status: Pod['status']): boolean {
  if ((status as { resize?: unknown } | undefined)?.resize === 'Infeasible') return true;
  return status?.conditions?.find(({ type }) => type === 'PodResizePending')?.reason === 'Infeasible';
}

function isQuantities(value: unknown): value is Quantities {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((amount) => typeof amount === 'string' || typeof amount === 'number');
}

/** What scores count: requests of CPU and memory, and the same with a default for containers that request none. */
export interface ScoredRequests {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  /** Neither CPU nor memory is requested. */
  readonly isBestEffort: boolean;
}

/** Source: `pkg/scheduler/util/pod_resources.go`. */
const DEFAULT_CPU_MILLIS = 100;
const DEFAULT_MEMORY_BYTES = 200 * 1024 * 1024;

/**
 * Requests as `NodeResourcesFit` scores them: a container that requests no CPU counts as 100m, one without memory as 200Mi, so that
 * many such pods do not end on one node.
 */
export function scoredRequests(pod: Pod, { cpuMillis, memoryBytes }: Resources): ScoredRequests {
  const { spec } = pod;
  const isBestEffort = cpuMillis === 0 && memoryBytes === 0;
  if (spec === undefined) return { cpuMillis, memoryBytes, isBestEffort };
  const filled = { ...pod, spec: { ...spec, containers: (spec.containers ?? NONE).map(withDefaults) } };
  if (spec.initContainers !== undefined) filled.spec.initContainers = spec.initContainers.map(withDefaults);
  const counted = podRequests(filled);
  return { cpuMillis: counted.cpuMillis, memoryBytes: counted.memoryBytes, isBestEffort };
}

/** A request of 0 is one. */
function withDefaults(container: Container): Container {
  const { requests = {}, limits = {} } = container.resources ?? {};
  const isMissing = (name: string) => requests[name] === undefined && limits[name] === undefined;
  if (!isMissing('cpu') && !isMissing('memory')) return container;
  const filled = {
    ...requests,
    ...(isMissing('cpu') ? { cpu: `${DEFAULT_CPU_MILLIS}m` } : {}),
    ...(isMissing('memory') ? { memory: String(DEFAULT_MEMORY_BYTES) } : {}),
  };
  return { ...container, resources: { ...container.resources, requests: filled } };
}
