/** What the parts of a simulated cluster are given. */
import type { ApiServer } from './api/api-server.ts';
import type { Random } from './clock/random.ts';
import type { VirtualClock } from './clock/virtual-clock.ts';
import type { Features } from './control-plane/features.ts';
import type { EventRecorder } from './events/event-recorder.ts';
import type { CertificateRegistry } from './certificates/certificate-registry.ts';
import type { AutoscalerOptions } from './cluster-autoscaler/autoscaler-options.ts';
import type { InstanceGroups } from './cloud/instance-groups.ts';
import type { SimulatedCloud } from './cloud/simulated-cloud.ts';
import type { ClusterSnapshot } from '../snapshot/snapshot.ts';
import type { Surroundings } from './surroundings.ts';
import type { Behaviours } from './kubelet/behaviour.ts';
import type { NodeAgents } from './kubelet/node-agents.ts';
import type { SchedulerOptions } from './scheduler/scheduler-options.ts';

/** One cluster's API, time, randomness and behaviours. */
export interface SimulationContext {
  readonly api: ApiServer;
  readonly clock: VirtualClock;
  /** For all components alike. */
  readonly events: EventRecorder;
  /** Fork it by the part's name before the first draw. */
  readonly random: Random;
  readonly behaviours: Behaviours;
  readonly serverVersion: string;
  /** What was recorded around the cluster that this one began as: usage and logs of its containers among it. */
  readonly surroundings: Surroundings;
  /** What certificates say, as it is now. */
  readonly certificates: CertificateRegistry;
  /** What grants machines, addresses and disks; none outside of any cloud. */
  readonly cloud?: SimulatedCloud | undefined;
  /** Machines of its node pools; there where {@link SimulationContext.cloud} is. */
  readonly instanceGroups?: InstanceGroups | undefined;
  /** The record that this cluster began as. */
  readonly record?: ClusterSnapshot;
  /** Kinds (`group/Kind`) that the recorded cluster had and its record does not show; none by default. */
  readonly unread?: ReadonlySet<string>;
  /** What its version writes; by default what the newest does. */
  readonly features?: Features;
  /** How its cluster autoscaler works, where otherwise than by default. */
  readonly autoscaler?: AutoscalerOptions;
  /** How its scheduler works, where otherwise than by default. */
  readonly scheduler?: SchedulerOptions;
  /** Signs of life of nodes, usage and logs of what runs on them. */
  readonly kubelets: NodeAgents;
}
