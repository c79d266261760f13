/** Machines of node pools: requesting one, what it offers as a Node, and giving it back. */
import type { NodePool } from '../../cloud/cloud.ts';
import { machineType } from '../../cloud/machine-types.ts';
import { quotaNeedOfNode } from '../../cloud/quota-need.ts';
import type { NodeOptions } from '../kubelet/node-registration.ts';
import type { QuotaExceeded, SimulatedCloud } from './simulated-cloud.ts';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** Label that says which pool a node belongs to. */
export const NODE_POOL = 'cloud.google.com/gke-nodepool';

/** The node that a machine of a pool becomes, in a zone of it. */
export function nodeOptionsOf(cloud: SimulatedCloud, pool: NodePool, zone: string, name: string): NodeOptions {
  const type = machineType(pool.machineType);
  const vcpus = type?.vcpus ?? 4;
  const memoryBytes = type?.memoryBytes ?? 16 * GIB;
  return {
    name,
    zone,
    region: cloud.region,
    instanceType: pool.machineType,
    providerId: `gce://${cloud.project}/${zone}/${name}`,
    labels: { [NODE_POOL]: pool.name, ...(pool.spot ? { 'cloud.google.com/gke-spot': 'true' } : {}) },
    capacity: {
      cpu: String(vcpus),
      // Firmware and kernel keep some of it, about 1.6 %.
      memory: `${Math.floor((memoryBytes * 0.984) / 1024)}Ki`,
      'ephemeral-storage': `${pool.diskSizeGb}Gi`,
      pods: String(pool.maxPodsPerNode ?? 110),
    },
    reserved: {
      cpu: `${reservedCpuMillis(vcpus)}m`,
      memory: `${Math.floor(reservedMemoryBytes(memoryBytes) / 1024)}Ki`,
      'ephemeral-storage': `${Math.floor(pool.diskSizeGb * 0.5)}Gi`,
    },
  };
}

/** CPU that GKE keeps, in thousandths. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes */
function reservedCpuMillis(vcpus: number): number {
  const share = [60, 10, 5, 5];
  const first = share.slice(0, vcpus).reduce((sum, millis) => sum + millis, 0);
  return Math.round(first + Math.max(0, vcpus - 4) * 2.5);
}

/** Memory that GKE keeps, and the kubelet's threshold of eviction. Source: as {@link reservedCpuMillis} */
function reservedMemoryBytes(bytes: number): number {
  const tiers = [
    [4 * GIB, 0.25],
    [4 * GIB, 0.2],
    [8 * GIB, 0.1],
    [112 * GIB, 0.06],
    [Infinity, 0.02],
  ] as const;
  let left = bytes;
  let reserved = bytes < GIB ? 255 * MIB : 0;
  for (const [size, share] of bytes < GIB ? [] : tiers) {
    reserved += Math.min(left, size) * share;
    left = Math.max(0, left - size);
  }
  return reserved + 100 * MIB;
}

/** Books a machine of a pool. @returns the quota that refuses it */
export function takeMachine(cloud: SimulatedCloud, pool: NodePool): QuotaExceeded | undefined {
  return cloud.take(quotaNeedOfNode(pool));
}

/** Gives a machine of a pool back. */
export function releaseMachine(cloud: SimulatedCloud, pool: NodePool): void {
  cloud.release(quotaNeedOfNode(pool));
}

/** Name of the managed instance group of a pool in a zone: 8 hexadecimal digits tell them apart. */
export function groupNameOf(cloud: SimulatedCloud, pool: NodePool, zone: string): string {
  const cluster = cloud.snapshot.cluster?.name ?? 'cluster';
  return `gke-${cluster.slice(0, 20)}-${pool.name.slice(0, 16)}-${hexOf(`${cluster}/${pool.name}/${zone}`)}-grp`;
}

/** FNV-1a, 32 bits. */
function hexOf(text: string): string {
  let hash = 2_166_136_261;
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 16_777_619) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
