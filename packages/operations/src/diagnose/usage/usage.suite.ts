/** Builders of usage for tests. */
import type { ContainerUsage, UsageHistory } from '@aia/cluster';
import { NOW } from '../scene.suite.ts';

/** CPU in millicores and memory in bytes; a list gives the samples from the first to the last, repeated over the span. */
export interface Measured {
  readonly pod: string;
  readonly container?: string;
  readonly namespace?: string;
  readonly cpu?: number | readonly number[];
  readonly memory?: number | readonly number[];
}

const HALF_HOUR = 1_800_000;

/** Samples each half hour up to {@link NOW}, three days of them unless said otherwise. */
export function history(containers: readonly Measured[], hours = 72): UsageHistory {
  const count = hours * 2 + 1;
  return usageAt(
    containers,
    Array.from({ length: count }, (_, i) => Date.parse(NOW) - (count - 1 - i) * HALF_HOUR),
  );
}

/** One sample, as the metrics API gives it. */
export function moment(containers: readonly Measured[], minutesAgo = 1): UsageHistory {
  return usageAt(containers, [Date.parse(NOW) - minutesAgo * 60_000], 'metrics-api');
}

function usageAt(containers: readonly Measured[], times: readonly number[], source = 'prometheus'): UsageHistory {
  const series = (value: Measured['cpu']) => {
    if (value === undefined) return undefined;
    const cycle = typeof value === 'number' ? [value] : value;
    return { times, values: times.map((_, i) => cycle[i % cycle.length] as number) };
  };
  return {
    sources: [source],
    containers: containers.map(({ namespace = 'shop', pod, container = 'app', cpu, memory }): ContainerUsage => ({
      namespace,
      pod,
      container,
      cpu: series(cpu),
      memory: series(memory),
    })),
  };
}
