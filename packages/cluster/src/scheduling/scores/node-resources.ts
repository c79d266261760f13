/**
 * How well a node's CPU and memory suit a pod.
 * Source: https://kubernetes.io/docs/reference/scheduling/config/#scheduling-plugins; `plugins/noderesources` of Kubernetes 1.36
 */
import type { NodeLedger } from '../node-state.ts';
import type { ScoredRequests } from '../pod-requests.ts';
import type { Resources } from '../resources.ts';

/** The best that a plugin can say of a node. */
export const BEST = 100;

/** `NodeResourcesFit` by the strategy `LeastAllocated`: the mean of what is left free of CPU and memory, 0 to 100. */
export function leastAllocated(pod: ScoredRequests, { allocatable, scored }: NodeLedger): number {
  const cpu = freeShare(scored.cpuMillis + pod.cpuMillis, allocatable.cpuMillis);
  const memory = freeShare(scored.memoryBytes + pod.memoryBytes, allocatable.memoryBytes);
  if (allocatable.cpuMillis === 0) return allocatable.memoryBytes === 0 ? 0 : memory;
  return allocatable.memoryBytes === 0 ? cpu : Math.trunc((cpu + memory) / 2);
}

function freeShare(requested: number, allocatable: number): number {
  if (allocatable === 0 || requested > allocatable) return 0;
  return Math.trunc(((allocatable - requested) * BEST) / allocatable);
}

/**
 * `NodeResourcesBalancedAllocation`: 75 where the pod leaves the balance of CPU and memory as it is, up to 100 where it mends it and down
 * to 50 where it spoils it (since 1.36; before, only the balance with the pod counted).
 */
export function balancedAllocation({ cpuMillis, memoryBytes }: Resources, node: NodeLedger): number {
  const after = balance(node, node.usedCpuMillis + cpuMillis, node.usedMemoryBytes + memoryBytes);
  const before = balance(node, node.usedCpuMillis, node.usedMemoryBytes);
  return BEST / 2 + Math.trunc((BEST / 2 + after - before) / 2);
}

/** The standard deviation of the two shares is half their distance. */
function balance({ allocatable }: NodeLedger, cpuMillis: number, memoryBytes: number): number {
  if (allocatable.cpuMillis === 0 || allocatable.memoryBytes === 0) return BEST;
  const cpu = Math.min(1, cpuMillis / allocatable.cpuMillis);
  const memory = Math.min(1, memoryBytes / allocatable.memoryBytes);
  return Math.trunc((1 - Math.abs((cpu - memory) / 2)) * BEST);
}
