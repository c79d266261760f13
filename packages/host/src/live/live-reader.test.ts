import { afterEach, describe, expect, it } from 'vitest';
import { sendJson, sendStatus, virtualTime, type Fault } from './api-server.suite.ts';
import type { Progress } from './live-options.ts';
import { observeLive } from './live-reader.ts';
import { closeServers, cluster, collection, inputs, onPath, pod, read, start } from './loopback-cluster.suite.ts';

afterEach(closeServers);

/** What a live cluster alone never tells. */
const SURROUNDINGS = ['autoscaler-status', 'certificates', 'load-balancer-cloud'];

describe('live reader', () => {
  it('reads a cluster over HTTP with the official client and a bearer token', async () => {
    const server = await start({ token: 'opensesame' });
    const snapshot = await read(server);
    expect(snapshot.source).toEqual({ kind: 'live', name: 'loopback' });
    expect(snapshot.serverVersion).toBe('v1.33.4-gke.1036000');
    expect([...snapshot.kinds()]).toEqual([
      ['/Node', 1],
      ['/Pod', 2],
      ['/Secret', 2],
      ['apps/Deployment', 1],
      ['example.com/Widget', 1],
    ]);
    expect(snapshot.problems).toEqual([]);
    expect(inputs(snapshot)).toEqual([...SURROUNDINGS, 'metrics', 'quotas', 'secret-keys', 'usage-history']);
    expect(
      server.requests.every(({ method, authorization }) => method === 'GET' && authorization === 'Bearer opensesame'),
    ).toBe(true);
    expect(snapshot.list('Pod')[0]?.metadata.managedFields).toEqual([
      { manager: 'x', operation: undefined, time: undefined, subresource: undefined },
    ]);
  });

  it('gives the same snapshot whatever the discovery form and the number of parallel lists', async () => {
    const narrow = await read(await start({ aggregatedDiscovery: false }), { concurrency: 1 });
    const wide = await read(await start(), { concurrency: 16 });
    expect(JSON.stringify(narrow)).toBe(JSON.stringify(wide));
  });

  it('reads every page of a huge list over few connections', async () => {
    const server = await start({ collections: cluster(Array.from({ length: 12_345 }, (_, i) => pod(i))) });
    const seen: Progress[] = [];
    const snapshot = await read(server, { onProgress: (progress) => seen.push(progress) });
    expect(snapshot.list('Pod')).toHaveLength(12_345);
    const pages = server.requests.filter(({ path }) => path === '/api/v1/pods');
    expect(pages).toHaveLength(25);
    expect(pages.every(({ query }) => query.get('limit') === '500')).toBe(true);
    expect(server.connections()).toBeLessThanOrEqual(8);
    expect(seen.filter(({ phase }) => phase === 'list').at(-1)).toMatchObject({ done: 6, total: 6, objects: 12_350 });
    expect(seen.at(-1)).toMatchObject({ phase: 'done', objects: 12_350 });
  });

  it('never asks for values of Secrets, and takes only metadata', async () => {
    const server = await start();
    const snapshot = await read(server);
    const asked = server.requests.filter(({ path }) => path.includes('secrets'));
    expect(asked.map(({ accept }) => accept)).toEqual([
      'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
    ]);
    expect(
      snapshot.list('Secret').map(({ kind, apiVersion, metadata, data }) => [kind, apiVersion, metadata.name, data]),
    ).toEqual([
      ['Secret', 'v1', 'db', undefined],
      ['Secret', 'v1', 'tls', undefined],
    ]);
    expect(JSON.stringify(snapshot)).not.toContain('aHVudGVyMi1zZWNyZXQ=');
  });

  it('widens to key names or to certificates when asked, keeping no value', async () => {
    const keys = await read(await start(), { includeSecretKeys: true });
    expect(keys.list('Secret').map(({ data }) => Object.keys(data ?? {}))).toEqual([
      ['password'],
      ['tls.crt', 'tls.key'],
    ]);
    expect(inputs(keys)).not.toContain('secret-keys');
    const server = await start();
    const tls = await read(server, { includeTlsSecrets: true });
    expect(tls.list('Secret').map(({ data }) => Object.keys(data ?? {}))).toEqual([[], ['tls.crt', 'tls.key']]);
    expect(tls.certificates).toMatchObject([
      { source: { kind: 'secret', ref: { namespace: 'shop', name: 'tls' } }, names: ['good.example', '127.0.0.1'] },
    ]);
    expect(keys.certificates).toEqual([]);
    const whole = server.requests.filter(
      ({ path, accept }) => path === '/api/v1/secrets' && accept === 'application/json',
    );
    expect(whole.map(({ query }) => query.get('fieldSelector'))).toEqual(['type=kubernetes.io/tls']);
    for (const snapshot of [keys, tls]) expect(JSON.stringify(snapshot)).not.toContain('aHVudGVyMi1zZWNyZXQ=');
  });

  it('reads only the namespaces asked for, and says so', async () => {
    const server = await start({ collections: cluster([pod(0), { metadata: { name: 'other', namespace: 'infra' } }]) });
    const snapshot = await read(server, { namespaces: ['shop'] });
    expect(snapshot.list('Pod').map(({ metadata }) => metadata.name)).toEqual(['web-00000']);
    expect(snapshot.list('Node')).toHaveLength(1);
    expect(inputs(snapshot)).toContain('other-namespaces');
  });
});

describe('live reader, refused', () => {
  it('names forbidden kinds as missing and reads the rest', async () => {
    const forbid: Fault = ({ path }, response) =>
      /secrets|deployments|widgets/.test(path) &&
      sendStatus(response, 403, 'Forbidden', `cannot list resource at the cluster scope`);
    const snapshot = await read(await start({ faults: [forbid] }));
    expect(
      snapshot.missing.filter(({ reason }) => reason.startsWith('forbidden: cannot list')).map(({ input }) => input),
    ).toEqual(['custom-resources', 'deployments', 'secrets']);
    expect(snapshot.list('Pod')).toHaveLength(2);
  });

  it('treats a kind that is no longer served as absent', async () => {
    const gone = onPath('/apis/example.com/v1beta1/widgets', (_, response) =>
      sendStatus(response, 404, 'NotFound', 'gone'),
    );
    const snapshot = await read(await start({ faults: [gone] }));
    expect(inputs(snapshot)).toEqual([...SURROUNDINGS, 'metrics', 'quotas', 'secret-keys', 'usage-history']);
  });

  it('asks for the built-in kinds when discovery is forbidden', async () => {
    const closed: Fault = ({ path }, response) =>
      (path === '/api' || path === '/apis') && sendStatus(response, 403, 'Forbidden', 'no discovery');
    const snapshot = await read(await start({ faults: [closed] }));
    expect([...snapshot.kinds().keys()]).toEqual(['/Node', '/Pod', '/Secret', 'apps/Deployment']);
    expect(snapshot.missing).toContainEqual(
      expect.objectContaining({ input: 'custom-resources', reason: 'forbidden: no discovery' }),
    );
  });

  it('names an aggregated API whose server is down', async () => {
    const metrics = collection('PodMetrics', 'pods', [], { group: 'metrics.k8s.io', version: 'v1beta1' });
    const down = onPath('/apis/metrics.k8s.io/v1beta1', (_, response) =>
      sendStatus(response, 503, 'ServiceUnavailable', 'the server is currently unable'),
    );
    const snapshot = await read(
      await start({ collections: [...cluster(), metrics], aggregatedDiscovery: false, faults: [down] }),
    );
    expect(snapshot.missing.find(({ input }) => input === 'metrics')?.reason).toContain(
      'HTTP 503: the server is currently unable',
    );
  });

  it('fails with unauthorized when nothing may be read', async () => {
    const wrong = await start({
      token: 'right',
      faults: [
        (request, response) =>
          request.authorization === 'Bearer right' && sendStatus(response, 401, 'Unauthorized', 'expired'),
      ],
    });
    await expect(read(wrong)).rejects.toMatchObject({ code: 'unauthorized', retry: 'never' });
    const powerless = await start({
      faults: [
        ({ path }, response) => path !== '/version' && sendStatus(response, 403, 'Forbidden', 'nothing for you'),
      ],
    });
    await expect(read(powerless)).rejects.toMatchObject({
      code: 'unauthorized',
      data: { server: powerless.url, reason: 'forbidden: nothing for you' },
    });
  });
});

describe('live reader, logs and usage', () => {
  const crashing = () =>
    pod(0, {
      containerStatuses: [
        {
          name: 'web',
          restartCount: 5,
          ready: false,
          image: 'i',
          imageID: 'i',
          state: { waiting: { reason: 'CrashLoopBackOff' } },
        },
      ],
    });

  it('reads the last words of crash-looping containers, redacted', async () => {
    const server = await start({
      collections: cluster([crashing(), pod(1)]),
      logs: { 'shop/web-00000/web/previous': 'starting\npassword=hunter22\npanic: no route\n' },
    });
    const snapshot = await read(server, { logs: true });
    expect(snapshot.logs).toEqual([
      {
        namespace: 'shop',
        pod: 'web-00000',
        container: 'web',
        previous: true,
        lines: ['starting', 'password=[redacted]', 'panic: no route'],
      },
    ]);
    expect(server.requests.find(({ path }) => path.endsWith('/log'))?.query.get('tailLines')).toBe('20');
    expect(snapshot.redactions.logs).toBe(1);
  });

  it('masks a private key that a container printed over many lines', async () => {
    const key = [
      '-----BEGIN PRIVATE KEY-----',
      'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49',
      'AwEHBG0wawIBAQQg',
      '-----END PRIVATE KEY-----',
    ];
    const server = await start({
      collections: cluster([crashing()]),
      logs: { 'shop/web-00000/web/previous': ['loading', ...key, '  ', 'panic: bad key', ''].join('\n') },
    });
    const snapshot = await read(server, { logs: true });
    expect(snapshot.logs.map(({ lines }) => lines)).toEqual([['loading', '[redacted]', 'panic: bad key']]);
  });

  it('takes the running instance where the one before is gone, and bounds what it asks for', async () => {
    const server = await start({
      collections: cluster([crashing()]),
      logs: { 'shop/web-00000/web': 'one\ntwo\nthree\n' },
    });
    const snapshot = await read(server, { logs: { lines: 2, containers: 5 } });
    expect(snapshot.logs).toMatchObject([{ previous: false, lines: ['two', 'three'] }]);
    const asked = server.requests
      .filter(({ path }) => path.endsWith('/log'))
      .map(({ query }) => Object.fromEntries(query));
    expect(asked).toEqual([
      { container: 'web', previous: 'true', tailLines: '2', limitBytes: '4000' },
      { container: 'web', previous: 'false', tailLines: '2', limitBytes: '4000' },
    ]);
  });

  it('names logs as missing when they are forbidden', async () => {
    const forbid: Fault = ({ path }, response) =>
      path.endsWith('/log') && sendStatus(response, 403, 'Forbidden', 'no logs');
    const snapshot = await read(await start({ collections: cluster([crashing()]), faults: [forbid] }), { logs: true });
    expect(snapshot.missing).toContainEqual(expect.objectContaining({ input: 'logs', reason: 'forbidden: no logs' }));
  });

  it('reads eight days of usage from Prometheus in daily pieces, halved where they are too much', async () => {
    const prometheus = prometheusFault();
    const server = await start({ faults: [prometheus] });
    const { snapshot } = await observeLive({
      kubeconfig: server.kubeconfig,
      time: virtualTime(),
      logs: false,
      prometheus: { url: `${server.url}/prom`, tokenEnv: 'PROM_TOKEN' },
      env: { ...process.env, PROM_TOKEN: 'promtoken' },
    });
    const usage = snapshot.usage.containers[0];
    expect(snapshot.usage.sources).toEqual(['prometheus']);
    expect(usage?.cpu?.times).toHaveLength(385);
    expect(new Set(usage?.cpu?.values)).toEqual(new Set([250]));
    expect(usage?.memory?.times).toHaveLength(385);
    expect(inputs(snapshot)).not.toContain('usage-history');
    expect(
      server.requests
        .filter(({ path }) => path.startsWith('/prom'))
        .every(({ authorization }) => authorization === 'Bearer promtoken'),
    ).toBe(true);
  });

  it('names the history as missing when Prometheus refuses', async () => {
    const server = await start();
    const snapshot = await read(server, { prometheus: { url: `${server.url}/absent` } });
    expect(snapshot.missing).toContainEqual(
      expect.objectContaining({
        input: 'usage-history',
        reason: expect.stringContaining('Prometheus: HTTP 404') as string,
      }),
    );
  });
});

/** Answers `query_range` with one container; refuses more than 24 samples a series. */
function prometheusFault(): Fault {
  return ({ path, query }, response) => {
    if (path !== '/prom/api/v1/query_range') return false;
    const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(query.get(name))) as [
      number,
      number,
      number,
    ];
    const count = Math.floor((end - start) / step) + 1;
    if (count > 24)
      return sendJson(response, { status: 'error', errorType: 'execution', error: 'too many samples' }, 422);
    const cpu = query.get('query')?.includes('cpu') === true;
    const values = Array.from({ length: count }, (_, i) => [start + i * step, cpu ? '0.25' : '1048576']);
    const metric = { namespace: 'shop', pod: 'web-00000', container: 'web' };
    return sendJson(response, { status: 'success', data: { resultType: 'matrix', result: [{ metric, values }] } });
  };
}
