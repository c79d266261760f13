/** Whose last words are worth reading: containers that keep crashing. */
import type { Pod } from '../model/kinds.ts';
import { compare } from '../model/order.ts';

/** A container that keeps crashing. */
export interface CrashingContainer {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Same for the replicas of one workload. */
  readonly workload: string;
}

/** Crash-looping containers in a stable order, each workload's first replica before its second. */
export function crashingContainers(pods: readonly Pod[], limit: number): readonly CrashingContainer[] {
  const seen = new Map<string, number>();
  return pods
    .flatMap(crashing)
    .sort((a, b) => compare(`${a.namespace}/${a.pod}/${a.container}`, `${b.namespace}/${b.pod}/${b.container}`))
    .map((target) => {
      const key = `${target.workload}/${target.container}`;
      const turn = seen.get(key) ?? 0;
      seen.set(key, turn + 1);
      return { target, turn };
    })
    .sort((a, b) => a.turn - b.turn)
    .slice(0, limit)
    .map(({ target }) => target);
}

function crashing(pod: Pod): CrashingContainer[] {
  const { name, namespace = '', ownerReferences } = pod.metadata;
  const workload = `${namespace}/${ownerReferences?.[0]?.uid ?? name}`;
  return [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])]
    .filter(({ state, lastState, restartCount }) => {
      if (state?.waiting?.reason === 'CrashLoopBackOff') return true;
      return restartCount > 0 && state?.running === undefined && (lastState?.terminated?.exitCode ?? 0) !== 0;
    })
    .map((status) => ({ namespace, pod: name, container: status.name, workload }));
}
