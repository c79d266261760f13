/** Whether what befell a cluster is resolved. */
import type { InjectedFault } from '../faults/inject.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { Wanted, WorkloadHealth } from './health.ts';
import { healthOf } from './oracle.ts';

/** What is to be judged; scenarios are. */
export interface Case {
  readonly cluster: SimulatedCluster;
  readonly wanted: readonly Wanted[];
  readonly faults: readonly InjectedFault[];
}

/** How a cluster is. */
export interface Judgement {
  readonly health: WorkloadHealth;
  /** Faults whose cause is still there although workloads may not show it: a quota without room, a certificate that ends soon. */
  readonly openFaults: readonly InjectedFault[];
  /** All that is wanted is as wanted, and no cause is left. */
  readonly isResolved: boolean;
}

export function judge({ cluster, wanted, faults }: Case): Judgement {
  const health = healthOf(cluster, wanted);
  const openFaults = faults.filter((fault) => fault.isGone?.(cluster) === false);
  return { health, openFaults, isResolved: health.shortfalls.length === 0 && openFaults.length === 0 };
}

/** Whether all that is wanted is as wanted again, and no fault's cause is left. */
export function isResolved(one: Case): boolean {
  return judge(one).isResolved;
}
