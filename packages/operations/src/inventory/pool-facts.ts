/** Node pools: how many machines, and what is asked of them and used. */
import { cpuMillisExact, nodePoolOf, wholeUnits, type NodePool, type NodeState } from '@aia/cluster';
import type { NodePoolFacts } from '@aia/contract';
import { isReady } from '../diagnose/conditions.ts';
import type { Examination } from '../diagnose/examination.ts';

/** By name; nodes of no pool under `''`. */
export function poolFacts({ snapshot, world }: Examination): readonly NodePoolFacts[] {
  const metrics = new Map(snapshot.list('NodeMetrics').map((one) => [one.metadata.name, one.usage]));
  const declared = new Map((snapshot.cloud.cluster?.nodePools ?? []).map((pool) => [pool.name, pool]));
  const groups = Map.groupBy(world.nodes, ({ node }) => nodePoolOf(node));
  const names = [...new Set([...groups.keys(), ...declared.keys()])].sort();
  return names.map((name) => {
    const nodes = groups.get(name) ?? [];
    const used = nodes.map((state) => metrics.get(state.name));
    const isMeasured = nodes.length > 0 && used.every((one) => one !== undefined);
    const cpuUsed = sum(used.map((one) => cpuMillisExact(one?.cpu ?? 0) ?? 0));
    const memoryUsed = sum(used.map((one) => wholeUnits(one?.memory ?? 0) ?? 0));
    return {
      name,
      ...machineOf(nodes, declared.get(name)),
      nodes: nodes.length,
      ready: nodes.filter(({ node }) => isReady(node)).length,
      ...boundsOf(declared.get(name)),
      cpuMillis: {
        allocatable: sum(nodes.map(({ allocatable }) => allocatable.cpuMillis)),
        requested: sum(nodes.map(({ requested }) => requested.cpuMillis)),
        ...(isMeasured && { used: cpuUsed }),
      },
      memoryBytes: {
        allocatable: sum(nodes.map(({ allocatable }) => allocatable.memoryBytes)),
        requested: sum(nodes.map(({ requested }) => requested.memoryBytes)),
        ...(isMeasured && { used: memoryUsed }),
      },
    };
  });
}

function machineOf(nodes: readonly NodeState[], pool: NodePool | undefined): Pick<NodePoolFacts, 'machineType'> {
  const label = nodes[0]?.node.metadata.labels?.['node.kubernetes.io/instance-type'];
  const machineType = pool?.machineType ?? label;
  return machineType === undefined ? {} : { machineType };
}

function boundsOf(pool: NodePool | undefined): Pick<NodePoolFacts, 'bounds'> {
  return pool?.autoscaling === undefined ? {} : { bounds: `${pool.autoscaling.minNodes}–${pool.autoscaling.maxNodes}` };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
