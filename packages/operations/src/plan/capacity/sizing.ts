/** What requests and limits of a workload would be by its measured use, and why they are left alone where they are. */
import {
  amountOf,
  formatBytes,
  formatCpu,
  podRequests,
  refOf,
  refText,
  type Container,
  type KubeObject,
  type Pod,
  type PodSpec,
  type RequestChange,
} from '@aia/cluster';
import type { AssessedEvidence } from '@aia/contract';
import { limitRangesIn, violationsOf } from '../../diagnose/namespaces/limit-ranges.ts';
import { isSystemNamespace } from '../../diagnose/namespaces/system-namespaces.ts';
import { templateOf, type Planning, type Template } from '../planning.ts';
import { autoscaledOf, type Autoscaled } from './autoscaled.ts';
import { sizeContainer, type ContainerSize, type SizedResource } from './container-size.ts';
import { podsByOwner } from './workload-pods.ts';
import { usesOf, type ContainerUse } from './workload-usage.ts';

/** A workload with other requests. */
export interface Sizing {
  readonly workload: KubeObject;
  /** Those that change. */
  readonly containers: readonly ContainerSize[];
  /** What each of its pods gives back. */
  readonly freed: { readonly cpuMillis: number; readonly memoryBytes: number };
  /** Pods that it has. */
  readonly pods: readonly Pod[];
  /** What its pods ask for then, by pod (`namespace/name`). */
  readonly requests: ReadonlyMap<string, RequestChange>;
  readonly evidence: readonly AssessedEvidence[];
  /** Shortest history. */
  readonly spanMs: number;
  /** What was left as it is and why, in sentences. */
  readonly notes: readonly string[];
}

/** A sizing, or why there is none. */
export type SizingOutcome =
  | { readonly kind: 'sized'; readonly sizing: Sizing }
  | { readonly kind: 'refused'; readonly reason: string; readonly lacksHistory?: boolean }
  /** It asks for what it needs. */
  | { readonly kind: 'fitting' };

const SIZED_KINDS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);
const refused = (reason: string): SizingOutcome => ({ kind: 'refused', reason });

/** Sizes a workload by its use: lower requests of the given resources where they are far above it. */
export function sizingOf(
  workload: KubeObject,
  resources: ReadonlySet<SizedResource>,
  planning: Planning,
): SizingOutcome {
  const template = templateOf(workload);
  const { namespace = '' } = workload.metadata;
  if (template === undefined || !SIZED_KINDS.has(workload.kind))
    return refused('its pods are not made from a template');
  if (isSystemNamespace(namespace)) return refused('its requests belong to the provider of the cluster');
  if ('resources' in template.spec) return refused('it states resources for the pod as a whole');
  const autoscaled = autoscaledOf(workload, planning.snapshot);
  if (autoscaled.setBy !== undefined) return refused(`VerticalPodAutoscaler ${autoscaled.setBy} sets its requests`);
  const pods = podsByOwner(planning.snapshot).get(workload) ?? [];
  const killed = killedContainer(pods);
  if (killed !== undefined) return refused(`its container ${killed} was OOM-killed: its use is cut off by its limit`);
  const uses = usesOf(workload, planning);
  const missing = lastingOf(template).find(({ name }) => !isMeasured(uses, name));
  if (missing !== undefined)
    return { kind: 'refused', reason: shortcoming(uses, missing.name, planning), lacksHistory: true };
  return sized(workload, template, { resources, autoscaled, pods, uses }, planning);
}

function isMeasured(uses: readonly ContainerUse[], name: string): boolean {
  return uses.some(({ container, isSufficient }) => container === name && isSufficient);
}

function shortcoming(uses: readonly ContainerUse[], name: string, { policy }: Planning): string {
  const hours = Math.round(policy.rightSizing.leastHistoryMs / 3_600_000);
  const use = uses.find(({ container }) => container === name);
  return use === undefined
    ? `nothing was measured of its container ${name}, which may never have run`
    : `its container ${name} was measured for ${Math.round(use.spanMs / 3_600_000)} h (${use.samples} samples), and ${hours} h of whole history are wanted`;
}

/** Containers that run as long as the pod does. */
function lastingOf({ containers, initContainers }: Template): readonly Container[] {
  const sidecars = initContainers.filter((one) => (one as { restartPolicy?: string }).restartPolicy === 'Always');
  return [...containers, ...sidecars];
}

/** A container of any of the pods whose latest end was for lack of memory. */
function killedContainer(pods: readonly Pod[]): string | undefined {
  for (const { status } of pods)
    for (const one of [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])])
      if ((one.state?.terminated ?? one.lastState?.terminated)?.reason === 'OOMKilled') return one.name;
  return undefined;
}

interface Basis {
  readonly resources: ReadonlySet<SizedResource>;
  readonly autoscaled: Autoscaled;
  readonly pods: readonly Pod[];
  readonly uses: readonly ContainerUse[];
}

function sized(workload: KubeObject, template: Template, basis: Basis, planning: Planning): SizingOutcome {
  const { resources, autoscaled, pods, uses } = basis;
  const open = new Set([...resources].filter((one) => !autoscaled.scaledBy.has(one)));
  const ranges = limitRangesIn(planning.snapshot, workload.metadata.namespace ?? '');
  const { rightSizing } = planning.policy;
  const isGuaranteed = hasEqualLimits(template);
  const results = lastingOf(template).map((container) =>
    sizeContainer(container, {
      ...{ resources: open, rightSizing, ranges, isGuaranteed },
      use: uses.find((use) => use.container === container.name) as ContainerUse,
      recommended: autoscaled.recommended.get(container.name),
    }),
  );
  const containers = results.flatMap(({ size }) => size ?? []);
  if (containers.length === 0) return { kind: 'fitting' };
  const before = podSpecOf(template);
  const after = withSizes(before, containers);
  const broken = newViolation(before, after, ranges);
  if (broken !== undefined) return refused(`a LimitRange would refuse it: ${broken}`);
  const [was, is] = [requestsOf(before), requestsOf(after)];
  const freed = { cpuMillis: was.cpuMillis - is.cpuMillis, memoryBytes: was.memoryBytes - is.memoryBytes };
  if (freed.cpuMillis <= 0 && freed.memoryBytes <= 0) return { kind: 'fitting' };
  return {
    kind: 'sized',
    sizing: {
      ...{ workload, containers, freed, pods },
      requests: new Map(
        pods.map((pod) => [
          `${pod.metadata.namespace ?? ''}/${pod.metadata.name}`,
          requestsOf(withSizes(pod.spec ?? { containers: [] }, containers)),
        ]),
      ),
      evidence: containers.flatMap((one) => evidenceOf(workload, one, planning)),
      spanMs: Math.min(...containers.map(({ use }) => use.spanMs)),
      notes: [
        ...[...autoscaled.scaledBy]
          .filter(([resource]) => resources.has(resource))
          .map(
            ([resource, name]) =>
              `HorizontalPodAutoscaler ${name} scales by a share of the ${resource} request, which therefore stays.`,
          ),
        ...results.flatMap(({ notes }) => notes),
      ],
    },
  };
}

function podSpecOf({ spec }: Template): PodSpec {
  return spec as unknown as PodSpec;
}

/** Whether the pods are of the QoS class Guaranteed. */
function hasEqualLimits({ containers, initContainers }: Template): boolean {
  return [...containers, ...initContainers].every(({ resources }) =>
    (['cpu', 'memory'] as const).every((name) => {
      const limit = resources?.limits?.[name];
      const request = resources?.requests?.[name] ?? limit;
      return limit !== undefined && amountOf(name, request ?? 0) === amountOf(name, limit);
    }),
  );
}

function newViolation(before: PodSpec, after: PodSpec, ranges: ReturnType<typeof limitRangesIn>): string | undefined {
  if (ranges.length === 0) return undefined;
  const old = new Set(violationsOf(before, ranges).map(({ container, resource }) => `${container} ${resource}`));
  return violationsOf(after, ranges).find(({ container, resource }) => !old.has(`${container} ${resource}`))?.text;
}

function requestsOf(spec: PodSpec) {
  const { cpuMillis, memoryBytes } = podRequests({ apiVersion: 'v1', kind: 'Pod', metadata: { name: '' }, spec });
  return { cpuMillis, memoryBytes };
}

/** A pod's spec with other requests and limits. */
export function withSizes(spec: PodSpec, sizes: readonly ContainerSize[]): PodSpec {
  const resized = (container: Container): Container => {
    const size = sizes.find(({ name }) => name === container.name);
    if (size === undefined) return container;
    const { requests, limits } = container.resources ?? {};
    return {
      ...container,
      resources: {
        ...container.resources,
        requests: { ...requests, ...quantitiesOf(size.requests) },
        ...((limits !== undefined || Object.keys(size.limits).length > 0) && {
          limits: { ...limits, ...quantitiesOf(size.limits) },
        }),
      },
    };
  };
  return {
    ...spec,
    containers: spec.containers.map(resized),
    ...(spec.initContainers !== undefined && { initContainers: spec.initContainers.map(resized) }),
  };
}

/** Amounts as Kubernetes writes them. */
export function quantitiesOf({ cpu, memory }: ContainerSize['requests']): Record<string, string> {
  return {
    ...(cpu !== undefined && { cpu: formatCpu(cpu) }),
    ...(memory !== undefined && { memory: formatBytes(memory) }),
  };
}

function evidenceOf(
  workload: KubeObject,
  { name, use, requests }: ContainerSize,
  { policy }: Planning,
): readonly AssessedEvidence[] {
  const resource = refOf(workload);
  const { samples, spanMs } = use;
  const percent = Math.round(policy.rightSizing.cpuPercentile * 1000) / 10;
  return [
    ...(requests.cpu === undefined
      ? []
      : [
          {
            ...{ kind: 'metric' as const, resource, samples, spanMs, unit: 'millicores' },
            ...{ name: `CPU use of ${name}, ${percent}th percentile`, value: Math.round(use.cpuMillis ?? 0) },
          },
        ]),
    ...(requests.memory === undefined
      ? []
      : [
          {
            ...{ kind: 'metric' as const, resource, samples, spanMs, unit: 'bytes' },
            ...{ name: `memory working set of ${name}, peak`, value: Math.round(use.memoryPeakBytes ?? 0) },
          },
        ]),
  ];
}

/** `Deployment shop/web` of a sizing. */
export function sizingName({ workload }: Pick<Sizing, 'workload'>): string {
  return refText(refOf(workload));
}
