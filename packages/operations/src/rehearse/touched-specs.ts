/** What actions touch, as it was before and as it is: whether undoing them restored it. */
import { refKey, refText, type KubeObject, type ResourceRef } from '@aia/cluster';
import type { Change } from '@aia/contract';
import { targetOf } from '../plan/effects/changed-objects.ts';
import { withoutGenerated } from '../plan/effects/generated-fields.ts';
import { MADE_ANEW } from '../plan/effects/inverse.ts';
import { jsonDifference } from '../plan/effects/json-difference.ts';

/** By {@link refKey}: objects that changes name, `undefined` for those that are not there. */
export type TouchedSpecs = ReadonlyMap<string, Touched>;

interface Touched {
  readonly ref: ResourceRef;
  readonly object: KubeObject | undefined;
}

/** What changes name, as it is now. */
export function touchedBy(
  changes: readonly Change[],
  read: (ref: ResourceRef) => KubeObject | undefined,
): TouchedSpecs {
  const refs = changes.map(targetOf).filter((ref) => ref !== undefined);
  return new Map(refs.map((ref) => [refKey(ref), { ref, object: read(ref) }]));
}

/** Where specs are otherwise than before, in words; empty where all are as they were. */
export function unrestored(
  before: TouchedSpecs,
  read: (ref: ResourceRef) => KubeObject | undefined,
): readonly string[] {
  return [...before.values()].flatMap(({ ref, object }) => {
    const now = read(ref);
    if (isMadeAnew(object)) return [];
    const fields = jsonDifference(wantedOf(object), wantedOf(now)).map(({ path }) => path);
    return fields.length === 0 ? [] : [`${refText(ref)}: ${fields.slice(0, 3).join(', ') || 'it'} is otherwise`];
  });
}

/** Whoever owns it makes another one, under another name. */
function isMadeAnew(object: KubeObject | undefined): boolean {
  return object !== undefined && MADE_ANEW.has(object.kind) && (object.metadata.ownerReferences ?? []).length > 0;
}

/** Annotations that controllers write, and that count on with each change. */
const COUNTING: ReadonlySet<string> = new Set([
  'deployment.kubernetes.io/revision',
  'deprecated.daemonset.template.generation',
  'control-plane.alpha.kubernetes.io/leader',
]);

/** What somebody wants of an object: all but its status and what the server says about it. */
function wantedOf(touched: KubeObject | undefined): unknown {
  if (touched === undefined) return {};
  const object = withoutGenerated(touched);
  const { labels = {}, annotations = {}, finalizers = [], ownerReferences = [] } = object.metadata;
  const rest = Object.entries(withoutNulls(object)).filter(([field]) => field !== 'status' && field !== 'metadata');
  const own = Object.entries(annotations).filter(([name]) => !COUNTING.has(name));
  return {
    ...Object.fromEntries(rest),
    metadata: { labels, annotations: Object.fromEntries(own), finalizers: finalizers.toSorted(), ownerReferences },
  };
}

/** As the server writes it: `creationTimestamp: null` of templates is not there. When a taint came is the clock's, and nobody's wish. */
function withoutNulls(object: object): object {
  return JSON.parse(
    JSON.stringify(object, (field, value: unknown) => (field === 'timeAdded' ? undefined : (value ?? undefined))),
  ) as object;
}
