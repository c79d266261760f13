/** A running twin of a recorded cluster. */
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';

/** Something that the record does not tell, which the twin had to assume. */
export interface Assumption {
  /** `Deployment shop/web`, `quota CPUS`, `kind ReplicaSet`. */
  readonly about: string;
  /** What was assumed, and for want of what. */
  readonly message: string;
  /** What a rehearsal on the twin is less sure of. */
  readonly effect: string;
  /** How much less of what it foretells about this is to be believed, 0..1. */
  readonly confidenceLoss: number;
}

/** A cluster that goes on where the record ends, and what is less sure about it. */
export interface Twin {
  readonly cluster: SimulatedCluster;
  readonly assumptions: readonly Assumption[];
  /** 0..1: product of what the assumptions leave. */
  readonly confidence: number;
}

/** Makes a twin that begins as the snapshot was; same seed, same history. */
export function simulate(snapshot: ClusterSnapshot, { seed = '0' }: { readonly seed?: string } = {}): Twin {
  const cluster = new SimulatedCluster({ seed, snapshot });
  const assumptions: readonly Assumption[] = [...cluster.idleControllers].map(([name, kinds]) => ({
    about: `controller ${name}`,
    message: `stays off, since these kinds were not read: ${kinds.join(', ')}`,
    effect: 'what it would make, change or delete does not happen in the twin',
    confidenceLoss: 0.2,
  }));
  return {
    cluster,
    assumptions,
    confidence: assumptions.reduce((left, { confidenceLoss }) => left * (1 - confidenceLoss), 1),
  };
}
