/** What each namespace must contain: which namespaces need a look after a change. */
import type { KubeObject } from '../../model/kube-object.ts';
import { NAMESPACES } from '../api/built-in-types.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { isChangeOf } from '../store/object-index.ts';
import type { Change } from '../store/object-store.ts';

/** The namespace that was made or changed, or the one of the object of this name that was changed or deleted. */
export function namespacesTouchedBy<T extends KubeObject>(
  change: Change,
  type: ResourceType<T>,
  name: string,
): readonly string[] {
  const { kind, object } = change;
  if (isChangeOf(change, NAMESPACES)) return kind === 'DELETED' ? [] : [object.metadata.name];
  if (!isChangeOf(change, type) || kind === 'ADDED' || object.metadata.name !== name) return [];
  return [object.metadata.namespace ?? ''];
}
