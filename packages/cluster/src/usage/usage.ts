/** History of CPU and memory per container, and what may be concluded from it. */

/** Samples of one quantity of one container, oldest first. */
export interface UsageSeries {
  /** Epoch milliseconds, ascending. */
  readonly times: readonly number[];
  /** CPU in millicores, memory in bytes; same length as `times`. */
  readonly values: readonly number[];
}

/** What is known of one container of one pod. */
export interface ContainerUsage {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly cpu: UsageSeries | undefined;
  /** Working set. */
  readonly memory: UsageSeries | undefined;
}

/** All usage known about a cluster; `sources` names where it came from (`prometheus`, `metrics-api`). */
export interface UsageHistory {
  readonly sources: readonly string[];
  readonly containers: readonly ContainerUsage[];
}

/** No usage known. */
export const NO_USAGE: UsageHistory = Object.freeze({ sources: [], containers: [] });
