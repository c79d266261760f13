import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sendJson, sendStatus, virtualTime, type Fault } from './api-server.suite.ts';
import { closeServers, cluster, collection, inputs, onPath, pod, read, start } from './loopback-cluster.suite.ts';

afterEach(closeServers);

const CRASHING = pod(0, {
  containerStatuses: [
    {
      name: 'web',
      image: '',
      imageID: '',
      ready: false,
      restartCount: 5,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
    },
  ],
});

describe('live reader, servers that give nothing', () => {
  it('names a kind that is throttled without end, after a bounded time', async () => {
    const throttled = onPath('/api/v1/nodes', (_, response) =>
      sendStatus(response, 429, 'TooManyRequests', 'slow down', { 'retry-after': '20' }),
    );
    const time = virtualTime();
    const snapshot = await read(await start({ faults: [throttled] }), { time, concurrency: 1 });
    expect(snapshot.missing).toContainEqual(
      expect.objectContaining({ input: 'nodes', reason: 'throttled: slow down (4 tries)' }),
    );
    expect(time.slept).toEqual([20_000, 20_000, 20_000]);
    expect(snapshot.list('Pod')).toHaveLength(2);
  });

  it('does not wait an hour because a server asks for it', async () => {
    const throttled = onPath('/api/v1/nodes', (_, response) =>
      sendStatus(response, 503, 'ServiceUnavailable', 'maintenance', { 'retry-after': '3600' }),
    );
    const time = virtualTime();
    const snapshot = await read(await start({ faults: [throttled] }), { time });
    expect(inputs(snapshot)).toContain('nodes');
    expect(time.slept).toEqual([]);
  });

  it('names a kind whose body does not come to an end, and reads the others meanwhile', async () => {
    const trickle = onPath('/api/v1/nodes', (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"kind":"NodeList","items":[');
      return true;
    });
    const snapshot = await read(await start({ faults: [trickle] }), { timeoutMs: 1500, retry: { attempts: 1 } });
    expect(snapshot.missing).toContainEqual(
      expect.objectContaining({ input: 'nodes', reason: 'timed out after 1500 ms' }),
    );
    expect([...snapshot.kinds().keys()]).toEqual(['/Pod', '/Secret', 'apps/Deployment', 'example.com/Widget']);
  });

  it('still tries again for other kinds when the conversion of many custom kinds is broken', async () => {
    const broken = Array.from({ length: 8 }, (_, i) =>
      collection(`Broken${i}`, `broken${i}`, [], { group: 'acme.io', version: 'v1' }),
    );
    const conversion: Fault = ({ path }, response) =>
      path.startsWith('/apis/acme.io/v1/') &&
      sendStatus(response, 500, 'InternalError', 'conversion webhook for acme.io/v2 failed');
    const once = onPath(
      '/apis/apps/v1/deployments',
      (_, response, n) => n === 1 && sendStatus(response, 500, 'InternalError', 'etcdserver: leader changed'),
    );
    const server = await start({ collections: [...cluster(), ...broken], faults: [conversion, once] });
    const snapshot = await read(server, { concurrency: 1 });
    expect(snapshot.list('Deployment')).toHaveLength(1);
    expect(snapshot.missing.find(({ input }) => input === 'custom-resources')?.reason).toBe(
      'HTTP 500: conversion webhook for acme.io/v2 failed (6 tries) (broken0.acme.io, broken1.acme.io, broken2.acme.io, broken3.acme.io, broken4.acme.io and 3 more)',
    );
  });

  it('names aggregated APIs that discovery calls stale', async () => {
    const stale = onPath('/apis', (_, response) =>
      sendJson(response, {
        kind: 'APIGroupDiscoveryList',
        apiVersion: 'apidiscovery.k8s.io/v2',
        metadata: {},
        items: ['metrics.k8s.io', 'wardle.example.com', 'custom.metrics.k8s.io'].map((name) => ({
          metadata: { name },
          versions: [{ version: 'v1beta1', freshness: 'Stale' }],
        })),
      }),
    );
    const snapshot = await read(await start({ faults: [stale] }));
    expect(snapshot.missing).toContainEqual(
      expect.objectContaining({
        input: 'metrics',
        reason: 'its API server does not answer (stale discovery)',
      }),
    );
    expect(snapshot.missing.find(({ input }) => input === 'custom-resources')?.reason).toBe(
      'its API server does not answer (stale discovery) (*.wardle.example.com)',
    );
    expect(snapshot.list('Pod')).toHaveLength(2);
  });
});

describe('live reader, what goes over the wire', () => {
  it('asks for compressed answers and reads them', async () => {
    const zipped = onPath('/api/v1/pods', ({ headers }, response) => {
      expect(headers['accept-encoding']).toContain('gzip');
      const list = { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [pod(7)] };
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync(JSON.stringify(list)));
      return true;
    });
    const snapshot = await read(await start({ faults: [zipped] }));
    expect(snapshot.list('Pod').map(({ metadata }) => metadata.name)).toEqual(['web-00007']);
  });

  it('keeps no value of a Secret from a server that does not know how to send metadata alone', async () => {
    const value = Buffer.from('hunter2-secret').toString('base64');
    const whole = onPath('/api/v1/secrets', (_, response) =>
      sendJson(response, {
        kind: 'SecretList',
        apiVersion: 'v1',
        metadata: {},
        items: [
          {
            metadata: {
              name: 'db',
              namespace: 'shop',
              annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"data":{"password":"${value}"}}` },
            },
            type: 'Opaque',
            data: { password: value },
            stringData: { other: 'hunter2-secret' },
          },
        ],
      }),
    );
    const snapshot = await read(await start({ faults: [whole] }));
    expect(snapshot.list('Secret')).toHaveLength(1);
    expect(JSON.stringify(snapshot)).not.toMatch(new RegExp(`hunter2-secret|${value}`));
  });

  it('holds no schemas of custom kinds', async () => {
    const definition = {
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        versions: [{ name: 'v1', served: true, schema: { openAPIV3Schema: { huge: 1 } } }],
      },
    };
    const crds = collection('CustomResourceDefinition', 'customresourcedefinitions', [definition], {
      group: 'apiextensions.k8s.io',
      namespaced: false,
    });
    const snapshot = await read(await start({ collections: [...cluster(), crds] }));
    const [read_] = snapshot.listOf('apiextensions.k8s.io', 'CustomResourceDefinition');
    expect(JSON.parse(JSON.stringify(read_))).toMatchObject({ spec: { versions: [{ name: 'v1', served: true }] } });
    expect(JSON.stringify(snapshot)).not.toContain('openAPIV3Schema');
  });
});

describe('live reader, cancelled', () => {
  it.each([
    ['first contact', '/version'],
    ['discovery', '/apis'],
    ['lists', '/api/v1/pods'],
    ['usage history', '/prom/api/v1/query_range'],
    ['logs', '/api/v1/namespaces/shop/pods/web-00000/log'],
  ])('during %s ends at once and leaves no connection', async (_, path) => {
    const abort = new AbortController();
    const hang = onPath(path, () => (abort.abort(), true));
    const server = await start({ collections: cluster([CRASHING]), faults: [hang] });
    const options = { logs: true, concurrency: 1, prometheus: { url: `${server.url}/prom` } };
    await expect(read(server, options, abort.signal)).rejects.toMatchObject({ code: 'cancelled', retry: 'later' });
    await vi.waitFor(() => expect(server.busyConnections()).toBe(0));
    expect(server.requests.at(-1)?.path).toBe(path);
  });

  it('ends a credential plugin', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aia-cancelled-'));
    const server = await start();
    const config = JSON.parse(await readFile(server.kubeconfig, 'utf8')) as { users: { user: object }[] };
    const command = join(folder, 'plugin');
    await writeFile(command, `#!/bin/sh\necho $$ > '${folder}/pid'\nexec sleep 600\n`);
    await chmod(command, 0o755);
    for (const entry of config.users)
      entry.user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' } };
    await writeFile(server.kubeconfig, JSON.stringify(config));
    const abort = new AbortController();
    const reading = read(server, {}, abort.signal);
    const pid = await vi.waitFor(async () => {
      const text = await readFile(join(folder, 'pid'), 'utf8');
      expect(text).toMatch(/^\d+\n$/);
      return Number(text);
    });
    abort.abort();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
    await rm(folder, { recursive: true });
  });
});
