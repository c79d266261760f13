/** What is wanted of a cluster, and how much of it is so. */

/** What somebody wants to be there. */
export interface Wanted {
  /** `Deployment shop/web`; node pools as `NodePool general`. */
  readonly entity: string;
  /** Fewer pods (or ready nodes) than so many are a failure however they fare; 0 for what is wanted at any size. */
  readonly replicas: number;
  /** Of Services: the outside shall reach it. */
  readonly isExposed?: boolean;
  /** Of Ingresses: the Services that it leads to, as `namespace/name`. */
  readonly backends?: readonly string[];
}

/** One thing that is wanted and is not as wanted. */
export interface Shortfall {
  readonly entity: string;
  readonly reason: 'deleted' | 'scaled-down' | 'not-succeeding';
  /** In words: `2 of 3 pods are ready`. */
  readonly message: string;
}

/** A judgement. */
export interface WorkloadHealth {
  /** Share of what is wanted that is as wanted, 0..1; 1 where nothing is wanted. */
  readonly share: number;
  readonly shortfalls: readonly Shortfall[];
}
