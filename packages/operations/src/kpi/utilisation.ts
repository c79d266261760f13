/** How much of the nodes is asked for and how much is used: two figures that are often taken for each other. */
import { cpuMillis, cpuMillisExact, podRequests, wholeUnits, type ClusterSnapshot, type Pod } from '@aia/cluster';

/** Sums over all nodes. CPU in millicores, memory in bytes; `used` is absent without metrics. */
export interface Utilisation {
  readonly cpu: ResourceSums;
  readonly memory: ResourceSums;
}

export interface ResourceSums {
  readonly allocatable: number;
  readonly requested: number;
  readonly used: number | undefined;
}

type ResourceName = 'cpu' | 'memory';

/** Sums allocatable, the requests of pods that hold a node, and usage (metrics API, else the newest samples of the history). */
export function utilisationOf(snapshot: ClusterSnapshot): Utilisation {
  const requested = { cpu: 0, memory: 0 };
  for (const pod of snapshot.list('Pod')) {
    if (!holdsNode(pod)) continue;
    const { cpuMillis: cpu, memoryBytes: memory } = podRequests(pod);
    requested.cpu += cpu;
    requested.memory += memory;
  }
  const sums = (name: ResourceName): ResourceSums => ({
    allocatable: allocatableOf(snapshot, name),
    requested: requested[name],
    used: usedOf(snapshot, name),
  });
  return { cpu: sums('cpu'), memory: sums('memory') };
}

function allocatableOf(snapshot: ClusterSnapshot, name: ResourceName): number {
  const read = name === 'cpu' ? cpuMillis : wholeUnits;
  return snapshot.list('Node').reduce((sum, node) => sum + (read(node.status?.allocatable?.[name] ?? 0) ?? 0), 0);
}

function holdsNode(pod: Pod): boolean {
  const phase = pod.status?.phase;
  return pod.spec?.nodeName !== undefined && pod.spec.nodeName !== '' && phase !== 'Succeeded' && phase !== 'Failed';
}

function usedOf(snapshot: ClusterSnapshot, name: ResourceName): number | undefined {
  const read = name === 'cpu' ? cpuMillisExact : wholeUnits;
  const nodes = snapshot.list('NodeMetrics');
  if (nodes.length > 0) return nodes.reduce((sum, node) => sum + (read(node.usage?.[name] ?? 0) ?? 0), 0);
  const last = snapshot.usage.containers
    .map((usage) => usage[name]?.values.at(-1))
    .filter((value) => value !== undefined);
  return last.length === 0 ? undefined : last.reduce((sum, value) => sum + value, 0);
}

/** `part ÷ whole`, `undefined` when it cannot be told. */
export function shareOf(part: number | undefined, whole: number): number | undefined {
  return part === undefined || whole === 0 ? undefined : part / whole;
}
