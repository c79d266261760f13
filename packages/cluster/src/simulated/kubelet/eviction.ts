/**
 * What a kubelet does when its node runs out of memory or disk, or a pod of its own storage.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/; `pkg/kubelet/eviction`
 */
import type { Node } from '../../model/kinds.ts';
import { formatBytes, wholeUnits } from '../../model/quantity.ts';
import { EVENTS } from '../api/built-in-types.ts';
import { admittedPods } from './admission.ts';
import { condition, type PodCondition } from './pod-conditions.ts';
import { setNodeCondition } from './node-conditions.ts';
import { tell, type ContainerRuntime, type Kubelet, type NodeRuntime, type PodRuntime } from './pod-runtime.ts';
import type { Usage } from './recorded-behaviour.ts';
import { endPod } from './sync-pod.ts';
import { containerUsage, nodeUsage, podUsage } from './usage.ts';

/** What a node can run out of. */
export type Pressure = 'memory' | 'disk';

/** Between two looks at a node that may run out. Source: `evictionMonitoringPeriod`. */
export const MONITORING_MS = 10_000;
/** For so long a condition stays after it was last seen. Source: `--eviction-pressure-transition-period`. */
const TRANSITION_MS = 300_000;
const GRACE_MS = 1000;
const MEBIBYTE = 1_048_576;

const RESOURCES = { memory: 'memory', disk: 'ephemeral-storage' } as const;
const CONDITIONS = {
  memory: {
    type: 'MemoryPressure',
    True: ['KubeletHasInsufficientMemory', 'kubelet has insufficient memory available', 'NodeHasInsufficientMemory'],
    False: ['KubeletHasSufficientMemory', 'kubelet has sufficient memory available', 'NodeHasSufficientMemory'],
  },
  disk: {
    type: 'DiskPressure',
    True: ['KubeletHasDiskPressure', 'kubelet has disk pressure', 'NodeHasDiskPressure'],
    False: ['KubeletHasNoDiskPressure', 'kubelet has no disk pressure', 'NodeHasNoDiskPressure'],
  },
} as const;

/**
 * Whether a node has to be looked at from time to time: something on it uses amounts that change, or is short, or was lately. `changed`: its pods that
 * may have come to, where it was known not to.
 */
export function needsMonitoring(
  { pods, pressure }: NodeRuntime,
  changed: Iterable<PodRuntime> = pods.values(),
): boolean {
  if (pressure.available.size > 0 || pressure.seen.size > 0) return true;
  for (const pod of changed) if (pod.containers.some(mayRunShort)) return true;
  return false;
}

/** What uses no more than it asked for was counted when it was placed. */
function mayRunShort({ run, resources }: ContainerRuntime): boolean {
  const usage = run?.behaviour.usage;
  if (usage === undefined) return false;
  return (usage.peakMemoryBytes ?? Infinity) > (wholeUnits(resources?.requests?.['memory'] ?? '0') ?? 0);
}

/** One look at a node: limits of pods, then memory, then disk; at most one pod goes for each of them. Returns the pods that have to go. */
export function monitorNode(kubelet: Kubelet, node: NodeRuntime): readonly PodRuntime[] {
  if (isCalm(kubelet, node)) return [];
  const over = admittedPods(node).filter((pod) => pod.ending === undefined && exceedsOwnLimit(kubelet, pod));
  // Who has to go now ends later, so that one measure does for both.
  const usage = nodeUsage(kubelet, node, kubelet.clock.now);
  return [...over, ...relieve(kubelet, node, 'memory', usage), ...relieve(kubelet, node, 'disk', usage)];
}

/** Whether nothing can run short until something on the node changes: not even when all programs use the most that they ever will. */
function isCalm(kubelet: Kubelet, node: NodeRuntime): boolean {
  const { pressure, looks } = node;
  if (pressure.available.size > 0 || pressure.seen.size > 0) return false;
  if (pressure.calmAt === looks) return true;
  const usage = nodeUsage(kubelet, node, kubelet.clock.now);
  let { memoryBytes } = usage;
  for (const { containers } of node.pods.values())
    for (const { run } of containers) {
      const curve = run?.behaviour.usage;
      if (run === undefined || curve === undefined) continue;
      if (curve.peakMemoryBytes === undefined) return false;
      memoryBytes += curve.peakMemoryBytes - curve(kubelet.clock.now - run.startedAt).memoryBytes;
    }
  const most = { ...usage, memoryBytes };
  const isShort = (what: Pressure) => availableOf(kubelet, node, what, most) < thresholdOf(node.object, what);
  if (isShort('memory') || isShort('disk')) return false;
  pressure.calmAt = looks;
  return true;
}

/** Source: `localStorageEviction`: volumes first, then containers. */
function exceedsOwnLimit(kubelet: Kubelet, pod: PodRuntime): boolean {
  const message = volumeExcess(kubelet, pod) ?? containerExcess(kubelet, pod);
  if (message !== undefined) evict(kubelet, pod, message);
  return message !== undefined;
}

function volumeExcess({ clock }: Kubelet, { object, containers }: PodRuntime): string | undefined {
  for (const { name, emptyDir } of object.spec?.volumes ?? []) {
    const limit = emptyDir?.sizeLimit;
    if (limit === undefined) continue;
    const used = containers.map(
      ({ run }) => run?.behaviour.usage?.(clock.now - run.startedAt).volumeBytes?.[name] ?? 0,
    );
    if (Math.max(0, ...used) > (wholeUnits(limit) ?? 0))
      return `Usage of EmptyDir volume "${name}" exceeds the limit "${limit}". `;
  }
  return undefined;
}

function containerExcess(kubelet: Kubelet, pod: PodRuntime): string | undefined {
  for (const container of pod.containers) {
    const limit = container.resources?.limits?.['ephemeral-storage'];
    if (limit === undefined) continue;
    const used = containerUsage(kubelet, pod, container, kubelet.clock.now).ephemeralBytes;
    if (used > (wholeUnits(limit) ?? 0))
      return `Container ${container.spec.name} exceeded its local ephemeral storage limit "${limit}". `;
  }
  return undefined;
}

function relieve(kubelet: Kubelet, node: NodeRuntime, what: Pressure, usage: Usage): readonly PodRuntime[] {
  const { now } = kubelet.clock;
  const threshold = thresholdOf(node.object, what);
  const available = availableOf(kubelet, node, what, usage);
  const seen = node.pressure.seen.get(what);
  if (available >= threshold) {
    if (seen === undefined || now - seen.lastAt < TRANSITION_MS) return [];
    node.pressure.seen.delete(what);
    say(kubelet, node, what, 'False');
    return [];
  }
  if (seen === undefined) {
    node.pressure.seen.set(what, { since: now, lastAt: now });
    say(kubelet, node, what, 'True');
  } else seen.lastAt = now;
  tellNode(kubelet, node, 'Warning', 'EvictionThresholdMet', `Attempting to reclaim ${RESOURCES[what]}`);
  const victim = ranked(kubelet, node, what)[0];
  if (victim === undefined) return [];
  evict(kubelet, victim, lowMessage(kubelet, victim, what, threshold, available));
  return [victim];
}

/** Looks are this far apart at most, so that a shortage that was not told of since is over. */
const LATELY_MS = 3 * MONITORING_MS;
/** From so many equal events on, later ones may not have been written. Source: the event recorder's spam filter */
const TOLD_AT_ONCE = 20;

/**
 * Goes on with a shortage that a recorded node says it has. It holds while the kubelet told of it lately, or nothing tells when it did;
 * otherwise only its condition has still to go.
 */
export function adoptPressure({ api, clock }: Kubelet, node: NodeRuntime): void {
  for (const what of ['memory', 'disk'] as const) {
    const found = node.object?.status?.conditions?.find(({ type }) => type === CONDITIONS[what].type);
    if (found?.status !== 'True') continue;
    const told = [...api.store.list(EVENTS, 'default')].filter(
      ({ reason, involvedObject }) => reason === 'EvictionThresholdMet' && involvedObject?.name === node.name,
    );
    const isCutShort = told.some(({ count = 1 }) => count >= TOLD_AT_ONCE);
    const times = told.map(({ lastTimestamp }) => Date.parse(lastTimestamp ?? '')).filter((at) => !Number.isNaN(at));
    const lastAt = times.length === 0 || isCutShort ? clock.now : Math.max(...times);
    node.pressure.seen.set(what, { since: Date.parse(found.lastTransitionTime ?? '') || clock.now, lastAt });
    if (clock.now - lastAt <= LATELY_MS)
      node.pressure.available.set(what, Math.floor(thresholdOf(node.object, what) / 2));
  }
}

function say(kubelet: Kubelet, node: NodeRuntime, what: Pressure, status: 'True' | 'False'): void {
  const { type, [status]: texts } = CONDITIONS[what];
  const [reason, message, event] = texts;
  setNodeCondition(kubelet, node.name, { type, status, reason, message });
  tellNode(kubelet, node, 'Normal', event, `Node ${node.name} status is now: ${event}`);
}

/** In the name of a node's kubelet, of the node. */
export function tellNode(
  kubelet: Kubelet,
  { name }: NodeRuntime,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  // Kubelets put the node's name where its uid should be.
  const subject = { kind: 'Node', name, uid: name };
  kubelet.events.record(subject, type, reason, message, { component: 'kubelet', host: name });
}

/** Source: `--eviction-hard`, default `memory.available<100Mi,nodefs.available<10%`. */
function thresholdOf(node: Node | undefined, what: Pressure): number {
  if (what === 'memory') return 100 * MEBIBYTE;
  return Math.floor((wholeUnits(node?.status?.capacity?.['ephemeral-storage'] ?? '0') ?? 0) / 10);
}

function availableOf(kubelet: Kubelet, node: NodeRuntime, what: Pressure, usage: Usage): number {
  const given = node.pressure.available.get(what);
  if (given !== undefined) return given;
  const capacity = wholeUnits(node.object?.status?.capacity?.[RESOURCES[what]] ?? '0') ?? 0;
  if (capacity === 0) return Infinity;
  if (what === 'memory') return capacity - usage.memoryBytes;
  const system = kubelet.behaviours.node?.(node.name).systemDiskBytes ?? Math.floor(capacity / 10);
  const images = [...node.images.values()].reduce((sum, size) => sum + size, 0);
  return capacity - system - images - usage.ephemeralBytes;
}

/** Who uses more than it asked for goes first, then who matters less, then who exceeds by more. Source: `rankMemoryPressure`. */
function ranked(kubelet: Kubelet, node: NodeRuntime, what: Pressure): readonly PodRuntime[] {
  const { now } = kubelet.clock;
  const candidates = admittedPods(node)
    .filter((pod) => pod.ending === undefined && pod.containers.some(({ run }) => run !== undefined))
    .filter(({ object }) => (object.spec?.priority ?? 0) < 2_000_000_000)
    .map((pod) => {
      const usage = podUsage(kubelet, pod, now);
      const used = what === 'memory' ? usage.memoryBytes : usage.ephemeralBytes;
      const excess = used - requestOf(pod.containers, what);
      return { pod, excess, priority: pod.object.spec?.priority ?? 0 };
    });
  return candidates
    .sort((a, b) => Number(b.excess > 0) - Number(a.excess > 0) || a.priority - b.priority || b.excess - a.excess)
    .map(({ pod }) => pod);
}

function requestOf(containers: readonly ContainerRuntime[], what: Pressure): number {
  return containers.reduce(
    (sum, { resources }) => sum + (wholeUnits(resources?.requests?.[RESOURCES[what]] ?? '0') ?? 0),
    0,
  );
}

function lowMessage(kubelet: Kubelet, pod: PodRuntime, what: Pressure, threshold: number, available: number): string {
  const { now } = kubelet.clock;
  const parts = pod.containers.map((container) => {
    const usage = containerUsage(kubelet, pod, container, now);
    const used = what === 'memory' ? usage.memoryBytes : usage.ephemeralBytes;
    const request = requestOf([container], what);
    if (container.run === undefined || used <= request) return '';
    return `Container ${container.spec.name} was using ${inKibibytes(used)}, request is ${formatBytes(request)}, has larger consumption of ${RESOURCES[what]}. `;
  });
  const quantity = what === 'memory' ? formatBytes(threshold) : String(threshold);
  return `The node was low on resource: ${RESOURCES[what]}. Threshold quantity: ${quantity}, available: ${inKibibytes(available)}. ${parts.join('')}`;
}

/** Measured amounts are whole pages. */
function inKibibytes(bytes: number): string {
  return `${Math.max(0, Math.floor(bytes / 1024))}Ki`;
}

/** Ends a pod for good, and says why. */
export function evict(kubelet: Kubelet, pod: PodRuntime, message: string): void {
  const { now } = kubelet.clock;
  tell(kubelet, pod, 'Warning', 'Evicted', message);
  pod.disruption = disruptionOf(pod, message, now);
  endPod(kubelet, pod, {
    why: 'failed',
    graceMs: GRACE_MS,
    since: now,
    finish: { phase: 'Failed', reason: 'Evicted', message },
  });
}

/** The condition of a pod that its kubelet ends. */
export function disruptionOf({ object }: PodRuntime, message: string, now: number): PodCondition {
  const judgement = { status: 'True', reason: 'TerminationByKubelet', message };
  return condition('DisruptionTarget', judgement, undefined, object.metadata.generation, now);
}
