import { describe, expect, it } from 'vitest';
import { CloudCollector } from './cloud-collector.ts';
import { dateInPath, parseQuotaHistory } from './quota-history.ts';

const DAY = 86_400_000;
const AT = Date.parse('2025-09-20T00:00:00Z');

describe('dates in paths', () => {
  it.each([
    ['quotas/2025-09-20.json', '2025-09-20T00:00:00Z'],
    ['us-central1-20250920.json', '2025-09-20T00:00:00Z'],
    ['dump.tar.gz!2025-09-20T12-30-05Z/regions.json', '2025-09-20T12:30:05Z'],
    ['2025-09-01/regions-2025-09-20_0615.json', '2025-09-20T06:15:00Z'],
  ])('%s', (path, moment) => {
    expect(dateInPath(path)).toBe(Date.parse(moment));
  });
  it.each(['regions.json', 'node-20251399.json', '1234567890123.json', '120250920.json', ''])('none in %s', (path) => {
    expect(dateInPath(path)).toBeUndefined();
  });
});

describe('time series', () => {
  const monitoring = {
    timeSeries: [
      {
        metric: {
          type: 'serviceruntime.googleapis.com/quota/allocation/usage',
          labels: { quota_metric: 'compute.googleapis.com/cpus' },
        },
        resource: { type: 'consumer_quota', labels: { location: 'us-central1', project_id: 'acme' } },
        points: [
          { interval: { endTime: '2025-09-21T00:00:00Z' }, value: { int64Value: '52' } },
          { interval: { endTime: '2025-09-20T00:00:00Z' }, value: { int64Value: '48' } },
          { interval: {}, value: {} },
        ],
      },
      {
        metric: { type: 'serviceruntime.googleapis.com/quota/limit' },
        resource: { labels: { location: 'us-central1', quota_metric: 'compute.googleapis.com/cpus' } },
        points: [{ interval: { endTime: '2025-09-21T00:00:00Z' }, value: { int64Value: '72' } }],
      },
      {
        metric: { type: 'serviceruntime.googleapis.com/quota/allocation/usage' },
        resource: { labels: { quota_metric: 'pubsub.googleapis.com/regionalpublisher' } },
        points: [{ interval: { endTime: '2025-09-21T00:00:00Z' }, value: { int64Value: '72' } }],
      },
    ],
  };
  const prometheus = (metric: object) => ({
    status: 'success',
    data: {
      resultType: 'matrix',
      result: [
        {
          metric,
          values: [
            [AT / 1000, '100'],
            [(AT + DAY) / 1000, '120.5'],
          ],
        },
      ],
    },
  });

  it('of Cloud Monitoring are usage, and limits for what no listing shows', () => {
    const collector = new CloudCollector();
    expect(collector.add(monitoring, 'usage.json')?.type).toBe('quota-history');
    const { quotas, quotaHistory } = collector.build();
    expect(quotaHistory).toEqual([{ metric: 'CPUS', region: 'us-central1', times: [AT, AT + DAY], values: [48, 52] }]);
    expect(quotas).toEqual([{ metric: 'CPUS', region: 'us-central1', limit: 72, usage: 52 }]);
    expect(collector.problems).toEqual([
      expect.objectContaining({ source: 'usage.json', message: '1 samples without time or number; left out' }),
    ]);
  });
  it.each([
    ['an exporter', { __name__: 'stackdriver_consumer_quota_serviceruntime_googleapis_com_quota_allocation_usage' }],
    ['managed Prometheus', { __name__: 'serviceruntime_googleapis_com:quota_allocation_usage' }],
    ['a query that lost the name', {}],
  ])('of Prometheus by %s', (_, name) => {
    const labels = { ...name, quota_metric: 'compute.googleapis.com/ssd_total_storage', location: 'us-central1' };
    const collector = new CloudCollector();
    expect(collector.add(prometheus(labels), 'q.json')?.type).toBe('quota-history');
    expect(collector.build().quotaHistory).toEqual([
      { metric: 'SSD_TOTAL_GB', region: 'us-central1', times: [AT, AT + DAY], values: [100, 120.5] },
    ]);
  });
  it('of containers are none of quotas', () => {
    expect(new CloudCollector().add(prometheus({ pod: 'a', container: 'app' }), 'cpu.json')).toBeUndefined();
  });
  it('without a place are project-wide', () => {
    const { value } = parseQuotaHistory(prometheus({ quota_metric: 'compute.googleapis.com/cpus_all_regions' }));
    expect(value.map(({ metric, region }) => `${region}/${metric}`)).toEqual([
      'global/CPUS_ALL_REGIONS',
      'global/CPUS_ALL_REGIONS',
    ]);
  });
});

describe('listings that were taken again and again', () => {
  const region = (usage: number, limit = 72) => ({
    kind: 'compute#region',
    name: 'us-central1',
    zones: [],
    quotas: [{ metric: 'CPUS', limit, usage }],
  });
  const collected = (files: readonly (readonly [string, number])[]) => {
    const collector = new CloudCollector();
    for (const [name, usage] of files) collector.add(region(usage), name);
    return collector;
  };
  const files = [
    ['2025-09-20/us-central1.json', 70],
    ['2025-09-22/us-central1.json', 60],
    ['2025-09-21/us-central1.json', 50],
  ] as const;

  it.each([files, files.toReversed()])('are a history, of which the newest counts', (...order) => {
    const collector = collected(order);
    const { quotas, quotaHistory } = collector.build();
    expect(quotas).toEqual([{ metric: 'CPUS', region: 'us-central1', limit: 72, usage: 60 }]);
    expect(quotaHistory?.map(({ values }) => values)).toEqual([[70, 50, 60]]);
    expect(collector.problems).toEqual([]);
  });
  it('stand behind one without a date', () => {
    expect(collected([['regions.json', 40], ...files]).build().quotas?.[0]?.usage).toBe(40);
  });
  it('of one moment must agree', () => {
    const collector = collected([
      ['2025-09-20/a.json', 50],
      ['2025-09-20/b.json', 60],
    ]);
    expect(collector.build().quotas?.[0]?.usage).toBe(60);
    expect(collector.problems).toHaveLength(1);
  });
});
