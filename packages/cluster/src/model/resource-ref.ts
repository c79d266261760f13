/** Names of things: Kubernetes objects, and cloud resources in the same form. */
import { groupOf, type KubeObject } from './kube-object.ts';

/**
 * Points at one resource. Cloud resources use their API's host as the group, for example
 * `{ group: 'compute.googleapis.com', kind: 'Quota', namespace: '', name: 'us-central1/CPUS' }`.
 */
export interface ResourceRef {
  /** API group; `''` for the core group. */
  readonly group: string;
  readonly kind: string;
  /** `''` for cluster-scoped and cloud resources. */
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string | undefined;
}

/** Reference to an object of the snapshot. */
export function refOf(object: KubeObject): ResourceRef {
  const { name, namespace = '', uid } = object.metadata;
  const ref = { group: groupOf(object.apiVersion), kind: object.kind, namespace, name };
  return uid === undefined ? ref : { ...ref, uid };
}

/** Identity without uid, unique within a snapshot: `apps/Deployment/shop/web`. Stable across runs, so usable for sorting. */
export function refKey(ref: ResourceRef): string {
  return `${ref.group}/${ref.kind}/${ref.namespace}/${ref.name}`;
}

/** {@link refKey} of an object, without building the reference. */
export function objectKey(object: KubeObject): string {
  return `${groupOf(object.apiVersion)}/${object.kind}/${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** What Kubernetes calls the namespaced name: `shop/web`; `/name` of what is in no namespace. */
export function namespacedName({ metadata }: Pick<KubeObject, 'metadata'>): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

/** For people: `Deployment shop/web`, `Node gke-1`. */
export function refText(ref: ResourceRef): string {
  return ref.namespace === '' ? `${ref.kind} ${ref.name}` : `${ref.kind} ${ref.namespace}/${ref.name}`;
}
