/** The queries against a real Prometheus with a backfilled history. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { virtualTime } from './api-server.suite.ts';
import { hasProgram } from '../debian-program.suite.ts';
import { closeServers, inputs, read, start } from './loopback-cluster.suite.ts';

const available = await hasProgram('prometheus');
const NOW = Math.floor(Date.now() / 1_800_000) * 1800;
const HOURS = 6;
const SCRAPE = 60;

let folder: string;
let server: ChildProcess;
let url: string;

afterEach(closeServers);

/** OpenMetrics of one series; `value` of the second since the beginning. */
function samples(name: string, labels: Record<string, string>, value: (second: number) => number): string[] {
  const text = Object.entries(labels).map(([label, content]) => `${label}="${content}"`);
  const lines: string[] = [];
  for (let second = 0; second <= HOURS * 3600; second += SCRAPE)
    lines.push(`${name}{${text.join(',')}} ${value(second)} ${NOW - HOURS * 3600 + second}`);
  return lines;
}

const GIB = 2 ** 30;
/** A container seen by two replicas of Prometheus, its pause container, its pod's sum, and one of another cluster. */
function history(): string {
  const web = { namespace: 'shop', pod: 'web-0', container: 'web', cluster: 'prod' };
  const kinds = (replica: string) => [
    { ...web, prometheus_replica: replica },
    { ...web, container: 'POD', prometheus_replica: replica },
    { ...web, container: '', prometheus_replica: replica },
  ];
  const seen = [...kinds('a'), ...kinds('b')];
  const other = { ...web, cluster: 'test' };
  const recorded = { namespace: 'shop', pod: 'web-0', container: 'web', cluster: 'recorded' };
  const rule = 'node_namespace_pod_container';
  // A peak of one minute in every half hour, between two steps.
  const peaks = (second: number) => (second % 1800 === 900 ? 2 * GIB : GIB);
  return [
    '# TYPE container_cpu_usage_seconds counter',
    ...seen.flatMap((labels) => samples('container_cpu_usage_seconds_total', labels, (second) => second / 4)),
    ...samples('container_cpu_usage_seconds_total', other, (second) => second * 3),
    '# TYPE container_memory_working_set_bytes gauge',
    ...seen.flatMap((labels) => samples('container_memory_working_set_bytes', labels, peaks)),
    ...samples('container_memory_working_set_bytes', other, () => 8 * GIB),
    `# TYPE ${rule}:container_cpu_usage_seconds_total:sum_irate gauge`,
    ...samples(`${rule}:container_cpu_usage_seconds_total:sum_irate`, recorded, () => 0.5),
    `# TYPE ${rule}:container_memory_working_set_bytes gauge`,
    ...samples(`${rule}:container_memory_working_set_bytes`, recorded, peaks),
    '# EOF\n',
  ].join('\n');
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

describe.skipIf(!available)('a real Prometheus', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aia-prometheus-'));
    await writeFile(join(folder, 'history'), history());
    await writeFile(join(folder, 'prometheus.yml'), 'global: {}\n');
    const data = join(folder, 'data');
    await promisify(execFile)('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'history'), data]);
    const address = `127.0.0.1:${await freePort()}`;
    url = `http://${address}`;
    const options = {
      'config.file': join(folder, 'prometheus.yml'),
      'storage.tsdb.path': data,
      'web.listen-address': address,
    };
    server = spawn(
      'prometheus',
      Object.entries(options).map(([name, value]) => `--${name}=${value}`),
      { stdio: 'ignore' },
    );
    await vi.waitFor(async () => expect((await fetch(`${url}/-/ready`)).status).toBe(200), { timeout: 30_000 });
  }, 60_000);
  afterAll(async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true });
  });

  const usageOf = async (labels: Record<string, string>) => {
    const cluster = await start();
    const time = virtualTime(NOW * 1000);
    return read(cluster, { time, prometheus: { url, labels, spanMs: HOURS * 3_600_000 - 1_800_000 } });
  };

  it.each([
    ['cAdvisor', 'prod', 250],
    ['recording rules', 'recorded', 500],
  ])('gives each container once: mean CPU and peak memory of each step, from %s', async (_, cluster, millis) => {
    const snapshot = await usageOf({ cluster });
    expect(inputs(snapshot)).not.toContain('usage-history');
    expect(snapshot.problems).toEqual([]);
    const [usage, ...others] = snapshot.usage.containers;
    expect(others).toEqual([]);
    expect(usage).toMatchObject({ namespace: 'shop', pod: 'web-0', container: 'web' });
    const steps = Array.from({ length: 2 * HOURS }, (__, i) => (NOW - (2 * HOURS - 1 - i) * 1800) * 1000);
    expect(usage?.cpu?.times).toEqual(steps);
    for (const value of usage?.cpu?.values ?? []) expect(value).toBeCloseTo(millis, 6);
    expect(usage?.memory?.times).toEqual(steps);
    expect(new Set(usage?.memory?.values)).toEqual(new Set([2 * GIB]));
  });

  it('says that it has none of an unknown cluster', async () => {
    const snapshot = await usageOf({ cluster: 'nowhere' });
    expect(snapshot.missing).toContainEqual(
      expect.objectContaining({
        input: 'usage-history',
        reason: 'Prometheus: it has no samples of container_cpu_usage_seconds_total in the last 0.2 days',
      }),
    );
  });
});
