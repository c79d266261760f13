/**
 * How an object goes: at once, after a grace period, or when everybody who holds it has let go.
 * Source: `k8s.io/apiserver/pkg/registry/{generic/registry/store.go,rest/delete.go}`, `pkg/registry/core/{pod,namespace}`
 */
import type { KindMap, Pod } from '../../model/kinds.ts';
import type { KubeObject, ObjectMeta } from '../../model/kube-object.ts';
import { isFinished } from '../../scheduling/pod-owner.ts';
import { timestamp } from '../clock/virtual-clock.ts';
import { CLEANUP, definitionMarked } from './custom-resources/definition-conditions.ts';
import type { DeleteOptions } from './request.ts';
import { kindKey, type ResourceType } from './resource-type.ts';

/** Finalizers by which the garbage collector holds an owner. Source: `metav1.FinalizerOrphanDependents`, `…DeleteDependents`. */
export const ORPHAN = 'orphan';
export const FOREGROUND = 'foregroundDeletion';

/** What comes of a request to delete. */
export interface Deletion<T extends KubeObject> {
  /** The object as it is marked; absent where nothing is to be marked. */
  readonly marked?: T;
  /** Whether it goes now. */
  readonly isRemoved: boolean;
}

/** Kinds whose dependents stay when nothing is said, as it was in their first versions. */
const ORPHANS_BY_DEFAULT: ReadonlySet<string> = new Set(['batch/Job', '/ReplicationController']);
/** Kinds that nobody can own by. */
const OWNS_NOTHING: ReadonlySet<string> = new Set(['/Event']);

/** What a deletion does to an object now (epoch milliseconds). */
export function deletionOf<T extends KubeObject>(
  type: ResourceType<T>,
  object: T,
  options: DeleteOptions,
  now: number,
): Deletion<T> {
  const finalizers = pendingFinalizers(type, object, options);
  const begin = object.metadata.deletionTimestamp === undefined ? FIRST_MARKS[kindKey(type)] : undefined;
  if (begin !== undefined) return { marked: begin(object, finalizers, now) as T, isRemoved: false };
  if (kindKey(type) === '/Namespace' && hasSpecFinalizers(object)) return { isRemoved: false };
  if (kindKey(type) === '/Pod') {
    const end = gracefulEnd(object as Pod, options, now);
    if (end === 'pending') return { isRemoved: false };
    if (end !== undefined) {
      const isRemoved = end.seconds === 0 && finalizers.length === 0;
      return { marked: marked(object, finalizers, end.at, end.seconds), isRemoved };
    }
  }
  if (finalizers.length === 0) return { isRemoved: true };
  const known = object.metadata.deletionTimestamp;
  const at = known === undefined ? now : Math.min(now, Date.parse(known));
  return { marked: marked(object, finalizers, at, 0), isRemoved: false };
}

/** Whether a change was the last thing that what is being deleted waited for. */
export function isGone(type: ResourceType, object: KubeObject, previous: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = previous.metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds !== 0) return false;
  if ((object.metadata.finalizers ?? []).length > 0) return false;
  return kindKey(type) !== '/Namespace' || !hasSpecFinalizers(object);
}

/** What still holds an object after somebody wants it deleted. */
function pendingFinalizers(type: ResourceType, { metadata }: KubeObject, options: DeleteOptions): readonly string[] {
  const finalizers = metadata.finalizers ?? [];
  if (OWNS_NOTHING.has(kindKey(type))) return finalizers;
  const held = finalizers.find((finalizer) => finalizer === ORPHAN || finalizer === FOREGROUND);
  const byDefault = ORPHANS_BY_DEFAULT.has(kindKey(type)) ? 'Orphan' : 'Background';
  const wanted = options.propagationPolicy ?? policyOf(held) ?? byDefault;
  if (wanted === policyOf(held)) return finalizers;
  const others = finalizers.filter((finalizer) => finalizer !== ORPHAN && finalizer !== FOREGROUND);
  if (wanted === 'Background') return others;
  return [...others, wanted === 'Orphan' ? ORPHAN : FOREGROUND];
}

function policyOf(finalizer: string | undefined): 'Orphan' | 'Foreground' | undefined {
  if (finalizer === undefined) return undefined;
  return finalizer === ORPHAN ? 'Orphan' : 'Foreground';
}

interface End {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly seconds: number;
}

/** When a pod is to end; `pending` where a second request changes nothing, `undefined` where its time is over already. */
function gracefulEnd(pod: Pod, options: DeleteOptions, now: number): End | 'pending' | undefined {
  const { metadata, spec } = pod;
  const asked = options.gracePeriodSeconds;
  const wanted = asked !== undefined && asked < 0 ? 1 : asked;
  if (metadata.deletionTimestamp === undefined) {
    // Nobody would end what never ran or has ended.
    const isOver = (spec?.nodeName ?? '') === '' || isFinished(pod);
    const seconds = isOver ? 0 : Math.max(0, wanted ?? spec?.terminationGracePeriodSeconds ?? 30);
    return { at: now + seconds * 1000, seconds };
  }
  const known = metadata.deletionGracePeriodSeconds ?? 0;
  if (known === 0) return undefined;
  if (wanted === undefined || wanted >= known) return 'pending';
  return { at: Date.parse(metadata.deletionTimestamp) + (wanted - known) * 1000, seconds: wanted };
}

function marked<T extends KubeObject>(object: T, finalizers: readonly string[], at: number, seconds: number): T {
  const { generation, deletionTimestamp } = object.metadata;
  const isFirst = deletionTimestamp === undefined && generation !== undefined;
  const metadata: ObjectMeta = {
    ...object.metadata,
    ...(isFirst ? { generation: generation + 1 } : {}),
    deletionTimestamp: timestamp(at),
    deletionGracePeriodSeconds: seconds,
  };
  return { ...object, metadata: withFinalizers(metadata, finalizers) };
}

/** Makes the mark of a kind that does not go before its content. */
type FirstMark = (object: KubeObject, finalizers: readonly string[], now: number) => KubeObject;

const FIRST_MARKS: Readonly<Record<string, FirstMark>> = {
  '/Namespace': (object, finalizers, now) => ({
    ...dated(object, finalizers, now),
    status: { ...(object as KindMap['Namespace']).status, phase: 'Terminating' },
  }),
  'apiextensions.k8s.io/CustomResourceDefinition': (object, finalizers, now) =>
    definitionMarked(
      dated(object, finalizers.includes(CLEANUP) ? finalizers : [...finalizers, CLEANUP], now),
      timestamp(now),
    ),
};

/** Without a grace period, and as the same version of what is wanted. */
function dated(object: KubeObject, finalizers: readonly string[], now: number): KubeObject {
  return { ...object, metadata: withFinalizers({ ...object.metadata, deletionTimestamp: timestamp(now) }, finalizers) };
}

function withFinalizers({ finalizers: _before, ...metadata }: ObjectMeta, finalizers: readonly string[]): ObjectMeta {
  return finalizers.length === 0 ? metadata : { ...metadata, finalizers };
}

function hasSpecFinalizers(object: KubeObject): boolean {
  return ((object as KindMap['Namespace']).spec?.finalizers ?? []).length > 0;
}
