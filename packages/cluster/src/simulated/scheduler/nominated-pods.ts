/** Pods that wait for others to leave a node for them. Source: `pkg/scheduler/backend/queue/nominator.go` */
import type { PodProfile } from '../../scheduling/pod-profile.ts';

/** Where which pod is to run when its victims are gone. */
export class NominatedPods {
  /** Node → uid → pod. */
  readonly #byNode = new Map<string, Map<string, PodProfile>>();
  readonly #nodeOf = new Map<string, string>();

  /** How many nodes have such pods. */
  get size(): number {
    return this.#byNode.size;
  }

  /** Remembers, instead of anything before, where a pod is to run; `''` forgets it. */
  set(pod: PodProfile, nodeName: string): void {
    const uid = pod.pod.metadata.uid ?? '';
    this.forget(uid);
    if (nodeName === '') return;
    this.#nodeOf.set(uid, nodeName);
    const there = this.#byNode.get(nodeName) ?? new Map<string, PodProfile>();
    this.#byNode.set(nodeName, there.set(uid, pod));
  }

  forget(uid: string): void {
    const nodeName = this.#nodeOf.get(uid);
    if (nodeName === undefined) return;
    this.#nodeOf.delete(uid);
    const there = this.#byNode.get(nodeName);
    there?.delete(uid);
    if (there?.size === 0) this.#byNode.delete(nodeName);
  }

  /** Other pods nominated for a node that are as important as a pod or more: it must leave room for them. `undefined` without any. */
  before(pod: PodProfile, nodeName: string): readonly PodProfile[] | undefined {
    const there = this.#byNode.size === 0 ? undefined : this.#byNode.get(nodeName);
    if (there === undefined) return undefined;
    const others = [...there.values()].filter((other) => other.key !== pod.key && other.priority >= pod.priority);
    return others.length === 0 ? undefined : others;
  }

  /** Pods nominated for a node that are less important than a pod. */
  behind(pod: PodProfile, nodeName: string): readonly PodProfile[] {
    return [...(this.#byNode.get(nodeName)?.values() ?? [])].filter(({ priority }) => priority < pod.priority);
  }
}
