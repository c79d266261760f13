import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SnapshotBuilder } from './builder.ts';
import { ClusterError } from './cluster-error.ts';
import { decodeSnapshot, encodeSnapshot, sealSnapshot } from './codec.ts';
import { merkleRoot } from './merkle.ts';
import { createSnapshot, type ClusterSnapshot, type SnapshotParts } from './snapshot.ts';

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const amount = fc.double({ min: 0, max: 1e12, noNaN: true });
const anySeries = fc
  .uniqueArray(fc.integer({ min: 0, max: 2e12 }), { maxLength: 6 })
  .map((times) => times.sort((a, b) => a - b))
  .map((times) => ({ times, values: times.map((at) => at / 7) }));
const anyCloud: fc.Arbitrary<SnapshotParts['cloud']> = fc.record({
  provider: fc.constant('gcp' as const),
  project: fc.option(word, { nil: undefined }),
  quotas: fc.option(fc.array(fc.record({ metric: word, region: word, limit: amount, usage: amount })), {
    nil: undefined,
  }),
  addresses: fc.constant([]),
  forwardingRules: fc.constant(undefined),
  cluster: fc.constant({
    name: 'c',
    location: 'r',
    version: '1.33',
    autopilot: false,
    autoscalingProfile: '',
    nodePools: [
      {
        name: 'p',
        machineType: 'e2-standard-4',
        diskType: 'pd-ssd',
        diskSizeGb: 100,
        spot: false,
        zones: ['r-a'],
        autoscaling: undefined,
        initialNodes: 1,
        privateNodes: false,
      },
    ],
  }),
  autoscaler: fc.constant(undefined),
  visibility: fc.option(
    fc.array(
      fc.record({
        at: fc.nat(),
        type: fc.constant('result' as const),
        eventId: word,
        messageId: word,
        parameters: fc.array(word),
        pods: fc.array(word),
        groups: fc.array(word),
      }),
    ),
    { nil: undefined },
  ),
});
const anyParts = fc.record({
  names: fc.uniqueArray(word, { maxLength: 6 }),
  cloud: anyCloud,
  containers: fc.array(
    fc.record({
      namespace: word,
      pod: word,
      container: word,
      cpu: fc.option(anySeries, { nil: undefined }),
      memory: anySeries,
    }),
  ),
  lines: fc.array(word),
});

function snapshotOf({
  names,
  cloud,
  containers,
  lines,
}: Pick<SnapshotParts, 'cloud'> & {
  names: string[];
  lines: string[];
  containers: SnapshotParts['usage']['containers'];
}): ClusterSnapshot {
  const builder = new SnapshotBuilder();
  for (const name of names) {
    const env = [{ name: 'DB_PASSWORD', value: 'hunter2hunter2' }];
    const spec = {
      containers: [
        { name: 'main', image: 'x', env, args: ['--password', 'hunter2hunter2', '--password=hunter2hunter2'] },
      ],
    };
    builder.add(
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'n' },
        spec,
        status: { phase: 'Running', message: null },
      },
      'f',
    );
    builder.add(
      { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'n' }, data: { a: 'eA==', b: 'eQ==' } },
      'f',
    );
  }
  builder.add({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 7 } }, 'f');
  return builder.build({
    source: { kind: 'dump', name: 'd' },
    observedAt: 1_700_000_000_000,
    serverVersion: 'v1.33.0',
    cloud,
    usage: { sources: ['prometheus'], containers },
    certificates: [
      {
        source: { kind: 'endpoint', host: 'example.org', port: 443 },
        subject: 's',
        issuer: 'i',
        serialNumber: '01',
        names: ['example.org'],
        notBeforeAt: 1,
        notAfterAt: 2,
        expectedHosts: [],
        chainError: undefined,
      },
    ],
    logs: [{ namespace: 'n', pod: 'p', container: 'c', previous: true, lines }],
    missing: [{ input: 'events', reason: 'not in the dump', consequence: 'no ages' }],
  });
}

const parts = (snapshot: ClusterSnapshot): unknown => ({ ...encodeSnapshot(snapshot) });
/** Absent and undefined are the same to every reader. */
const plain = (snapshot: ClusterSnapshot): unknown => JSON.parse(JSON.stringify(parts(snapshot)));
const saved = (snapshot: ClusterSnapshot): unknown => JSON.parse(JSON.stringify(encodeSnapshot(snapshot)));

describe('the codec', () => {
  it('restores every part, with the same Merkle root', () => {
    fc.assert(
      fc.property(anyParts, (given) => {
        const snapshot = snapshotOf(given);
        const decoded = decodeSnapshot(saved(snapshot));
        expect(plain(decoded)).toEqual(plain(snapshot));
        expect(merkleRoot(decoded)).toBe(merkleRoot(snapshot));
      }),
    );
  });

  it('refuses other values and other versions, and says which', () => {
    for (const value of [null, 1, 'x', [], {}, { format: 'other', version: 1 }]) {
      expect(() => decodeSnapshot(value)).toThrow(ClusterError);
    }
    try {
      decodeSnapshot({ format: 'aia.snapshot', version: 2 });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        code: 'unknown-version',
        retry: 'never',
        message: expect.stringContaining('version 2 is not known'),
      });
    }
  });

  it('notices every change to a sealed snapshot, and every cut', () => {
    fc.assert(
      fc.property(anyParts, fc.nat(), (given, pick) => {
        const snapshot = snapshotOf(given);
        const text = JSON.stringify(sealSnapshot(snapshot));
        expect(merkleRoot(decodeSnapshot(JSON.parse(text)))).toBe(merkleRoot(snapshot));
        const cut = JSON.parse(text) as { objects: unknown[]; observedAt: number; root: string };
        if (cut.objects.length > 0) cut.objects.splice(pick % cut.objects.length, 1);
        else cut.observedAt++;
        expect(() => decodeSnapshot(cut)).toThrow(expect.objectContaining({ code: 'tampered' }));
        const changed = JSON.parse(text) as { observedAt: number };
        changed.observedAt += 1 + pick;
        expect(() => decodeSnapshot(changed)).toThrow(/is not as it was saved/);
        expect(() => decodeSnapshot({ ...(JSON.parse(text) as object), root: 7 })).toThrow(ClusterError);
      }),
      { numRuns: 50 },
    );
  });

  it('grows as its content does', () => {
    const sizeOf = (count: number): number => {
      const names = Array.from({ length: count }, (_, i) => `pod${String(i).padStart(4, '0')}`);
      return JSON.stringify(encodeSnapshot(snapshotOf({ names, cloud: createCloud(), containers: [], lines: [] })))
        .length;
    };
    const [none, some, more] = [sizeOf(0), sizeOf(100), sizeOf(200)];
    expect((more - none) / (some - none)).toBeCloseTo(2, 1);
  });

  it('trusts a saved snapshot no more than a dump', () => {
    const document = saved(snapshotOf({ names: [], cloud: createCloud(), containers: [], lines: [] })) as Record<
      string,
      unknown
    >;
    document['objects'] = [
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { key: 'c2VjcmV0' } },
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: 'none' } },
      'rubbish',
    ];
    document['usage'] = {
      sources: [],
      containers: [{ namespace: 'n', pod: 'p', container: 'c', cpu: { times: [2, 1], values: [1, 1] } }, 3],
    };
    document['cloud'] = { provider: 'gcp', quotas: [{ metric: 'CPUS', region: 'r', limit: '8', usage: 1 }] };
    document['certificates'] = 'many';
    document['logs'] = [
      { namespace: 'n', pod: 'p', container: 'c', previous: false, lines: ['password=hunter2hunter2'] },
    ];
    const snapshot = decodeSnapshot(document);
    expect(JSON.stringify(snapshot)).not.toMatch(/c2VjcmV0|hunter2/);
    expect(snapshot.usage.containers).toEqual([{ namespace: 'n', pod: 'p', container: 'c', cpu: undefined }]);
    expect(snapshot.cloud.quotas).toEqual([]);
    expect(snapshot.certificates).toEqual([]);
    expect(snapshot.objects.map((object) => object.kind)).toEqual(['Secret', 'Pod']);
    expect(snapshot.problems.map((problem) => problem.place)).toEqual(
      expect.arrayContaining([
        'cloud.quotas[0].limit',
        'usage.containers[0].cpu',
        'certificates',
        'objects[1].spec.containers',
        'objects[2]',
      ]),
    );
  });

  it('survives any JSON in any part', () => {
    const keys = fc.constantFrom(
      'objects',
      'cloud',
      'usage',
      'certificates',
      'logs',
      'missing',
      'problems',
      'redactions',
      'source',
      'observedAt',
    );
    fc.assert(
      fc.property(fc.dictionary(keys, fc.jsonValue()), (given) => {
        const snapshot = decodeSnapshot({ format: 'aia.snapshot', version: 1, ...given });
        expect(parts(createSnapshot(snapshot))).toEqual(parts(snapshot));
        expect(merkleRoot(snapshot)).toMatch(/^[0-9a-f]{64}$/);
      }),
      { numRuns: 500 },
    );
  });
});

function createCloud(): SnapshotParts['cloud'] {
  return {
    provider: 'gcp',
    project: undefined,
    quotas: undefined,
    addresses: undefined,
    forwardingRules: undefined,
    cluster: undefined,
    autoscaler: undefined,
    visibility: undefined,
  };
}
