/** Measured use of running containers against what they request and what they may use, by workload and container. */
import {
  namespacedName,
  cpuMillis,
  indexUsage,
  isFinished,
  readableBytes,
  refKey,
  refOf,
  SUFFICIENT,
  summarise,
  usageOfPod,
  wholeUnits,
  type Container,
  type KubeObject,
  type Pod,
  type ResourceRef,
  type UsageIndex,
  type UsageSeries,
  type UsageSummary,
} from '@aia/cluster';
import { siblingsOf } from '../workloads/absent-owners.ts';
import { containersWith } from '../pods/container-state.ts';
import type { Evidence } from '../evidence.ts';
import { fieldEvidence, type Examination } from '../examination.ts';
import { lastingContainers } from '../pods/lasting-containers.ts';

/** The two resources that are measured. */
export type MeasuredResource = 'cpu' | 'memory';

/** One container of one pod, with what was measured. */
export interface MeasuredContainer {
  readonly pod: Pod;
  readonly container: Container;
  /** In millicores. */
  readonly cpu: UsageSeries | undefined;
  /** Working set in bytes. */
  readonly memory: UsageSeries | undefined;
}

/** The same container in all pods of a workload; never empty. */
export interface WorkloadContainer {
  readonly workload: ResourceRef;
  readonly container: string;
  readonly pods: readonly MeasuredContainer[];
}

/** A figure of one container against one of its own bounds. */
export interface Share {
  readonly measured: MeasuredContainer;
  readonly resource: MeasuredResource;
  readonly bound: 'requests' | 'limits';
  /** In millicores or bytes. */
  readonly used: number;
  readonly allowed: number;
  /** `used ÷ allowed`. */
  readonly share: number;
  /** Whether it rests on at least a day of history; else it is the newest sample alone. */
  readonly isHistory: boolean;
  readonly samples: number;
  /** From the first sample to the last. */
  readonly spanMs: number;
}

/** A single sample older than this says nothing about now. */
const FRESH_MS = 60 * 60_000;
const known = new WeakMap<Examination, readonly WorkloadContainer[]>();

/** Share of a request or limit below which nothing is said of a container. */
const NEAR = 0.8;

/**
 * Containers and sidecars of running pods of judged namespaces of which there is any usage, in a stable order; of namespaces alone in
 * which any container comes near one of its bounds, since most never do.
 */
export function workloadContainers(examination: Examination): readonly WorkloadContainer[] {
  const found = known.get(examination) ?? collect(examination);
  known.set(examination, found);
  return found;
}

/** What a figure is held against, and which figure of a history it is. */
type Against = readonly [resource: MeasuredResource, bound: Share['bound'], statistic: 'p95' | 'max'];

/**
 * The statistic of a container with enough history, else its newest sample, against its own request or limit; `undefined` below
 * `least` of it and without either. A sample within the grace after the start of its pod is left out: programs start up with more
 * than they need later.
 */
function shareFrom(
  { now, thresholds }: Examination,
  measured: MeasuredContainer,
  least: number,
  [resource, bound, statistic]: Against,
): Share | undefined {
  const { pod, container, [resource]: series } = measured;
  const written = container.resources?.[bound]?.[resource];
  if (series === undefined || series.times.length === 0 || written === undefined) return undefined;
  const allowed = boundOf(written, resource);
  const history = historyOf(series, now);
  const used = history?.[statistic] ?? series.values.at(-1) ?? 0;
  if (allowed <= 0 || used / allowed < least) return undefined;
  const age = now - Date.parse(pod.metadata.creationTimestamp ?? '');
  if (history === undefined && (now - (series.times.at(-1) ?? 0) > FRESH_MS || age < thresholds.graceMs))
    return undefined;
  const { samples, spanMs } = history ?? { samples: 1, spanMs: 0 };
  return {
    ...{ measured, resource, bound, used, allowed, samples, spanMs },
    share: used / allowed,
    isHistory: history !== undefined,
  };
}

/** The summary of a series that is long and fresh enough; the metrics API gives single samples, which nobody need sort. */
function historyOf(series: UsageSeries, now: number): UsageSummary | undefined {
  if (series.times.length < SUFFICIENT.samples) return undefined;
  const summary = summarise(series, now);
  return summary?.sufficient === true ? summary : undefined;
}

/** The pods of a workload whose share reaches `least` (0.8 or more), fullest first; those with a history before single samples. */
export function sharesFrom(
  examination: Examination,
  { pods }: WorkloadContainer,
  least: number,
  ...of: Against
): readonly Share[] {
  return pods
    .map((measured) => shareFrom(examination, measured, least, of))
    .filter((share) => share !== undefined)
    .sort(
      (a, b) =>
        Number(b.isHistory) - Number(a.isHistory) ||
        b.share - a.share ||
        (a.measured.pod.metadata.name < b.measured.pod.metadata.name ? -1 : 1),
    );
}

const killedContainers = new WeakMap<Examination, ReadonlySet<Container>>();

/** Whether the container was OOM-killed in any of the pods: container-oom-killed then says what there is to say about its memory. */
export function isKilledForMemory(examination: Examination, { pods }: WorkloadContainer): boolean {
  const killed =
    killedContainers.get(examination) ?? new Set(containersWith(examination, 'oom').map(({ container }) => container));
  killedContainers.set(examination, killed);
  return pods.some(({ container }) => killed.has(container));
}

/** `in 3 of 5 pods`, nothing for a single one. */
export function podsShareText(shares: readonly Share[], { pods }: WorkloadContainer): string {
  return pods.length === 1 ? '' : ` in ${shares.length} of ${pods.length} pods`;
}

/** `1.5 CPU`, `300 MiB`. */
export function usedText(resource: MeasuredResource, amount: number): string {
  return resource === 'cpu' ? `${Number((amount / 1000).toFixed(2))} CPU` : readableBytes(amount);
}

/** ` (95th percentile over 3.2 days)`, or that it was measured once. */
export function basisText({ spanMs, isHistory }: Share, statistic: string): string {
  return isHistory
    ? ` (${statistic} over ${Number((spanMs / 86_400_000).toFixed(1))} days)`
    : ' at the one moment that was measured';
}

/** The measured figure and the bound it is held against. */
export function shareEvidence({ measured, resource, bound, used, samples, spanMs }: Share): readonly Evidence[] {
  const { pod, container } = measured;
  const what = resource === 'cpu' ? 'CPU use' : 'memory working set';
  return [
    {
      kind: 'metric',
      resource: refOf(pod),
      name: `${what} of ${container.name}`,
      value: Math.round(used),
      unit: resource === 'cpu' ? 'millicores' : 'bytes',
      samples,
      spanMs,
    },
    fieldEvidence(
      pod,
      `${placeOf(pod, container)}.resources.${bound}.${resource}`,
      String(container.resources?.[bound]?.[resource] ?? ''),
    ),
  ];
}

/** Typed details that the rules about usage share; `used` and `allowed` are in millicores or bytes. */
export function shareFacts(shares: readonly Share[], { workload, container, pods }: WorkloadContainer) {
  const [{ resource, used, allowed, share, isHistory }] = shares as [Share, ...Share[]];
  return {
    workload: refKey(workload),
    container,
    resource,
    used: Math.round(used),
    allowed,
    share: Math.round(share * 1000) / 1000,
    basis: isHistory ? 'history' : 'moment',
    pods: shares.map(({ measured: { pod } }) => namespacedName(pod)).sort(),
    measuredPods: pods.length,
  };
}

type Group = WorkloadContainer & { readonly pods: MeasuredContainer[] };

/** One workload's containers by name, while they are collected. */
interface Groups {
  readonly workload: ResourceRef;
  readonly containers: Map<string, Group>;
}

function collect(examination: Examination): readonly WorkloadContainer[] {
  const { snapshot } = examination;
  const usage = indexUsage(snapshot.usage);
  if (usage.size === 0) return [];
  const groups = new Map<KubeObject | string, Groups>();
  for (const pod of nearBounds(examination, usage)) {
    const used = usageOfPod(usage, pod.metadata.namespace ?? '', pod.metadata.name);
    if (used.length === 0) continue;
    const { workload, containers } = groupsOf(groups, examination, pod);
    for (const container of lastingContainers(pod)) {
      const measured = used.find((one) => one.container === container.name);
      if (measured === undefined) continue;
      const { cpu, memory } = measured;
      const group = containers.get(container.name) ?? { workload, container: container.name, pods: [] };
      containers.set(container.name, group);
      group.pods.push({ pod, container, cpu, memory });
    }
  }
  const all = [...groups.values()].flatMap(({ workload, containers }) => {
    const key = refKey(workload);
    return [...containers.values()].map((group) => ({ key: `${key} ${group.container}`, group }));
  });
  return all.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ group }) => group);
}

/** Measured pods of the namespaces in which any of them comes near a bound. */
function nearBounds(examination: Examination, usage: UsageIndex): readonly Pod[] {
  const near = new Set<string>();
  for (const pod of examination.snapshot.list('Pod')) {
    const { namespace = '' } = pod.metadata;
    if (!near.has(namespace) && isMeasured(examination, pod) && isNear(pod, usage)) near.add(namespace);
  }
  if (near.size === 0) return [];
  return examination.snapshot
    .list('Pod')
    .filter((pod) => near.has(pod.metadata.namespace ?? '') && isMeasured(examination, pod));
}

function isMeasured(examination: Examination, pod: Pod): boolean {
  const { namespace = '', deletionTimestamp } = pod.metadata;
  return examination.judges(namespace) && !isFinished(pod) && deletionTimestamp === undefined;
}

const BOUNDS = ['requests', 'limits'] as const;
const RESOURCES = ['cpu', 'memory'] as const;

/** Asked of every pod of a cluster, so it makes nothing on its way. */
function isNear(pod: Pod, usage: UsageIndex): boolean {
  const used = usageOfPod(usage, pod.metadata.namespace ?? '', pod.metadata.name);
  if (used.length === 0) return false;
  for (const { name, resources } of lastingContainers(pod)) {
    const own = resources === undefined ? undefined : used.find(({ container }) => container === name);
    if (own === undefined) continue;
    for (const resource of RESOURCES) {
      const values = own[resource]?.values ?? NO_VALUES;
      for (const bound of BOUNDS) {
        const least = NEAR * boundOf(resources?.[bound]?.[resource], resource);
        if (least > 0) for (const value of values) if (value >= least) return true;
      }
    }
  }
  return false;
}

const NO_VALUES: readonly number[] = [];

/** In millicores or bytes; 0 where there is none. */
function boundOf(written: string | undefined, resource: MeasuredResource): number {
  return written === undefined ? 0 : ((resource === 'cpu' ? cpuMillis : wholeUnits)(written) ?? 0);
}

/** The containers of a pod's topmost owner; a controller that was not read stands for its pods all the same. */
function groupsOf(groups: Map<KubeObject | string, Groups>, examination: Examination, pod: Pod): Groups {
  const owner = examination.snapshot.rootOwnerOf(pod);
  const absent = owner === pod ? siblingsOf(examination, pod)?.owner : undefined;
  const key = absent === undefined ? owner : refKey(absent);
  const known = groups.get(key);
  if (known !== undefined) return known;
  const made = { workload: absent ?? refOf(owner), containers: new Map<string, Group>() };
  groups.set(key, made);
  return made;
}

/** `spec.containers[0]`. */
function placeOf({ spec }: Pod, container: Container): string {
  const at = spec?.containers?.indexOf(container) ?? -1;
  return at >= 0 ? `spec.containers[${at}]` : `spec.initContainers[${spec?.initContainers?.indexOf(container) ?? 0}]`;
}
