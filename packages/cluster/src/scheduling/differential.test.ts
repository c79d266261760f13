import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { node, pod, podIn, snapshotOf, type Json } from './sample.suite.ts';
import { oracleReasons, type OracleNode, type OraclePod, type OracleWorld } from './scheduler-oracle.suite.ts';
import { createWorld, filterNode } from './world.ts';

const KEYS = ['zone', 'rack', 'kubernetes.io/hostname'] as const;
const app = fc.constantFrom('web', 'api', 'db');
const term = fc.record({ app, topologyKey: fc.constantFrom(...KEYS) });
const few = <T>(of: fc.Arbitrary<T>, maxLength = 2): fc.Arbitrary<T[]> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant<T[]>([]) }, { weight: 1, arbitrary: fc.array(of, { maxLength }) });

const anyNode = fc.record({
  zone: fc.constantFrom('a', 'b', undefined),
  rack: fc.constantFrom('1', '2', '3', undefined),
  cordoned: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
  taints: few(
    fc.record({
      key: fc.constantFrom('team', 'gpu'),
      value: fc.constantFrom('', 'x'),
      effect: fc.constantFrom('NoSchedule', 'NoExecute', 'PreferNoSchedule'),
    }),
  ),
  cpu: fc.integer({ min: 0, max: 4 }),
  gpus: fc.integer({ min: 0, max: 1 }),
  pods: fc.integer({ min: 1, max: 5 }),
});

const anyPod = fc.record({
  app,
  cpu: fc.integer({ min: 0, max: 2 }),
  gpus: fc.constantFrom(0, 0, 0, 1),
  port: fc.constantFrom(0, 0, 0, 80, 81),
  ip: fc.constantFrom('', '10.0.0.1', '10.0.0.2'),
  tolerates: few(
    fc.constantFrom(
      { operator: 'Exists' },
      { key: 'team', operator: 'Exists' },
      { key: 'gpu', operator: 'Equal', value: 'x' },
      { key: 'node.kubernetes.io/unschedulable', operator: 'Exists' },
    ),
  ),
  selector: fc.constantFrom<Record<string, string>>({}, {}, {}, { zone: 'a' }, { rack: '1' }),
  terms: fc.option(
    fc.array(
      fc.array(
        fc.record({
          key: fc.constantFrom('zone', 'rack'),
          values: fc.subarray(['a', 'b', '1', '2'], { minLength: 1 }),
        }),
        { maxLength: 2 },
      ),
      { minLength: 1, maxLength: 2 },
    ),
    { nil: undefined, freq: 2 },
  ),
  wants: few(term),
  avoids: few(term),
  spread: few(
    fc.record({
      topologyKey: fc.constantFrom(...KEYS),
      maxSkew: fc.integer({ min: 1, max: 2 }),
      minDomains: fc.integer({ min: 1, max: 3 }),
      honoursTaints: fc.boolean(),
    }),
  ),
  terminating: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
});

const anyWorld = fc
  .record({
    nodes: fc.array(anyNode, { minLength: 1, maxLength: 5 }),
    placed: fc.array(fc.tuple(anyPod, fc.nat()), { maxLength: 8 }),
    asked: anyPod,
  })
  .map(({ nodes, placed, asked }) => {
    const named: OracleNode[] = nodes.map(({ zone, rack, ...rest }, i) => ({
      ...rest,
      name: `n${i}`,
      labels: {
        'kubernetes.io/hostname': `n${i}`,
        ...(zone === undefined ? {} : { zone }),
        ...(rack === undefined ? {} : { rack }),
      },
    }));
    const world: OracleWorld = {
      nodes: named,
      placed: placed.map(([each, at], i) => [{ ...each, name: `p${i}` }, `n${at % named.length}`] as const),
    };
    return { world, asked: { ...asked, name: 'new', terminating: false } };
  });

const required = (rule: unknown): Json => ({ requiredDuringSchedulingIgnoredDuringExecution: rule });
const selectorOf = (of: string): Json => ({ matchLabels: { app: of } });

function podObject(each: OraclePod, on?: string): Json {
  const podTerms = (terms: OraclePod['wants']): Json =>
    required(terms.map(({ app: of, topologyKey }) => ({ topologyKey, labelSelector: selectorOf(of) })));
  const { terms, port, ip, cpu, gpus } = each;
  return pod(each.name, {
    labels: { app: each.app },
    requests: { cpu, ...(gpus > 0 && { 'nvidia.com/gpu': gpus }) },
    ...(port > 0 && { container: { ports: [{ containerPort: 1, hostPort: port, hostIP: ip }] } }),
    ...(each.terminating && { metadata: { deletionTimestamp: '2025-09-27T12:00:00Z' } }),
    spec: {
      ...(on !== undefined && { nodeName: on }),
      nodeSelector: each.selector,
      tolerations: each.tolerates,
      affinity: {
        ...(terms !== undefined && {
          nodeAffinity: required({
            nodeSelectorTerms: terms.map((all) => ({
              matchExpressions: all.map(({ key, values }) => ({ key, operator: 'In', values })),
            })),
          }),
        }),
        podAffinity: podTerms(each.wants),
        podAntiAffinity: podTerms(each.avoids),
      },
      topologySpreadConstraints: each.spread.map(({ topologyKey, maxSkew, minDomains, honoursTaints }) => ({
        topologyKey,
        maxSkew,
        minDomains,
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: selectorOf(each.app),
        nodeTaintsPolicy: honoursTaints ? 'Honor' : 'Ignore',
      })),
    },
    status: { phase: on === undefined ? 'Pending' : 'Running' },
  });
}

function nodeObject({ name, labels, cordoned, taints, cpu, gpus, pods }: OracleNode): Json {
  return {
    ...node(name, {
      allocatable: { cpu, pods: String(pods), ...(gpus > 0 && { 'nvidia.com/gpu': gpus }) },
      labels,
      spec: { unschedulable: cordoned, taints },
    }),
  };
}

describe('the filters', () => {
  it('agree with a plain re-implementation on every node of random worlds, first asked and after placements', () => {
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(anyWorld, ({ world: { nodes, placed }, asked }) => {
        const snapshot = snapshotOf([
          ...nodes.map(nodeObject),
          ...placed.map(([each, on]) => podObject(each, on)),
          podObject(asked),
        ]);
        const fresh = createWorld(snapshot);
        const late = createWorld(snapshot);
        const waiting = podIn(snapshot, 'new');
        // Counts that were made before a change must give what counts made after it give.
        for (const { name } of nodes) filterNode(waiting, name, late);
        for (const [each, on] of placed) late.remove(podIn(snapshot, each.name), on);
        for (const { name } of nodes) filterNode(waiting, name, late);
        for (const [each, on] of placed) late.place(podIn(snapshot, each.name), on);
        for (const each of nodes) {
          const expected = oracleReasons(asked, each, { nodes, placed });
          expect(filterNode(waiting, each.name, fresh)).toEqual(expected);
          expect(filterNode(waiting, each.name, late)).toEqual(expected);
          if (expected.length === 0) taken++;
          else refused++;
        }
      }),
      { numRuns: 1500 },
    );
    expect(taken).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(100);
  });
});
