/** Which owners a change of what they own concerns. Source: the `addPod`, `updatePod` and `deletePod` handlers of the controllers. */
import type { KubeObject } from '../../model/kube-object.ts';
import { matchesSelector, type LabelSelector } from '../../model/selector.ts';
import { sameJson } from '../../snapshot/diff.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { isChangeOf } from '../store/object-index.ts';
import type { Change, ObjectStore } from '../store/object-store.ts';
import { keyOf } from './object-key.ts';
import { controllerRefOf, type OwnerReference } from './owned-index.ts';

/** How owners of a kind select what they own. */
export interface SelectingKind<T extends KubeObject> {
  readonly type: ResourceType<T>;
  selectorOf(set: T): LabelSelector | undefined;
}

/** Keys of the owner, of the owner before, and of all that could adopt an object that has none; none for other types. */
export function keysOfOwners<T extends KubeObject>(
  change: Change,
  dependents: ResourceType,
  store: ObjectStore,
  kind: SelectingKind<T>,
): readonly string[] {
  if (!isChangeOf(change, dependents)) return [];
  const keys = new Set<string>();
  const { object, previous } = change;
  for (const dependent of previous === undefined ? [object] : [previous, object]) {
    const key = ownerKey(dependent, kind.type);
    if (key !== undefined) keys.add(key);
  }
  if (couldBeAdopted(change)) for (const key of selecting(object, store, kind)) keys.add(key);
  return [...keys];
}

/** The key of the object's controller, where that is of this type. */
export function ownerKey(object: KubeObject, type: ResourceType): string | undefined {
  const owner = controllerRefOf(object);
  return owner !== undefined && isOfType(owner, type) ? `${object.metadata.namespace ?? ''}/${owner.name}` : undefined;
}

function isOfType({ kind, apiVersion }: OwnerReference, type: ResourceType): boolean {
  return kind === type.kind && (apiVersion.includes('/') ? apiVersion.split('/')[0] : '') === type.group;
}

/** Only what is new about an orphan can make somebody want it. */
function couldBeAdopted({ kind, object, previous }: Change): boolean {
  if (kind === 'DELETED' || controllerRefOf(object) !== undefined) return false;
  if (previous === undefined) return true;
  return !sameJson(previous.metadata.labels, object.metadata.labels) || controllerRefOf(previous) !== undefined;
}

function* selecting<T extends KubeObject>(
  orphan: KubeObject,
  store: ObjectStore,
  { type, selectorOf }: SelectingKind<T>,
): Iterable<string> {
  for (const set of store.list(type, orphan.metadata.namespace ?? ''))
    if (matchesSelector(selectorOf(set), orphan.metadata.labels)) yield keyOf(set);
}
