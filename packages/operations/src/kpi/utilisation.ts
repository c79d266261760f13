/** How much of the nodes is asked for and how much is used: two figures that are often taken for each other. */
import {
  createWorld,
  cpuMillis,
  cpuMillisExact,
  isFinished,
  wholeUnits,
  type ClusterSnapshot,
  type Pod,
  type SchedulingWorld,
  type UsageSeries,
} from '@aia/cluster';

/** Sums over all nodes. CPU in millicores, memory in bytes. */
export interface Utilisation {
  readonly cpu: ResourceSums;
  readonly memory: ResourceSums;
}

/** Sums of one resource; `used` and `measured` are absent without metrics. */
export interface ResourceSums {
  readonly allocatable: number;
  /** Of pods placed on nodes that exist; those being deleted hold their share until they are gone. */
  readonly requested: number;
  readonly used: number | undefined;
  /** The nodes whose use is known. */
  readonly measured?: { readonly nodes: number; readonly of: number; readonly allocatable: number };
}

type ResourceName = 'cpu' | 'memory';
type Use = Pick<ResourceSums, 'used' | 'measured'>;

/** A container whose newest sample is this much older than the newest of all has ended. */
const FRESH_MS = 60 * 60_000;

/**
 * Sums allocatable, the requests of pods that hold a node, and usage (metrics API, else the newest samples of the history).
 * `world` is the snapshot's, where somebody has built it already.
 */
export function utilisationOf(snapshot: ClusterSnapshot, world: SchedulingWorld = createWorld(snapshot)): Utilisation {
  const nodes = { cpu: allocatableByNode(snapshot, 'cpu'), memory: allocatableByNode(snapshot, 'memory') };
  const requested = {
    cpu: total(world.nodes.map((node) => node.requested.cpuMillis)),
    memory: total(world.nodes.map((node) => node.requested.memoryBytes)),
  };
  const sums = (name: ResourceName): ResourceSums => ({
    allocatable: total(nodes[name].values()),
    requested: requested[name],
    ...useOf(snapshot, name, nodes[name]),
  });
  return { cpu: sums('cpu'), memory: sums('memory') };
}

/** Allocatable by node. */
type Nodes = ReadonlyMap<string, number>;

function allocatableByNode(snapshot: ClusterSnapshot, name: ResourceName): Nodes {
  const read = name === 'cpu' ? cpuMillis : wholeUnits;
  return new Map(
    snapshot.list('Node').map((node) => [node.metadata.name, read(node.status?.allocatable?.[name] ?? 0) ?? 0]),
  );
}

function holdsNode(pod: Pod, nodes: Nodes): boolean {
  return nodes.has(pod.spec?.nodeName ?? '') && !isFinished(pod);
}

function useOf(snapshot: ClusterSnapshot, name: ResourceName, nodes: Nodes): Use {
  const read = name === 'cpu' ? cpuMillisExact : wholeUnits;
  const metrics = snapshot.list('NodeMetrics').filter((node) => nodes.has(node.metadata.name));
  if (metrics.length === 0) return useByHistory(snapshot, name, nodes);
  const measured = metrics.map((node) => nodes.get(node.metadata.name) ?? 0);
  return {
    used: total(metrics.map((node) => read(node.usage?.[name] ?? 0) ?? 0)),
    measured: { nodes: metrics.length, of: nodes.size, allocatable: total(measured) },
  };
}

/** The newest samples of the containers that still run; a history also holds pods that are long gone. */
function useByHistory(snapshot: ClusterSnapshot, name: ResourceName, nodes: Nodes): Use {
  const samples = snapshot.usage.containers.flatMap(({ namespace, pod, [name]: series }) => {
    const owner = snapshot.get('Pod', namespace, pod);
    const last = series === undefined ? undefined : lastSample(series);
    return owner === undefined || last === undefined || !holdsNode(owner, nodes) ? [] : [last];
  });
  if (samples.length === 0) return { used: undefined };
  const newest = samples.reduce((latest, { at }) => Math.max(latest, at), 0);
  const used = total(samples.filter(({ at }) => at >= newest - FRESH_MS).map(({ value }) => value));
  return { used, measured: { nodes: nodes.size, of: nodes.size, allocatable: total(nodes.values()) } };
}

function lastSample({ times, values }: UsageSeries): { readonly at: number; readonly value: number } | undefined {
  const at = times.at(-1);
  const value = values.at(-1);
  return at === undefined || value === undefined ? undefined : { at, value };
}

function total(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** `part ÷ whole`, `undefined` when it cannot be told. */
export function shareOf(part: number | undefined, whole: number): number | undefined {
  return part === undefined || whole === 0 ? undefined : part / whole;
}
