/** Brings faults about. */
import { createRandom } from '../clock/random.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { checkParameters, type BroughtFault, type FaultKind, type ParameterValues } from './fault.ts';
import { FaultSite } from './fault-site.ts';

/** Where and how. */
export interface FaultPlace {
  /** Shared by the faults of one cluster, so that they do not meet by chance; default a new one. */
  readonly site?: FaultSite;
  /** `namespace/name` of the workload, or name of the node, that it shall befall; by default one is drawn. */
  readonly target?: string;
  /** Laid over the kind's defaults. */
  readonly parameters?: ParameterValues;
  /** For the draws of a new site. Default `0`. */
  readonly seed?: string;
}

/** A fault that was brought about, with its kind and the values that held. */
export interface InjectedFault extends BroughtFault {
  readonly kind: string;
  readonly parameters: ParameterValues;
  /** Epoch milliseconds of the cluster. */
  readonly at: number;
}

/**
 * Brings a fault about now.
 * @throws NoTargetError where the cluster has nothing that it could befall
 * @throws RangeError for parameters out of their ranges
 */
export function injectFault(cluster: SimulatedCluster, kind: FaultKind, place: FaultPlace = {}): InjectedFault {
  const parameters = checkParameters(kind, place.parameters ?? {});
  const shared = place.site ?? new FaultSite(cluster, createRandom(place.seed ?? '0').fork('faults'));
  const site = place.target === undefined ? shared : shared.aimedAt(place.target);
  const at = cluster.clock.now;
  // What repairs of earlier faults touched is none of this one's.
  site.takeTouched();
  const taken = new Set(site.taken);
  try {
    return { kind: kind.name, parameters, at, ...kind.bring(site, parameters) };
  } catch (error) {
    // What it had picked before it found that something else is missing is open to others again.
    for (const one of site.taken) if (!taken.has(one)) site.taken.delete(one);
    throw error;
  }
}
