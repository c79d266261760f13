/** Objects as changes would leave them, without asking anybody: for inverses and for what follows from changes. */
import { refKey, refOf, withPatch, type ClusterSnapshot, type KubeObject, type ResourceRef } from '@aia/cluster';
import type { Change } from '@aia/contract';

/** One object before and after one change; absent where it is not there. */
export interface ObjectChange {
  readonly change: Change;
  readonly ref: ResourceRef;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

/**
 * What changes of objects would do, one after the other; changes of the cloud and of persons are left out. `earlier`: what is made before
 * them, as by earlier actions of the same remedy.
 */
export function changedObjects(
  changes: readonly Change[],
  snapshot: ClusterSnapshot,
  earlier: readonly Change[] = [],
): readonly ObjectChange[] {
  const now = new Map<string, KubeObject | undefined>();
  const changed: ObjectChange[] = [];
  for (const change of [...earlier, ...changes]) {
    const ref = targetOf(change);
    if (ref === undefined) continue;
    const key = refKey(ref);
    const before = now.has(key) ? now.get(key) : snapshot.resolve(ref);
    const after = afterOf(change, before);
    now.set(key, after);
    changed.push({ change, ref, before, after });
  }
  return earlier.length === 0 ? changed : changed.filter(({ change }) => changes.includes(change));
}

/** The last change of each object. */
export function lastChanges(changed: readonly ObjectChange[]): readonly ObjectChange[] {
  const last = new Map<string, ObjectChange>();
  for (const one of changed) {
    const key = refKey(one.ref);
    last.set(key, { ...one, before: last.has(key) ? last.get(key)?.before : one.before });
  }
  return [...last.values()];
}

/** The object that a change is about; `undefined` for the cloud's and for what persons do. */
export function targetOf(change: Change): ResourceRef | undefined {
  if (change.kind === 'cloud' || change.kind === 'manual') return undefined;
  return change.kind === 'create' ? refOf(asObject(change.object)) : change.target;
}

/** An object of a change; schemas say no more than that it has fields. */
export function asObject(object: Readonly<Record<string, unknown>>): KubeObject {
  return object as unknown as KubeObject;
}

function afterOf(change: Change, before: KubeObject | undefined): KubeObject | undefined {
  switch (change.kind) {
    case 'create':
      return asObject(change.object);
    case 'patch':
      return before === undefined ? undefined : withPatch(before, change.patch);
    case 'scale':
      return before === undefined
        ? undefined
        : withPatch(before, { type: 'merge', patch: { spec: { replicas: change.replicas } } });
    case 'delete':
    case 'evict':
      return undefined;
    case 'cloud':
    case 'manual':
      return before;
  }
}
