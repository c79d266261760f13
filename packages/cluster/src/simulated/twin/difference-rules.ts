/** Why time alone changes what it changes: one line per reason. The first rule that fits counts. */
import type { Deployment, Event, KindMap, Pod } from '../../model/kinds.ts';
import { groupOf, type KubeObject } from '../../model/kube-object.ts';
import { failureOf, statusesOf, type RestlessParts } from './restless-parts.ts';

type Budget = KindMap['PodDisruptionBudget'];

/** One path of an object that is in both. */
export interface PathChange {
  readonly from: KubeObject;
  readonly to: KubeObject;
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** An object that is in one of both. */
export interface ObjectChange {
  readonly kind: 'added' | 'removed';
  readonly object: KubeObject;
}

/** A reason, and what it explains. */
export interface Rule<C> {
  readonly reason: string;
  explains(change: C, parts: RestlessParts): boolean;
}

const EVENT_TTL_MS = 3_600_000;

/** Reasons of events that kubelets repeat while a pod fails, and of those around its tries. */
const AROUND_FAILURES: ReadonlySet<string> = new Set([
  ...['BackOff', 'Failed', 'Pulling', 'Pulled', 'Created', 'Started', 'Killing', 'Unhealthy', 'InspectFailed'],
  ...['FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox', 'FailedSync', 'NetworkNotReady'],
]);

/** Kinds that a controller makes for others, so that a record without a single one has not read them. */
const MADE_FOR_OTHERS: ReadonlySet<string> = new Set([
  ...['/Endpoints', 'discovery.k8s.io/EndpointSlice', 'apps/ControllerRevision', 'storage.k8s.io/VolumeAttachment'],
  ...['/Namespace', '/ServiceAccount', '/Event', 'coordination.k8s.io/Lease', 'storage.k8s.io/CSINode'],
  ...['/ConfigMap', 'metrics.k8s.io/PodMetrics', 'metrics.k8s.io/NodeMetrics'],
]);

const METRICS: ReadonlySet<string> = new Set(['PodMetrics', 'NodeMetrics']);

/** For single paths. */
export const changeRules: readonly Rule<PathChange>[] = [
  {
    reason: 'every write of an object gives it another version',
    explains: at(/^metadata\.(resourceVersion|managedFields)/),
  },
  { reason: 'absent, null and empty are the same', explains: ({ before, after }) => isEmpty(before) && isEmpty(after) },
  {
    reason: 'metrics are samples of the moment',
    explains: ({ from, path }) =>
      METRICS.has(from.kind) && /^(timestamp|window|usage|containers|metadata\.creationTimestamp)/.test(path),
  },
  {
    reason: 'heartbeats, probes and leases are renewed',
    explains: at(/(lastHeartbeatTime|lastProbeTime|spec\.renewTime)$/),
  },
  {
    reason: 'what goes on is told again: events are counted',
    explains: ({ from, path, before, after }) =>
      from.kind === 'Event' &&
      (/^(lastTimestamp|series\.lastObservedTime|series|involvedObject\.resourceVersion)$/.test(path) ||
        (/count$/.test(path) && Number(after) >= Number(before))),
  },
  {
    reason: 'a pod that fails again and again fails in the same way, with another try and more restarts',
    explains: (change, parts) => parts.isLooping(change.from) && isSameLoop(change, parts),
  },
  {
    reason: 'it owns pods that alternate between failing and trying, end, or are due',
    explains: ({ from, path }, parts) =>
      parts.isMoving(from) && /^(status|metadata\.(generation|annotations))/.test(path),
  },
  {
    reason: 'pods behind it alternate between failing and trying',
    explains: ({ from, path }, parts) =>
      /^Endpoint(s|Slice)$/.test(from.kind) &&
      /^(endpoints|ports|subsets|metadata\.(generation|annotations))/.test(path) &&
      parts.selectsLooping(from.metadata.namespace ?? '', serviceOf(from)),
  },
  {
    reason: 'a node that runs out of memory or disk evicts pods, and their owners make them again',
    explains: ({ from, path }, parts) =>
      from.kind === 'Pod' && path.startsWith('status') && parts.isEvictedAndMade(from),
  },
  {
    reason: 'nodes list the images that were pulled',
    explains: ({ from, path }) => from.kind === 'Node' && path.startsWith('status.images'),
  },
  {
    reason: 'the budget counts pods that alternate between failing and trying',
    explains: ({ from, path }, parts) =>
      from.kind === 'PodDisruptionBudget' && path.startsWith('status') && parts.protectsLooping(from as Budget),
  },
  {
    reason: 'a rollout that does not progress passes its deadline',
    explains: ({ from, to, path }) =>
      from.kind === 'Deployment' &&
      path.startsWith('status.conditions') &&
      isLateNow(to as Deployment) &&
      !isLateNow(from as Deployment),
  },
  {
    reason: 'a pod that was starting has started',
    explains: ({ from, path }, parts) => isStarting(from, parts) && path.startsWith('status'),
  },
  {
    reason: 'attachments of volumes were not read, and their controller makes them again',
    explains: ({ from, path }, parts) =>
      from.kind === 'Node' &&
      path.startsWith('status.volumesAttached') &&
      parts.lacks('storage.k8s.io/VolumeAttachment'),
  },
];

/** For whole objects. */
export const objectRules: readonly Rule<ObjectChange>[] = [
  {
    reason: 'the record holds none of this kind: it was not read, and its controller makes them again',
    explains: ({ kind, object }, parts) =>
      kind === 'added' && MADE_FOR_OTHERS.has(kindOf(object)) && parts.lacks(kindOf(object)),
  },
  {
    reason: 'every cluster has this namespace; only the objects in it tell of it here',
    explains: ({ kind, object }, parts) =>
      kind === 'added' && object.kind === 'Namespace' && isToldOf(object.metadata.name, parts),
  },
  {
    reason: 'events live an hour',
    explains: ({ kind, object }, parts) =>
      kind === 'removed' && object.kind === 'Event' && parts.after.observedAt - lastOf(object as Event) >= EVENT_TTL_MS,
  },
  {
    reason: 'what goes on is told again',
    explains: ({ kind, object }, parts) =>
      kind === 'added' && object.kind === 'Event' && isToldAgain(object as Event, parts),
  },
  {
    reason: 'a budget without pods is told of again',
    explains: ({ kind, object }) =>
      kind === 'added' && object.kind === 'Event' && (object as Event).reason === 'NoPods',
  },
  {
    reason: 'metrics show what runs at the moment, and pods that fail run now and then',
    explains: ({ object }, parts) => METRICS.has(object.kind) && (parts.isLooping(object) || isOfMoving(object, parts)),
  },
  {
    reason: 'a node that runs out of memory or disk evicts pods, and their owners make them again',
    explains: ({ object }, parts) => /^(Pod|PodMetrics)$/.test(object.kind) && parts.isEvictedAndMade(object),
  },
  {
    reason: 'it was due, or comes to its end, or its owner does',
    explains: ({ object }, parts) => parts.isMoving(object) && /^(Pod|Job)$/.test(object.kind),
  },
  {
    reason: 'what is due, ends or alternates is told of',
    explains: ({ kind, object }, parts) =>
      kind === 'added' && object.kind === 'Event' && parts.isMovingSubject((object as Event).involvedObject ?? {}),
  },
];

function at(paths: RegExp) {
  return ({ path }: PathChange): boolean => paths.test(path);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** States, counts and conditions move; what it fails of does not. */
function isSameLoop(
  { from, to, path, before, after }: PathChange,
  { before: then, after: now }: RestlessParts,
): boolean {
  if (/restartCount$/.test(path) && Number(after) < Number(before)) return false;
  if (/^status\.conditions/.test(path)) return /(status|reason|message|lastTransitionTime|lastProbeTime)$/.test(path);
  const [, list = '', index = ''] = /^status\.((?:init)?[cC]ontainerStatuses)\[(\d+)\]\./.exec(path) ?? [];
  if (index === '')
    return /^status\.(podIPs?|phase)/.test(path) && sameFailures(from, to, then.observedAt, now.observedAt);
  const of = (object: KubeObject) =>
    ((object as Pod).status as Readonly<Record<string, ReturnType<typeof statusesOf> | undefined>>)[list]?.[
      Number(index)
    ];
  const [was, is] = [of(from), of(to)];
  if (was === undefined || is === undefined) return false;
  return failureOf(was, then.observedAt) === failureOf(is, now.observedAt);
}

function sameFailures(from: KubeObject, to: KubeObject, then: number, now: number): boolean {
  const failures = (object: KubeObject, moment: number) =>
    statusesOf(object as Pod)
      .map((one) => failureOf(one, moment))
      .join('\n');
  return failures(from, then) === failures(to, now);
}

function serviceOf({ kind, metadata }: KubeObject): string {
  return kind === 'Endpoints' ? metadata.name : (metadata.labels?.['kubernetes.io/service-name'] ?? '');
}

function isLateNow({ status }: Deployment): boolean {
  return status?.conditions?.some(({ reason }) => reason === 'ProgressDeadlineExceeded') === true;
}

const FRESH_MS = 300_000;

/** A pod that was made within the last minutes and had not failed. */
function isStarting(object: KubeObject, parts: RestlessParts): boolean {
  if (object.kind !== 'Pod' || parts.isLooping(object)) return false;
  const { status } = object as Pod;
  const since =
    parts.before.observedAt - (Date.parse(status?.startTime ?? object.metadata.creationTimestamp ?? '') || 0);
  const isReady = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
  return !isReady && since <= FRESH_MS && (status?.phase === 'Pending' || status?.phase === 'Running');
}

function isToldOf(namespace: string, { before }: RestlessParts): boolean {
  return (
    /^(default|kube-system|kube-public|kube-node-lease)$/.test(namespace) ||
    before.objects.some(({ metadata }) => metadata.namespace === namespace)
  );
}

function lastOf({ lastTimestamp, series, eventTime, metadata }: Event): number {
  const text = (series as { lastObservedTime?: string } | undefined)?.lastObservedTime ?? lastTimestamp ?? eventTime;
  return Date.parse(text ?? metadata.creationTimestamp ?? '') || 0;
}

/** The same reason for the same object as in the record, or what a failing pod's kubelet tells on each try. */
function isToldAgain({ reason = '', involvedObject }: Event, parts: RestlessParts): boolean {
  const { kind, namespace = '', name = '', uid } = involvedObject ?? {};
  const known = parts.before
    .list('Event')
    .some((one) => one.reason === reason && one.involvedObject?.uid === uid && one.involvedObject?.name === name);
  if (known) return true;
  if (kind !== 'Pod' || !AROUND_FAILURES.has(reason)) return false;
  const pod = parts.before.get('Pod', namespace, name);
  return pod !== undefined && (parts.isLooping(pod) || !isSettled(pod));
}

/** It runs and is ready, or has ended. */
function isSettled({ status }: Pod): boolean {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return true;
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
}

function isOfMoving({ metadata: { namespace = '', name } }: KubeObject, parts: RestlessParts): boolean {
  const pod = parts.before.get('Pod', namespace, name) ?? parts.after.get('Pod', namespace, name);
  return pod !== undefined && parts.isMoving(pod);
}

/** `group/Kind`. */
function kindOf({ apiVersion, kind }: KubeObject): string {
  return `${groupOf(apiVersion)}/${kind}`;
}
