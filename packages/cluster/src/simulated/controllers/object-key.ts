/** Keys of a controller's queue: `namespace/name`. */
import type { KubeObject } from '../../model/kube-object.ts';

/** The key of an object. */
export function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

/** The namespace (`''` without one) and the name. */
export function namesOf(key: string): readonly [namespace: string, name: string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}
