/** What Prometheus is asked for the use of containers. */
import type { UsageQuantity } from '@aia/cluster';

/** Narrows what is asked for. */
export interface UsageScope {
  /** Labels that every series must have, for example `{ cluster: 'prod' }` where one Prometheus holds many clusters. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Default: all. */
  readonly namespaces?: readonly string[] | undefined;
}

/**
 * Queries of one quantity, best first. The first asks for cAdvisor's own series: `max` over replicas, because highly available
 * pairs and federation show each container twice; CPU as the mean over the step in cores, memory as the highest working set
 * within the step in bytes, because peaks are what kills. The second asks for what the recording rules of kubernetes-mixin keep
 * where the raw series are dropped.
 */
export function usageQueries(
  stepMs: number,
  scope: UsageScope = {},
): Readonly<Record<UsageQuantity, readonly string[]>> {
  const window = `${Math.round(stepMs / 1000)}s`;
  const by = 'max by (namespace, pod, container)';
  const recorded = 'node_namespace_pod_container';
  const containers = ['container!=""', 'container!="POD"', ...matchers(scope)].join(',');
  return {
    cpu: [
      `${by} (rate(container_cpu_usage_seconds_total{${containers}}[${window}]))`,
      `${by} (avg_over_time({__name__=~"${recorded}:container_cpu_usage_seconds_total:sum_(irate|rate5m|rate)",${containers}}[${window}]))`,
    ],
    memory: [
      `${by} (max_over_time(container_memory_working_set_bytes{${containers}}[${window}]))`,
      `${by} (max_over_time(${recorded}:container_memory_working_set_bytes{${containers}}[${window}]))`,
    ],
  };
}

/** Strings of PromQL are quoted as those of JSON are; names of namespaces hold nothing special to patterns. */
function matchers({ labels = {}, namespaces }: UsageScope): string[] {
  const equal = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return namespaces === undefined ? equal : [...equal, `namespace=~${JSON.stringify(namespaces.join('|'))}`];
}

/** For messages. */
export const USAGE_METRICS: Readonly<Record<UsageQuantity, string>> = {
  cpu: 'container_cpu_usage_seconds_total',
  memory: 'container_memory_working_set_bytes',
};
