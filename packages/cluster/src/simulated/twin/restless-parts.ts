/** What was in motion when a cluster was recorded: pods that fail again and again, what follows from them, what a clock or an end is due to move. */
import { parseZonedSchedule } from '../../model/cron/cron-schedule.ts';
import { nextTime } from '../../model/cron/next-time.ts';
import type { ContainerStatus, Event, Job, KindMap, Node, Pod } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { matchesSelector } from '../../model/selector.ts';
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';

/** Reasons that alternate while a container fails in the same way, by what the failure is. */
const LOOPS: Readonly<Record<string, string>> = {
  CrashLoopBackOff: 'crash',
  RunContainerError: 'crash',
  PostStartHookError: 'crash',
  ErrImagePull: 'pull',
  ImagePullBackOff: 'pull',
  CreateContainerConfigError: 'config',
  CreateContainerError: 'create',
};

/** Indexes of one pair of snapshots. */
export class RestlessParts {
  readonly before: ClusterSnapshot;
  readonly after: ClusterSnapshot;
  readonly #looping = new Map<string, Pod>();
  /** Uids of those that own pods in loops, directly or not. */
  readonly #loopOwners = new Set<string>();
  /** The same of pods on nodes that run out of memory or disk. */
  readonly #evictedOwners = new Set<string>();
  /** `namespace/name-`, which what CronJobs make begins with. */
  readonly #due: string[] = [];
  /** The same for what owns pods on nodes that run out of memory or disk. */
  readonly #evicted: string[] = [];
  /** Such nodes. */
  readonly #short: ReadonlySet<string>;
  /** Uids of what is due or runs to an end, and of all that it owns. */
  readonly #moving = new Set<string>();

  constructor(before: ClusterSnapshot, after: ClusterSnapshot) {
    this.before = before;
    this.after = after;
    for (const pod of before.list('Pod')) if (isLooping(pod, before.observedAt)) this.#looping.set(keyOf(pod), pod);
    for (const pod of this.#looping.values()) this.#noteOwners(pod, this.#loopOwners);
    const short = before.list('Node').filter(isShort);
    this.#short = new Set(short.map(({ metadata }) => metadata.name));
    if (short.length > 0) this.#noteEvictions();
    for (const job of before.list('CronJob')) if (isDue(job, before.observedAt, after.observedAt)) this.#noteDue(job);
    for (const job of before.list('Job')) if (isRunning(job)) this.#noteJob(job);
    this.#noteOwned();
  }

  /** A pod whose containers alternate between failing and trying. */
  isLooping({ metadata: { namespace = '', name } }: KubeObject): boolean {
    return this.#looping.has(`${namespace}/${name}`);
  }

  /** Whether it is due, or runs to an end, or is owned by what does. */
  isMoving({ metadata: { uid = '' } }: KubeObject): boolean {
    return this.#moving.has(uid);
  }

  /** Whether it owns pods that alternate. */
  ownsLooping({ metadata: { uid = '' } }: KubeObject): boolean {
    return this.#loopOwners.has(uid);
  }

  /** Whether it owns pods on nodes that run out of memory or disk. */
  ownsEvicted({ metadata: { uid = '' } }: KubeObject): boolean {
    return this.#evictedOwners.has(uid);
  }

  /** A pod on a node that runs out of memory or disk. */
  isOnShortNode({ spec }: Pod): boolean {
    return this.#short.has(spec?.nodeName ?? '');
  }

  /** Whether what an event is about is due or runs to an end, or is evicted and made again; it may have come and gone in between. */
  isMovingSubject({ uid = '', namespace = '', name = '' }: NonNullable<Event['involvedObject']>): boolean {
    if (this.#evictedOwners.has(uid) || this.#moving.has(uid)) return true;
    return [...this.#due, ...this.#evicted].some((prefix) => `${namespace}/${name}`.startsWith(prefix));
  }

  /** The pod of this name, in either. */
  podOf({ metadata: { namespace = '', name } }: KubeObject): Pod | undefined {
    return this.before.get('Pod', namespace, name) ?? this.after.get('Pod', namespace, name);
  }

  /** A pod that alternates, is due or runs to an end. */
  isRestless(pod: Pod): boolean {
    return this.isLooping(pod) || this.isMoving(pod) || this.isOnShortNode(pod);
  }

  /** A budget that counts pods that alternate. */
  protectsLooping({ metadata, spec }: KindMap['PodDisruptionBudget']): boolean {
    return [...this.#looping.values()].some(
      (pod) => pod.metadata.namespace === metadata.namespace && matchesSelector(spec?.selector, pod.metadata.labels),
    );
  }

  /** The record holds nothing of a kind (`group/Kind`), which every cluster like it has: it was not read. */
  lacks(kind: string): boolean {
    return !this.before.kinds().has(kind);
  }

  #noteOwners(object: KubeObject, owners: Set<string>): void {
    for (const { uid, kind, name } of object.metadata.ownerReferences ?? []) {
      if (owners.has(uid)) continue;
      owners.add(uid);
      const owner = this.before.objects.find(
        (one) => one.kind === kind && one.metadata.name === name && one.metadata.uid === uid,
      );
      if (owner !== undefined) this.#noteOwners(owner, owners);
    }
  }

  /** What is owned by what moves, in both snapshots: an owner may come after what it owns. */
  #noteOwned(): void {
    const all = [...this.before.objects, ...this.after.objects];
    for (let known = -1; known !== this.#moving.size;) {
      known = this.#moving.size;
      for (const object of all) if (this.#isOwned(object)) this.#note(object);
    }
  }

  #isOwned({ metadata }: KubeObject): boolean {
    return (metadata.ownerReferences ?? []).some(({ uid }) => this.#moving.has(uid));
  }

  #noteEvictions(): void {
    for (const pod of this.before.list('Pod').filter((one) => this.isOnShortNode(one))) {
      this.#noteOwners(pod, this.#evictedOwners);
      for (const { name } of pod.metadata.ownerReferences ?? [])
        this.#evicted.push(`${pod.metadata.namespace ?? ''}/${name}-`);
    }
  }

  #noteDue(job: KindMap['CronJob']): void {
    this.#note(job);
    this.#due.push(`${keyOf(job)}-`);
  }

  /** With the CronJob that lists it as active. */
  #noteJob(job: Job): void {
    this.#note(job);
    this.#noteOwners(job, this.#moving);
  }

  #note({ metadata }: KubeObject): void {
    if (metadata.uid !== undefined) this.#moving.add(metadata.uid);
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function isLooping(pod: Pod, at: number): boolean {
  return statusesOf(pod).some((status) => loopOf(status, at) !== undefined);
}

/** All containers of a pod. */
export function statusesOf({ status }: Pod): readonly ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

/** So long after a failure a container that runs has recovered. Source: the kubelet's back-off is forgotten after it, `MaxContainerBackOff` twice */
const RECOVERED_MS = 600_000;

/** Which loop a container is in at a moment; `undefined` for those that are in none. */
export function loopOf(
  { state, lastState }: ContainerStatus,
  at: number,
  recoveredMs = RECOVERED_MS,
): string | undefined {
  const loop = LOOPS[state?.waiting?.reason ?? ''];
  if (loop !== undefined) return loop;
  // Between two crashes it runs, or shows how it ended.
  const ended = state?.terminated ?? lastState?.terminated;
  if (ended === undefined || ended.exitCode === 0) return undefined;
  const finishedAt = Date.parse(ended.finishedAt ?? '') || 0;
  const ranMs = Math.max(0, finishedAt - (Date.parse(ended.startedAt ?? '') || finishedAt));
  return at - finishedAt <= recoveredMs + ranMs ? 'crash' : undefined;
}

/** What a container in a loop fails of, in words that are the same each time around. */
export function failureOf(status: ContainerStatus, at: number): string {
  const { waiting, terminated: now } = status.state ?? {};
  const loop = loopOf(status, at) ?? '';
  if (loop !== 'crash')
    return `${loop} ${waiting?.reason === 'ErrImagePull' || waiting?.reason === 'ImagePullBackOff' ? '' : (waiting?.message ?? '')}`;
  const ended = now ?? status.lastState?.terminated;
  return ended === undefined ? loop : `${loop} ${ended.exitCode} ${ended.reason ?? ''}`;
}

function isDue({ spec }: KindMap['CronJob'], from: number, to: number): boolean {
  if (spec?.suspend === true) return false;
  const parsed = parseZonedSchedule(spec?.schedule ?? '', spec?.timeZone ?? undefined);
  if (!('schedule' in parsed)) return false;
  const next = nextTime(parsed.schedule, from);
  return next !== undefined && next <= to;
}

function isRunning({ status, spec }: Job): boolean {
  const ended = status?.conditions?.some(({ type, status: is }) => is === 'True' && /^(Complete|Failed)$/.test(type));
  return ended !== true && spec?.suspend !== true;
}

function isShort({ status }: Node): boolean {
  return (
    status?.conditions?.some(({ type, status: is }) => /^(Memory|Disk)Pressure$/.test(type) && is === 'True') === true
  );
}
