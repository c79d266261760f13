/** Memory of one container: what it asks for, what it may use, and what it was measured to use. */
import { formatBytes, readableBytes, refOf, wholeUnits, type ContainerUsage, type UsageHistory } from '@aia/cluster';
import type { ContainerCase } from './container-state.ts';
import type { Evidence } from './evidence.ts';
import type { Examination } from './examination.ts';

export interface ContainerMemory {
  readonly limitBytes: number | undefined;
  readonly requestBytes: number | undefined;
  /** The highest working set that was sampled; kills happen above it, between samples. */
  readonly workingSetBytes: number | undefined;
  readonly evidence: readonly Evidence[];
}

const byContainer = new WeakMap<UsageHistory, ReadonlyMap<string, ContainerUsage>>();

/** Memory of a container in trouble. */
export function memoryOf(examination: Examination, found: ContainerCase): ContainerMemory {
  const { limits, requests } = found.container.resources ?? {};
  const samples = usageOf(examination.snapshot.usage, found)?.memory;
  const workingSetBytes = samples?.values.reduce((max, value) => Math.max(max, value), 0);
  const measured = samples !== undefined && samples.values.length > 0;
  const evidence: Evidence = {
    kind: 'metric',
    resource: refOf(found.pod),
    name: `highest memory working set of ${found.container.name}`,
    value: workingSetBytes ?? 0,
    unit: 'bytes',
    samples: samples?.values.length ?? 0,
    spanMs: (samples?.times.at(-1) ?? 0) - (samples?.times[0] ?? 0),
  };
  return {
    limitBytes: bytes(limits?.['memory']),
    requestBytes: bytes(requests?.['memory']),
    workingSetBytes: measured ? workingSetBytes : undefined,
    evidence: measured ? [evidence] : [],
  };
}

/** `256Mi` where that is exact, `1.3 GiB` where it is not. */
export function memoryText(amountBytes: number): string {
  const exact = formatBytes(amountBytes);
  return /^\d{1,5}(?:Mi|Gi|Ti)$/.test(exact) ? exact : readableBytes(amountBytes);
}

function bytes(quantity: unknown): number | undefined {
  return typeof quantity === 'string' || typeof quantity === 'number' ? wholeUnits(quantity) : undefined;
}

function usageOf(usage: UsageHistory, { pod, container }: ContainerCase): ContainerUsage | undefined {
  let known = byContainer.get(usage);
  if (known === undefined) {
    known = new Map(usage.containers.map((one) => [`${one.namespace}/${one.pod}/${one.container}`, one]));
    byContainer.set(usage, known);
  }
  return known.get(`${pod.metadata.namespace ?? 'default'}/${pod.metadata.name}/${container.name}`);
}
