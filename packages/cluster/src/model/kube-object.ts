/** A Kubernetes object as the API serves it: typed where we read it, open where we do not. */
import type { ObjectMeta as WireObjectMeta } from 'kubernetes-types/meta/v1.js';

/** Recursively read-only view of a wire type. Snapshots are shared between stages, so nothing may write to them. */
export type DeepReadonly<T> = T extends (infer U)[]
  ? readonly DeepReadonly<U>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** Metadata with the two fields every admitted object has. */
export type ObjectMeta = DeepReadonly<WireObjectMeta> & { readonly name: string };

/** Any admitted object: `apiVersion`, `kind` and `metadata.name` are present, known fields have the right types. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** The wire type `T` with the guarantees of {@link KubeObject}. */
export type Kube<T> = Omit<DeepReadonly<T>, 'apiVersion' | 'kind' | 'metadata'> & KubeObject;

/** API group of an `apiVersion`: `apps/v1` → `apps`, `v1` → `''`. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
