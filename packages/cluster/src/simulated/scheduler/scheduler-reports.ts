/** What the scheduler writes into the API besides bindings: events and the status of pods. Source: `pkg/scheduler/schedule_one.go` */
import type { Pod } from '../../model/kinds.ts';
import { ApiError } from '../api/api-error.ts';
import type { ApiServer } from '../api/api-server.ts';
import { PODS } from '../api/built-in-types.ts';
import { withCondition, withNomination, type PodCondition } from '../api/pod-condition.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { EventRecorder, EventType } from '../events/event-recorder.ts';
import type { SimulationContext } from '../simulation-context.ts';
import { SCHEDULER_NAME } from './cluster-watch.ts';

/** Longest note of an event. Source: `NoteLengthLimit` of `k8s.io/kubernetes/pkg/apis/core/validation` */
const NOTE_LIMIT = 1024;

type PodStatus = NonNullable<Pod['status']>;

/** Writes of one scheduler. Of pods that are gone meanwhile nothing is written. */
export class SchedulerReports {
  readonly #api: ApiServer;
  readonly #clock: VirtualClock;
  readonly #events: EventRecorder;

  constructor({ api, clock, events }: Pick<SimulationContext, 'api' | 'clock' | 'events'>) {
    this.#api = api;
    this.#clock = clock;
    this.#events = events;
  }

  scheduled(pod: Pod, nodeName: string): void {
    const { namespace = '', name } = pod.metadata;
    this.#say(pod, 'Normal', 'Scheduled', 'Binding', `Successfully assigned ${namespace}/${name} to ${nodeName}`);
  }

  /** `nominate`: the node that the pod is to get later, `''` for none any more, `undefined` to leave that as it is. */
  unschedulable(pod: Pod, message: string, nominate: string | undefined): void {
    this.#failed(pod, message, 'Unschedulable', nominate);
  }

  broke(pod: Pod, message: string): void {
    this.#failed(pod, message, 'SchedulerError', '');
  }

  skipped(pod: Pod): void {
    const { namespace = '', name } = pod.metadata;
    this.#say(pod, 'Warning', 'FailedScheduling', 'Scheduling', `skip schedule deleting pod: ${namespace}/${name}`);
  }

  /** Takes the view of a node from a pod that a more important one comes before. */
  clearNomination(pod: Pod): void {
    this.#writeStatus(pod, (status) => withNomination(status, ''));
  }

  /** Marks a pod and deletes it, for another one. */
  evict(victim: Pod, preemptor: Pod, nodeName: string): void {
    if (victim.metadata.deletionTimestamp !== undefined) return;
    const { namespace = '', name, uid = '' } = victim.metadata;
    const condition: PodCondition = {
      type: 'DisruptionTarget',
      ...observed(victim),
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: `${preemptor.spec?.schedulerName ?? SCHEDULER_NAME}: preempting to accommodate a higher priority pod`,
    };
    this.#writeStatus(victim, (status) => withCondition(status, condition, this.#clock.now));
    this.#unlessGone(() => this.#api.delete(PODS, namespace, name, { preconditions: { uid } }));
    const note = `Preempted by pod ${preemptor.metadata.uid ?? ''} on node ${nodeName}`;
    this.#say(victim, 'Normal', 'Preempted', 'Preempting', note, preemptor);
  }

  #failed(pod: Pod, message: string, reason: string, nominate: string | undefined): void {
    this.#say(pod, 'Warning', 'FailedScheduling', 'Scheduling', shortened(message));
    const condition: PodCondition = { type: 'PodScheduled', ...observed(pod), status: 'False', reason, message };
    this.#writeStatus(pod, (status) => {
      const next = withCondition(status, condition, this.#clock.now);
      return nominate === undefined ? next : withNomination(next, nominate);
    });
  }

  #say(pod: Pod, type: EventType, reason: string, action: string, note: string, related?: Pod): void {
    const source = { component: SCHEDULER_NAME, action };
    this.#events.recordSeries(pod, type, reason, note, related === undefined ? source : { ...source, related });
  }

  /** Writes nothing where nothing changes. */
  #writeStatus({ metadata, status }: Pod, change: (status: PodStatus) => PodStatus): void {
    const { namespace = '', name } = metadata;
    if (status !== undefined && change(status) === status) return;
    this.#unlessGone(() =>
      this.#api.change(PODS, namespace, name, (pod) => ({ ...pod, status: change(pod.status ?? {}) }), {
        subresource: 'status',
        fieldManager: 'kube-scheduler',
      }),
    );
  }

  #unlessGone(write: () => unknown): void {
    try {
      write();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
}

/** The version of the pod that was looked at. */
function observed({ metadata }: Pod): { readonly observedGeneration?: number } {
  return metadata.generation === undefined ? {} : { observedGeneration: metadata.generation };
}

function shortened(message: string): string {
  return message.length <= NOTE_LIMIT ? message : `${message.slice(0, NOTE_LIMIT - 4)} ...`;
}
