/** Where an autoscaler reads its metrics. Source: `pkg/controller/podautoscaler/metrics/client.go` */
import type { Container, Pod, PodMetrics } from '../../../model/kinds.ts';
import { parseQuantity } from '../../../model/quantity.ts';
import type { PodSample } from './replica-count.ts';

const DEFAULT_WINDOW_MS = 60_000;

/** What a pod uses; `undefined` while nothing of it was measured. */
export type PodMetricsReader = (namespace: string, name: string) => PodMetrics | undefined;

/** Samples of a resource by pod name, of all containers or of one; a text says why there are none. */
export function resourceSamples(
  podMetrics: PodMetricsReader,
  namespace: string,
  pods: readonly Pod[],
  resource: string,
  container: string | undefined,
): ReadonlyMap<string, PodSample> | string {
  const found = pods.flatMap(({ metadata }) => podMetrics(namespace, metadata.name) ?? []);
  if (found.length === 0) return 'no metrics returned from resource metrics API';
  const samples = new Map<string, PodSample>();
  for (const metrics of found) {
    if (container !== undefined && !(metrics.containers ?? []).some(({ name }) => name === container))
      return `container ${container} not present in metrics for pod ${namespace}/${metrics.metadata.name}`;
    const sample = sampleOf(metrics, resource, container);
    if (sample !== undefined) samples.set(metrics.metadata.name, sample);
  }
  return samples;
}

function sampleOf(
  { containers = [], timestamp = '', window = '' }: PodMetrics,
  resource: string,
  container: string | undefined,
): PodSample | undefined {
  let value = 0;
  for (const { name, usage } of containers) {
    if (container !== undefined && name !== container) continue;
    const amount = usage?.[resource];
    // Half a sample says less than none.
    if (amount === undefined) return undefined;
    value += thousandths(amount);
  }
  return { value, at: Date.parse(timestamp), windowMs: durationMs(window) };
}

/** What containers and sidecars request, by pod name; a text names the first without a request. */
export function requestsOf(
  pods: readonly Pod[],
  resource: string,
  container: string | undefined,
): ReadonlyMap<string, number> | string {
  const requests = new Map<string, number>();
  for (const { metadata, spec } of pods) {
    const level = container === undefined ? podLevelRequest(spec, resource) : undefined;
    const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
    let sum = 0;
    for (const one of level === undefined ? [...(spec?.containers ?? []), ...sidecars] : []) {
      if (container !== undefined && one.name !== container) continue;
      const request = requestOf(one, resource);
      if (request === undefined)
        return `missing request for ${resource} in container ${one.name} of Pod ${metadata.name}`;
      sum += thousandths(request);
    }
    requests.set(metadata.name, level === undefined ? sum : thousandths(level));
  }
  return requests;
}

/** `spec.resources`, which the 1.30 types do not have. */
function podLevelRequest(spec: Pod['spec'], resource: string): string | undefined {
  const { resources } = (spec ?? {}) as { readonly resources?: Container['resources'] };
  return resources?.requests?.[resource];
}

function requestOf({ resources }: Container, resource: string): string | undefined {
  return resources?.requests?.[resource];
}

/** Rounded up, as `MilliValue`. */
export function thousandths(amount: string | number): number {
  const nano = parseQuantity(amount)?.nano ?? 0n;
  return Number((nano + 999_999n) / 1_000_000n);
}

/** `15s`, `1m0s`, `15.5s`. */
function durationMs(text: string): number {
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  const parts = [...text.matchAll(/([\d.]+)(ms|h|m|s)/g)];
  if (parts.length === 0) return DEFAULT_WINDOW_MS;
  return parts.reduce((sum, [, number = '0', unit = 's']) => sum + Number(number) * (units[unit] ?? 0), 0);
}
