/** Why time alone changes what it changes: one line per reason. The first rule that fits counts. */
import type { Deployment, Event, KindMap, Pod } from '../../model/kinds.ts';
import { groupOf, type KubeObject } from '../../model/kube-object.ts';
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import { STATUS_NAME } from '../cluster-autoscaler/autoscaler-events.ts';
import { matchesSelector } from '../../model/selector.ts';
import { sameJson } from '../../snapshot/diff.ts';
import { reportsAlike } from './autoscaler-reports.ts';
import { failureOf, loopOf, statusesOf, type RestlessParts } from './restless-parts.ts';
import { isEvictedOrMade, isRestless, settledAddresses } from './restless-pods.ts';

type Budget = KindMap['PodDisruptionBudget'];
type Claim = KindMap['PersistentVolumeClaim'];

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
  ...['coordination.k8s.io/Lease', 'storage.k8s.io/CSINode', 'metrics.k8s.io/PodMetrics', 'metrics.k8s.io/NodeMetrics'],
]);

/** The same, by kind and name, of kinds that people make too. */
const MADE_BY_NAME: Readonly<Record<string, RegExp>> = {
  '/ConfigMap': /^(kube-root-ca\.crt|cluster-autoscaler-status)$/,
  '/ServiceAccount': /^default$/,
};

const METRICS: ReadonlySet<string> = new Set(['PodMetrics', 'NodeMetrics']);

/** For single paths. */
export const changeRules: readonly Rule<PathChange>[] = [
  {
    reason: 'every write of an object gives it another version',
    explains: at(/^metadata\.(resourceVersion|managedFields)/),
  },
  {
    reason: 'of what is reported, absent, null and empty are the same',
    explains: ({ path, before, after }) => /^(status|metadata)\b/.test(path) && isEmpty(before) && isEmpty(after),
  },
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
    reason: 'it counts pods that alternate between failing and trying',
    explains: (change, parts) => parts.ownsLooping(change.from) && isCountOfReady(change),
  },
  {
    reason: 'it is due, or comes to its end, or its owner does',
    explains: ({ from, path }, parts) => parts.isMoving(from) && /^(status|metadata\.annotations)\b/.test(path),
  },
  {
    reason: 'it counts pods that are evicted and made again',
    explains: ({ from, path }, parts) => parts.ownsEvicted(from) && /^status\b/.test(path),
  },
  {
    reason: 'only pods behind it that alternate, end, or are evicted come and go',
    explains: (change, parts) =>
      /^Endpoint(s|Slice)$/.test(change.from.kind) &&
      /^(endpoints|ports|subsets|metadata\.generation|metadata\.annotations($|\["endpoints\.kubernetes\.io))/.test(
        change.path,
      ) &&
      sameJson(settledAddresses(change.from, parts), settledAddresses(change.to, parts)),
  },
  {
    reason: 'a node that runs out of memory or disk evicts pods, and their owners make them again',
    explains: ({ from, path }, parts) =>
      from.kind === 'Pod' && /^status\b/.test(path) && parts.isOnShortNode(from as Pod),
  },
  {
    reason: 'nodes list the images that were pulled',
    explains: ({ from, path }) => from.kind === 'Node' && path.startsWith('status.images'),
  },
  {
    reason: 'the budget counts pods that alternate between failing and trying',
    explains: ({ from, path }, parts) =>
      from.kind === 'PodDisruptionBudget' &&
      /^status\.(currentHealthy|disruptionsAllowed|conditions)\b/.test(path) &&
      parts.protectsLooping(from as Budget),
  },
  {
    reason: 'a rollout that does not progress passes its deadline',
    explains: ({ from, to, path }) =>
      from.kind === 'Deployment' &&
      conditionAt(from, path) === 'Progressing' &&
      isLateNow(to as Deployment) &&
      isRollingOut(from as Deployment),
  },
  {
    reason: 'a pod that was starting has started',
    explains: ({ from, to, path }, parts) =>
      /^status\b/.test(path) && isStarting(from, parts) && isWell(to as Pod, parts.after.observedAt),
  },
  {
    reason: 'the autoscaler goes on reporting the same',
    explains: ({ from, path, before, after }) =>
      from.kind === 'ConfigMap' &&
      from.metadata.name === STATUS_NAME &&
      (path.startsWith('metadata.annotations["cluster-autoscaler.kubernetes.io/last-updated') ||
        (path === 'data.status' && reportsAlike(before, after))),
  },
  {
    reason: 'a claim that waits for its volume is tried on one node after another',
    explains: ({ from, to, path }) =>
      [from, to].every((one) => one.kind === 'PersistentVolumeClaim' && (one as Claim).status?.phase === 'Pending') &&
      /^metadata\.annotations($|\["volume\.kubernetes\.io\/selected-node)/.test(path),
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
    explains: ({ kind, object }, parts) => kind === 'added' && isMadeForOthers(object) && parts.lacks(kindOf(object)),
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
    explains: ({ kind, object }, parts) =>
      kind === 'added' &&
      object.kind === 'Event' &&
      (object as Event).reason === 'NoPods' &&
      isBudgetWithoutPods((object as Event).involvedObject ?? {}, parts),
  },
  {
    reason: 'events were not read, and what waits for a node is told so again',
    explains: ({ kind, object }, parts) =>
      kind === 'added' && parts.lacks('/Event') && object.kind === 'Event' && isOfWait(object as Event, parts),
  },
  {
    reason: 'metrics that were missing are told of again',
    explains: ({ kind, object }, parts) =>
      kind === 'added' && object.kind === 'Event' && isOfMissingMetrics(object as Event, parts),
  },
  {
    reason: 'metrics show what runs at the moment, and pods that fail run now and then',
    explains: ({ object }, parts) => METRICS.has(object.kind) && isOfRestless(object, parts),
  },
  {
    reason: 'a node that runs out of memory or disk evicts pods, and their owners make them again',
    explains: ({ kind, object }, parts) => isEvictedOrMade(kind, object, parts),
  },
  {
    reason: 'it was due, or comes to its end, or its owner does',
    explains: ({ kind, object }, parts) =>
      parts.isMoving(object) &&
      (object.kind === 'Pod' || (object.kind === 'Job' && (kind === 'added' || isSwept(object)))),
  },
  {
    reason: 'what is due, ends, or is evicted is told of',
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

const LOOPING_FIELDS =
  /^status\.((?:init)?[cC]ontainerStatuses)\[(\d+)\]\.(state|lastState|restartCount|ready|started|containerID)\b/;

/** States, counts and readiness move; what it fails of does not. */
function isSameLoop(
  { from, to, path, before, after }: PathChange,
  { before: then, after: now }: RestlessParts,
): boolean {
  if (/^Ready$|^ContainersReady$/.test(conditionAt(from, path) ?? '')) return true;
  const [, list = '', index = '', field] = LOOPING_FIELDS.exec(path) ?? [];
  if (field === 'restartCount' && Number(after) < Number(before)) return false;
  const of = (object: KubeObject) =>
    ((object as Pod).status as Readonly<Record<string, ReturnType<typeof statusesOf> | undefined>>)[list]?.[
      Number(index)
    ];
  const [was, is] = [of(from), of(to)];
  if (was === undefined || is === undefined || loopOf(was, then.observedAt) === undefined) return false;
  return failureOf(was, then.observedAt) === failureOf(is, now.observedAt);
}

/** The type of the condition that a path leads into, where it is at the same place in both. */
function conditionAt(object: KubeObject, path: string): string | undefined {
  const [, index, field] = /^status\.conditions\[(\d+)\]\.([a-zA-Z]+)$/.exec(path) ?? [];
  if (index === undefined || field === 'type') return undefined;
  const { conditions } = (object as Pod).status ?? {};
  return conditions?.[Number(index)]?.type;
}

const COUNTS_OF_READY =
  /^status\.(readyReplicas|availableReplicas|unavailableReplicas|numberReady|numberAvailable|numberUnavailable|ready)$/;

/** Conditions change their order whenever one of them changes. */
function isCountOfReady({ from, to, path }: PathChange): boolean {
  if (COUNTS_OF_READY.test(path)) return true;
  return /^status\.conditions\b/.test(path) && sameJson(otherConditions(from), otherConditions(to));
}

function otherConditions(object: KubeObject): readonly unknown[] {
  const conditions = (object as Deployment).status?.conditions ?? [];
  return conditions.filter(({ type }) => type !== 'Available' && type !== 'Progressing');
}

/** A Job that is deleted once it has ended. */
function isSwept(job: KubeObject): boolean {
  const { spec, metadata } = job as KindMap['Job'];
  return (
    spec?.ttlSecondsAfterFinished !== undefined ||
    (metadata.ownerReferences ?? []).some(({ kind }) => kind === 'CronJob')
  );
}

function isMadeForOthers(object: KubeObject): boolean {
  const kind = kindOf(object);
  return MADE_FOR_OTHERS.has(kind) || MADE_BY_NAME[kind]?.test(object.metadata.name) === true;
}

function isBudgetWithoutPods(
  { kind, namespace = '', name = '' }: NonNullable<Event['involvedObject']>,
  { before }: RestlessParts,
): boolean {
  const budget = kind === 'PodDisruptionBudget' ? before.get(kind, namespace, name) : undefined;
  if (budget === undefined) return false;
  return !before
    .listIn('Pod', namespace)
    .some(({ metadata }) => matchesSelector(budget.spec?.selector, metadata.labels));
}

function isLateNow({ status }: Deployment): boolean {
  return status?.conditions?.some(({ reason }) => reason === 'ProgressDeadlineExceeded') === true;
}

/** It has not passed its deadline yet, nor is it done. */
function isRollingOut({ status }: Deployment): boolean {
  const condition = status?.conditions?.find(({ type }) => type === 'Progressing');
  return condition?.status === 'True' && condition.reason !== 'NewReplicaSetAvailable';
}

/** It runs, or still starts, and nothing of it fails. */
function isWell(pod: Pod, at: number): boolean {
  return pod.status?.phase !== 'Failed' && statusesOf(pod).every((one) => loopOf(one, at) === undefined);
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

/** Of a pod that was on no node, and is on none. */
function isOfWait({ reason = '', involvedObject }: Event, { before, after }: RestlessParts): boolean {
  if (reason !== 'FailedScheduling' && reason !== 'NotTriggerScaleUp') return false;
  const { kind, namespace = '', name = '' } = involvedObject ?? {};
  const waits = (snapshot: ClusterSnapshot) => snapshot.get('Pod', namespace, name)?.spec?.nodeName === undefined;
  return kind === 'Pod' && before.get('Pod', namespace, name) !== undefined && waits(before) && waits(after);
}

/** Of a HorizontalPodAutoscaler that could not compute what it wants already. */
function isOfMissingMetrics({ reason = '', involvedObject }: Event, { before }: RestlessParts): boolean {
  const { kind, namespace = '', name = '' } = involvedObject ?? {};
  if (kind !== 'HorizontalPodAutoscaler' || !/^Failed(Get|ComputeMetricsReplicas)/.test(reason)) return false;
  const { conditions = [] } = before.get(kind, namespace, name)?.status ?? {};
  return conditions.some(({ type, status }) => type === 'ScalingActive' && status === 'False');
}

/** It runs and is ready, or has ended. */
function isSettled({ status }: Pod): boolean {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return true;
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
}

function isOfRestless(object: KubeObject, parts: RestlessParts): boolean {
  const pod = object.kind === 'PodMetrics' ? parts.podOf(object) : undefined;
  return pod !== undefined && isRestless(pod, parts);
}

/** `group/Kind`. */
function kindOf({ apiVersion, kind }: KubeObject): string {
  return `${groupOf(apiVersion)}/${kind}`;
}
