/** What of a request's object counts: who may write which part. */
import type { KubeObject, ObjectMeta } from '../../model/kube-object.ts';
import { NAMESPACES } from './built-in-types.ts';
import { keptMetadata, tidyMetadata } from './metadata.ts';
import type { Fields } from './patch/json.ts';
import { kindKey, type ResourceType } from './resource-type.ts';

/** What a write through a subresource means. */
export interface Scope {
  /** The part of the object that it changes; absent where it is the whole but its status. */
  readonly part: string | undefined;
  /** Whether it may change what somebody wants, and so make a new generation. */
  readonly isCounted: boolean;
  /** Whether defaults are filled in. */
  readonly isDefaulted: boolean;
  /** Whether the rules of the kind are asked; other subresources have rules of their own. */
  readonly isJudged: boolean;
}

const PARTS: Readonly<Record<string, string>> = { status: 'status', finalize: 'spec' };
const UNCOUNTED: ReadonlySet<string> = new Set(['status', 'binding', 'finalize']);
const JUDGED: ReadonlySet<string> = new Set(['', 'scale']);

/** The schema of a custom resource holds for its status too. */
export function scopeOf({ isCustom = false }: ResourceType, subresource: string): Scope {
  const part = PARTS[subresource];
  return {
    part,
    isCounted: !UNCOUNTED.has(subresource),
    isDefaulted: isCustom || part === undefined,
    isJudged: isCustom || JUDGED.has(subresource),
  };
}

const GIVEN_BY_SERVER = [
  'uid',
  'creationTimestamp',
  'generation',
  'resourceVersion',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
];

/** A new object with what only the server gives (`given`), and without what nobody can bring. */
export function newObject<T extends KubeObject>(
  type: ResourceType<T>,
  object: T,
  given: Partial<ObjectMeta> & { readonly name: string },
  keepsStatus: boolean,
): T {
  const brought = without({ ...(object.metadata as Partial<ObjectMeta> | undefined) }, GIVEN_BY_SERVER);
  const placed = type.namespaced ? brought : without(brought, ['namespace']);
  const metadata = tidyMetadata({ ...placed, ...given });
  const wanted = { ...object, metadata };
  const losesStatus = type.subresources.includes('status') && !keepsStatus;
  return (losesStatus ? without(wanted as unknown as Fields, ['status']) : wanted) as unknown as T;
}

/** What is there, with what a write may change of it. */
export function changedObject<T extends KubeObject>(
  type: ResourceType<T>,
  object: T,
  previous: T,
  part: string | undefined,
): T {
  const before = previous as unknown as Fields;
  const wanted = object as unknown as Fields;
  const kept = keptMetadata(object.metadata, previous.metadata);
  if (part !== undefined) {
    // Annotations of a Deployment, labels of a Node: only custom resources keep their metadata apart from their status.
    const metadata = type.isCustom === true ? previous.metadata : kept;
    return { ...before, metadata, [part]: wanted[part] } as unknown as T;
  }
  const status = before['status'] === undefined ? {} : { status: before['status'] };
  const content = type.subresources.includes('status') ? { ...without(wanted, ['status']), ...status } : wanted;
  // Its only field is changed through a subresource of its own.
  const spec = kindKey(type) === kindKey(NAMESPACES) ? { spec: before['spec'] } : {};
  return { ...content, ...spec, metadata: kept } as unknown as T;
}

function without(object: Fields, fields: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}
