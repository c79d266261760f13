/** What rules look at: the snapshot, the moment, the thresholds, and views that several rules share. */
import {
  createWorld,
  eventCount,
  eventTime,
  objectKey,
  refOf,
  timeOf,
  type ClusterSnapshot,
  type Container,
  type ContainerStatus,
  type Event,
  type KubeObject,
  type Pod,
  type SchedulingWorld,
} from '@aia/cluster';
import type { Evidence } from './evidence.ts';
import type { Suppression } from './suppressions/suppression.ts';
import { shortened } from './shortened.ts';

/** Thresholds, each with the reason for its default. */
export interface Thresholds {
  /** Restarts above which a container restarts often (popeye uses the same). */
  readonly restarts: number;
  /** A restart longer ago than this no longer counts as current. */
  readonly restartWindowMs: number;
  /** How long a pod may be pending, unready or creating before it is more than a start: 5 minutes, a slow image pull. */
  readonly graceMs: number;
  /** Past its deletion grace by this much, a pod is stuck. */
  readonly terminatingMs: number;
  /** Share of a quota from which it is near its limit (80 %, where an increase, which takes days, is to be asked for). */
  readonly quotaShare: number;
  /** Usage ÷ allocatable of a node from which it is nearly full. */
  readonly nodeShare: number;
  /** Lower edge of the utilisation band, requests ÷ allocatable and usage ÷ requests are judged against it. */
  readonly utilisation: { readonly min: number; readonly max: number };
  /** Certificate lifetimes below which a finding is raised. */
  readonly certificateDays: { readonly warn: number; readonly critical: number };
  /** Active load balancers of a production-ready cluster: fewer than this. */
  readonly loadBalancers: number;
}

const MINUTE = 60_000;

/** The defaults of {@link Thresholds}. */
export const DEFAULT_THRESHOLDS: Thresholds = Object.freeze({
  restarts: 5,
  restartWindowMs: 24 * 60 * MINUTE,
  graceMs: 5 * MINUTE,
  terminatingMs: 10 * MINUTE,
  quotaShare: 0.8,
  nodeShare: 0.9,
  utilisation: { min: 0.6, max: 0.8 },
  certificateDays: { warn: 30, critical: 7 },
  loadBalancers: 5,
});

/** A container of a pod with its status; `status` is absent before the kubelet has reported. */
export interface ContainerView {
  readonly container: Container;
  readonly status: ContainerStatus | undefined;
  readonly init: boolean;
  /** `status.containerStatuses[i]`, for evidence. */
  readonly statusPath: string;
}

/** One examination of one snapshot. Views are computed once, on first use. */
export class Examination {
  readonly snapshot: ClusterSnapshot;
  readonly thresholds: Thresholds;
  /** Only objects in these namespaces are judged; `undefined` judges all. Cluster-scoped objects always are. */
  readonly namespaces: ReadonlySet<string> | undefined;
  /** Findings that somebody answers for; rules judge all the same. */
  readonly suppressions: readonly Suppression[];
  #troubledPods: readonly Pod[] | undefined;
  #world: SchedulingWorld | undefined;

  constructor(
    snapshot: ClusterSnapshot,
    options: {
      thresholds?: Thresholds;
      namespaces?: ReadonlySet<string> | undefined;
      suppressions?: readonly Suppression[] | undefined;
    } = {},
  ) {
    this.snapshot = snapshot;
    this.thresholds = options.thresholds ?? DEFAULT_THRESHOLDS;
    this.namespaces = options.namespaces;
    this.suppressions = options.suppressions ?? [];
  }

  /** Epoch milliseconds of the observation: "now" for every judgement. */
  get now(): number {
    return this.snapshot.observedAt;
  }

  /** Whether a namespace is judged. */
  judges(namespace: string): boolean {
    return this.namespaces === undefined || namespace === '' || this.namespaces.has(namespace);
  }

  /** Milliseconds since a timestamp; `undefined` when it is absent or unreadable. Never negative. */
  ageMs(timestamp: string | undefined): number | undefined {
    const at = timeOf(timestamp);
    return at === undefined ? undefined : Math.max(0, this.now - at);
  }

  /** Judged pods that are not simply running ready or completed: the few that pod rules need to look at. */
  get troubledPods(): readonly Pod[] {
    return (this.#troubledPods ??= this.snapshot
      .list('Pod')
      .filter((pod) => this.judges(pod.metadata.namespace ?? '') && isTroubled(pod)));
  }

  /** Nodes and what stands on them, for questions to the scheduling filters; change copies only. */
  get world(): SchedulingWorld {
    return (this.#world ??= createWorld(this.snapshot));
  }

  /** The workload a pod belongs to: its topmost owner in the snapshot, or the pod itself. */
  workloadOf(pod: Pod): KubeObject {
    return this.snapshot.rootOwnerOf(pod);
  }

  /** All containers of a pod, init containers first, each with its status; those that only the status knows included. */
  containersOf(pod: Pod): readonly ContainerView[] {
    const view = (init: boolean, field: 'containerStatuses' | 'initContainerStatuses') => (container: Container) => {
      const statuses = pod.status?.[field] ?? [];
      const at = statuses.findIndex((status) => status.name === container.name);
      return { container, status: statuses[at], init, statusPath: `status.${field}[${at}]` };
    };
    const both = (init: boolean, field: 'containerStatuses' | 'initContainerStatuses') => {
      const containers = (init ? pod.spec?.initContainers : pod.spec?.containers) ?? [];
      const named = new Set(containers.map(({ name }) => name));
      const others = (pod.status?.[field] ?? []).flatMap((status, at) =>
        named.has(status.name)
          ? []
          : [{ container: { name: status.name }, status, init, statusPath: `status.${field}[${at}]` }],
      );
      return [...containers.map(view(init, field)), ...others];
    };
    return [...both(true, 'initContainerStatuses'), ...both(false, 'containerStatuses')];
  }

  /** Warning events about an object with one of the reasons, newest first. */
  warnings(object: KubeObject, ...reasons: readonly string[]): readonly Event[] {
    return this.snapshot
      .eventsOf(object)
      .filter((event) => event.type !== 'Normal' && (reasons.length === 0 || reasons.includes(event.reason ?? '')));
  }
}

/** Not completed, and not running with every container ready and never restarted. */
function isTroubled(pod: Pod): boolean {
  const { status } = pod;
  if (status?.phase === 'Succeeded') return false;
  if (pod.metadata.deletionTimestamp !== undefined || status?.phase !== 'Running') return true;
  const quiet = (status.containerStatuses ?? []).every(
    (container) => container.ready === true && (container.restartCount ?? 0) === 0,
  );
  const quietInit = (status.initContainerStatuses ?? []).every(
    (container) => (container.restartCount ?? 0) === 0 && container.state?.waiting === undefined,
  );
  const ready = status.conditions?.find((condition) => condition.type === 'Ready');
  return !quiet || !quietInit || ready?.status === 'False';
}

/** More than a termination message (4096 bytes) or an event's message (1024) may have. */
const LONGEST = 5000;

/** Evidence from a field of an object. */
export function fieldEvidence(object: KubeObject, path: string, value: string | number | boolean): Evidence {
  return { kind: 'field', resource: refOf(object), path, value: shortened(String(value), LONGEST) };
}

/** Evidence from an event; the resource is the event itself. */
export function eventEvidence(event: Event): Evidence {
  return {
    kind: 'event',
    resource: refOf(event),
    reason: event.reason ?? '',
    message: shortened(event.message ?? '', LONGEST),
    count: eventCount(event),
    at: eventTime(event),
  };
}

/** Evidence that something referred to is not there. */
export function absenceEvidence(kind: string, namespace: string, name: string, text: string, group = ''): Evidence {
  return { kind: 'absence', resource: { group, kind, namespace, name }, text };
}

/** Objects sorted by identity, so that findings come in the same order whatever the order of the input. */
export function inOrder<T extends KubeObject>(objects: readonly T[]): readonly T[] {
  if (objects.length < 2) return objects;
  const keyed = objects.map((object) => ({ key: objectKey(object), object }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ object }) => object);
}
