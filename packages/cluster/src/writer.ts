/** Port: where changes go to. Adapters write to a live cluster or to a simulated one. Only the execution of a certified plan uses it. */
import type { KubeObject } from './model/kube-object.ts';
import type { ResourceRef } from './model/resource-ref.ts';

/** What must still be so when the write arrives; else it is refused with reason `Conflict` and nothing changes. */
export interface Precondition {
  /** The very object, not another of its name. */
  readonly uid?: string;
  /** The very version. */
  readonly resourceVersion?: string;
}

/** How a write is meant. */
export interface WriteRequest {
  /** Who owns the fields that are written, see https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers */
  readonly fieldManager: string;
  /** Everything but the storing: defaults, validation, admission, quota. Default false. */
  readonly dryRun?: boolean;
  readonly precondition?: Precondition;
  /** Cancels the request; whether the write happened is then unknown. */
  readonly signal?: AbortSignal;
}

/** How an apply is meant. */
export interface ApplyRequest extends WriteRequest {
  /** Take fields over that others own, instead of being refused. Default false. */
  readonly force?: boolean;
}

/** How a removal is meant. */
export interface RemoveRequest extends WriteRequest {
  /** What becomes of what it owns; the API server's default for the kind. */
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  readonly gracePeriodSeconds?: number;
}

/** A change to an object. Sources: RFC 6902, RFC 7386, https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/ */
export type Patch =
  | { readonly type: 'json'; readonly operations: readonly JsonPatchOperation[] }
  | { readonly type: 'merge'; readonly patch: Readonly<Record<string, unknown>> }
  | { readonly type: 'strategic'; readonly patch: Readonly<Record<string, unknown>> };

/** One operation of RFC 6902. */
export interface JsonPatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: string;
  readonly from?: string | undefined;
  readonly value?: unknown;
}

/** What became of a write. */
export type WriteOutcome =
  /** `object` as it is afterwards; `undefined` when it is gone, with its deletion time where something still holds it. */
  { readonly kind: 'done'; readonly object: KubeObject | undefined } | Refusal;

/** The cluster said no, and changed nothing. */
export interface Refusal {
  readonly kind: 'refused';
  /** As `metav1.StatusReason` says it: `NotFound`, `Conflict`, `Invalid`, `Forbidden`, `TooManyRequests`, … */
  readonly reason: string;
  /** HTTP status. */
  readonly status: number;
  readonly message: string;
  readonly causes: readonly { readonly reason: string; readonly message: string; readonly field: string }[];
}

/**
 * Writes to one cluster. Every adapter keeps the same promises, which one test suite checks:
 *
 * - What the cluster refuses is returned; only what keeps it from being asked (no connection, no credentials, a cancelled request)
 *   is thrown, with the error class of the package that owns the adapter.
 * - A write that fails its precondition, is refused or is a dry run changes nothing.
 * - A name or namespace that no object can have, such as none or `..`, is a mistake of the caller: RangeError.
 * - A kind that the cluster does not serve is refused with `NotFound`.
 */
export interface ClusterWriter {
  /** Makes an object. */
  create(object: KubeObject, request: WriteRequest): Promise<WriteOutcome>;
  /** Server-side apply: makes the object, or makes its fields so. */
  apply(object: KubeObject, request: ApplyRequest): Promise<WriteOutcome>;
  patch(target: ResourceRef, patch: Patch, request: WriteRequest): Promise<WriteOutcome>;
  remove(target: ResourceRef, request: RemoveRequest): Promise<WriteOutcome>;
  /** Sets the number of replicas of whatever has a scale; `object` is the `autoscaling/v1` Scale. */
  scale(target: ResourceRef, replicas: number, request: WriteRequest): Promise<WriteOutcome>;
  /** Asks a pod to go as far as disruption budgets allow; `TooManyRequests` where they do not. `object` is the Eviction. */
  evict(pod: ResourceRef, request: RemoveRequest): Promise<WriteOutcome>;
}
