/** What the cluster autoscaler tells of pods, nodes and itself. Source: `cluster-autoscaler/processors/status`, `clusterstate`; GKE's own FailedScaleUp */
import type { Node, Pod } from '../../model/kinds.ts';
import type { EventRecorder, EventType, ObjectReference } from '../events/event-recorder.ts';
import type { GroupError } from './back-off.ts';

const SOURCE = { component: 'cluster-autoscaler' };
/** GKE cuts its message here. */
const LONGEST = 250;

export const STATUS_NAMESPACE = 'kube-system';
export const STATUS_NAME = 'cluster-autoscaler-status';

/** Why a recorded pod is told less: its record shows which events its cluster's autoscaler makes. */
export type IsSilent = (uid: string, reason: string) => boolean;

/** A group whose size is set. */
export interface Resize {
  readonly url: string;
  readonly from: number;
  readonly to: number;
  readonly max: number;
}

/** In words of GKE, by the code of {@link GroupError}. */
const GKE_REASONS: Readonly<Record<string, string>> = {
  QUOTA_EXCEEDED: 'GCE quota exceeded',
  RESOURCE_POOL_EXHAUSTED: 'GCE out of resources',
  IP_SPACE_EXHAUSTED: 'IP space exhausted',
};

/** Writes the events; about the autoscaler itself they are about its status ConfigMap. */
export class AutoscalerEvents {
  readonly #events: EventRecorder;
  readonly #statusUid: () => string | undefined;
  readonly #isSilent: IsSilent;

  constructor(events: EventRecorder, statusUid: () => string | undefined, isSilent: IsSilent) {
    this.#events = events;
    this.#statusUid = statusUid;
    this.#isSilent = isSilent;
  }

  triggered(pods: readonly Pod[], resizes: readonly Resize[]): void {
    const list = resizes.map(({ url, from, to, max }) => `{${url} ${from}->${to} (max: ${max})}`).join(' ');
    for (const pod of pods) this.#pod(pod, 'Normal', 'TriggeredScaleUp', `pod triggered scale-up: [${list}]`);
  }

  /** `reasons`: one per group and reason, as counted in the message. */
  notTriggered(pod: Pod, reasons: readonly string[]): void {
    const counts = new Map<string, number>();
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    const list = [...counts].map(([reason, count]) => `${count} ${reason}`).join(', ');
    this.#pod(pod, 'Normal', 'NotTriggerScaleUp', `pod didn't trigger scale-up: ${list}`);
  }

  failed(pod: Pod, zones: readonly string[], errors: readonly GroupError[]): void {
    const reasons = [...new Set(errors.map(({ errorCode }) => GKE_REASONS[errorCode] ?? 'Internal error'))].join(', ');
    const message = `Node scale up in zones ${zones.join(', ')} associated with this pod failed: ${reasons}. Pod is at risk of not being scheduled.`;
    this.#pod(pod, 'Warning', 'FailedScaleUp', message.slice(0, LONGEST));
  }

  /** GKE's event for groups whose nodes did not come in time. */
  appearedLate(pod: Pod, zones: readonly string[], group: string): void {
    const message = `Node scale up in zones ${zones.join(', ')} associated with this pod failed: Some nodes in node group ["${group}"] failed to appear in time. Pod is at risk of not being scheduled.`;
    this.#pod(pod, 'Warning', 'FailedScaleUp', message.slice(0, LONGEST));
  }

  evicting(pod: Pod): void {
    this.#pod(pod, 'Normal', 'ScaleDown', 'deleting pod for node scale down');
  }

  evictionFailed(pod: Pod): void {
    this.#pod(pod, 'Warning', 'ScaleDownFailed', 'failed to delete pod for ScaleDown');
  }

  node(node: Node, type: EventType, reason: string, message: string): void {
    this.#events.record(node, type, reason, message, SOURCE);
  }

  /** About the autoscaler as a whole. */
  status(type: EventType, reason: string, message: string): void {
    const uid = this.#statusUid();
    if (this.#isSilent(STATUS_NAME, reason)) return;
    const about: ObjectReference = {
      ...{ kind: 'ConfigMap', apiVersion: 'v1', namespace: STATUS_NAMESPACE, name: STATUS_NAME },
      ...(uid !== undefined && { uid }),
    };
    this.#events.record(about, type, reason, message, SOURCE);
  }

  #pod(pod: Pod, type: EventType, reason: string, message: string): void {
    if (!this.#isSilent(pod.metadata.uid ?? '', reason)) this.#events.record(pod, type, reason, message, SOURCE);
  }
}

/** `Failed adding 2 nodes to group ‹url› due to OutOfResource.QUOTA_EXCEEDED; source errors: …`, with three of them at most. */
export function failureMessage(count: number, url: string, error: GroupError, messages: readonly string[]): string {
  const unique = [...new Set(messages)];
  const sources = unique.length > 3 ? [...unique.slice(0, 3), '...'] : unique;
  return `Failed adding ${count} nodes to group ${url} due to ${error.errorClass}.${error.errorCode}; source errors: ${sources.join(', ')}`;
}
