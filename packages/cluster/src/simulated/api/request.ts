/** Who asks for what of the simulated API server, and the hooks that a write passes. */
import type { KubeObject } from '../../model/kube-object.ts';
import type { FieldError } from './api-error.ts';
import type { ResourceType } from './resource-type.ts';
import type { ValidationDirective } from './schema/field-validation.ts';

/** Who asks, as authentication found. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

/** How a write is meant. */
export interface WriteOptions {
  /** Default {@link CONTROLLER}: components of the control plane, which nothing is refused to by authorisation. */
  readonly user?: User;
  /** Who owns the fields that are written, for `metadata.managedFields`. Without it the write is not tracked. */
  readonly fieldManager?: string;
  /** `given`: the object brings `metadata.managedFields` as they are to be, because they were worked out already. */
  readonly managedFields?: 'given';
  /** Everything but the storing. */
  readonly dryRun?: boolean;
  /** `status`, `scale`, … */
  readonly subresource?: string;
  /** What becomes of fields that a patch adds and the kind does not have; without it nobody looks. */
  readonly fieldValidation?: ValidationDirective;
  /** Told of each warning that the answer carries in a `Warning` header; the text alone. */
  readonly onWarning?: (text: string) => void;
}

/** How a server-side application is meant. */
export interface ApplyOptions extends WriteOptions {
  /** Takes over fields that others own. */
  readonly force?: boolean;
}

/** How a deletion is meant. */
export interface DeleteOptions extends WriteOptions {
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/** The control plane's own components. */
export const CONTROLLER: User = { name: 'system:kube-controller-manager', groups: ['system:masters'] };

/** One write on its way into the store. */
export interface Admission<T extends KubeObject = KubeObject> {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly type: ResourceType<T>;
  readonly subresource: string;
  /** `''` for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  /** What is to be stored; for `DELETE` what is there. */
  readonly object: T;
  readonly previous: T | undefined;
  readonly user: User;
  readonly dryRun: boolean;
  /** Adds a warning to the answer. */
  warn(text: string): void;
}

/** Refuses or completes writes, after defaults were filled in. Source: https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/ */
export interface AdmissionPlugin {
  readonly name: string;
  /** The object as it is to be stored. */
  mutate?(admission: Admission): KubeObject;
  /** @throws ApiError to refuse */
  validate?(admission: Admission): void;
  /** The object with what only this cluster can give it, such as addresses, once nobody refused. Must keep nothing: the write may still fail. */
  complete?(admission: Admission): KubeObject;
  /** Told when a write that passed was stored, so that what was counted for it stays counted. */
  stored?(admission: Admission): void;
}

/** What the API server knows about a kind: defaults, and what is wrong with an object. Source: `pkg/registry`, `pkg/apis`. */
export interface ResourceStrategy<T extends KubeObject = KubeObject> {
  /** Fills in defaults, whenever an object comes from outside. */
  defaults?(object: T): T;
  /** Makes a new object complete after admission: its first status, selectors that are generated. `now` in epoch milliseconds. */
  prepareForCreate?(object: T, now: number): T;
  /** The same for a change through the resource itself. */
  prepareForUpdate?(object: T, previous: T, now: number): T;
  /** Whether a new object may bring its status; otherwise it is taken out. */
  readonly keepsStatus?: boolean;
  /** What a client should know although the object is right. */
  warnings?(object: T): readonly string[];
  validate?(object: T): readonly FieldError[];
  /** Also of the fields that must not change. */
  readonly validateUpdate?: ValidateUpdate<T>;
  /** What is wrong with a change through a subresource other than `status` and `scale`, by its name. */
  readonly validateSubresource?: Readonly<Record<string, ValidateUpdate<T>>>;
}

/** What is wrong with a changed object. */
export type ValidateUpdate<T extends KubeObject = KubeObject> = (object: T, previous: T) => readonly FieldError[];
