/** When what led to a change of endpoints happened. Source: `staging/src/k8s.io/endpointslice/trigger_time_tracker.go` */
import type { Pod, Service } from '../../../model/kinds.ts';
import { keyOf } from '../object-key.ts';

/** Annotation of Endpoints and EndpointSlices. */
export const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';

/** Remembers per Service what was seen of it and its pods. */
export class TriggerTimes {
  readonly #seen = new Map<string, { readonly service: string; readonly pods: ReadonlyMap<string, string> }>();

  /** The earliest time of what is new since the last call; `undefined` when nothing is. Times of Kubernetes sort as texts. */
  next(service: Service, pods: readonly Pod[]): string | undefined {
    const key = keyOf(service);
    const before = this.#seen.get(key);
    const made = service.metadata.creationTimestamp ?? '';
    const ready = new Map(pods.map((pod) => [pod.metadata.name, readyTime(pod)]));
    const fresh = [...ready].filter(([name, at]) => at > (before?.pods.get(name) ?? '')).map(([, at]) => at);
    if (made > (before?.service ?? '')) fresh.push(made);
    this.#seen.set(key, { service: made, pods: ready });
    return fresh.length === 0 ? undefined : fresh.reduce((a, b) => (a < b ? a : b));
  }

  forget(key: string): void {
    this.#seen.delete(key);
  }
}

function readyTime({ status }: Pod): string {
  return status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? '';
}

/** Annotations with the time, or without one where nothing new led to the change. */
export function withTriggerTime(
  annotations: Readonly<Record<string, string>> | undefined,
  at: string | undefined,
): Readonly<Record<string, string>> | undefined {
  const others = withoutKey(annotations, TRIGGER_TIME);
  if (at !== undefined) return { ...others, [TRIGGER_TIME]: at };
  return Object.keys(others).length === 0 ? undefined : others;
}

/** Labels or annotations without one of them. */
export function withoutKey(
  texts: Readonly<Record<string, string>> | undefined,
  key: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts ?? {}).filter(([name]) => name !== key));
}
