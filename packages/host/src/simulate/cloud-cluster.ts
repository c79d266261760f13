/** An empty cluster in a cloud like Google's. */
import { DEFAULT_LIMITS, GKE_STORAGE_CLASSES, machineType, newCloud, SimulatedCluster } from '@aia/cluster';

const MACHINE = 'e2-standard-4';
const DISK_GB = 100;

/** One node pool of so many nodes, which grows and never shrinks below them, and the storage classes of GKE. */
export function cloudCluster(seed: string, startAt: number, nodes: number): SimulatedCluster {
  const maxNodes = Math.max(9, 3 * nodes);
  const pool = {
    name: 'default-pool',
    machineType: MACHINE,
    diskSizeGb: DISK_GB,
    initialNodes: nodes,
    autoscaling: { minNodes: nodes, maxNodes },
  };
  const cloud = newCloud({ nodePools: [pool], limits: limitsFor(maxNodes) });
  const cluster = new SimulatedCluster({ seed, startAt, cloud });
  const type = cluster.api.types.byKind('storage.k8s.io', 'StorageClass');
  for (const one of GKE_STORAGE_CLASSES) if (type !== undefined) cluster.api.create(type, one);
  return cluster;
}

/** Quotas that let the pool grow to its maximum: a project of its size has asked for as much. */
function limitsFor(nodes: number): Readonly<Record<string, number>> {
  const cpus = nodes * (machineType(MACHINE)?.vcpus ?? 0);
  const needs = { CPUS: cpus, 'global/CPUS_ALL_REGIONS': cpus, INSTANCES: nodes, SSD_TOTAL_GB: nodes * DISK_GB };
  return Object.fromEntries(
    Object.entries(needs).map(([metric, need]) => [metric, Math.max(need, DEFAULT_LIMITS[metric] ?? 0)]),
  );
}
