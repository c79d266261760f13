/** What admission plugins are given. */
import type { Behaviours } from '../kubelet/behaviour.ts';
import type { Random } from '../clock/random.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** What admission may look at. */
export interface AdmissionContext {
  readonly store: ObjectStore;
  readonly clock: VirtualClock;
  readonly random: Random;
  /** Why webhooks cannot be asked; they can without. */
  readonly behaviours?: Pick<Behaviours, 'webhook'>;
  /** Kinds (`group/Kind`) of a recorded cluster that were not recorded: nothing is refused because one of them is not there. */
  readonly unread: ReadonlySet<string>;
  /** Whether it runs on Google's cloud, whose webhooks then see to new objects. */
  readonly isOnCloud?: boolean;
}
