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
 * larger of the wanted and the allocated amount counts.
 */
export function podRequests(pod: Pod): Resources {
  const { spec } = pod;
  if (spec === undefined) return NO_RESOURCES;
  const allocated = allocatedOf(pod);
  const level = (spec as LeveledSpec).resources;
  const plain = (spec.initContainers ?? NONE).length === 0 && allocated === undefined && level === undefined;
  if (plain) return sumOf(spec);
  const containers = withLevel(containerRequests(spec, allocated), level);
  return spec.overhead === undefined ? containers : addResources(containers, resourcesOf(spec.overhead));
}

/** `spec.resources`, which the 1.30 types do not have; admission has checked its shape. */
type LeveledSpec = PodSpec & { readonly resources?: ContainerResources };
interface ContainerResources {
  readonly requests?: Quantities;
  readonly limits?: Quantities;
}
type Allocated = ReadonlyMap<string, Quantities>;

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

function requestsOf(container: Container, allocated: Allocated | undefined): Resources {
  const tally = new Tally();
  addContainer(tally, container.resources);
  const granted = allocated?.get(container.name);
  return granted === undefined ? tally.result() : maxResources(tally.result(), resourcesOf(granted));
}

/**
 * Init containers run one after another, each beside the sidecars (init containers that restart always) started before
 * it; then the containers run beside all sidecars. The pod needs the larger of the two phases.
 */
function containerRequests(spec: PodSpec, allocated: Allocated | undefined): Resources {
  let running = NO_RESOURCES;
  for (const container of spec.containers ?? NONE) running = addResources(running, requestsOf(container, allocated));
  let sidecars = NO_RESOURCES;
  let starting = NO_RESOURCES;
  for (const container of spec.initContainers ?? NONE) {
    const own = addResources(requestsOf(container, allocated), sidecars);
    if (container.restartPolicy === 'Always') sidecars = own;
    starting = maxResources(starting, own);
  }
  return maxResources(addResources(running, sidecars), starting);
}

/** Amounts set for the whole pod replace the sum of its containers'; limits stand in for requests not set. */
function withLevel(sum: Resources, level: ContainerResources | undefined): Resources {
  if (level === undefined) return sum;
  const wanted = { ...level.limits, ...level.requests };
  const tally = new Tally();
  tally.cpuMillis = sum.cpuMillis;
  tally.memoryBytes = sum.memoryBytes;
  for (const [name, amount] of sum.others) tally.set(name, amount);
  for (const name in wanted) {
    if (name === 'cpu' || name === 'memory' || name.startsWith('hugepages-'))
      tally.set(name, wanted[name] as string | number);
  }
  return tally.result();
}

/** `status.containerStatuses[].allocatedResources` by container; admission does not check it, so only quantities pass. */
function allocatedOf(pod: Pod): Allocated | undefined {
  let allocated: Map<string, Quantities> | undefined;
  for (const list of [pod.status?.containerStatuses, pod.status?.initContainerStatuses]) {
    for (const status of list ?? []) {
      const granted: unknown = status.allocatedResources;
      if (granted === undefined || !isQuantities(granted)) continue;
      allocated ??= new Map();
      allocated.set(status.name, granted);
    }
  }
  return allocated;
}

function isQuantities(value: unknown): value is Quantities {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((amount) => typeof amount === 'string' || typeof amount === 'number');
}
