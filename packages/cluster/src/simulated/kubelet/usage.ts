/** What containers and nodes use, worked out when somebody asks. Source: https://github.com/kubernetes-sigs/metrics-server */
import type { NodeMetrics, PodMetrics } from '../../model/kinds.ts';
import { cpuMillis, wholeUnits } from '../../model/quantity.ts';
import { indexUsage, usageOfPod } from '../../usage/usage-index.ts';
import type { UsageSeries } from '../../usage/usage.ts';
import { timestamp } from '../clock/virtual-clock.ts';
import { workloadOf } from './container-place.ts';
import type { SharedLoad, Usage } from './recorded-behaviour.ts';
import type { ContainerRuntime, Kubelet, NodeRuntime, PodRuntime } from './pod-runtime.ts';

/** Between two samples. Source: `--metric-resolution`. */
export const WINDOW_MS = 15_000;
/** Of programs that ask for nothing. */
const IDLE_CPU_MILLIS = 1;
const IDLE_MEMORY_BYTES = 10 * 1_048_576;
const SYSTEM_CPU_MILLIS = 100;
const SHARE = 0.1;
const NOTHING: Usage = { cpuMillis: 0, memoryBytes: 0, ephemeralBytes: 0 };

/** What one container uses; nothing while it does not run. */
export function containerUsage(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime, at: number): Usage {
  const { run } = container;
  if (run === undefined || run.startedAt > at) return NOTHING;
  const curve = run.behaviour.usage;
  if (curve !== undefined) return { ephemeralBytes: 0, ...curve(at - run.startedAt) };
  const own = recordedUsage(kubelet, pod, container) ?? plainUsage(container);
  const load = loadOf(kubelet, pod);
  if (load === undefined) return own;
  const then = load.cpuMillis === undefined ? own.cpuMillis : load.cpuMillis * partOf(pod, container);
  return { ...own, cpuMillis: then * load.share() };
}

/** What pods of a workload share. */
function loadOf(kubelet: Kubelet, pod: PodRuntime): SharedLoad | undefined {
  const { loads } = kubelet.recorded;
  if (loads.size === 0) return undefined;
  return loads.get(`${pod.object.metadata.namespace ?? ''}/${workloadOf(kubelet, pod)}`);
}

/** Of what a pod bears, by what its containers request. */
function partOf({ containers }: PodRuntime, container: ContainerRuntime): number {
  const all = containers
    .filter(({ run }) => run !== undefined)
    .reduce((sum, one) => sum + plainUsage(one).cpuMillis, 0);
  return plainUsage(container).cpuMillis / Math.max(1, all);
}

function plainUsage({ resources }: ContainerRuntime): Usage {
  const { cpu, memory } = resources?.requests ?? {};
  return {
    cpuMillis: cpu === undefined ? IDLE_CPU_MILLIS : Math.ceil((cpuMillis(cpu) ?? 0) * SHARE),
    memoryBytes: memory === undefined ? IDLE_MEMORY_BYTES : Math.ceil((wholeUnits(memory) ?? 0) * SHARE),
    ephemeralBytes: 0,
  };
}

/** Pods that were recorded go on using what they used last, and those that replace them use the same; `undefined` for others. */
export function recordedUsage(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime): Usage | undefined {
  const { usage } = kubelet.surroundings;
  if (usage.containers.length === 0) return undefined;
  // What was recorded stays; what is filled in for what was not depends on the requests.
  const { recorded } = container;
  if (recorded !== undefined && recorded.of === container.resources) return recorded.usage;
  const { namespace = '', name } = pod.object.metadata;
  const found = usageOfPod(indexUsage(usage), namespace, name).find((one) => one.container === container.spec.name);
  const key = `${namespace}/${workloadOf(kubelet, pod)}/${container.spec.name}`;
  if (found === undefined) return kubelet.recorded.usage.get(key);
  const plain = plainUsage(container);
  const last = {
    ...plain,
    cpuMillis: lastOf(found.cpu) ?? plain.cpuMillis,
    memoryBytes: lastOf(found.memory) ?? plain.memoryBytes,
  };
  kubelet.recorded.usage.set(key, last);
  container.recorded = { of: container.resources, usage: last };
  return last;
}

function lastOf(series: UsageSeries | undefined): number | undefined {
  return series?.values.at(-1);
}

/** All containers of a pod together. */
export function podUsage(kubelet: Kubelet, pod: PodRuntime, at: number): Usage {
  return pod.containers.map((container) => containerUsage(kubelet, pod, container, at)).reduce(sum, NOTHING);
}

function sum(a: Usage, b: Usage): Usage {
  return {
    cpuMillis: a.cpuMillis + b.cpuMillis,
    memoryBytes: a.memoryBytes + b.memoryBytes,
    ephemeralBytes: a.ephemeralBytes + b.ephemeralBytes,
  };
}

/** Everything on a node, the system included. */
export function nodeUsage(kubelet: Kubelet, node: NodeRuntime, at: number): Usage {
  const system = kubelet.behaviours.node?.(node.name) ?? {};
  const capacity = wholeUnits(node.object?.status?.capacity?.['memory'] ?? '0') ?? 0;
  const base: Usage = {
    cpuMillis: system.systemCpuMillis ?? SYSTEM_CPU_MILLIS,
    memoryBytes: system.systemMemoryBytes ?? Math.floor(capacity / 20),
    ephemeralBytes: 0,
  };
  return [...node.pods.values()].map((pod) => podUsage(kubelet, pod, at)).reduce(sum, base);
}

/** When the latest sample was taken. */
function sampledAt(now: number): number {
  return now - (now % WINDOW_MS);
}

/** As `metrics.k8s.io` shows a pod; `undefined` until its containers have run for a whole sample. */
export function podMetrics(kubelet: Kubelet, pod: PodRuntime, now: number): PodMetrics | undefined {
  const at = sampledAt(now);
  const running = pod.containers.filter(({ run }) => run !== undefined && run.startedAt < at);
  if (running.length === 0) return undefined;
  const { namespace = '', name, labels } = pod.object.metadata;
  return {
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind: 'PodMetrics',
    metadata: { name, namespace, creationTimestamp: timestamp(now), ...(labels === undefined ? {} : { labels }) },
    timestamp: timestamp(at),
    window: '15s',
    containers: running.map((container) => ({
      name: container.spec.name,
      usage: amounts(containerUsage(kubelet, pod, container, at)),
    })),
  };
}

/** As `metrics.k8s.io` shows a node. */
export function nodeMetrics(kubelet: Kubelet, node: NodeRuntime, now: number): NodeMetrics {
  const at = sampledAt(now);
  const labels = node.object?.metadata.labels;
  return {
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind: 'NodeMetrics',
    metadata: { name: node.name, creationTimestamp: timestamp(now), ...(labels === undefined ? {} : { labels }) },
    timestamp: timestamp(at),
    window: '15s',
    usage: amounts(nodeUsage(kubelet, node, at)),
  };
}

function amounts({ cpuMillis: cpu, memoryBytes }: Usage) {
  return { cpu: `${Math.round(cpu * 1e6)}n`, memory: `${Math.ceil(memoryBytes / 1024)}Ki` };
}
