/** Memory of one container: what it asks for, what it may use, and what it was measured to use. */
import {
  formatBytes,
  indexUsage,
  readableBytes,
  refOf,
  usageOfPod,
  wholeUnits,
  type ClusterSnapshot,
  type KubeObject,
  type Pod,
  type ReplicaSet,
  type ResourceRef,
  type UsageSeries,
} from '@aia/cluster';
import type { ContainerCase } from './container-state.ts';
import { earlierPodsOf } from './earlier-pods.ts';
import type { Evidence } from '../evidence.ts';
import type { Examination } from '../examination.ts';

export interface ContainerMemory {
  readonly limitBytes: number | undefined;
  readonly requestBytes: number | undefined;
  /** The highest working set that was sampled; kills happen above it, between samples. */
  readonly workingSetBytes: number | undefined;
  /** The highest working set of earlier pods that had a higher limit, or none: what it needs when it may. */
  readonly earlier: EarlierMemory | undefined;
  readonly evidence: readonly Evidence[];
}

/** Memory under an earlier revision. */
export interface EarlierMemory {
  readonly workingSetBytes: number;
  /** `undefined`: it had none. */
  readonly limitBytes: number | undefined;
}

/** Memory of a container in trouble. */
export function memoryOf(examination: Examination, found: ContainerCase): ContainerMemory {
  const { limits, requests } = found.container.resources ?? {};
  const limitBytes = bytes(limits?.['memory']);
  const { name } = found.container;
  const samples = memorySamples(examination.snapshot, found.pod, found.pod.metadata.name, name);
  const workingSetBytes = highest(samples);
  const own = measured(refOf(found.pod), `highest memory working set of ${name}`, samples);
  const earlier = limitBytes === undefined ? undefined : earlierMemory(examination, found, limitBytes);
  return {
    limitBytes,
    requestBytes: bytes(requests?.['memory']),
    workingSetBytes,
    earlier: earlier?.memory,
    evidence: [...(earlier?.evidence ?? []), ...own],
  };
}

/** The earlier pod that needed most under a higher limit. */
function earlierMemory({ snapshot }: Examination, { pod, container: { name } }: ContainerCase, limitBytes: number) {
  const candidates = earlierPodsOf(snapshot, pod).flatMap(({ name: earlier, maker }) => {
    const samples = memorySamples(snapshot, pod, earlier, name);
    const workingSetBytes = highest(samples);
    const limit = limitIn(maker, name);
    if (workingSetBytes === undefined || (limit ?? Number.POSITIVE_INFINITY) <= limitBytes) return [];
    return [{ samples, maker, memory: { workingSetBytes, limitBytes: limit } }];
  });
  const [first] = candidates.sort((a, b) => b.memory.workingSetBytes - a.memory.workingSetBytes);
  if (first === undefined) return undefined;
  const { maker, samples, memory } = first;
  const under =
    memory.limitBytes === undefined ? 'without a limit' : `under a limit of ${memoryText(memory.limitBytes)}`;
  const evidence = measured(refOf(maker), `highest memory working set of ${name} ${under}`, samples);
  return { memory, evidence };
}

/** The memory limit that a ReplicaSet's or DaemonSet's template gives a container. */
function limitIn(maker: KubeObject, container: string): number | undefined {
  const spec = (maker as ReplicaSet).spec?.template?.spec;
  const found = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].find(({ name }) => name === container);
  return bytes(found?.resources?.limits?.['memory']);
}

function highest(samples: UsageSeries | undefined): number | undefined {
  if (samples === undefined || samples.values.length === 0) return undefined;
  return samples.values.reduce((max, value) => Math.max(max, value), 0);
}

function measured(resource: ResourceRef, name: string, samples: UsageSeries | undefined): readonly Evidence[] {
  const value = highest(samples);
  if (samples === undefined || value === undefined) return [];
  const spanMs = (samples.times.at(-1) ?? 0) - (samples.times[0] ?? 0);
  return [{ kind: 'metric', resource, name, value, unit: 'bytes', samples: samples.values.length, spanMs }];
}

/** `256Mi` where that is exact, `1.3 GiB` where it is not. */
export function memoryText(amountBytes: number): string {
  const exact = formatBytes(amountBytes);
  return /^\d{1,5}(?:Mi|Gi|Ti)$/.test(exact) ? exact : readableBytes(amountBytes);
}

function bytes(quantity: unknown): number | undefined {
  return typeof quantity === 'string' || typeof quantity === 'number' ? wholeUnits(quantity) : undefined;
}

function memorySamples({ usage }: ClusterSnapshot, pod: Pod, name: string, container: string): UsageSeries | undefined {
  const own = usageOfPod(indexUsage(usage), pod.metadata.namespace ?? '', name);
  return own.find((one) => one.container === container)?.memory;
}
