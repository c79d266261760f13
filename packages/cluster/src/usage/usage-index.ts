/** Finding usage by pod and by workload. */
import type { ContainerUsage, UsageHistory, UsageSeries } from './usage.ts';
import {
  isSufficient,
  lengthOf,
  stepOf,
  summarise,
  SUFFICIENT,
  type SufficiencyThresholds,
  type UsageSummary,
} from './summarise.ts';

/** Containers by namespace and pod, see {@link indexUsage}. */
export type UsageIndex = ReadonlyMap<string, ReadonlyMap<string, readonly ContainerUsage[]>>;

/** A pod by name. */
export interface PodKey {
  readonly namespace: string;
  readonly name: string;
}

/** Usage of one container over the pods of a workload. */
export interface WorkloadUsage {
  readonly container: string;
  /** Pods of which there is usage. */
  readonly pods: number;
  /** In millicores. */
  readonly cpu: UsageSummary | undefined;
  /** Working set in bytes. */
  readonly memory: UsageSummary | undefined;
}

const indexes = new WeakMap<UsageHistory, UsageIndex>();

/** The index of a history, built on first use; linear in its containers. */
export function indexUsage(history: UsageHistory): UsageIndex {
  const index = indexes.get(history) ?? built(history);
  indexes.set(history, index);
  return index;
}

function built(history: UsageHistory): UsageIndex {
  const index = new Map<string, Map<string, ContainerUsage[]>>();
  for (const usage of history.containers) {
    const pods = index.get(usage.namespace) ?? new Map<string, ContainerUsage[]>();
    if (pods.size === 0) index.set(usage.namespace, pods);
    const known = pods.get(usage.pod);
    if (known === undefined) pods.set(usage.pod, [usage]);
    else known.push(usage);
  }
  return index;
}

/** Usage of a pod's containers; empty when there is none. */
export function usageOfPod(index: UsageIndex, namespace: string, pod: string): readonly ContainerUsage[] {
  return index.get(namespace)?.get(pod) ?? NOTHING;
}

const NOTHING: readonly ContainerUsage[] = [];

/** Letters and digits of the random parts of names that controllers make: no vowels, nothing that looks like another. */
const SAFE = '[bcdfghjklmnpqrstvwxz2456789]';
/** How the pods of each kind of workload are named. */
const POD_NAMES: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['Deployment', new RegExp(`^(.+)-${SAFE}{1,10}-${SAFE}{5}$`)],
  ['ReplicaSet', new RegExp(`^(.+)-${SAFE}{5}$`)],
  ['DaemonSet', new RegExp(`^(.+)-${SAFE}{5}$`)],
  ['StatefulSet', /^(.+)-\d{1,6}$/],
];

/**
 * Pods with usage by the workload that their names tell of, `Deployment/shop/web` → pods: also those that a rollout or an
 * eviction has replaced, whose usage is the workload's all the same. A name can fit several workloads; only those that exist
 * are worth asking for. Feed the pods to {@link workloadUsage}. Linear in pods.
 * Source: `k8s.io/apimachinery/pkg/util/rand` (`SafeEncodeString`), `k8s.io/apiserver` name generation.
 */
export function podsByWorkload(index: UsageIndex): ReadonlyMap<string, readonly PodKey[]> {
  const byWorkload = new Map<string, PodKey[]>();
  for (const [namespace, pods] of index) {
    for (const name of pods.keys()) {
      for (const [kind, pattern] of POD_NAMES) {
        const workload = pattern.exec(name)?.[1];
        if (workload === undefined) continue;
        const of = `${kind}/${namespace}/${workload}`;
        const known = byWorkload.get(of);
        if (known === undefined) byWorkload.set(of, [{ namespace, name }]);
        else known.push({ namespace, name });
      }
    }
  }
  return byWorkload;
}

/**
 * The same container over all pods of a workload, sorted by container. Each statistic is the **maximum over the pods**: one
 * template must suit the busiest pod, so a p95 here is the highest p95, not that of all samples together. Length and
 * sufficiency are judged on all pods' sample times together, because a rollout gives new pods a short history each;
 * coverage is the share of that time in which any pod has samples. `last` is the value of the newest sample.
 */
export function workloadUsage(
  index: UsageIndex,
  pods: readonly PodKey[],
  observedAt: number,
  thresholds: SufficiencyThresholds = SUFFICIENT,
): readonly WorkloadUsage[] {
  const byContainer = new Map<string, ContainerUsage[]>();
  for (const { namespace, name } of pods) {
    for (const usage of usageOfPod(index, namespace, name)) {
      const known = byContainer.get(usage.container);
      if (known === undefined) byContainer.set(usage.container, [usage]);
      else known.push(usage);
    }
  }
  const names = [...byContainer.keys()].sort();
  return names.map((container) => {
    const usages = byContainer.get(container) ?? [];
    const merged = (quantity: 'cpu' | 'memory') =>
      mergedSummary(
        usages.map((usage) => usage[quantity]),
        observedAt,
        thresholds,
      );
    return { container, pods: usages.length, cpu: merged('cpu'), memory: merged('memory') };
  });
}

function mergedSummary(
  all: readonly (UsageSeries | undefined)[],
  observedAt: number,
  thresholds: SufficiencyThresholds,
): UsageSummary | undefined {
  const present = all.filter((series) => series !== undefined && series.times.length > 0) as UsageSeries[];
  const summaries = present
    .map((series) => summarise(series, observedAt, thresholds))
    .filter((summary) => summary !== undefined);
  const [first] = summaries;
  if (first === undefined || summaries.length === 1) return first;
  const newest = summaries.reduce((a, b) => (b.lastAt > a.lastAt ? b : a));
  const length = { ...lengthOf(unionOf(present)), coverage: coverageOf(present), lastAt: newest.lastAt };
  return {
    ...length,
    p50: highest(summaries, 'p50'),
    p90: highest(summaries, 'p90'),
    p95: highest(summaries, 'p95'),
    p99: highest(summaries, 'p99'),
    max: highest(summaries, 'max'),
    last: newest.last,
    sufficient: isSufficient(length, observedAt, thresholds),
  };
}

function highest(summaries: readonly UsageSummary[], statistic: 'p50' | 'p90' | 'p95' | 'p99' | 'max'): number {
  return summaries.reduce((most, summary) => Math.max(most, summary[statistic]), 0);
}

/**
 * Share of the steps, as long as the finest series', in which any series has a sample, 0..1. Steps and not single moments,
 * because pods sampled at different seconds would make the union look full of gaps.
 */
function coverageOf(all: readonly UsageSeries[]): number {
  let [step, firstAt, lastAt] = [Infinity, Infinity, -Infinity];
  for (const { times } of all) {
    step = Math.min(step, stepOf(times) || Infinity);
    firstAt = Math.min(firstAt, times[0] as number);
    lastAt = Math.max(lastAt, times.at(-1) as number);
  }
  if (step === Infinity) return 0;
  const seen = new Set<number>();
  for (const { times } of all) for (const at of times) seen.add(Math.floor((at - firstAt) / step));
  return seen.size / (Math.floor((lastAt - firstAt) / step) + 1);
}

/** The moments at which any of the series has a sample, ascending. */
function unionOf(all: readonly UsageSeries[]): readonly number[] {
  const times = new Set<number>();
  for (const series of all) for (const at of series.times) times.add(at);
  return [...times].sort((a, b) => a - b);
}
