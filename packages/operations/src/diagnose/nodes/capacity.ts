/** What would make pending pods fit, answered by the scheduling filters on copies of the cluster. */
import {
  namespacedName,
  indexUsage,
  isFinished,
  shortcomingOf,
  SUFFICIENT,
  summarise,
  timeOf,
  type ClusterSnapshot,
  type Pod,
  type RequestChange,
  type SchedulingWorld,
  type UsageHistory,
  type UsageIndex,
} from '@aia/cluster';
import { usageWithEarlier } from '../pods/earlier-pods.ts';
import { freshNode, type NodeKind } from './node-kinds.ts';
import { isSystemNamespace } from '../namespaces/system-namespaces.ts';

/** Outcome of one change for a set of pending pods. */
export interface WhatIf {
  readonly fits: number;
  readonly pods: number;
}

/** Outcome of adding nodes of one kind. */
export interface MoreNodes extends WhatIf {
  readonly kind: NodeKind;
  readonly nodes: number;
  /** vCPUs of all added nodes together. */
  readonly cpus: number;
}

/** Outcome of setting requests to what was measured. */
export interface RightSized extends WhatIf {
  /** Pods whose requests would shrink. */
  readonly changed: number;
  readonly freedCpuMillis: number;
  readonly freedMemoryBytes: number;
  /** Measured need ÷ request of all measured pods, 0..1. */
  readonly usedCpuShare: number;
  readonly usedMemoryShare: number;
  /** Shortest history among them. */
  readonly spanMs: number;
  readonly samples: number;
}

/** More nodes than this for one set of pods is no longer a what-if but a migration. */
const MOST_NODES = 50;
/** Requests below these round to nothing and starve in the first spike. */
const FLOOR = { cpuMillis: 10, memoryBytes: 32 * 2 ** 20 } as const;

/**
 * What 1, 2, … more nodes of each kind would do, until all pods fit or another node helps nobody. Empty for a kind of which
 * even the first takes none. As the autoscaler does it, each node comes to the pods that are still waiting.
 */
export function withMoreNodes(
  world: SchedulingWorld,
  pods: readonly Pod[],
  kinds: readonly NodeKind[],
): readonly (readonly MoreNodes[])[] {
  const settled = world.fork();
  const waiting = place(queueOf(pods), settled).map((queued) => ({ ...queued, roomy: roomyFor(queued, settled) }));
  return kinds.map((kind) => growthOf(settled.fork(), waiting, pods.length, kind));
}

function growthOf(
  world: SchedulingWorld,
  queue: readonly Queued[],
  pods: number,
  kind: NodeKind,
): readonly MoreNodes[] {
  const steps: MoreNodes[] = [];
  const added: string[] = [];
  let waiting = queue;
  for (let nodes = 1; nodes <= MOST_NODES && waiting.length > 0; nodes++) {
    const fresh = freshNode(kind, nodes);
    world.addNode(fresh);
    added.push(fresh.node.metadata.name);
    const left = place(waiting, world, added);
    if (left.length === waiting.length) break;
    waiting = left;
    steps.push({ kind, fits: pods - waiting.length, pods, nodes, cpus: nodes * kind.cpus });
  }
  return steps;
}

/** How many of the pods the nodes there are would take. */
export function fitting(world: SchedulingWorld, pods: readonly Pod[]): number {
  return pods.length - place(queueOf(pods), world.fork()).length;
}

/** A pod in the scheduler's queue; equal shapes get equal answers from the filters. */
interface Queued {
  readonly pod: Pod;
  readonly shape: string | undefined;
  /** Nodes there were with room for it when it found none. */
  readonly roomy?: readonly string[];
}

/** By priority, then age, then name. */
function queueOf(pods: readonly Pod[]): readonly Queued[] {
  const entries = pods.map((pod) => ({
    pod,
    shape: shapeOf(pod),
    priority: pod.spec?.priority ?? 0,
    at: timeOf(pod.metadata.creationTimestamp) ?? 0,
  }));
  return entries.sort(
    (a, b) => b.priority - a.priority || a.at - b.at || (namespacedName(a.pod) < namespacedName(b.pod) ? -1 : 1),
  );
}

/**
 * Places pods in this very world in the order of the queue; gives those that found no node. After `added` nodes the pods have been
 * refused by all others: the newest alone can take one of a shape, and beside the added ones only nodes with room one that has rules
 * about other pods.
 */
function place(queue: readonly Queued[], world: SchedulingWorld, added?: readonly string[]): readonly Queued[] {
  const refused = new Set<string>();
  return queue.filter(({ pod, shape, roomy = [] }) => {
    if (shape !== undefined && refused.has(shape)) return true;
    const asked = shape === undefined ? [...roomy, ...(added ?? [])] : (added?.slice(-1) ?? []);
    const node = added === undefined ? world.bestNode(pod) : world.bestAmong(pod, asked);
    if (node !== undefined) world.place(pod, node);
    else if (shape !== undefined) refused.add(shape);
    return node === undefined;
  });
}

/** Only rules about other pods can make a node take what it has refused. */
function roomyFor({ pod, shape }: Queued, world: SchedulingWorld): readonly string[] {
  return shape === undefined ? world.nodesWithRoom(pod) : [];
}

/**
 * Pods of one ReplicaSet or Job are the same to the filters: where one finds no node, neither does the next. Not those that must be
 * near or spread over other pods, whose answer may change with every placement.
 */
function shapeOf({ metadata, spec }: Pod): string | undefined {
  const [owner] = metadata.ownerReferences ?? [];
  const spreads = (spec?.topologySpreadConstraints ?? []).filter((one) => one.whenUnsatisfiable === 'DoNotSchedule');
  const near = spec?.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const isAlone = spreads.length === 0 && near.length === 0;
  if (!isAlone || (owner?.kind !== 'ReplicaSet' && owner?.kind !== 'Job')) return undefined;
  return JSON.stringify([
    metadata.namespace,
    owner.kind,
    owner.name,
    (spec?.containers ?? []).map(({ resources }) => resources),
  ]);
}

/**
 * With CPU requests at the 95th percentile and memory requests at the peak of the measured usage, where both are lower than
 * today's and the history suffices; pods that never ran keep their requests. `undefined` without enough history.
 */
export function withRightSizing(world: SchedulingWorld, pods: readonly Pod[]): RightSized | undefined {
  const { changes, ...sums } = rightSizingOf(world);
  if (changes.size === 0) return undefined;
  const waiting = place(queueOf(pods), world.withRequests(changes));
  return { fits: pods.length - waiting.length, pods: pods.length, changed: changes.size, ...sums };
}

const rightSizings = new WeakMap<SchedulingWorld, ReturnType<typeof rightSizing>>();

/** It looks at every pod and is asked for with every set of pods that wait; the requests of what runs are the same for all. */
function rightSizingOf(world: SchedulingWorld): ReturnType<typeof rightSizing> {
  const known = rightSizings.get(world) ?? rightSizing(world.snapshot, world);
  rightSizings.set(world, known);
  return known;
}

/** Why nothing can be said about right-sizing; `undefined` when the history of some running pod suffices. */
export function usageGap(snapshot: ClusterSnapshot): string | undefined {
  if (snapshot.usage.containers.length === 0) return 'the usage history is missing';
  if (measuredNeeds(snapshot).size > 0) return undefined;
  const reasons = snapshot.usage.containers.map(({ cpu }) => {
    const summary = summarise(cpu, snapshot.observedAt);
    return summary === undefined ? '' : shortcomingOf(summary, snapshot.observedAt);
  });
  const reason = reasons.filter((text) => text !== '').sort()[0];
  return `the usage history is too short or too old${reason === undefined ? '' : ` (${reason})`}`;
}

function rightSizing(snapshot: ClusterSnapshot, world: SchedulingWorld) {
  const changes = new Map<string, RequestChange>();
  let freedCpuMillis = 0;
  let freedMemoryBytes = 0;
  let requestedCpuMillis = 0;
  let requestedMemoryBytes = 0;
  let spanMs = Number.POSITIVE_INFINITY;
  let samples = Number.POSITIVE_INFINITY;
  for (const [pod, measured] of measuredNeeds(snapshot)) {
    const now = world.requestsOf(pod);
    requestedCpuMillis += now.cpuMillis;
    requestedMemoryBytes += now.memoryBytes;
    const cpuMillis = Math.min(now.cpuMillis, measured.cpuMillis);
    const memoryBytes = Math.min(now.memoryBytes, measured.memoryBytes);
    if (cpuMillis === now.cpuMillis && memoryBytes === now.memoryBytes) continue;
    changes.set(namespacedName(pod), { cpuMillis, memoryBytes });
    freedCpuMillis += now.cpuMillis - cpuMillis;
    freedMemoryBytes += now.memoryBytes - memoryBytes;
    spanMs = Math.min(spanMs, measured.spanMs);
    samples = Math.min(samples, measured.samples);
  }
  const usedCpuShare = usedShare(freedCpuMillis, requestedCpuMillis);
  const usedMemoryShare = usedShare(freedMemoryBytes, requestedMemoryBytes);
  return { changes, freedCpuMillis, freedMemoryBytes, usedCpuShare, usedMemoryShare, spanMs, samples };
}

function usedShare(freed: number, requested: number): number {
  return requested === 0 ? 1 : 1 - freed / requested;
}

/** What a pod needs by what was measured. */
export interface MeasuredNeed {
  /** 95th percentile. */
  readonly cpuMillis: number;
  /** Peak of the working set. */
  readonly memoryBytes: number;
  /** Shortest history among its containers. */
  readonly spanMs: number;
  readonly samples: number;
}

const needs = new WeakMap<ClusterSnapshot, ReadonlyMap<Pod, MeasuredNeed>>();

/**
 * What running pods need by their history and that of their predecessors, in the order of the snapshot; without those of
 * which any container lacks one. Worked out once per snapshot.
 */
export function measuredNeeds(snapshot: ClusterSnapshot): ReadonlyMap<Pod, MeasuredNeed> {
  const known = needs.get(snapshot);
  if (known !== undefined) return known;
  const found = new Map<Pod, MeasuredNeed>();
  const usage = indexUsage(snapshot.usage);
  for (const pod of spansHistory(snapshot.usage) ? snapshot.list('Pod') : []) {
    const need = measuredNeed(pod, snapshot, usage);
    if (need !== undefined) found.set(pod, need);
  }
  needs.set(snapshot, found);
  return found;
}

/** Whether any pod, with all its predecessors, may have enough of a history: the metrics API gives one moment of all. */
function spansHistory({ containers }: UsageHistory): boolean {
  let [first, last] = [Infinity, -Infinity];
  for (const { cpu } of containers) {
    first = Math.min(first, cpu?.times[0] ?? Infinity);
    last = Math.max(last, cpu?.times.at(-1) ?? -Infinity);
  }
  return last - first >= SUFFICIENT.spanMs;
}

function measuredNeed(pod: Pod, snapshot: ClusterSnapshot, usage: UsageIndex): MeasuredNeed | undefined {
  const namespace = pod.metadata.namespace ?? '';
  if (pod.spec?.nodeName === undefined || isFinished(pod) || isSystemNamespace(namespace)) return undefined;
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
