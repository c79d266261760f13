/**
 * Pods that wait for a node: those that are to be tried, those that back off after a failure, and those that nothing has changed for.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/scheduling-framework/; `pkg/scheduler/backend/queue`
 */
import type { Pod } from '../../model/kinds.ts';
import type { PodProfile } from '../../scheduling/pod-profile.ts';
import type { Timer, VirtualClock } from '../clock/virtual-clock.ts';
import { Heap } from './heap.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import { mayHelp, type ClusterEvent } from './queueing-hints.ts';

/** A pod in the queue. */
export interface QueuedPod {
  readonly uid: string;
  profile: PodProfile;
  /** When it came into the queue, or was last put back. */
  at: number;
  /** Order among pods of one moment. */
  order: number;
  /** Times that it was tried in vain. */
  failures: number;
  /** Plugins that refused it last; empty where no plugin did. */
  refusedBy: ReadonlySet<string>;
  /** The last attempt broke, which is no matter of room. */
  isBroken: boolean;
  state: 'gated' | 'active' | 'backing-off' | 'unschedulable' | 'out';
}

const FIRST_BACK_OFF_MS = 1000;
const LONGEST_BACK_OFF_MS = 10_000;
const WINDOW_MS = 1000;
/** Pods are tried again after so long even if nothing happened. */
const LEFTOVER_MS = 5 * 60_000;
const FLUSH_MS = 30_000;
/** Key of pods that no plugin refused. */
const NO_PLUGIN = '';

export class SchedulingQueue {
  readonly #clock: VirtualClock;
  readonly #wake: () => void;
  readonly #popsFromBackOff: boolean;
  readonly #startAt: number;
  readonly #pods = new Map<string, QueuedPod>();
  readonly #active = new Heap<QueuedPod>(isFirst);
  readonly #backingOff = new Heap<QueuedPod>((a, b) => {
    const [first, second] = [endOf(a), endOf(b)];
    return first < second || (first === second && isFirst(a, b));
  });
  /** Plugin → pods that it refused, oldest first. */
  readonly #unschedulable = new Map<string, Set<QueuedPod>>();
  readonly #leftovers = new Set<QueuedPod>();
  #orders = 0;
  #backOffTimer: Timer | undefined;
  #flushTimer: Timer | undefined;

  /** `wake` is called when there is something to try. */
  constructor(clock: VirtualClock, wake: () => void, { popsFromBackOff = true }: SchedulerOptions = {}) {
    this.#clock = clock;
    this.#wake = wake;
    this.#popsFromBackOff = popsFromBackOff;
    this.#startAt = clock.now;
  }

  /** How many pods wait. */
  get size(): number {
    return this.#pods.size;
  }

  get(uid: string): QueuedPod | undefined {
    return this.#pods.get(uid);
  }

  /** Enters a pod; one with scheduling gates waits for their end. */
  add(uid: string, profile: PodProfile): void {
    const pod: QueuedPod = {
      uid,
      profile,
      at: this.#clock.now,
      order: this.#orders++,
      failures: 0,
      refusedBy: new Set(),
      isBroken: false,
      state: 'gated',
    };
    this.#pods.set(uid, pod);
    if (!isGated(profile.pod)) this.#activate(pod);
  }

  /** Takes note of another version of a pod; `isOther` where the scheduler may judge it otherwise. */
  renew(uid: string, profile: PodProfile, isOther: boolean): void {
    const pod = this.#pods.get(uid);
    if (pod === undefined) return;
    pod.profile = profile;
    if (pod.state === 'gated') {
      if (!isGated(profile.pod)) this.#activate(pod);
    } else if (pod.state === 'unschedulable' && isOther) this.#requeue(pod);
  }

  remove(uid: string): void {
    const pod = this.#pods.get(uid);
    if (pod === undefined) return;
    this.#pods.delete(uid);
    this.#leave(pod);
    // Heaps drop it when it comes up.
    pod.state = 'out';
  }

  /** The pod to be tried next. */
  pop(): QueuedPod | undefined {
    const pod = popIn(this.#active, 'active') ?? (this.#popsFromBackOff ? this.#popSound() : undefined);
    if (pod !== undefined) pod.state = 'out';
    return pod;
  }

  /** Puts a pod back that was tried in vain. */
  putBack(pod: QueuedPod, refusedBy: ReadonlySet<string>, isBroken = false): void {
    if (this.#pods.get(pod.uid) !== pod) return;
    Object.assign(pod, { at: this.#clock.now, order: this.#orders++, failures: pod.failures + 1, refusedBy, isBroken });
    if (isBroken) return this.#backOff(pod);
    pod.state = 'unschedulable';
    for (const plugin of refusedBy.size === 0 ? [NO_PLUGIN] : refusedBy) {
      const refused = this.#unschedulable.get(plugin);
      if (refused === undefined) this.#unschedulable.set(plugin, new Set([pod]));
      else refused.add(pod);
    }
    this.#leftovers.add(pod);
    this.#setFlush();
  }

  /** Has those pods tried again that an event may help. */
  happened(event: ClusterEvent): void {
    for (const [plugin, pods] of this.#unschedulable) {
      for (const pod of pods) if (plugin === NO_PLUGIN || mayHelp(plugin, event, pod.profile)) this.#requeue(pod);
    }
  }

  /** Has a pod tried again whatever refused it. */
  activate(uid: string): void {
    const pod = this.#pods.get(uid);
    if (pod?.state === 'unschedulable') this.#requeue(pod);
  }

  #requeue(pod: QueuedPod): void {
    this.#leave(pod);
    if (endOf(pod) > this.#clock.now) this.#backOff(pod);
    else this.#activate(pod);
  }

  #activate(pod: QueuedPod): void {
    pod.state = 'active';
    this.#active.push(pod);
    this.#wake();
  }

  #backOff(pod: QueuedPod): void {
    pod.state = 'backing-off';
    this.#backingOff.push(pod);
    if (this.#popsFromBackOff && !pod.isBroken) this.#wake();
    else this.#setBackOff();
  }

  #leave(pod: QueuedPod): void {
    if (pod.state !== 'unschedulable') return;
    for (const plugin of pod.refusedBy.size === 0 ? [NO_PLUGIN] : pod.refusedBy)
      this.#unschedulable.get(plugin)?.delete(pod);
    this.#leftovers.delete(pod);
  }

  /** Pods whose attempt broke wait until their time in any case. */
  #popSound(): QueuedPod | undefined {
    const broken: QueuedPod[] = [];
    let pod = popIn(this.#backingOff, 'backing-off');
    for (; pod?.isBroken === true; pod = popIn(this.#backingOff, 'backing-off')) broken.push(pod);
    for (const each of broken) this.#backingOff.push(each);
    return pod;
  }

  #setBackOff(): void {
    const first = topIn(this.#backingOff, 'backing-off');
    if (first === undefined) return;
    this.#backOffTimer?.cancel();
    this.#backOffTimer = this.#clock.after(endOf(first) - this.#clock.now, () => {
      for (let due = topIn(this.#backingOff, 'backing-off'); due !== undefined && endOf(due) <= this.#clock.now;) {
        this.#backingOff.pop();
        this.#activate(due);
        due = topIn(this.#backingOff, 'backing-off');
      }
      this.#setBackOff();
    });
  }

  /** Rounds of half a minute from the start on, as far as anybody waits for one. */
  #setFlush(): void {
    const [oldest] = this.#leftovers;
    if (oldest === undefined || this.#flushTimer !== undefined) return;
    const due = oldest.at + LEFTOVER_MS - this.#startAt;
    const round = this.#startAt + (Math.floor(due / FLUSH_MS) + 1) * FLUSH_MS;
    this.#flushTimer = this.#clock.after(round - this.#clock.now, () => {
      this.#flushTimer = undefined;
      for (const pod of this.#leftovers) {
        if (this.#clock.now - pod.at <= LEFTOVER_MS) break;
        this.#requeue(pod);
      }
      this.#setFlush();
    });
  }
}

/** Higher priority first, then who waits longer. */
function isFirst(a: QueuedPod, b: QueuedPod): boolean {
  const [first, second] = [a.profile.priority, b.profile.priority];
  if (first !== second) return first > second;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/**
 * When its back-off is over: a second after the first failure, doubled with each, at most ten. Ends in one second count as one, so that
 * importance decides among them.
 */
function endOf({ at, failures }: QueuedPod): number {
  if (failures === 0) return at;
  const end = at + Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (failures - 1));
  return end - (end % WINDOW_MS);
}

function popIn(heap: Heap<QueuedPod>, state: QueuedPod['state']): QueuedPod | undefined {
  const pod = topIn(heap, state);
  if (pod !== undefined) heap.pop();
  return pod;
}

/** Drops what left the queue meanwhile. */
function topIn(heap: Heap<QueuedPod>, state: QueuedPod['state']): QueuedPod | undefined {
  while (heap.top !== undefined && heap.top.state !== state) heap.pop();
  return heap.top;
}

function isGated({ spec }: Pod): boolean {
  return (spec?.schedulingGates ?? []).length > 0;
}
