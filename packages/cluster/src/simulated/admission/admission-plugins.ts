/** The admission plugins that are on, in the order in which they are asked. */
import type { AdmissionPlugin } from '../api/request.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import { serviceAddresses } from '../service-addresses/service-addresses.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** What admission may look at. */
export interface AdmissionContext {
  readonly store: ObjectStore;
  readonly clock: VirtualClock;
}

export function admissionPlugins({ store }: AdmissionContext): readonly AdmissionPlugin[] {
  return [serviceAddresses(store)];
}
