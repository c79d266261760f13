/**
 * How ownership of fields moves when objects are written: the rules of server-side apply.
 * Source: `sigs.k8s.io/structured-merge-diff/merge`; https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
import type { TypeSchema } from '../schema/field-schema.ts';
import {
  difference,
  intersection,
  isEmpty,
  NO_FIELDS,
  pathsOf,
  setOf,
  union,
  withNamedFields,
  withoutFields,
  type FieldPath,
  type FieldSet,
} from './field-set.ts';
import { managerKey, owning, type Manager, type Managers } from './managers.ts';
import { compareFields, fieldsOf, type Comparison } from './typed-fields.ts';
import { mergedValue, withoutPaths } from './typed-values.ts';

/** Nobody owns these. */
const NEVER_OWNED = setOf(
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => ['f:metadata', `f:${name}`]),
);

/** One field that somebody else owns and that would change. */
export interface FieldConflict {
  readonly manager: Manager;
  readonly path: FieldPath;
}

/** What a write is about. */
export interface OwnedWrite {
  readonly before: unknown;
  readonly type: TypeSchema;
  readonly managers: Managers;
  /** Who writes; its `fields` are not looked at. */
  readonly manager: Manager;
  /** Fields of the object that this way of writing does not change, as `f:status`. */
  readonly ignored: readonly string[];
}

/** Managers after `manager` made `after` of the object: what changed is now its own. `time` counts only where something changed. */
export function updatedManagers(write: OwnedWrite, after: unknown): Managers {
  const comparison = comparisonOf(write, after);
  const others = yielded(write.managers, comparison, undefined);
  const changed = union(comparison.modified, comparison.added);
  const taken = difference(changed, NEVER_OWNED);
  if (isEmpty(taken)) return owning(others);
  const key = managerKey(write.manager);
  const fields = union(taken, others.get(key)?.fields ?? NO_FIELDS);
  return owning(new Map([...others, [key, { ...write.manager, fields }]]));
}

/** What an application leads to. */
export type Application =
  | { readonly is: 'applied'; readonly object: unknown; readonly managers: Managers }
  | { readonly is: 'conflict'; readonly conflicts: readonly FieldConflict[] };

/** The object with a configuration laid over it, without what the manager applied before and nobody else owns. */
export function application(write: OwnedWrite, configuration: unknown, force: boolean): Application {
  const { before, type, managers, manager } = write;
  const key = managerKey(manager);
  const last = managers.get(key)?.fields ?? NO_FIELDS;
  const fields = withoutFields(fieldsOf(configuration, type), write.ignored);
  const now = new Map([...managers, [key, { ...manager, fields }]]);
  const merged = mergedValue(before, configuration, type);
  const object = pruned(merged, last, now, type);
  const comparison = comparisonOf(write, object);
  const conflicts = force ? [] : conflictsWith(now, comparison, key);
  if (conflicts.length > 0) return { is: 'conflict', conflicts };
  const left = new Map(yielded(now, comparison, key));
  left.set(key, { ...manager, fields: difference(fields, NEVER_OWNED) });
  return { is: 'applied', object, managers: owning(left) };
}

function comparisonOf({ before, type, ignored }: OwnedWrite, after: unknown): Comparison {
  const { added, modified, removed } = compareFields(before, after, type);
  return {
    added: withoutFields(added, ignored),
    modified: withoutFields(modified, ignored),
    removed: withoutFields(removed, ignored),
  };
}

function conflictsWith(managers: Managers, { added, modified }: Comparison, own: string): readonly FieldConflict[] {
  const changed = union(modified, added);
  return [...managers]
    .filter(([key]) => key !== own)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, manager]) => [...pathsOf(intersection(manager.fields, changed))].map((path) => ({ manager, path })));
}

/** Nobody but the writer keeps what changed. */
function yielded(managers: Managers, { added, modified, removed }: Comparison, own: string | undefined): Managers {
  const gone = union(union(modified, added), removed);
  if (isEmpty(gone)) return managers;
  return new Map(
    [...managers].map(([key, manager]) =>
      key === own ? [key, manager] : [key, { ...manager, fields: difference(manager.fields, gone) }],
    ),
  );
}

/** Takes away what was applied last and is not any more, unless somebody owns it, or something that is owned stands in it. */
function pruned(merged: unknown, last: FieldSet, managers: Managers, type: TypeSchema): unknown {
  if (isEmpty(last)) return merged;
  const named = (set: FieldSet) => withNamedFields(set, type);
  const everything = named(fieldsOf(merged, type));
  const rest = named(fieldsOf(withoutPaths(merged, named(last), type), type));
  const owned = [...managers.values()].reduce((all, { fields }) => union(all, fields), NO_FIELDS);
  const kept = withoutPaths(merged, difference(everything, union(rest, named(owned))), type);
  // What was never applied must not go with something that was.
  return withoutPaths(merged, intersection(difference(everything, named(fieldsOf(kept, type))), named(last)), type);
}
