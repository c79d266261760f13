/** An empty cluster in a cloud like Google's. */
import { newCloud, SimulatedCluster } from '@aia/cluster';

/** One node pool of so many nodes, which grows and shrinks. */
export function cloudCluster(seed: string, startAt: number, nodes: number): SimulatedCluster {
  const pool = {
    name: 'default-pool',
    initialNodes: nodes,
    autoscaling: { minNodes: Math.min(1, nodes), maxNodes: Math.max(9, 3 * nodes) },
  };
  return new SimulatedCluster({ seed, startAt, cloud: newCloud({ nodePools: [pool] }) });
}
