/** GKE's log of decisions. Source: https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-autoscaler-visibility */
import type { VisibilityRecord } from '../../cloud/cloud.ts';
import { namespacedName } from '../../model/resource-ref.ts';
import type { Pod } from '../../model/kinds.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import { drawUid, type Random } from '../clock/random.ts';
import type { SimulatedCloud } from '../cloud/simulated-cloud.ts';
import type { GroupError } from './back-off.ts';

/** Records that are kept: the log itself forgets after a month. */
const KEPT = 1000;
/** Source: the page above, "scaleUp error messages" */
const UP_ERRORS: Readonly<Record<string, string>> = {
  QUOTA_EXCEEDED: 'scale.up.error.quota.exceeded',
  RESOURCE_POOL_EXHAUSTED: 'scale.up.error.out.of.resources',
  IP_SPACE_EXHAUSTED: 'scale.up.error.ip.space.exhausted',
  timeout: 'scale.up.error.waiting.for.instances.timeout',
};

type Content = Pick<VisibilityRecord, 'type'> & Partial<VisibilityRecord>;

/** Adds records to what the cloud's log shows, where it was read. */
export class VisibilityLog {
  readonly #cloud: SimulatedCloud;
  readonly #clock: VirtualClock;
  readonly #random: Random;

  constructor(cloud: SimulatedCloud, clock: VirtualClock, random: Random) {
    this.#cloud = cloud;
    this.#clock = clock;
    this.#random = random.fork('visibility');
  }

  /** @returns the id by which its results name the decision */
  decided(type: 'scale-up' | 'scale-down', groups: readonly string[], pods: readonly Pod[]): string {
    const eventId = drawUid(this.#random);
    this.#add({ type, eventId, groups, pods: pods.map(namespacedName) });
    return eventId;
  }

  /** How a decision ended; without an error well. */
  ended(eventId: string, messageId = '', parameters: readonly string[] = []): void {
    this.#add({ type: 'result', eventId, messageId, parameters });
  }

  failed(eventId: string, error: GroupError, group: string): void {
    this.ended(eventId, UP_ERRORS[error.errorCode] ?? 'scale.up.error.other', [group]);
  }

  /** Why nothing was done. */
  refused(content: Omit<Content, 'eventId'>): void {
    this.#add(content);
  }

  #add(content: Content): void {
    if (this.#cloud.snapshot.visibility === undefined) return;
    const record = {
      at: this.#clock.now,
      eventId: '',
      messageId: '',
      parameters: [],
      pods: [],
      groups: [],
      ...content,
    };
    this.#cloud.change(({ visibility = [] }) => ({ visibility: [...visibility.slice(1 - KEPT), record] }));
  }
}
