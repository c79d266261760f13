/** One engine, two inputs: a cluster assessed live and by its collected dump gives the same assessment. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ClusterSnapshot, UsageHistory } from '@aia/cluster';
import type { Assessment } from '@aia/contract';
import { assess } from '@aia/operations';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDump } from '../dump/read-dump.ts';
import { exampleNames, examplePath } from '../examples.ts';
import {
  sendJson,
  startApiServer,
  virtualTime,
  type Collection,
  type Fault,
  type RunningApiServer,
} from '../live/api-server.suite.ts';
import { observeLive } from '../live/live-reader.ts';
import { BUILT_IN_RESOURCES } from '../live/resources.ts';
import { writeDump } from './collect.ts';

let folder: string;
const running: RunningApiServer[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aia-round-trip-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
  await rm(folder, { recursive: true });
});

/** Serves what a snapshot holds, as the cluster it was taken from would. */
async function serve(snapshot: ClusterSnapshot): Promise<RunningApiServer> {
  const collections = BUILT_IN_RESOURCES.map(({ versions, ...resource }): Collection => {
    const items = snapshot.listOf(resource.group, resource.kind);
    return {
      ...resource,
      version: versions[0] ?? 'v1',
      items: JSON.parse(JSON.stringify(items)) as Collection['items'],
    };
  });
  const logs = Object.fromEntries(
    snapshot.logs.map(({ namespace, pod, container, previous, lines }) => [
      `${namespace}/${pod}/${container}${previous ? '/previous' : ''}`,
      `${lines.join('\n')}\n`,
    ]),
  );
  const server = await startApiServer({
    collections,
    logs,
    token: 'opensesame',
    faults: [prometheusOf(snapshot.usage)],
  });
  running.push(server);
  return server;
}

/** Answers `query_range` from a history, in cores and bytes. */
function prometheusOf({ containers }: UsageHistory): Fault {
  return ({ path, query }, response) => {
    if (path !== '/prom/api/v1/query_range') return false;
    const [start = 0, end = 0, step = 0] = ['start', 'end', 'step'].map((name) => Number(query.get(name)) * 1000);
    const quantity = query.get('query')?.includes('cpu') === true ? 'cpu' : 'memory';
    const scale = quantity === 'cpu' ? 1000 : 1;
    const result = containers.flatMap(({ namespace, pod, container, ...usage }) => {
      const { times, values: all } = usage[quantity] ?? { times: [], values: [] };
      const values = times.flatMap((at, i) =>
        at > start - step && at <= end ? [[at / 1000, String((all[i] ?? 0) / scale)]] : [],
      );
      return values.length === 0 ? [] : [{ metric: { namespace, pod, container }, values }];
    });
    return sendJson(response, { status: 'success', data: { resultType: 'matrix', result } });
  };
}

/** Without where it came from; redaction happens once, so only the first reading counts masks. */
function comparable(snapshot: ClusterSnapshot): unknown {
  const { cluster, redactions, ...rest } = assess(snapshot, { version: 'test' });
  expect(cluster.source.name).not.toBe('');
  expect(Object.keys(redactions)).toContain('secretValues');
  return JSON.parse(JSON.stringify({ ...rest, cluster: { ...cluster, source: undefined } }));
}

describe('a live cluster and its dump', () => {
  it.each(exampleNames())('are assessed alike: %s', async (name) => {
    const original = await readDump(examplePath(name));
    const server = await serve(original);
    const observation = await observeLive({
      kubeconfig: server.kubeconfig,
      time: virtualTime(original.observedAt),
      prometheus: { url: `${server.url}/prom` },
    });
    const out = join(folder, 'dump.tar.gz');
    await writeDump(observation, [], { out });
    const again = await readDump(out);
    const live = comparable(observation.snapshot);
    expect((live as Assessment).findings.length > 0).toBe(name !== 'healthy');
    expect(comparable(again)).toEqual(live);
    expect(again.usage).toEqual(observation.snapshot.usage);
    expect(again.missing).toEqual(observation.snapshot.missing);
    expect(server.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('are assessed alike by the command line', async () => {
    const server = await serve(await readDump(examplePath('aia-system')));
    const aia = async (...args: readonly string[]) => {
      const main = new URL('../cli/main.ts', import.meta.url).href;
      const script = `const { main } = await import(${JSON.stringify(main)}); await main(process.argv.slice(1), 'aia');`;
      const node = ['--conditions=source', '--no-warnings', '--input-type=module', '-e', script, '--', ...args];
      return promisify(execFile)(process.execPath, node, { env: { ...process.env, HOME: folder } });
    };
    const cluster = ['--kubeconfig', server.kubeconfig, '--context', 'loopback'];
    const prometheus = ['--prometheus', `${server.url}/prom`];
    const dump = join(folder, 'dump.tar.gz');
    await aia('assess', ...cluster, ...prometheus, '--quiet', '--format', 'json', '--out', join(folder, 'live'));
    const { stdout } = await aia('collect', ...cluster, ...prometheus, '--quiet', '--out', dump);
    await aia('assess', '--dump', dump, '--quiet', '--format', 'json', '--out', join(folder, 'dumped'));
    const [live, dumped] = await Promise.all(
      ['live', 'dumped'].map(async (place) => {
        const assessment = JSON.parse(await readFile(join(folder, place, 'assessment.json'), 'utf8')) as Assessment;
        // Ages pass on between the two commands.
        const { rootCauses, findings, kpis, missing, verdict } = assessment;
        return {
          causes: rootCauses.map(({ class: kind, resource, probability }) => [kind, resource, probability]),
          findings: findings.map(({ code, severity, resource }) => [code, severity, resource]),
          kpis,
          missing,
          verdict,
        };
      }),
    );
    expect(dumped).toEqual(live);
    expect(live?.causes.length).toBeGreaterThan(0);
    expect(stdout).toContain(`wrote ${dump}`);
    for (const { input } of live?.missing ?? []) expect(stdout).toContain(`not read: ${input}: `);
  });
});
