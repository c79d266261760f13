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
  return { cpu: sums(snapshot, 'cpu'), memory: sums(snapshot, 'memory') };
}

function sums(snapshot: ClusterSnapshot, name: ResourceName): ResourceSums {
  const read = name === 'cpu' ? cpuMillis : wholeUnits;
  let allocatable = 0;
  for (const node of snapshot.list('Node')) allocatable += read(node.status?.allocatable?.[name] ?? 0) ?? 0;
  let requested = 0;
  for (const pod of snapshot.list('Pod'))
    if (holdsNode(pod)) requested += podRequests(pod)[name === 'cpu' ? 'cpuMillis' : 'memoryBytes'];
  return { allocatable, requested, used: usedOf(snapshot, name) };
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
