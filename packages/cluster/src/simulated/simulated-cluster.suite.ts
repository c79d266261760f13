/** Clusters for tests. */
import { NAMESPACES } from './api/built-in-types.ts';
import { SimulatedCluster, type SimulationOptions } from './simulated-cluster.ts';

/** How a test wants its cluster. */
export interface TestClusterOptions extends SimulationOptions {
  /** Made at once; default `['shop']`. */
  readonly namespaces?: readonly string[];
}

/** A cluster with namespaces; nothing has happened in them yet. */
export function newCluster({ namespaces = ['shop'], ...options }: TestClusterOptions = {}): SimulatedCluster {
  const cluster = new SimulatedCluster(options);
  for (const name of namespaces)
    cluster.api.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return cluster;
}
