/** Usage history as answers of Prometheus' `query_range`, which every reader of dumps takes. */
import type { ContainerUsage, UsageHistory, UsageSeries } from '@aia/cluster';
import type { DumpFile } from './write-archive.ts';

/** Metric names that say what the values are, in the way of Kubernetes' own recording rules: a file must explain itself. */
const METRIC_NAMES = {
  cpu: 'node_namespace_pod_container:container_cpu_usage_seconds_total:max_rate',
  memory: 'container_memory_working_set_bytes',
} as const;

/** Samples after which a quantity is continued in another file. */
const FILE_SAMPLES = 500_000;

/** Nothing unless a history was read; the metrics API's single sample is in the dump as `PodMetrics`. */
export function* usageFiles({ sources, containers }: UsageHistory): Generator<DumpFile> {
  if (!sources.includes('prometheus')) return;
  for (const quantity of ['cpu', 'memory'] as const) {
    let part = 0;
    for (const members of portions(containers, quantity))
      yield { path: `usage/${quantity}-${++part}.json`, text: answerText(members, quantity) };
  }
}

function* portions(containers: readonly ContainerUsage[], quantity: 'cpu' | 'memory'): Generator<ContainerUsage[]> {
  let members: ContainerUsage[] = [];
  let samples = 0;
  for (const container of containers) {
    const count = container[quantity]?.times.length ?? 0;
    if (count === 0) continue;
    if (samples > 0 && samples + count > FILE_SAMPLES) {
      yield members;
      members = [];
      samples = 0;
    }
    members.push(container);
    samples += count;
  }
  if (members.length > 0) yield members;
}

function answerText(containers: readonly ContainerUsage[], quantity: 'cpu' | 'memory'): string {
  const result = containers.map(({ namespace, pod, container, ...usage }) => ({
    metric: { __name__: METRIC_NAMES[quantity], namespace, pod, container },
    values: samplesOf(usage[quantity], quantity),
  }));
  return `${JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } })}\n`;
}

function samplesOf(series: UsageSeries | undefined, quantity: 'cpu' | 'memory'): (readonly [number, string])[] {
  const text = quantity === 'cpu' ? coresText : String;
  return (series?.times ?? []).map((at, i) => [at / 1000, text(series?.values[i] ?? 0)] as const);
}

/** Cores that become exactly these millicores again: the quotient may round away from where a reader's product rounds back. */
export function coresText(millis: number): string {
  const cores = millis / 1000;
  const ulp = 2 ** (Math.floor(Math.log2(cores)) - 52);
  const exact = [cores, cores - ulp, cores + ulp, cores - 2 * ulp, cores + 2 * ulp].find(
    (one) => one * 1000 === millis,
  );
  return String(exact ?? cores);
}
