/** What the parts of the cluster autoscaler are given. */
import type { ApiServer } from '../api/api-server.ts';
import type { Random } from '../clock/random.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { InstanceGroups } from '../cloud/instance-groups.ts';
import type { SimulatedCloud } from '../cloud/simulated-cloud.ts';
import type { EventRecorder } from '../events/event-recorder.ts';
import type { AutoscalerOptions } from './autoscaler-options.ts';

/** One cluster's API, time, cloud and machines. */
export interface AutoscalerContext {
  readonly api: ApiServer;
  readonly clock: VirtualClock;
  readonly events: EventRecorder;
  readonly random: Random;
  readonly serverVersion: string;
  readonly cloud: SimulatedCloud;
  readonly groups: InstanceGroups;
  readonly options: AutoscalerOptions;
}
