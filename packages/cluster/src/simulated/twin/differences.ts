/**
 * What time alone changes in a cluster, and what it does not: compares a record with what became of its twin. Whatever no rule explains
 * is a fault of the twin, or the effect of a change.
 */
import type { KubeObject } from '../../model/kube-object.ts';
import { objectKey } from '../../model/resource-ref.ts';
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import { diffSnapshots, sameJson } from '../../snapshot/diff.ts';
import { decidesAlike, reportsAlike } from './autoscaler-reports.ts';
import { changeRules, objectRules } from './difference-rules.ts';
import { RestlessParts } from './restless-parts.ts';

/** One path of one object, or a whole object. */
export interface Difference {
  /** As `objectKey` writes it; `cloud` and other parts of snapshots by their name. */
  readonly key: string;
  /** `status.phase`; `''` for an object that is added or removed. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Why time alone does that; absent for what nothing explains. */
  readonly reason?: string;
}

/** All of them, by whether time alone explains them. */
export interface Differences {
  readonly explained: readonly Difference[];
  readonly unexplained: readonly Difference[];
}

/** Parts of snapshots beside objects that a twin keeps. */
const PARTS = [
  ...(['cloud', 'certificates', 'unreadableCertificates', 'endpoints', 'logs'] as const),
  ...(['serverVersion', 'usage', 'problems'] as const),
] as const;

/** From a record to what became of its twin, with nothing done to it. */
export function differencesOf(before: ClusterSnapshot, after: ClusterSnapshot): Differences {
  const { added, changed, removed } = diffSnapshots(before, after);
  const parts = new RestlessParts(before, after);
  const all: Difference[] = [
    ...added.map((object) => whole('added', object, parts)),
    ...removed.map((object) => whole('removed', object, parts)),
    ...changed.flatMap(({ key, from, to, paths }) =>
      paths.map((path): Difference => {
        const change = { from, to, path, before: valueAt(from, path), after: valueAt(to, path) };
        return differing(key, path, 'changed', changeRules.find((rule) => rule.explains(change, parts))?.reason);
      }),
    ),
    ...PARTS.filter((part) => !sameJson(before[part], after[part])).flatMap((part) =>
      partDifference(part, before, after),
    ),
    ...inputsAmiss(before, after),
  ];
  return {
    explained: all.filter(({ reason }) => reason !== undefined),
    unexplained: all.filter(({ reason }) => reason === undefined),
  };
}

function whole(kind: 'added' | 'removed', object: KubeObject, parts: RestlessParts): Difference {
  const reason = objectRules.find((rule) => rule.explains({ kind, object }, parts))?.reason;
  return differing(objectKey(object), '', kind, reason);
}

function differing(key: string, path: string, kind: Difference['kind'], reason: string | undefined): Difference {
  return { key, path, kind, ...(reason === undefined ? {} : { reason }) };
}

/** Inputs that one of both lacks; the words why differ. */
function inputsAmiss(before: ClusterSnapshot, after: ClusterSnapshot): readonly Difference[] {
  const lacked = (one: ClusterSnapshot, other: ClusterSnapshot) => {
    const known = new Set(other.missing.map(({ input }) => input));
    return one.missing.map(({ input }) => input).filter((input) => !known.has(input));
  };
  return [
    ...lacked(before, after).map((input) => differing('missing', input, 'removed', undefined)),
    ...lacked(after, before).map((input) => differing('missing', input, 'added', undefined)),
  ];
}

/** Of the cloud by listing, so that a log that goes on does not hide a quota that moved. */
function partDifference(
  part: (typeof PARTS)[number],
  before: ClusterSnapshot,
  after: ClusterSnapshot,
): readonly Difference[] {
  if (part === 'usage' && before.usage.containers.length === 0)
    return [differing(part, '', 'changed', 'no usage was read, and the metrics API tells that of the moment')];
  if (part !== 'cloud') return [differing(part, '', 'changed', undefined)];
  const fields = Object.keys({ ...before.cloud, ...after.cloud }) as (keyof ClusterSnapshot['cloud'])[];
  return fields
    .filter((field) => !sameJson(before.cloud[field], after.cloud[field]))
    .map((field) => {
      const goesOn =
        (field === 'autoscaler' && reportsAlike(before.cloud.autoscaler, after.cloud.autoscaler)) ||
        (field === 'visibility' && decidesAlike(before.cloud.visibility, after.cloud.visibility));
      return differing('cloud', field, 'changed', goesOn ? 'the autoscaler goes on reporting the same' : undefined);
    });
}

/** The value at a path such as `spec.containers[0].image` or `labels["a.b/c"]`. */
export function valueAt(object: unknown, path: string): unknown {
  let value = object;
  for (const [, quoted, index, name] of path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)) {
    const key = quoted === undefined ? (index ?? name ?? '') : (JSON.parse(`"${quoted}"`) as string);
    value = (value as Readonly<Record<string, unknown>> | null | undefined)?.[key];
  }
  return value;
}
