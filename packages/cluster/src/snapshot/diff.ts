/** What changed between two snapshots' objects; reversible, and applicable where it was taken. */
import { compare } from '../model/order.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { objectKey } from '../model/resource-ref.ts';
import { createSnapshot, type ClusterSnapshot, type SnapshotParts } from './snapshot.ts';

/** An object that is in both, with other content. */
export interface ObjectChange {
  readonly key: string;
  readonly from: KubeObject;
  readonly to: KubeObject;
  /** Paths of changed fields, sorted: `spec.replicas`, `spec.containers[0].image`; at most {@link PATH_CAP}. */
  readonly paths: readonly string[];
}

/** Differences by object, each list sorted by `objectKey`. */
export interface SnapshotDiff {
  readonly added: readonly KubeObject[];
  readonly changed: readonly ObjectChange[];
  readonly removed: readonly KubeObject[];
}

/** Changed paths listed per object. */
const PATH_CAP = 500;

type Objects = Pick<SnapshotParts, 'objects'>;

/** From `a` to `b`. Absent fields and `undefined` are the same. */
export function diffSnapshots(a: Objects, b: Objects): SnapshotDiff {
  const before = keyed(a.objects);
  const after = keyed(b.objects);
  const changed: ObjectChange[] = [];
  for (const [key, from] of before) {
    const to = after.get(key);
    if (to === undefined || from === to || sameJson(from, to)) continue;
    changed.push({ key, from, to, paths: changedPaths(from, to) });
  }
  return {
    added: b.objects.filter((object) => !before.has(objectKey(object))).sort(byKey),
    changed: changed.sort((x, y) => compare(x.key, y.key)),
    removed: a.objects.filter((object) => !after.has(objectKey(object))).sort(byKey),
  };
}

/** From `b` back to `a`. */
export function reverseDiff({ added, changed, removed }: SnapshotDiff): SnapshotDiff {
  return {
    added: removed,
    changed: changed.map(({ from, to, ...rest }) => ({ ...rest, from: to, to: from })),
    removed: added,
  };
}

/**
 * The snapshot with the differences applied; its other parts stay. Kept objects keep their order, added ones follow, so two
 * snapshots that hold the same objects may differ in order.
 * Throws `RangeError` naming the object when the snapshot is not the one the differences were taken from: an added object is
 * there already, or a changed or removed one is missing or has other content.
 */
export function applyDiff(parts: SnapshotParts, diff: SnapshotDiff): ClusterSnapshot {
  const objects = keyed(parts.objects);
  for (const object of diff.removed) {
    expectContent(objects, object);
    objects.delete(objectKey(object));
  }
  for (const { key, from, to } of diff.changed) {
    expectContent(objects, from);
    objects.set(key, to);
  }
  for (const object of diff.added) {
    const key = objectKey(object);
    if (objects.has(key)) throw new RangeError(`diff.added: ${key} is in the snapshot already`);
    objects.set(key, object);
  }
  return createSnapshot({ ...parts, objects: [...objects.values()] });
}

function expectContent(objects: ReadonlyMap<string, KubeObject>, wanted: KubeObject): void {
  const key = objectKey(wanted);
  const found = objects.get(key);
  if (found === undefined) throw new RangeError(`diff: ${key} is not in the snapshot`);
  if (found !== wanted && !sameJson(found, wanted))
    throw new RangeError(`diff: ${key} has other content than the diff was taken from`);
}

/**
 * Whether two JSON values are equal; the order of fields does not matter, and `undefined` is absent. Without recursion,
 * because faked objects may be nested deeper than the stack.
 */
export function sameJson(a: unknown, b: unknown): boolean {
  if (!isParted(a) || !isParted(b)) return Object.is(a, b);
  const pending: Parts[] = [a, b];
  while (pending.length > 0) {
    const y = pending.pop() as Parts;
    const x = pending.pop() as Parts;
    if (Array.isArray(x) !== Array.isArray(y)) return false;
    let shared = 0;
    for (const key of Object.keys(x)) {
      const [one, other] = [x[key], y[key]];
      if (Object.hasOwn(y, key)) shared++;
      if (Object.is(one, other)) continue;
      if (!isParted(one) || !isParted(other)) return false;
      pending.push(one, other);
    }
    if (shared === Object.keys(y).length) continue;
    for (const key of Object.keys(y)) if (y[key] !== undefined && !Object.hasOwn(x, key)) return false;
  }
  return true;
}

/** Paths at which two JSON values differ, sorted. */
export function changedPaths(a: unknown, b: unknown): readonly string[] {
  const paths: string[] = [];
  const pending: [unknown, unknown, string][] = [[a, b, '']];
  for (let entry = pending.pop(); entry !== undefined && paths.length < PATH_CAP; entry = pending.pop()) {
    const [x, y, path] = entry;
    if (Object.is(x, y)) continue;
    const keys = partKeys(x, y);
    if (keys === undefined) paths.push(path);
    else
      for (const key of keys)
        pending.push([(x as Parts)[key], (y as Parts)[key], childPath(path, key, Array.isArray(x))]);
  }
  return paths.sort();
}

type Parts = Readonly<Record<string, unknown>>;

/** Names of the parts of two lists or two objects; `undefined` when the values cannot be compared part by part. */
function partKeys(x: unknown, y: unknown): Iterable<string> | undefined {
  if (!isParted(x) || !isParted(y) || Array.isArray(x) !== Array.isArray(y)) return undefined;
  return new Set([...Object.keys(x), ...Object.keys(y)]);
}

function isParted(value: unknown): value is Parts {
  return typeof value === 'object' && value !== null;
}

/** Keys with dots, as in labels, are quoted: `metadata.labels["app.kubernetes.io/name"]`. */
function childPath(path: string, key: string, inList: boolean): string {
  if (inList) return `${path}[${key}]`;
  if (!/^[\w-]{1,128}$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

function keyed(objects: readonly KubeObject[]): Map<string, KubeObject> {
  return new Map(objects.map((object) => [objectKey(object), object]));
}

function byKey(a: KubeObject, b: KubeObject): number {
  return compare(objectKey(a), objectKey(b));
}
