import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PodMetrics } from '../model/kinds.ts';
import { UsageCollector } from './usage-collector.ts';
import { isPrometheusAnswer } from './prometheus.ts';
import type { ContainerUsage } from './usage.ts';
import { vpaRecommendations } from './vpa.ts';

const labels = { namespace: 'shop', pod: 'web-1', container: 'web' };
const matrix = (metric: Record<string, string>, values: unknown): unknown => ({
  status: 'success',
  data: { resultType: 'matrix', result: [{ metric, values }] },
});

function collected(
  value: unknown,
  quantity?: 'cpu' | 'memory',
): { containers: readonly ContainerUsage[]; messages: readonly string[] } {
  const collector = new UsageCollector();
  collector.addPrometheus(value, 'f', quantity);
  return { containers: collector.build().containers, messages: collector.problems.map(({ message }) => message) };
}

describe('UsageCollector.addPodMetrics', () => {
  const metrics: PodMetrics = {
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind: 'PodMetrics',
    metadata: { name: 'web-1', namespace: 'shop' },
    timestamp: '2025-09-27T08:00:00Z',
    containers: [
      { name: 'web', usage: { cpu: '12345678n', memory: '131072Ki' } },
      { name: 'odd', usage: { cpu: 'much' } },
    ],
  };

  it('takes one sample per container', () => {
    const collector = new UsageCollector();
    collector.addPodMetrics(metrics, 'f');
    const at = Date.UTC(2025, 8, 27, 8);
    expect(collector.build()).toEqual({
      sources: ['metrics-api'],
      containers: [
        { ...labels, cpu: { times: [at], values: [12.345678] }, memory: { times: [at], values: [134217728] } },
      ],
    });
  });

  it('needs a time', () => {
    const collector = new UsageCollector();
    const untimed: PodMetrics = { ...metrics, timestamp: 'now' };
    collector.addPodMetrics(untimed, 'f');
    expect(collector.build().containers).toEqual([]);
    expect(collector.problems).toHaveLength(1);
    collector.addPodMetrics(untimed, 'f', 5);
    expect(collector.build().containers[0]?.cpu?.times).toEqual([5]);
  });
});

describe('UsageCollector.addPrometheus', () => {
  it('reads small values as Prometheus writes them', () => {
    const collector = new UsageCollector();
    const metric = { namespace: 'a', pod: 'p', container: 'c' };
    const texts = ['0.0000012345678901234567', '1.2345678901234567e-07', '0.00012345678901234567'];
    const values = texts.map((text, i) => [1e9 + i, text]);
    collector.addPrometheus(
      { status: 'success', data: { resultType: 'matrix', result: [{ metric, values }] } },
      'f',
      'cpu',
    );
    expect(collector.problems).toEqual([]);
    expect(collector.build().containers[0]?.cpu?.values).toEqual(texts.map((text) => Number(text) * 1000));
  });

  it('reads rates in cores as told by the caller, sorts, and keeps the higher of two samples at one time', () => {
    const { containers } = collected(
      matrix(labels, [
        [20, '0.2'],
        [10.5, '0.1'],
        [20, '0.3'],
      ]),
      'cpu',
    );
    expect(containers).toEqual([
      { ...labels, cpu: { times: [10_500, 20_000], values: [100, 300] }, memory: undefined },
    ]);
  });

  it('goes by the metric name: memory, recorded rates, and the bare counter', () => {
    expect(
      collected(matrix({ ...labels, __name__: 'container_memory_working_set_bytes' }, [[1, '1e6']]), 'cpu')
        .containers[0]?.memory?.values,
    ).toEqual([1e6]);
    const rate = 'node_namespace_pod_container:container_cpu_usage_seconds_total:sum_irate';
    expect(collected(matrix({ ...labels, __name__: rate }, [[1, '0.5']])).containers[0]?.cpu?.values).toEqual([500]);
    const counter = [
      [0, '100'],
      [60, '130'],
      [120, '1'],
      [180, '7'],
    ];
    expect(
      collected(matrix({ ...labels, __name__: 'container_cpu_usage_seconds_total' }, counter)).containers[0]?.cpu,
    ).toEqual({
      times: [60_000, 180_000],
      values: [500, 100],
    });
  });

  it('drops stale, infinite and negative samples in silence, and reports unreadable ones', () => {
    const values = [[1, 'NaN'], [2, '+Inf'], [3, '-1'], [4, '7'], ['x', '1'], [5], null, [6, 'abc'], [1e15, '1']];
    const { containers, messages } = collected(matrix(labels, values), 'memory');
    expect(containers[0]?.memory).toEqual({ times: [4000], values: [7] });
    expect(messages).toEqual(['5 samples are not [seconds, "number"]; left out']);
  });

  it('passes over whole-pod, pause and per-CPU series', () => {
    for (const metric of [
      { namespace: 'shop', pod: 'web-1' },
      { ...labels, container: 'POD' },
      { ...labels, container: '' },
      { ...labels, cpu: 'cpu03' },
    ]) {
      expect(collected(matrix(metric, [[1, '1']]), 'cpu')).toEqual({ containers: [], messages: [] });
    }
    expect(collected(matrix({ ...labels, cpu: 'total' }, [[1, '1']]), 'cpu').containers).toHaveLength(1);
  });

  it('reads instant answers and answers without their envelope', () => {
    const vector = { resultType: 'vector', result: [{ metric: labels, value: [1, '5'] }] };
    expect(collected(vector, 'memory').containers[0]?.memory?.values).toEqual([5]);
    expect(isPrometheusAnswer(vector)).toBe(true);
    expect(isPrometheusAnswer({ apiVersion: 'v1', kind: 'List', items: [] })).toBe(false);
  });

  it('says why nothing was read', () => {
    expect(collected({ status: 'error', error: 'query timed out' }).messages).toEqual([
      'Prometheus answered with an error: query timed out',
    ]);
    expect(collected({ data: { resultType: 'scalar', result: [1, '1'] } }).messages).toEqual([
      'expected matrix or vector, found scalar',
    ]);
    expect(collected(matrix(labels, [[1, '1']])).messages[0]).toContain('neither the metric nor the reader');
  });

  it('gives ascending times and finite values for any input', () => {
    const sample = fc.oneof(
      fc.tuple(fc.integer({ min: -5, max: 50 }), fc.oneof(fc.double().map(String), fc.string())),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.array(sample), fc.constantFrom('cpu' as const, 'memory' as const), (values, quantity) => {
        for (const { cpu, memory } of collected(matrix(labels, values), quantity).containers) {
          const { times, values: read } = cpu ?? memory ?? { times: [], values: [] };
          expect(times.every((at, i) => i === 0 || at > (times[i - 1] ?? at))).toBe(true);
          expect(read.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
          expect(read).toHaveLength(times.length);
        }
      }),
    );
  });
});

describe('vpaRecommendations', () => {
  it('reads bounds per container', () => {
    const amounts = { cpu: '25m', memory: '262144k' };
    const vpa = {
      apiVersion: 'autoscaling.k8s.io/v1',
      kind: 'VerticalPodAutoscaler',
      metadata: { name: 'v', namespace: 'shop' },
      spec: { targetRef: { kind: 'Deployment', name: 'web' } },
      status: {
        recommendation: {
          containerRecommendations: [{ containerName: 'web', target: amounts, upperBound: { cpu: 1 } }, 7],
        },
      },
    };
    expect(vpaRecommendations(vpa)).toEqual([
      {
        namespace: 'shop',
        targetKind: 'Deployment',
        targetName: 'web',
        container: 'web',
        target: { cpuMillis: 25, memoryBytes: 262_144_000 },
        lowerBound: { cpuMillis: undefined, memoryBytes: undefined },
        upperBound: { cpuMillis: 1000, memoryBytes: undefined },
      },
    ]);
    const { apiVersion, kind, metadata, spec } = vpa;
    const fresh = { apiVersion, kind, metadata, spec };
    expect(vpaRecommendations(fresh)).toEqual([]);
    expect(vpaRecommendations({ ...vpa, kind: 'Pod' })).toEqual([]);
  });
});
