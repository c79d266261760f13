/** What a pod's status says to the controllers that count pods. Source: `k8s.io/kubernetes/pkg/api/v1/pod`, `pkg/controller`. */
import type { Pod } from '../../model/kinds.ts';
import { isFinished } from '../../scheduling/pod-owner.ts';

/** Neither finished nor being deleted. */
export function isActive(pod: Pod): boolean {
  return !isFinished(pod) && pod.metadata.deletionTimestamp === undefined;
}

/** Being deleted and not finished yet. */
export function isTerminating(pod: Pod): boolean {
  return !isFinished(pod) && pod.metadata.deletionTimestamp !== undefined;
}

export function isReady(pod: Pod): boolean {
  return readyCondition(pod)?.status === 'True';
}

/** Epoch milliseconds since when it is ready, in whole seconds; `undefined` while it is not, or where its status does not say. */
export function readySince(pod: Pod): number | undefined {
  const ready = readyCondition(pod);
  if (ready?.status !== 'True' || ready.lastTransitionTime === undefined) return undefined;
  return Date.parse(ready.lastTransitionTime);
}

/** When a ready pod has been so for `minReadySeconds`; `undefined` while it is not ready. */
function availableFrom(pod: Pod, minReadySeconds: number): number | undefined {
  if (!isReady(pod)) return undefined;
  if (minReadySeconds === 0) return 0;
  const since = readySince(pod);
  return since === undefined ? undefined : since + minReadySeconds * 1000;
}

export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  const from = availableFrom(pod, minReadySeconds);
  return from !== undefined && from <= now;
}

/** Milliseconds until the next of these pods becomes available by waiting alone. */
export function nextAvailability(pods: Iterable<Pod>, minReadySeconds: number, now: number): number | undefined {
  if (minReadySeconds === 0) return undefined;
  let next: number | undefined;
  for (const pod of pods) {
    const from = availableFrom(pod, minReadySeconds);
    if (from !== undefined && from > now) next = Math.min(next ?? Infinity, from - now);
  }
  return next;
}

function readyCondition(pod: Pod) {
  return pod.status?.conditions?.find(({ type }) => type === 'Ready');
}
