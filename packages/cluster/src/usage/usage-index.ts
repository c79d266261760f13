/** Finding usage by pod and by workload. */
import type { ContainerUsage, UsageHistory, UsageSeries } from './usage.ts';
import { judged, lengthOf, summarise, SUFFICIENT, type SufficiencyThresholds, type UsageSummary } from './summarise.ts';

/** Containers by `namespace/pod`; build it once per history with {@link indexUsage}. */
export type UsageIndex = ReadonlyMap<string, readonly ContainerUsage[]>;

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

/** Builds the index of a history; linear in its containers. */
export function indexUsage(history: UsageHistory): UsageIndex {
  const index = new Map<string, ContainerUsage[]>();
  for (const usage of history.containers) {
    const key = `${usage.namespace}/${usage.pod}`;
    const known = index.get(key);
    if (known === undefined) index.set(key, [usage]);
    else known.push(usage);
  }
  return index;
}

/** Usage of a pod's containers; empty when there is none. */
export function usageOfPod(index: UsageIndex, namespace: string, pod: string): readonly ContainerUsage[] {
  return index.get(`${namespace}/${pod}`) ?? [];
}

/**
 * The same container over all pods of a workload, sorted by container. Each statistic is the **maximum over the pods**: one
 * template must suit the busiest pod, so a p95 here is the highest p95, not that of all samples together. Length and
 * sufficiency are judged on all pods' sample times together, because a rollout gives new pods a short history each;
 * coverage is that of the pod with the best. `last` is the value of the newest sample.
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
  // Pods sampled at different seconds would make the union look full of gaps, so coverage is that of the best pod.
  const coverage = summaries.reduce((most, summary) => Math.max(most, summary.coverage), 0);
  const length = { ...lengthOf(unionOf(present)), coverage, lastAt: newest.lastAt };
  return {
    ...length,
    p50: highest(summaries, 'p50'),
    p90: highest(summaries, 'p90'),
    p95: highest(summaries, 'p95'),
    p99: highest(summaries, 'p99'),
    max: highest(summaries, 'max'),
    last: newest.last,
    ...judged(length, observedAt, thresholds),
  };
}

function highest(summaries: readonly UsageSummary[], statistic: 'p50' | 'p90' | 'p95' | 'p99' | 'max'): number {
  return summaries.reduce((most, summary) => Math.max(most, summary[statistic]), 0);
}

/** The moments at which any of the series has a sample, ascending. */
function unionOf(all: readonly UsageSeries[]): readonly number[] {
  const times = new Set<number>();
  for (const series of all) for (const at of series.times) times.add(at);
  return [...times].sort((a, b) => a - b);
}
