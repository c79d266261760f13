/** A running twin of a recorded cluster. */
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';
import { assumptionsOf, type Assumption } from './assumptions.ts';
import { recordedCalls } from './recorded-calls.ts';
import { recordedLoads } from './recorded-loads.ts';
import { recordedMetrics } from './recorded-metrics.ts';
import { recordedVolumes } from './recorded-volumes.ts';
import { recordedWebhooks } from './recorded-webhooks.ts';

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
  for (const row of [
    recordedWebhooks(snapshot, cluster.api.store),
    recordedVolumes(snapshot, cluster.api.store),
    recordedMetrics(snapshot, cluster.api.store),
  ])
    if (row !== undefined) cluster.behave(row);
  cluster.kubelets.forgetCalls(recordedCalls(snapshot, cluster.api.store));
  cluster.kubelets.shareLoads(recordedLoads(snapshot, cluster.api.store));
  const assumptions = assumptionsOf(snapshot, cluster);
  return {
    cluster,
    assumptions,
    confidence: assumptions.reduce((left, { confidenceLoss }) => left * (1 - confidenceLoss), 1),
  };
}
