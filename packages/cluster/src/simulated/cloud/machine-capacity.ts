/**
 * What a machine of GKE has, and what of it is kept from pods.
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes
 */
import type { NodePool } from '../../cloud/cloud.ts';
import { machineType, type MachineType } from '../../cloud/machine-types.ts';
import { formatBytes } from '../../model/quantity.ts';
import type { NodeOptions } from '../kubelet/node-registration.ts';

const GIB = 2 ** 30;
const MIB = 2 ** 20;
const LOCAL_SSD_GIB = 375;
/** Pods that a node takes where the pool does not say. */
const DEFAULT_PODS = 110;
/** The part of memory that Linux reports on a machine: firmware and kernel keep the rest. */
const REPORTED_MEMORY = 0.9767;
const EVICTION_MEMORY = 100 * MIB;
/** Of the boot disk, what its system partitions take, and the file system's own share of the rest. */
const SYSTEM_PARTITIONS = 5.147 * GIB;
const FILE_SYSTEM = 0.994;
const EVICTION_DISK = 0.1;

/** What is assumed of machine types that are not known. */
const UNKNOWN_TYPE: MachineType = {
  family: '',
  vcpus: 4,
  sustainedMillis: 4000,
  memoryBytes: 16 * GIB,
  gpus: undefined,
};

/** Amounts of a node of a pool. */
export function capacityOf(pool: NodePool): Required<Pick<NodeOptions, 'capacity' | 'reserved'>> {
  const type = machineType(pool.machineType) ?? UNKNOWN_TYPE;
  const memory = Math.floor((type.memoryBytes * REPORTED_MEMORY) / 1024) * 1024;
  const disk = diskOf(pool);
  const gpus = gpusOf(pool);
  const pods = pool.maxPodsPerNode ?? DEFAULT_PODS;
  return {
    capacity: {
      cpu: String(type.vcpus),
      memory: formatBytes(memory),
      'ephemeral-storage': formatBytes(disk.capacity),
      pods: String(pods),
      ...(gpus > 0 && { 'nvidia.com/gpu': String(gpus) }),
    },
    reserved: {
      cpu: `${reservedCpuMillis(type, pods)}m`,
      memory: formatBytes(Math.ceil(reservedMemoryBytes(memory) / 1024) * 1024),
      'ephemeral-storage': String(Math.ceil(disk.reserved)),
    },
  };
}

/** GPUs of each node: those of the machine type, else those attached to it. */
export function gpusOf({ machineType: name, accelerators = [] }: Pick<NodePool, 'machineType' | 'accelerators'>) {
  return machineType(name)?.gpus?.count ?? accelerators.reduce((sum, { count }) => sum + count, 0);
}

/** In thousandths: 6 % of the first core, 1 % of the next, 0.5 % of the next two, 0.25 % of all above. */
export function reservedCpuMillis({ vcpus, sustainedMillis }: MachineType, pods = DEFAULT_PODS): number {
  // Shared-core machines report two CPUs of which they have less.
  if (sustainedMillis < vcpus * 1000 && vcpus === 2) return 1060;
  const first = [60, 10, 5, 5].slice(0, vcpus).reduce((sum, millis) => sum + millis, 0);
  return Math.round(first + Math.max(0, vcpus - 4) * 2.5) + (pods > DEFAULT_PODS ? 400 : 0);
}

const MEMORY_TIERS = [
  [4 * GIB, 0.25],
  [4 * GIB, 0.2],
  [8 * GIB, 0.1],
  [112 * GIB, 0.06],
  [Infinity, 0.02],
] as const;

/** 255 MiB below 1 GiB, else in tiers; and 100 MiB under which pods are evicted. */
export function reservedMemoryBytes(bytes: number): number {
  if (bytes < GIB) return 255 * MIB + EVICTION_MEMORY;
  let left = bytes;
  let reserved = EVICTION_MEMORY;
  for (const [size, share] of MEMORY_TIERS) {
    reserved += Math.min(left, size) * share;
    left = Math.max(0, left - size);
  }
  return reserved;
}

/** The boot disk, or the local SSDs where they hold what pods write. */
function diskOf({ diskSizeGb, localSsds = 0 }: NodePool): { readonly capacity: number; readonly reserved: number } {
  if (localSsds > 0) {
    const capacity = localSsds * LOCAL_SSD_GIB * GIB * FILE_SYSTEM;
    return { capacity, reserved: EVICTION_DISK * capacity + reservedOnSsds(localSsds) };
  }
  const size = diskSizeGb * GIB;
  const capacity = Math.max(GIB, Math.floor((size * FILE_SYSTEM - SYSTEM_PARTITIONS) / 1024) * 1024);
  return { capacity, reserved: EVICTION_DISK * capacity + Math.min(0.5 * size, 6 * GIB + 0.35 * size, 100 * GIB) };
}

function reservedOnSsds(count: number): number {
  return ([0, 50, 75][count] ?? 100) * GIB;
}
