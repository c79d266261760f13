import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentile, shortcomingOf, summarise } from './summarise.ts';
import { indexUsage, podsByWorkload, usageOfPod, workloadUsage } from './usage-index.ts';
import type { ContainerUsage, UsageSeries } from './usage.ts';

const MINUTE = 60_000;
const HALF_HOUR = 30 * MINUTE;

/** `count` samples from `from`, one each `stepMs`, with values 1..count. */
function seriesOf(count: number, stepMs: number, from = 0, scale = 1): UsageSeries {
  return {
    times: Array.from({ length: count }, (_, i) => from + i * stepMs),
    values: Array.from({ length: count }, (_, i) => (i + 1) * scale),
  };
}

describe('percentile', () => {
  it('is the nearest rank', () => {
    const sorted = Array.from({ length: 100 }, (_, i) => i + 1);
    expect([0, 0.5, 0.9, 0.95, 0.99, 1].map((p) => percentile(sorted, p))).toEqual([1, 50, 90, 95, 99, 100]);
    expect(percentile([15, 20, 35, 40, 50], 0.3)).toBe(20);
    expect(percentile([7], 0.95)).toBe(7);
  });

  it('has at least its share of the samples at or below it, and fewer below', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), fc.integer({ min: 1, max: 100 }), (values, percent) => {
        const sorted = values.sort((a, b) => a - b);
        const value = percentile(sorted, percent / 100);
        expect(sorted.filter((each) => each <= value).length * 100).toBeGreaterThanOrEqual(percent * sorted.length);
        expect(sorted.filter((each) => each < value).length * 100).toBeLessThan(percent * sorted.length);
      }),
    );
  });

  it('refuses nothing and shares outside 0..1', () => {
    expect(() => percentile([], 0.5)).toThrow(RangeError);
    expect(() => percentile([1], 95)).toThrow(/p must be within 0..1, is 95/);
    expect(() => percentile([1], Number.NaN)).toThrow(RangeError);
  });
});

describe('summarise', () => {
  it('sums up eight days of half hours as sufficient', () => {
    const series = seriesOf(384, HALF_HOUR);
    const lastAt = 383 * HALF_HOUR;
    expect(summarise(series, lastAt)).toEqual({
      samples: 384,
      spanMs: lastAt,
      coverage: 1,
      p50: 192,
      p90: 346,
      p95: 365,
      p99: 381,
      max: 384,
      last: 384,
      lastAt,
      sufficient: true,
    });
  });

  it('says why a series is too short, too sparse, or too old', () => {
    const judged = (series: ReturnType<typeof seriesOf>, observedAt: number) => {
      const summary = summarise(series, observedAt);
      return [summary?.sufficient, summary === undefined ? undefined : shortcomingOf(summary, observedAt)];
    };
    expect(judged(seriesOf(1, 1), 0)).toEqual([
      false,
      expect.stringMatching(/covers 0 h, needs 24 h; 1 samples, needs 100/),
    ]);
    expect(summarise(seriesOf(1, 1), 0)?.coverage).toBe(0);
    expect(judged(seriesOf(500, MINUTE), 500 * MINUTE)).toEqual([false, 'covers 8.3 h, needs 24 h']);
    const halves = [
      ...seriesOf(100, MINUTE).times,
      ...seriesOf(100, MINUTE, 1000 * MINUTE).times,
      ...seriesOf(100, MINUTE, 2000 * MINUTE).times,
    ];
    const gaps = { times: halves, values: halves.map(() => 1) };
    expect(summarise(gaps, 2100 * MINUTE)?.coverage).toBeCloseTo(300 / 2100, 3);
    expect(judged(gaps, 2100 * MINUTE)).toEqual([false, '14 % of the expected samples, needs 50 %']);
    expect(judged(seriesOf(384, HALF_HOUR), 100 * 24 * 60 * MINUTE)).toEqual([
      false,
      expect.stringContaining('newest sample'),
    ]);
    expect(judged(seriesOf(384, HALF_HOUR), 384 * HALF_HOUR)).toEqual([true, '']);
  });

  it('of one sample is that sample throughout', () => {
    const at = { samples: 1, spanMs: 0, coverage: 0, lastAt: 60_000 };
    const same = { p50: 7, p90: 7, p95: 7, p99: 7, max: 7, last: 7 };
    expect(summarise({ times: [60_000], values: [7] }, 60_000)).toEqual({ ...at, ...same, sufficient: false });
  });

  it('is undefined without samples', () => {
    expect(summarise(undefined, 0)).toBeUndefined();
    expect(summarise({ times: [], values: [] }, 0)).toBeUndefined();
  });
});

describe('usage by pod and workload', () => {
  const usage = (pod: string, container: string, cpu: UsageSeries | undefined): ContainerUsage => ({
    namespace: 'shop',
    pod,
    container,
    cpu,
    memory: undefined,
  });

  it('finds the containers of a pod', () => {
    const index = indexUsage({
      sources: [],
      containers: [usage('a', 'web', undefined), usage('a', 'sidecar', undefined), usage('b', 'web', undefined)],
    });
    expect(usageOfPod(index, 'shop', 'a').map(({ container }) => container)).toEqual(['web', 'sidecar']);
    expect(usageOfPod(index, 'other', 'a')).toEqual([]);
  });

  it('takes the busiest pod for every statistic and all pods together for the length', () => {
    const day = 48 * HALF_HOUR;
    const early = seriesOf(60, HALF_HOUR, 0, 10);
    const late = seriesOf(60, HALF_HOUR, day + 6 * HALF_HOUR);
    const index = indexUsage({
      sources: [],
      containers: [usage('a', 'web', early), usage('b', 'web', late), usage('c', 'web', undefined)],
    });
    const pods = ['a', 'b', 'c', 'absent'].map((name) => ({ namespace: 'shop', name }));
    const [web] = workloadUsage(index, pods, late.times.at(-1) ?? 0);
    expect(web).toMatchObject({ container: 'web', pods: 3, memory: undefined });
    expect(web?.cpu).toMatchObject({
      p50: 300,
      max: 600,
      last: 60,
      spanMs: 113 * HALF_HOUR,
      samples: 114,
      sufficient: true,
    });
    expect(summarise(early, 0)?.sufficient).toBe(false);
  });

  it('does not take two short runs days apart for a long history', () => {
    const index = indexUsage({
      sources: [],
      containers: [
        usage('a', 'web', seriesOf(60, MINUTE)),
        usage('b', 'web', seriesOf(60, MINUTE, 8 * 48 * HALF_HOUR)),
      ],
    });
    const pods = ['a', 'b'].map((name) => ({ namespace: 'shop', name }));
    const [web] = workloadUsage(index, pods, 8 * 48 * HALF_HOUR + 60 * MINUTE);
    expect(web?.cpu?.spanMs).toBeGreaterThan(7 * 48 * HALF_HOUR);
    expect(web?.cpu?.coverage).toBeCloseTo(120 / (8 * 24 * 60), 2);
    expect(web?.cpu?.sufficient).toBe(false);
    expect(web?.cpu && shortcomingOf(web.cpu, 8 * 48 * HALF_HOUR + 60 * MINUTE)).toContain('1 % of the expected');
  });

  it('one sample per pod, as from kubectl top, is no history, however many pods there are', () => {
    const names = Array.from({ length: 200 }, (_, i) => `p${i}`);
    const index = indexUsage({
      sources: ['metrics-api'],
      containers: names.map((name) => usage(name, 'web', seriesOf(1, 1))),
    });
    const [web] = workloadUsage(
      index,
      names.map((name) => ({ namespace: 'shop', name })),
      0,
    );
    expect(web?.cpu).toMatchObject({ spanMs: 0, samples: 1, coverage: 0, sufficient: false });
  });

  it('finds the pods that a rollout has replaced, by how controllers name pods', () => {
    const index = indexUsage({
      sources: [],
      containers: [
        'web-7d9f8b6c5f-x2lpq',
        'web-5c6d7f8b9f-zzzzz',
        'web-api-7d9f8b6c5f-x2lpq',
        'agent-k8s2d',
        'db-0',
        'db-11',
        'job-manual',
      ].map((pod) => usage(pod, 'main', seriesOf(1, 1))),
    });
    const pods = podsByWorkload(index);
    const names = (workload: string) => pods.get(workload)?.map(({ name }) => name);
    expect(names('Deployment/shop/web')).toEqual(['web-7d9f8b6c5f-x2lpq', 'web-5c6d7f8b9f-zzzzz']);
    expect(names('Deployment/shop/web-api')).toEqual(['web-api-7d9f8b6c5f-x2lpq']);
    expect(names('ReplicaSet/shop/web-7d9f8b6c5f')).toEqual(['web-7d9f8b6c5f-x2lpq']);
    expect(names('DaemonSet/shop/agent')).toEqual(['agent-k8s2d']);
    expect(names('StatefulSet/shop/db')).toEqual(['db-0', 'db-11']);
    expect(names('Deployment/shop/job')).toBeUndefined();
  });

  it('does not mistake pods scraped at different seconds for gaps', () => {
    const a = seriesOf(100, HALF_HOUR);
    const b = seriesOf(100, HALF_HOUR, 7000);
    const index = indexUsage({ sources: [], containers: [usage('a', 'web', a), usage('b', 'web', b)] });
    const [web] = workloadUsage(
      index,
      [
        { namespace: 'shop', name: 'a' },
        { namespace: 'shop', name: 'b' },
      ],
      100 * HALF_HOUR,
    );
    expect(web?.cpu).toMatchObject({ coverage: 1, sufficient: true });
  });
});
