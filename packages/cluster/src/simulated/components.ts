/** Parts of a cluster that are no controllers: the scheduler, the cluster autoscaler. */
import { startDiskUsers } from './cloud/disk-users.ts';
import { startClusterAutoscaler } from './cluster-autoscaler/cluster-autoscaler.ts';
import { startEventExpiry } from './events/event-expiry.ts';
import { startScheduler } from './scheduler/scheduler.ts';
import type { SimulationContext } from './simulation-context.ts';

/** Begins to work when the cluster is made: listens to the store and sets timers on the clock. */
export type StartComponent = (context: SimulationContext) => void;

export const COMPONENTS: readonly StartComponent[] = [
  startDiskUsers,
  startEventExpiry,
  startScheduler,
  startClusterAutoscaler,
];
