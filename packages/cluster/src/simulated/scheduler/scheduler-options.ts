/** How the scheduler works; by default as `kube-scheduler` does without configuration. */
export interface SchedulerOptions {
  /**
   * A search ends when so many nodes, in percent of all, take the pod; 0 (default) for the formula of Kubernetes, which goes with the size
   * of the cluster, 100 for all. Source: https://kubernetes.io/docs/concepts/scheduling-eviction/scheduler-perf-tuning/
   */
  readonly percentageOfNodesToScore?: number;
  /**
   * Whether pods that back off are tried before their time when nothing else is to do, as since 1.33 (`SchedulerPopFromBackoffQ`);
   * default `true`.
   */
  readonly popsFromBackOff?: boolean;
}
