/**
 * The structure of objects: what a field holds and how it merges. One form for Kubernetes' own kinds and for those of
 * CustomResourceDefinitions. Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */

/** Types without parts; `any` is whatever JSON allows where the API says nothing. */
export type ScalarName =
  | 'string'
  | 'int32'
  | 'int64'
  | 'double'
  | 'boolean'
  | 'bytes'
  | 'time'
  | 'micro-time'
  | 'duration'
  | 'quantity'
  | 'int-or-string';

export interface ScalarSchema {
  readonly is: 'scalar';
  readonly scalar: ScalarName;
}

/** Named fields, each with its own type. */
export interface StructSchema {
  readonly is: 'struct';
  /** As OpenAPI names it: `io.k8s.api.core.v1.PodSpec`; `''` for a type without a name. */
  readonly name: string;
  readonly fields: ReadonlyMap<string, FieldSchema>;
  /** Replaced as a whole. */
  readonly atomic: boolean;
  /** Holds fields that the schema does not name: `x-kubernetes-preserve-unknown-fields`. */
  readonly open: boolean;
  /** The definition, where a field merges otherwise than the type it has. */
  readonly definition?: StructSchema;
  /** Of a custom resource: the schema as its definition wrote it, for those who read it. */
  readonly published?: Readonly<Record<string, unknown>>;
}

/** Any keys, values of one type. */
export interface MapSchema {
  readonly is: 'map';
  readonly values: TypeSchema;
  readonly atomic: boolean;
}

export interface ListSchema {
  readonly is: 'list';
  readonly items: TypeSchema;
  /** Replaced as a whole, a set of scalars, or a map by `keys`. */
  readonly listType: 'atomic' | 'set' | 'map';
  /** Of `map` lists; all of them together tell items apart. */
  readonly keys: readonly string[];
}

/** Anything. Objects in it merge by key where `deduced`; else the whole is one value. */
export interface AnySchema {
  readonly is: 'any';
  readonly deduced: boolean;
  /** As OpenAPI names it, where it has a name. */
  readonly name?: string;
}

export type TypeSchema = ScalarSchema | StructSchema | MapSchema | ListSchema | AnySchema;

/** One field of a struct. */
export interface FieldSchema {
  readonly type: TypeSchema;
  readonly required: boolean;
  /** What the field is where it is not given, if that is part of the schema. */
  readonly default?: unknown;
  /** How strategic merge patches treat it. Source: `x-kubernetes-patch-strategy`, `x-kubernetes-patch-merge-key`. */
  readonly patch?: PatchStrategy;
}

export interface PatchStrategy {
  /** Lists and their items are merged instead of replaced. */
  readonly merge: boolean;
  /** Fields that the patch does not list go. */
  readonly retainKeys: boolean;
  /** Maps are replaced. */
  readonly replace: boolean;
  /** `''` for lists of scalars. */
  readonly mergeKey: string;
}

export const ANY: AnySchema = { is: 'any', deduced: false };
export const DEDUCED: AnySchema = { is: 'any', deduced: true };

/** The type of a key's value in an object; `undefined` where the schema does not know the key. */
export function memberType(type: TypeSchema, key: string): TypeSchema | undefined {
  if (type.is === 'struct') return type.fields.get(key)?.type ?? (type.open ? DEDUCED : undefined);
  if (type.is === 'map') return type.values;
  return type.is === 'any' ? type : undefined;
}
