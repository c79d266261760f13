/** How an object goes: at once, after a grace period, or when everybody who holds it has let go. */
import type { Pod } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { isFinished } from '../../scheduling/pod-owner.ts';
import type { DeleteOptions } from './request.ts';
import type { ResourceType } from './resource-type.ts';

/** Finalizers by which the garbage collector holds an owner. Source: `metav1.FinalizerOrphanDependents`, `…DeleteDependents`. */
export const ORPHAN = 'orphan';
export const FOREGROUND = 'foregroundDeletion';

/** What still holds an object after somebody wants it deleted. */
export function pendingFinalizers(
  { metadata }: KubeObject,
  { propagationPolicy }: DeleteOptions,
  byDefault: 'Orphan' | 'Background',
): readonly string[] {
  const others = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== ORPHAN && finalizer !== FOREGROUND);
  const held = (metadata.finalizers ?? []).filter((finalizer) => finalizer === ORPHAN || finalizer === FOREGROUND);
  if (propagationPolicy === undefined && held.length > 0) return metadata.finalizers ?? [];
  const policy = propagationPolicy ?? byDefault;
  if (policy === 'Orphan') return [...others, ORPHAN];
  return policy === 'Foreground' ? [...others, FOREGROUND] : others;
}

/** Seconds that the object gets to end; only pods that run on a node get any. */
export function graceOf(type: ResourceType, object: KubeObject, { gracePeriodSeconds }: DeleteOptions): number {
  if (type.group !== '' || type.kind !== 'Pod') return 0;
  const pod = object as Pod;
  // Nobody would end what never ran or has ended.
  if ((pod.spec?.nodeName ?? '') === '' || isFinished(pod)) return 0;
  return Math.max(0, gracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 30);
}
