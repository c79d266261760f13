/** How much the programs of a cluster use over time: shares of what they request, which rise and fall with the hour, spread over the pods that serve. */
import type { Deployment } from '../../../model/kinds.ts';
import { DEPLOYMENTS } from '../../api/built-in-types.ts';
import type { BehaviourRow } from '../../kubelet/behaviour-table.ts';
import type { ContainerPlace, UsageCurve } from '../../kubelet/behaviour.ts';
import type { SimulatedCluster } from '../../simulated-cluster.ts';
import type { Amounts } from './amounts.ts';

const DAY_MS = 86_400_000;
/** Memory rises to its level while caches fill. */
const WARM_UP_MS = 120_000;

/** What one container of a workload uses. */
export interface Demand {
  /** Per pod, as requested when it was sized. */
  readonly requested: Amounts;
  /** Of the CPU, on average over a day. */
  readonly cpuShare: number;
  /** Of the memory, once caches are full. */
  readonly memoryShare: number;
  /** How far it rises and falls, as a share of the mean. */
  readonly amplitude: number;
  /** When in the day it is highest, 0..1. */
  readonly peakAt: number;
  /** Pods among which the CPU was shared out when it was sized; `undefined` where each pod has its own work. */
  readonly sharedBy: number | undefined;
}

/** The demand of all containers of a cluster. */
export class Traffic {
  readonly #demands = new Map<string, Demand>();

  /** `workload` as `Kind/name`. */
  set(namespace: string, workload: string, container: string, demand: Demand): void {
    this.#demands.set(`${namespace} ${workload} ${container}`, demand);
  }

  /** As rows of a cluster's behaviours. */
  rowOf(cluster: () => SimulatedCluster): BehaviourRow {
    return {
      container: (place) => {
        const demand = this.#demands.get(`${place.namespace} ${place.workload} ${place.container}`);
        return demand === undefined ? undefined : { usage: curveOf(demand, place, cluster) };
      },
    };
  }
}

function curveOf(demand: Demand, place: ContainerPlace, cluster: () => SimulatedCluster): UsageCurve {
  const { requested, cpuShare, memoryShare, amplitude, peakAt, sharedBy } = demand;
  const peakMemoryBytes = Math.floor(requested.memoryBytes * memoryShare);
  const curve = (sinceStartMs: number) => {
    const { clock } = cluster();
    const phase = (clock.now % DAY_MS) / DAY_MS - peakAt;
    const wave = 1 + amplitude * Math.cos(2 * Math.PI * phase);
    const spread = sharedBy === undefined ? 1 : sharedBy / Math.max(1, readyPods(cluster(), place) ?? sharedBy);
    const warm = 0.7 + 0.3 * Math.min(1, sinceStartMs / WARM_UP_MS);
    return {
      cpuMillis: Math.ceil(requested.cpuMillis * cpuShare * wave * spread),
      memoryBytes: Math.floor(peakMemoryBytes * warm),
    };
  };
  return Object.assign(curve, { peakMemoryBytes });
}

function readyPods({ api: { store } }: SimulatedCluster, { namespace, workload }: ContainerPlace): number | undefined {
  const [kind, name = ''] = workload.split('/');
  const found: Deployment | undefined = kind === 'Deployment' ? store.get(DEPLOYMENTS, namespace, name) : undefined;
  return found?.status?.readyReplicas;
}
