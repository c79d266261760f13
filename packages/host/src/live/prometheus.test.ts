import { UsageCollector } from '@aia/cluster';
import { afterEach, describe, expect, it } from 'vitest';
import { GOOD } from '../probes/certificates.suite.ts';
import { ApiClient } from './api-client.ts';
import { virtualTime } from './api-server.suite.ts';
import { liveSettings } from './live-options.ts';
import { closeServers, read, start } from './loopback-cluster.suite.ts';
import { readPrometheus, type PrometheusOptions } from './prometheus.ts';
import { RETRY_LIMITS } from './retry.ts';

afterEach(closeServers);

const END = Date.parse('2026-01-02T03:10:00Z');
const DAY = 86_400_000;

interface Asked {
  readonly query: string;
  readonly startAt: number;
  readonly endAt: number;
  readonly points: number;
}
type Answer = { readonly status?: number; readonly value: unknown };

const matrix = (result: unknown[], more: object = {}) => ({
  value: { status: 'success', data: { resultType: 'matrix', result }, ...more },
});
const metric = { namespace: 'shop', pod: 'web-0', container: 'web' };
const series = ({ startAt, endAt }: Asked) =>
  matrix([
    {
      metric,
      values: [
        [startAt / 1000, '1'],
        [endAt / 1000, '1'],
      ],
    },
  ]);

/** Reads from a Prometheus that answers as told; gives what was asked, missed and understood. */
async function readFrom(
  answer: (asked: Asked) => Answer,
  options: Partial<PrometheusOptions> & { namespaces?: readonly string[] } = {},
) {
  const asked: Asked[] = [];
  const get = ({ path }: { path: string }) => {
    const query = new URL(path, 'http://prometheus').searchParams;
    const [startAt = 0, endAt = 0, step = 0] = ['start', 'end', 'step'].map((name) => Number(query.get(name)) * 1000);
    const one = { query: query.get('query') ?? '', startAt, endAt, points: Math.floor((endAt - startAt) / step) + 1 };
    asked.push(one);
    const { status = 200, value } = answer(one);
    return Promise.resolve({ status, headers: {}, body: typeof value === 'string' ? value : JSON.stringify(value) });
  };
  const transport = { server: 'http://prometheus', get, close: () => Promise.resolve() };
  const bounds = { limits: RETRY_LIMITS, timeoutMs: 1000, maxBodyBytes: 1e6, signal: undefined };
  const client = new ApiClient({ transport, time: virtualTime(), ...bounds });
  const usage = new UsageCollector();
  const take = (value: unknown, quantity: 'cpu' | 'memory') => usage.addPrometheus(value, 'prometheus', quantity);
  const missing = await readPrometheus(client, { url: 'http://prometheus', ...options }, END, take, () => {});
  return { asked, missing, usage: usage.build() };
}

const isCpu = ({ query }: Asked) => query.includes('cpu');

describe('readPrometheus', () => {
  it('covers the span once, newest first, on whole steps', async () => {
    const { asked, missing } = await readFrom(series);
    expect(missing).toBeUndefined();
    const cpu = asked.filter(isCpu);
    expect(asked).toHaveLength(2 * cpu.length);
    expect(cpu[0]?.endAt).toBe(Date.parse('2026-01-02T03:00:00Z'));
    expect(cpu.at(-1)?.startAt).toBe(Date.parse('2026-01-02T03:00:00Z') - 8 * DAY);
    for (const [i, one] of cpu.slice(1).entries()) expect(one.endAt).toBe((cpu[i]?.startAt ?? 0) - 1_800_000);
    expect(cpu.reduce((sum, { points }) => sum + points, 0)).toBe(385);
  });

  it('never asks for more points of a series than Prometheus gives', async () => {
    const { asked } = await readFrom(series, { stepMs: 1000, spanMs: DAY });
    expect(Math.max(...asked.map(({ points }) => points))).toBeLessThanOrEqual(11_000);
    expect(asked.filter(isCpu).reduce((sum, { points }) => sum + points, 0)).toBe(86_401);
  });

  it('takes what recording rules keep where the raw series are dropped', async () => {
    const { asked, missing, usage } = await readFrom((one) =>
      one.query.includes('node_namespace_pod_container') ? series(one) : matrix([]),
    );
    expect(missing).toBeUndefined();
    expect(usage.containers).toHaveLength(1);
    // One piece in vain for each quantity.
    expect(asked.filter(({ query }) => !query.includes('node_namespace_pod_container'))).toHaveLength(2);
  });

  it('asks for the cluster and the namespaces that are meant', async () => {
    const { asked } = await readFrom(series, { labels: { cluster: 'prod "eu"' }, namespaces: ['shop', 'infra'] });
    for (const { query } of asked) expect(query).toContain('cluster="prod \\"eu\\"",namespace=~"shop|infra"}');
  });

  it('says which metric has no samples', async () => {
    const { missing } = await readFrom(() => matrix([]));
    expect(missing).toMatchObject({
      input: 'usage-history',
      reason: 'Prometheus: it has no samples of container_cpu_usage_seconds_total in the last 8 days',
    });
    const halved = await readFrom((one) => (isCpu(one) ? series(one) : matrix([])));
    expect(halved.missing?.reason).toContain('no samples of container_memory_working_set_bytes');
    expect(halved.usage.containers).toHaveLength(1);
  });

  it('is content with a shorter retention than the span', async () => {
    const { missing, usage } = await readFrom((one) => (one.endAt > END - 2 * DAY ? series(one) : matrix([])));
    expect(missing).toBeUndefined();
    expect(usage.containers[0]?.cpu?.times[0]).toBeGreaterThan(END - 3 * DAY);
  });

  it('keeps the newest days when older ones fail, and says how many', async () => {
    const { missing, usage } = await readFrom((one) =>
      one.startAt >= END - 3 * DAY
        ? series(one)
        : { status: 500, value: { status: 'error', error: 'block is corrupt' } },
    );
    expect(missing?.reason).toMatch(
      /^Prometheus: HTTP 500: block is corrupt \(3 tries\); only the last [23](?:\.\d)? days were read$/,
    );
    expect(usage.containers).toHaveLength(1);
  });

  it.each([
    [400, { status: 'error', errorType: 'bad_data', error: 'unknown function' }, 'HTTP 400: unknown function'],
    [401, 'Unauthorized', 'unauthorized: Unauthorized'],
    [200, '<html>Log in', 'the answer is a web page, not JSON; a proxy or login page stands in between'],
    [200, { status: 'error', error: 'x' }, 'the answer is not one of Prometheus'],
    [200, [], 'the answer is not one of Prometheus'],
  ])('names the error of a %i', async (status, value, reason) => {
    const { asked, missing } = await readFrom(() => ({ status, value }));
    expect(missing?.reason).toBe(`Prometheus: ${reason}`);
    expect(asked).toHaveLength(1);
  });

  it.each([
    [422, { status: 'error', error: 'query processing would load too many samples into memory' }],
    [503, { status: 'error', errorType: 'timeout', error: 'query timed out' }],
  ])('asks for less at a time after a %i, and gives up in bounds', async (status, value) => {
    const few = await readFrom((one) => (one.points > 12 ? { status, value } : series(one)));
    expect(few.missing).toBeUndefined();
    expect(
      few.asked
        .filter(isCpu)
        .filter(({ points }) => points <= 12)
        .reduce((sum, { points }) => sum + points, 0),
    ).toBe(385);
    const none = await readFrom(() => ({ status, value }));
    expect(none.missing?.reason).toContain('Prometheus: HTTP');
    expect(none.asked.length).toBeLessThan(25);
  });
});

describe('Prometheus beside a live cluster', () => {
  it('is told of its warnings', async () => {
    const server = await start({
      faults: [
        ({ path }, response) =>
          path === '/prom/api/v1/query_range' &&
          (response.end(
            JSON.stringify(matrix([{ metric, values: [[1e9, '1']] }], { warnings: ['store x is down'] }).value),
          ),
          true),
      ],
    });
    const snapshot = await read(server, { prometheus: { url: `${server.url}/prom` } });
    expect(snapshot.problems).toEqual([
      { source: 'prometheus', place: '', message: 'store x is down', severity: 'warning' },
    ]);
  });

  it('is named as missing with its certificate', async () => {
    const server = await start();
    const other = await start({ tls: GOOD });
    const snapshot = await read(server, { prometheus: { url: other.url } });
    expect(snapshot.missing.find(({ input }) => input === 'usage-history')?.reason).toMatch(
      /^Prometheus: .*certificate/,
    );
    expect(snapshot.list('Pod')).toHaveLength(2);
  });

  it.each([
    [{ stepMs: 500 }, /prometheus.stepMs must be at least 1000/],
    [{ stepMs: 60_000, spanMs: 1000 }, /prometheus.spanMs/],
    [{ spanMs: Number.NaN }, /prometheus.spanMs/],
    [{ labels: { 'a b': 'c' } }, /"a b" is no name of a label/],
  ])('has bounds: %j', (options, message) => {
    expect(() => liveSettings({ prometheus: { url: 'http://p', ...options } })).toThrow(message);
  });
});
