/** What a pod asks a node for, by the scheduler's arithmetic, for the two resources that a finding names. */
import { amountOf, formatCpu, type Container, type Pod } from '@aia/cluster';
import { memoryText } from './container-memory.ts';

export interface PodRequests {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

/**
 * Sum over containers and sidecars, or the largest moment of initialisation where that is more, plus overhead. Requests
 * of the pod as a whole win. Source: https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers
 */
export function requestsOf(pod: Pod): PodRequests {
  return { cpuMillis: requestOf(pod, 'cpu'), memoryBytes: requestOf(pod, 'memory') };
}

/** `2500m CPU and 4Gi memory`, or `no CPU or memory`. */
export function requestsText({ cpuMillis, memoryBytes }: PodRequests): string {
  const parts = [
    cpuMillis > 0 ? `${formatCpu(cpuMillis)} CPU` : '',
    memoryBytes > 0 ? `${memoryText(memoryBytes)} memory` : '',
  ];
  return parts.filter((part) => part !== '').join(' and ') || 'no CPU or memory';
}

function requestOf({ spec }: Pod, resource: 'cpu' | 'memory'): number {
  const overhead = amount(spec?.overhead?.[resource], resource);
  const whole = (spec as { resources?: Container['resources'] } | undefined)?.resources?.requests?.[resource];
  if (whole !== undefined) return amount(whole, resource) + overhead;
  const of = (container: Container) => amount(container.resources?.requests?.[resource], resource);
  let sidecars = 0;
  let starting = 0;
  for (const init of spec?.initContainers ?? []) {
    if (init.restartPolicy === 'Always') starting = Math.max(starting, (sidecars += of(init)));
    else starting = Math.max(starting, sidecars + of(init));
  }
  const running = (spec?.containers ?? []).reduce((sum, container) => sum + of(container), sidecars);
  return Math.max(running, starting) + overhead;
}

function amount(quantity: unknown, resource: string): number {
  return typeof quantity === 'string' || typeof quantity === 'number' ? (amountOf(resource, quantity) ?? 0) : 0;
}
