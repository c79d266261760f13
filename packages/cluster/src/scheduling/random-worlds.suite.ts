/** Random worlds for differential tests of the filters. */
import fc from 'fast-check';
import { node, pod, type Json } from './sample.suite.ts';
import type { OracleNode, OraclePod, OracleWorld } from './scheduler-oracle.suite.ts';

export const KEYS = ['zone', 'rack', 'kubernetes.io/hostname'] as const;
export const APPS = ['web', 'api', 'db'] as const;
const app = fc.constantFrom(...APPS);
const term = fc.record({ app, topologyKey: fc.constantFrom(...KEYS) });
/** Mostly nothing. */
export const few = <T>(of: fc.Arbitrary<T>, maxLength = 2): fc.Arbitrary<T[]> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant<T[]>([]) }, { weight: 1, arbitrary: fc.array(of, { maxLength }) });

export const anyNode = fc.record({
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

export const anyPod = fc.record({
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

export const anyWorld = fc
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

/** The pod as the API has it. */
export function podObject(each: OraclePod, on?: string): Json {
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

/** The node as the API has it. */
export function nodeObject({ name, labels, cordoned, taints, cpu, gpus, pods }: OracleNode): Json {
  return {
    ...node(name, {
      allocatable: { cpu, pods: String(pods), ...(gpus > 0 && { 'nvidia.com/gpu': gpus }) },
      labels,
      spec: { unschedulable: cordoned, taints },
    }),
  };
}
