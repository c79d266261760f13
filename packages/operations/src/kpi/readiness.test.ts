import type { Assessment } from '@aia/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assess } from '../assess.ts';
import { SEVERITIES } from '../diagnose/finding.ts';
import { examine } from '../diagnose/rule.suite.ts';
import { node, OBSERVED, owner, pod, UNREADY } from './cluster.suite.ts';
import { judge, type Judged } from './readiness.ts';

type Cause = Judged['causes'][number];
type Scene = Parameters<typeof examine>[0];

const assessed = (scene: Scene, namespaces?: readonly string[]): Assessment =>
  assess(examine({ observedAt: OBSERVED, ...scene }).snapshot, { version: 'test', ...(namespaces && { namespaces }) });

const cause = (severity: Cause['severity']) => ({ severity }) as Cause;
const kpi = (id: string, value: number | undefined, met: boolean) =>
  ({
    id,
    name: id,
    basis: '',
    ...(value === undefined ? { status: 'unknown' } : { value, status: met ? 'met' : 'missed' }),
  }) as Judged['kpis'][number];

function judged(change: Partial<Judged> = {}): Judged {
  const { snapshot, thresholds } = examine({ observedAt: OBSERVED, objects: [node('node-1'), pod('a')] });
  return {
    snapshot,
    thresholds,
    causes: [],
    kpis: [],
    pods: { total: 1, succeeding: 1, failing: 0 },
    absent: { namespaces: [], all: false },
    missing: [],
    ...change,
  };
}

describe('readiness score', () => {
  it('is the weighted mean of the known parts', () => {
    // pods 1/2 × 0.35, causes (0.5 × 0.8) × 0.25, headroom (1 − 0.9) ÷ 0.2 × 0.1, certificates 0 × 0.1, load balancers 1 × 0.05
    const verdict = judge(
      judged({
        pods: { total: 2, succeeding: 1, failing: 1 },
        causes: [cause('critical'), cause('high')],
        kpis: [
          kpi('cpu-requests', 0.9, false),
          kpi('memory-requests', 0.5, false),
          kpi('certificate-health', 0.5, false),
          kpi('active-load-balancers', 1, true),
        ],
      }),
    );
    expect(verdict.score).toBe(Math.floor((100 * (0.175 + 0.1 + 0.05 + 0 + 0.05)) / 0.85));
    expect(verdict.confidence).toBe(0.85);
    expect(verdict.status).toBe('not-ready');
  });

  it('has weights that come to 1', () => {
    const { components } = judge(judged());
    expect(components.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1);
  });

  it('is 100 only where nothing stands against it', () => {
    expect(judge(judged()).score).toBe(100);
    expect(judge(judged({ pods: { total: 1000, succeeding: 999, failing: 1 } })).score).toBeLessThan(100);
    expect(judge(judged({ causes: [cause('low')] })).score).toBeLessThan(100);
  });

  const severities = fc.array(fc.constantFrom(...SEVERITIES).map(cause), { maxLength: 8 });
  const counts = fc
    .tuple(fc.nat(50), fc.nat(50))
    .map(([succeeding, failing]) => ({ total: succeeding + failing, succeeding, failing }));

  it('never rises with one more cause, a worse cause, or one more failing pod', () => {
    fc.assert(
      fc.property(severities, fc.constantFrom(...SEVERITIES), counts, (causes, severity, pods) => {
        const score = (change: Partial<Judged>) => judge(judged({ causes, pods, ...change })).score;
        const before = score({});
        expect(score({ causes: [...causes, cause(severity)] })).toBeLessThanOrEqual(before);
        expect(score({ causes: [cause('critical'), ...causes.slice(1)] })).toBeLessThanOrEqual(before);
        expect(score({ pods: { ...pods, total: pods.total + 1, failing: pods.failing + 1 } })).toBeLessThanOrEqual(
          before,
        );
      }),
    );
  });

  it('never rises when a failing pod joins a whole cluster, whatever it requests', () => {
    const pods = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 800 })), { minLength: 1, maxLength: 6 });
    const build = (list: readonly (readonly [boolean, number])[]) => [
      node('node-1'),
      ...list.map(([ready, cpu], i) =>
        pod(`p${i}`, {
          spec: { containers: [{ name: 'c', resources: { requests: { cpu: `${cpu}m` } } }] },
          status: ready ? {} : UNREADY,
        }),
      ),
    ];
    fc.assert(
      fc.property(pods, fc.integer({ min: 0, max: 2000 }), (list, cpu) => {
        const before = assessed({ objects: build(list) }).verdict.score;
        expect(assessed({ objects: build([...list, [false, cpu]]) }).verdict.score).toBeLessThanOrEqual(before);
      }),
      { numRuns: 50 },
    );
  });
});

describe('confidence', () => {
  it('falls with every input that was not read, and never rises', () => {
    const inputs = [
      'pods',
      'nodes',
      'events',
      'secrets',
      'quotas',
      'certificates',
      'custom-resources',
      'kind:batch/Job',
    ];
    fc.assert(
      fc.property(fc.subarray(inputs), fc.constantFrom(...inputs), (some, more) => {
        const entry = (input: string) => ({ input, reason: '', consequence: '' });
        const confidence = (list: readonly string[]) => judge(judged({ missing: list.map(entry) })).confidence;
        expect(confidence([...some, more])).toBeLessThanOrEqual(confidence(some));
      }),
    );
    const objects = [node('node-1'), pod('a')];
    expect(assessed({ objects, missing: ['events'] }).verdict.confidence).toBeLessThan(
      assessed({ objects }).verdict.confidence,
    );
  });
});

describe('verdict', () => {
  it('says that nothing was read instead of calling it healthy', () => {
    expect(assessed({ objects: [] }).verdict).toMatchObject({ status: 'unknown', score: 0, confidence: 0 });
  });

  it('says that a namespace is not there, and which there are', () => {
    const { verdict, missing } = assessed({ objects: [node('node-1'), pod('p')] }, ['shpo']);
    expect(verdict).toMatchObject({ status: 'unknown', score: 0, sentence: expect.stringContaining('shpo') as string });
    expect(missing).toContainEqual(
      expect.objectContaining({ input: 'namespace:shpo', reason: expect.stringContaining('there are a') as string }),
    );
  });

  it('judges the namespaces that are there when one is not', () => {
    const both = assessed({ objects: [node('node-1'), pod('p')] }, ['a', 'shpo']);
    const one = assessed({ objects: [node('node-1'), pod('p')] }, ['a']);
    expect(both.verdict.status).toBe('ready');
    expect(both.missing.map(({ input }) => input)).toContain('namespace:shpo');
    expect(both.verdict.confidence).toBeLessThan(one.verdict.confidence);
    expect(one.missing).toEqual([]);
  });

  it('knows an empty namespace', () => {
    const empty = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'quiet' } };
    expect(assessed({ objects: [node('node-1'), empty] }, ['quiet']).missing).toEqual([]);
  });

  it.each([
    [0, 1, /all|only pod succeeds/],
    [1, 1, /the only pod fails/],
    [1, 3, /1 of 3 pods fails/],
    [2, 3, /2 of 3 pods fail\b/],
  ])('counts %i failing of %i in plain words', (failing, total, words) => {
    const pods = { total, succeeding: total - failing, failing };
    expect(judge(judged({ pods, causes: failing > 0 ? [cause('high')] : [] })).sentence).toMatch(words);
  });
});

describe('verdict in words', () => {
  it('never sounds fine while pods fail, even where no cause is seen', () => {
    const { status, sentence } = judge(judged({ pods: { total: 6, succeeding: 5, failing: 1 } }));
    expect(status).toBe('at-risk');
    expect(sentence).toBe('At risk: 1 of 6 pods fails; what was read does not show why.');
  });

  it('says that pods were not read, not that none counts', () => {
    const missing = [{ input: 'pods', reason: '', consequence: '' }];
    const { sentence } = judge(judged({ pods: { total: 0, succeeding: 0, failing: 0 }, missing }));
    expect(sentence).toBe('Nothing serious was found: pods were not read.');
  });

  it('leaves out failed pods whose workload is complete again', () => {
    const evicted = pod('a-1', {
      metadata: owner('ReplicaSet', 'a'),
      status: { phase: 'Failed', reason: 'Evicted', conditions: [] },
    });
    const { verdict, cluster } = assessed({
      objects: [node('node-1'), evicted, pod('a-2', { metadata: owner('ReplicaSet', 'a') })],
    });
    expect(cluster.pods).toEqual({ total: 1, succeeding: 1, failing: 0 });
    expect(verdict.status).toBe('ready');
  });
});

describe('causes that touch nothing in the namespaces asked for', () => {
  const lost = {
    ...node('node-2'),
    status: {
      conditions: [
        { type: 'Ready', status: 'False', reason: 'KubeletNotReady', lastTransitionTime: '2025-09-26T12:00:00Z' },
      ],
    },
  };
  const failing = pod('broken', {
    metadata: { namespace: 'b' },
    status: {
      ...UNREADY,
      phase: 'Pending',
      containerStatuses: [
        {
          name: 'c',
          ready: false,
          restartCount: 0,
          state: { waiting: { reason: 'CreateContainerConfigError', message: 'secret "x" not found' } },
        },
      ],
    },
  });
  const objects = [node('node-1'), lost, pod('a'), pod('on-it', { spec: { nodeName: 'node-2' } }), failing];

  it('do not make these namespaces not ready', () => {
    expect(assessed({ objects }).verdict.status).toBe('not-ready');
    expect(assessed({ objects }, ['a']).verdict).toMatchObject({
      status: 'at-risk',
      sentence: 'At risk: all 2 pods succeed; one root cause, which affects nothing in what was asked for.',
    });
  });

  it('come after those that do, whatever their severity', () => {
    const causes = (namespaces?: readonly string[]) =>
      assessed({ objects }, namespaces).rootCauses.map((one) => one.resource.kind);
    expect(causes()).toEqual(['Node', 'Secret']);
    expect(causes(['b'])).toEqual(['Secret', 'Node']);
    expect(assessed({ objects }, ['b']).verdict.status).toBe('not-ready');
  });
});
