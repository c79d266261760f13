/** What would make pending pods fit, answered by the scheduling filters on copies of the cluster. */
import {
  fitPods,
  indexUsage,
  isFinished,
  nodePoolOf,
  templateNode,
  wholeUnits,
  type ClusterSnapshot,
  type Node,
  type NodeState,
  type Pod,
  type RequestChange,
  type SchedulingWorld,
  type UsageIndex,
} from '@aia/cluster';
import { usageWithEarlier } from './earlier-pods.ts';

/** Outcome of one change for a set of pending pods. */
export interface WhatIf {
  readonly fits: number;
  readonly pods: number;
}

/** Outcome of adding nodes like one that is there. */
export interface MoreNodes extends WhatIf {
  readonly nodes: number;
  readonly machineType: string;
  readonly pool: string;
  readonly zone: string;
  /** vCPUs of all added nodes together. */
  readonly cpus: number;
}

/** Outcome of setting requests to what was measured. */
export interface RightSized extends WhatIf {
  /** Pods whose requests would shrink. */
  readonly changed: number;
  readonly freedCpuMillis: number;
  readonly freedMemoryBytes: number;
  /** Shortest history among them. */
  readonly spanMs: number;
  readonly samples: number;
}

/** More nodes than this for one set of pods is no longer a what-if but a migration. */
const MOST_NODES = 50;
/** Requests below these round to nothing and starve in the first spike. */
const FLOOR = { cpuMillis: 10, memoryBytes: 32 * 2 ** 20 } as const;
/** Their requests belong to the provider. */
const SYSTEM_NAMESPACE = /^(?:kube-system|kube-public|kube-node-lease|gke-.*|gmp-.*)$/;

/**
 * What more nodes of one pool would do: an entry for the first step that places more pods, and one for the smallest number
 * with which the most fit. Empty when no pool's node would take any of them.
 */
export function withMoreNodes(world: SchedulingWorld, pods: readonly Pod[]): readonly MoreNodes[] {
  const series = modelNodes(world).map((model) => growth(world, pods, model));
  const helpful = series.filter((steps) => steps.length > 0);
  helpful.sort(
    (a, b) => (b.at(-1)?.fits ?? 0) - (a.at(-1)?.fits ?? 0) || (a.at(-1)?.cpus ?? 0) - (b.at(-1)?.cpus ?? 0),
  );
  const best = helpful[0] ?? [];
  return best.filter((_, i) => i === 0 || i === best.length - 1);
}

/** One ready node per pool, zone and machine type, by name. */
function modelNodes(world: SchedulingWorld): readonly NodeState[] {
  const ready = world.nodes.filter(
    ({ node }) => node.status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True',
  );
  const kinds = Map.groupBy(ready, ({ node }) => `${nodePoolOf(node)} ${zoneOf(node)} ${machineTypeOf(node)}`);
  return [...kinds.values()].map(([first]) => first).filter((state) => state !== undefined);
}

/** Adds nodes one by one until all pods fit or another node helps nobody. */
function growth(world: SchedulingWorld, pods: readonly Pod[], model: NodeState): readonly MoreNodes[] {
  const steps: MoreNodes[] = [];
  const { node } = model;
  let grown = world;
  let best = fitPods(pods, world).placed;
  for (let count = 1; count <= Math.min(MOST_NODES, pods.length) && best < pods.length; count++) {
    grown = grown.withNodes([templateNode(model, `${node.metadata.name}-added-${count}`)]);
    const fits = fitPods(pods, grown).placed;
    if (fits <= best) break;
    best = fits;
    const cpus = count * (wholeUnits(node.status?.capacity?.['cpu'] ?? 0) ?? 0);
    steps.push({
      fits,
      pods: pods.length,
      nodes: count,
      cpus,
      machineType: machineTypeOf(node),
      pool: nodePoolOf(node),
      zone: zoneOf(node),
    });
  }
  return steps;
}

/**
 * With CPU requests at the 95th percentile and memory requests at the peak of the measured usage, where both are lower than
 * today's and the history suffices; pods that never ran keep their requests. `undefined` without enough history.
 */
export function withRightSizing(world: SchedulingWorld, pods: readonly Pod[]): RightSized | undefined {
  const { changes, ...sums } = rightSizing(world.snapshot, world);
  if (changes.size === 0) return undefined;
  return { fits: fitPods(pods, world.withRequests(changes)).placed, pods: pods.length, changed: changes.size, ...sums };
}

function rightSizing(snapshot: ClusterSnapshot, world: SchedulingWorld) {
  const changes = new Map<string, RequestChange>();
  const usage = indexUsage(snapshot.usage);
  let freedCpuMillis = 0;
  let freedMemoryBytes = 0;
  let spanMs = Number.POSITIVE_INFINITY;
  let samples = Number.POSITIVE_INFINITY;
  for (const pod of snapshot.list('Pod')) {
    const measured = measuredNeed(pod, snapshot, usage);
    if (measured === undefined) continue;
    const now = world.requestsOf(pod);
    const cpuMillis = Math.min(now.cpuMillis, measured.cpuMillis);
    const memoryBytes = Math.min(now.memoryBytes, measured.memoryBytes);
    if (cpuMillis === now.cpuMillis && memoryBytes === now.memoryBytes) continue;
    changes.set(`${pod.metadata.namespace ?? ''}/${pod.metadata.name}`, { cpuMillis, memoryBytes });
    freedCpuMillis += now.cpuMillis - cpuMillis;
    freedMemoryBytes += now.memoryBytes - memoryBytes;
    spanMs = Math.min(spanMs, measured.spanMs);
    samples = Math.min(samples, measured.samples);
  }
  return { changes, freedCpuMillis, freedMemoryBytes, spanMs, samples };
}

/** What a running pod needs by its history and that of its predecessors; `undefined` when any of its containers lacks one. */
export function measuredNeed(pod: Pod, snapshot: ClusterSnapshot, usage: UsageIndex) {
  const namespace = pod.metadata.namespace ?? '';
  if (pod.spec?.nodeName === undefined || isFinished(pod) || SYSTEM_NAMESPACE.test(namespace)) return undefined;
  let cpuMillis = 0;
  let memoryBytes = 0;
  let spanMs = Number.POSITIVE_INFINITY;
  let samples = Number.POSITIVE_INFINITY;
  const measured = usageWithEarlier(snapshot, usage, pod);
  // A dump may have lost them.
  const containers = pod.spec.containers ?? [];
  if (containers.length === 0) return undefined;
  for (const { name } of containers) {
    const { cpu: cpuSummary, memory: memorySummary } = measured.find(({ container }) => container === name) ?? {};
    if (cpuSummary?.sufficient !== true || memorySummary?.sufficient !== true) return undefined;
    cpuMillis += Math.max(FLOOR.cpuMillis, Math.ceil(cpuSummary.p95));
    memoryBytes += Math.max(FLOOR.memoryBytes, Math.ceil(memorySummary.max));
    spanMs = Math.min(spanMs, cpuSummary.spanMs, memorySummary.spanMs);
    samples = Math.min(samples, cpuSummary.samples, memorySummary.samples);
  }
  return { cpuMillis, memoryBytes, spanMs, samples };
}

function machineTypeOf(node: Node): string {
  return node.metadata.labels?.['node.kubernetes.io/instance-type'] ?? 'same type';
}

function zoneOf(node: Node): string {
  return node.metadata.labels?.['topology.kubernetes.io/zone'] ?? '';
}

/** Region of the cluster's nodes, when they agree. */
export function regionOf(snapshot: ClusterSnapshot): string {
  const regions = new Set(
    snapshot.list('Node').map((node) => node.metadata.labels?.['topology.kubernetes.io/region'] ?? ''),
  );
  return regions.size === 1 ? ([...regions][0] ?? '') : '';
}
