/** What was in motion when a cluster was recorded: pods that fail again and again, what follows from them, what a clock or an end is due to move. */
import { parseZonedSchedule } from '../../model/cron/cron-schedule.ts';
import { nextTime } from '../../model/cron/next-time.ts';
import type { ContainerStatus, Job, KindMap, Pod } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { matchesLabels } from '../../model/selector.ts';
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
  readonly #uids = new Set<string>();

  constructor(before: ClusterSnapshot, after: ClusterSnapshot) {
    this.before = before;
    this.after = after;
    for (const pod of before.list('Pod')) if (isLooping(pod, before.observedAt)) this.#looping.set(keyOf(pod), pod);
    for (const pod of this.#looping.values()) this.#noteOwners(pod);
    for (const job of before.list('CronJob')) if (isDue(job, before.observedAt, after.observedAt)) this.#note(job);
    for (const job of before.list('Job')) if (isRunning(job)) this.#note(job);
  }

  /** A pod whose containers alternate between failing and trying. */
  isLooping({ metadata: { namespace = '', name } }: KubeObject): boolean {
    return this.#looping.has(`${namespace}/${name}`);
  }

  /** Whether it owns, directly or not, what alternates, runs to an end or is due. */
  isMoving(object: KubeObject): boolean {
    return (
      this.#uids.has(object.metadata.uid ?? '') ||
      (object.metadata.ownerReferences ?? []).some(({ uid }) => this.#uids.has(uid))
    );
  }

  /** A Service, or its endpoints, with pods behind it that alternate. */
  selectsLooping(namespace: string, service: string): boolean {
    const { selector } = this.before.get('Service', namespace, service)?.spec ?? {};
    if (selector === undefined) return false;
    return [...this.#looping.values(), ...this.before.list('Pod').filter((pod) => this.isMoving(pod))].some(
      ({ metadata }) => metadata.namespace === namespace && matchesLabels(selector, metadata.labels ?? {}),
    );
  }

  /** The record holds nothing of a kind (`group/Kind`), which every cluster like it has: it was not read. */
  lacks(kind: string): boolean {
    return !this.before.kinds().has(kind);
  }

  #noteOwners(object: KubeObject): void {
    for (const { uid, kind, name } of object.metadata.ownerReferences ?? []) {
      if (this.#uids.has(uid)) continue;
      this.#uids.add(uid);
      const owner = this.before.objects.find(
        (one) => one.kind === kind && one.metadata.name === name && one.metadata.uid === uid,
      );
      if (owner !== undefined) this.#noteOwners(owner);
    }
  }

  #note({ metadata }: KubeObject): void {
    if (metadata.uid !== undefined) this.#uids.add(metadata.uid);
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
export function loopOf({ state, lastState }: ContainerStatus, at: number): string | undefined {
  const loop = LOOPS[state?.waiting?.reason ?? ''];
  if (loop !== undefined) return loop;
  // Between two crashes it runs, or shows how it ended.
  const ended = state?.terminated ?? lastState?.terminated;
  if (ended === undefined || ended.exitCode === 0) return undefined;
  return at - (Date.parse(ended.finishedAt ?? '') || 0) <= RECOVERED_MS ? 'crash' : undefined;
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
