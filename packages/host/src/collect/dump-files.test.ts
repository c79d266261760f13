import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SnapshotBuilder, type ClusterSnapshot } from '@aia/cluster';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDump } from '../dump/read-dump.ts';
import { writeDump } from './collect.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aia-dump-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Names that a cluster may hold, and some that only a hostile one would. */
const name = fc.oneof(
  fc.constantFrom(
    'web-0',
    'a.b.c',
    'node-1',
    '..',
    '.',
    '../../etc/passwd',
    'a/b',
    'ü',
    'A',
    'a',
    'con',
    'x%2e',
    '%',
    'shop.2',
    '_cluster',
  ),
  fc.string({ minLength: 1, maxLength: 20 }),
);
const object = fc.record(
  {
    apiVersion: fc.constantFrom('v1', 'apps/v1', 'batch/v1', 'example.com/v1beta1', 'metrics.k8s.io/v1beta1'),
    kind: fc.constantFrom(
      'Pod',
      'Node',
      'ConfigMap',
      'Secret',
      'Event',
      'Deployment',
      'Job',
      'Widget',
      'AllowList',
      'NodeMetrics',
    ),
    metadata: fc.record(
      {
        name,
        namespace: name,
        uid: fc.uuid(),
        resourceVersion: fc.nat().map(String),
        labels: fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
        annotations: fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
      },
      { requiredKeys: ['name', 'uid'] },
    ),
    spec: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
    data: fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
    message: fc.string(),
  },
  { requiredKeys: ['apiVersion', 'kind', 'metadata'] },
);
const text = fc.string({ minLength: 1, maxLength: 30 });
const missing = fc.array(fc.record({ input: text, reason: text, consequence: text }), { maxLength: 4 });

function snapshotOf(objects: readonly unknown[], facts: Partial<ClusterSnapshot>): ClusterSnapshot {
  const builder = new SnapshotBuilder();
  // In the order of kinds, as the live reader adds them.
  for (const one of objects) builder.add(structuredClone(one), 'test');
  return builder.build({ source: { kind: 'live', name: 'test' }, observedAt: 1.7e12, ...facts });
}

const inOrder = (snapshot: ClusterSnapshot) =>
  snapshot.objects.map((one) => JSON.stringify(one)).sort((a, b) => (a < b ? -1 : 1));

describe('a dump', () => {
  it('holds every object, whatever its name, and what was missing', async () => {
    const out = join(folder, 'dump.tar.gz');
    await fc.assert(
      fc.asyncProperty(fc.array(object, { minLength: 1, maxLength: 12 }), missing, async (objects, absent) => {
        const snapshot = snapshotOf(objects, { missing: absent });
        fc.pre(snapshot.objects.length > 0);
        await writeDump({ snapshot, context: 'test', certificates: [] }, [], { out, force: true });
        const again = await readDump(out);
        expect(inOrder(again)).toEqual(inOrder(snapshot));
        expect(again.observedAt).toBe(snapshot.observedAt);
        expect(again.problems).toEqual(snapshot.problems);
        const inputs = new Set(again.missing.map(({ input }) => input));
        for (const { input } of absent) expect(inputs).toContain(input);
      }),
      { numRuns: 200 },
    );
  });
});
