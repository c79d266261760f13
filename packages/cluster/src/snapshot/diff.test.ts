import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectKey } from '../model/resource-ref.ts';
import { SnapshotBuilder } from './builder.ts';
import { applyDiff, changedPaths, diffSnapshots, reverseDiff, sameJson } from './diff.ts';
import type { ClusterSnapshot } from './snapshot.ts';

const anyObject = fc
  .record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    namespace: fc.constantFrom('x', 'y'),
    spec: fc.jsonValue({ maxDepth: 3 }),
  })
  .map(({ name, namespace, spec }) => ({
    apiVersion: 'example.org/v1',
    kind: 'Thing',
    metadata: { name, namespace },
    spec,
  }));

const anySnapshot = fc.array(anyObject, { maxLength: 12 }).map(snapshotOf);

function snapshotOf(objects: readonly unknown[]): ClusterSnapshot {
  const builder = new SnapshotBuilder();
  for (const object of structuredClone(objects)) builder.add(object, 'test');
  return builder.build({ source: { kind: 'dump', name: 'test' } });
}

const byKey = (snapshot: ClusterSnapshot): unknown =>
  Object.fromEntries(snapshot.objects.map((object) => [objectKey(object), object]));
const deployment = (replicas: number, label: string): unknown => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', labels: { 'app.kubernetes.io/name': label } },
  spec: { replicas, template: { spec: { containers: [{ name: 'web', image: `web:${replicas}` }] } } },
});

describe('diffSnapshots', () => {
  it('applied to its origin gives its target', () => {
    fc.assert(
      fc.property(anySnapshot, anySnapshot, (a, b) => {
        expect(byKey(applyDiff(a, diffSnapshots(a, b)))).toEqual(byKey(b));
      }),
    );
  });

  it('reversed restores the origin', () => {
    fc.assert(
      fc.property(anySnapshot, anySnapshot, (a, b) => {
        const diff = diffSnapshots(a, b);
        expect(byKey(applyDiff(applyDiff(a, diff), reverseDiff(diff)))).toEqual(byKey(a));
        expect(reverseDiff(reverseDiff(diff))).toEqual(diff);
        expect(diffSnapshots(b, a)).toEqual(reverseDiff(diff));
      }),
    );
  });

  it('is empty between equal snapshots, also when one writes absent fields as undefined', () => {
    fc.assert(
      fc.property(anySnapshot, (a) => {
        expect(diffSnapshots(a, snapshotOf(a.objects))).toEqual({ added: [], changed: [], removed: [] });
      }),
    );
    expect(sameJson({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(sameJson({ a: null }, {})).toBe(false);
    expect(sameJson([1, 2], { 0: 1, 1: 2 })).toBe(false);
  });

  it('names the changed fields', () => {
    const [change] = diffSnapshots(snapshotOf([deployment(1, 'web')]), snapshotOf([deployment(2, 'shop')])).changed;
    expect(change?.key).toBe('apps/Deployment/shop/web');
    expect(change?.paths).toEqual([
      'metadata.labels["app.kubernetes.io/name"]',
      'spec.replicas',
      'spec.template.spec.containers[0].image',
    ]);
  });

  it('survives nesting deeper than the stack', () => {
    const deep = (leaf: number): unknown => JSON.parse(`${'['.repeat(20_000)}${leaf}${']'.repeat(20_000)}`);
    expect(sameJson(deep(1), deep(1))).toBe(true);
    expect(sameJson(deep(1), deep(2))).toBe(false);
    expect(changedPaths({ a: 1, b: [1, 2] }, { b: [1, 3, 4] })).toEqual(['a', 'b[1]', 'b[2]']);
  });
});

describe('applyDiff', () => {
  it('refuses a snapshot that the difference was not taken from', () => {
    const a = snapshotOf([deployment(1, 'web')]);
    const b = snapshotOf([deployment(2, 'web')]);
    const none = snapshotOf([]);
    expect(() => applyDiff(b, diffSnapshots(a, b))).toThrow(/apps\/Deployment\/shop\/web has other content/);
    expect(() => applyDiff(none, diffSnapshots(a, b))).toThrow(/is not in the snapshot/);
    expect(() => applyDiff(none, diffSnapshots(a, none))).toThrow(RangeError);
    expect(() => applyDiff(a, diffSnapshots(none, a))).toThrow(/already/);
  });
});
