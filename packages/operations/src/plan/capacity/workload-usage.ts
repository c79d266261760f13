/** What the containers of a workload were measured to use, by the figures that the policy sets requests by. */
import {
  indexUsage,
  namespacedName,
  percentile,
  podsByWorkload,
  SUFFICIENT,
  usageOfPod,
  workloadUsage,
  type KubeObject,
  type Pod,
  type PodKey,
  type UsageHistory,
  type UsageIndex,
  type UsageSummary,
} from '@aia/cluster';
import type { Planning } from '../planning.ts';
import { podsByOwner } from './workload-pods.ts';

/** One container over all pods that the workload has and had. */
export interface ContainerUse {
  readonly container: string;
  /** Millicores at the percentile of the policy, of the busiest pod. */
  readonly cpuMillis: number | undefined;
  readonly cpuPeakMillis: number | undefined;
  readonly memoryPeakBytes: number | undefined;
  readonly samples: number;
  readonly spanMs: number;
  /** Whether both series are as long, whole and fresh as the policy wants. */
  readonly isSufficient: boolean;
}

/** Of a container of which nothing was measured. */
export function unmeasured(container: string): ContainerUse {
  return {
    ...{ container, cpuMillis: undefined, cpuPeakMillis: undefined, memoryPeakBytes: undefined },
    ...{ samples: 0, spanMs: 0, isSufficient: false },
  };
}

const byWorkload = new WeakMap<UsageHistory, ReadonlyMap<string, readonly PodKey[]>>();

/** Use by container; pods of earlier revisions count, since they are the same program as far as anybody knows. */
export function usesOf(workload: KubeObject, planning: Planning): readonly ContainerUse[] {
  const { snapshot, policy } = planning;
  if (snapshot.usage.containers.length === 0) return [];
  const index = indexUsage(snapshot.usage);
  const keys = podKeysOf(workload, planning, index);
  const { cpuPercentile, leastHistoryMs } = policy.rightSizing;
  const thresholds = { ...SUFFICIENT, spanMs: leastHistoryMs };
  return workloadUsage(index, keys, snapshot.observedAt, thresholds).map(({ container, cpu, memory }) => ({
    container,
    cpuMillis:
      cpu === undefined ? undefined : (known(cpu, cpuPercentile) ?? exact(index, keys, container, cpuPercentile)),
    cpuPeakMillis: cpu?.max,
    memoryPeakBytes: memory?.max,
    samples: Math.min(cpu?.samples ?? 0, memory?.samples ?? 0),
    spanMs: Math.min(cpu?.spanMs ?? 0, memory?.spanMs ?? 0),
    isSufficient: cpu?.sufficient === true && memory?.sufficient === true,
  }));
}

function podKeysOf(workload: KubeObject, { snapshot }: Planning, index: UsageIndex): readonly PodKey[] {
  const { usage } = snapshot;
  const all = byWorkload.get(usage) ?? podsByWorkload(index);
  byWorkload.set(usage, all);
  const { namespace = '', name } = workload.metadata;
  const live = (podsByOwner(snapshot).get(workload) ?? []).map((pod: Pod) => ({ namespace, name: pod.metadata.name }));
  const named = all.get(`${workload.kind}/${namespace}/${name}`) ?? [];
  return [...new Map([...live, ...named].map((key) => [namespacedName({ metadata: key }), key])).values()];
}

const SUMMARISED: Readonly<Record<number, 'p50' | 'p90' | 'p95' | 'p99' | 'max'>> = {
  0.5: 'p50',
  0.9: 'p90',
  0.95: 'p95',
  0.99: 'p99',
  1: 'max',
};

function known(summary: UsageSummary, share: number): number | undefined {
  const name = SUMMARISED[share];
  return name === undefined ? undefined : summary[name];
}

/** The highest percentile of any pod. */
function exact(index: UsageIndex, pods: readonly PodKey[], container: string, share: number): number {
  return pods
    .flatMap(({ namespace, name }) => usageOfPod(index, namespace, name))
    .filter((use) => use.container === container && (use.cpu?.values.length ?? 0) > 0)
    .reduce(
      (most, { cpu }) =>
        Math.max(
          most,
          percentile(
            (cpu?.values ?? []).toSorted((a, b) => a - b),
            share,
          ),
        ),
      0,
    );
}
