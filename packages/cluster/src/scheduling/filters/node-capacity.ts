/**
 * Filters on what is left of a node: resources, pod count, host ports.
 * Source: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
 */
import type { NodeLedger } from '../node-state.ts';
import type { HostPort, PodProfile } from '../pod-profile.ts';
import type { Node } from '../../model/kinds.ts';
import { resourcesOf, type Resources } from '../resources.ts';
import { refusal, type Refusal } from './refusal.ts';

const PORTS = refusal('NodePorts', "node(s) didn't have free ports for the requested pod ports", true);

/** Whether requests and one more pod fit; the fast form of {@link nodeResourcesFit}. */
export function hasRoom(requests: Resources, node: NodeLedger): boolean {
  const { cpuMillis, memoryBytes, others } = requests;
  if (node.podCount >= node.podLimit) return false;
  if (cpuMillis > 0 && cpuMillis > node.allocatable.cpuMillis - node.usedCpuMillis) return false;
  if (memoryBytes > 0 && memoryBytes > node.allocatable.memoryBytes - node.usedMemoryBytes) return false;
  if (others.size === 0) return true;
  for (const [name, amount] of others) if (lacks(node, name, amount)) return false;
  return true;
}

/** Every resource that is short; `Too many pods` where the node is full by count. */
export function nodeResourcesFit(requests: Resources, node: NodeLedger): Refusal | undefined {
  if (hasRoom(requests, node)) return undefined;
  const { cpuMillis, memoryBytes, others } = requests;
  const { allocatable } = node;
  const reasons: string[] = [];
  let preemptible = true;
  const short = (name: string, amount: number, all: number) => {
    reasons.push(`Insufficient ${name}`);
    // More than an empty node has: no eviction helps.
    if (amount > all) preemptible = false;
  };
  if (node.podCount >= node.podLimit) reasons.push('Too many pods');
  if (cpuMillis > 0 && cpuMillis > allocatable.cpuMillis - node.usedCpuMillis)
    short('cpu', cpuMillis, allocatable.cpuMillis);
  if (memoryBytes > 0 && memoryBytes > allocatable.memoryBytes - node.usedMemoryBytes)
    short('memory', memoryBytes, allocatable.memoryBytes);
  for (const [name, amount] of others)
    if (lacks(node, name, amount)) short(name, amount, allocatable.others.get(name) ?? 0);
  return { filter: 'NodeResourcesFit', reasons, preemptible };
}

/** Two pods cannot take one port on overlapping addresses. */
export function nodePorts(pod: PodProfile, node: NodeLedger): Refusal | undefined {
  return pod.hostPorts.some((port) => node.portsAt(port)?.some((taken) => overlap(port, taken)) === true)
    ? PORTS
    : undefined;
}

function lacks(node: NodeLedger, name: string, amount: number): boolean {
  return amount > 0 && amount > (node.allocatable.others.get(name) ?? 0) - node.used(name);
}

/** An empty address is all of them. */
function overlap(a: HostPort, b: HostPort): boolean {
  return a.ip === '' || b.ip === '' || a.ip === b.ip;
}

/** Whether even without any pod a node has too little. */
export function nodeResourcesShort({ cpuMillis, memoryBytes, others }: Resources, { status }: Node): boolean {
  const all = resourcesOf(status?.allocatable ?? status?.capacity);
  if (cpuMillis > all.cpuMillis || memoryBytes > all.memoryBytes) return true;
  return [...others].some(([name, amount]) => amount > (all.others.get(name) ?? 0));
}
