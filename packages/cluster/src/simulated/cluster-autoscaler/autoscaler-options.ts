/** How the cluster autoscaler works; by default as GKE runs it. */
import type { CloudSnapshot } from '../../cloud/cloud.ts';

/** By what it chooses among node pools that would help. */
export type Expander = 'random' | 'least-waste' | 'price' | 'priority';

/** What is to be otherwise than by default. */
export interface AutoscalerOptions {
  /** Default `price`: the cheapest that helps, as GKE does; `random` draws by the cluster's seed. */
  readonly expander?: Expander;
  /** For `priority`: the higher, the sooner; by pool. Pools that are not named come last. */
  readonly priorities?: Readonly<Record<string, number>>;
}

const MINUTE_MS = 60_000;

/** Times and thresholds. Source: https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md */
export const SCAN_MS = 10_000;
export const FIRST_BACK_OFF_MS = 5 * MINUTE_MS;
export const LONGEST_BACK_OFF_MS = 30 * MINUTE_MS;
export const BACK_OFF_RESET_MS = 180 * MINUTE_MS;
export const PROVISION_MS = 15 * MINUTE_MS;
export const DELAY_AFTER_ADD_MS = 10 * MINUTE_MS;
export const DELAY_AFTER_FAILURE_MS = 3 * MINUTE_MS;
/** Between two equal events of a pod that goes on waiting, once its burst is told: the recorder drops more than that. */
export const LONGEST_SILENCE_MS = 5 * MINUTE_MS;

/** When a node is not needed. */
export interface ScaleDownProfile {
  /** Requests ÷ allocatable below which a node is looked at, the larger of CPU and memory. */
  readonly threshold: number;
  /** How long it must be unneeded. */
  readonly unneededMs: number;
}

/**
 * By the cluster's profile; clusters in Autopilot mode optimize utilization.
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler#autoscaling_profiles
 */
export function profileOf({ cluster }: Pick<CloudSnapshot, 'cluster'>): ScaleDownProfile {
  return cluster?.autoscalingProfile === 'OPTIMIZE_UTILIZATION' || cluster?.autopilot === true
    ? { threshold: 0.85, unneededMs: 2 * MINUTE_MS }
    : { threshold: 0.5, unneededMs: 10 * MINUTE_MS };
}
