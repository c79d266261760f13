import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { HostError } from '../host-error.ts';
import { sendJson, sendStatus, startApiServer, virtualTime } from './api-server.suite.ts';
import { createLiveReader } from './live-reader.ts';
import {
  closeServers,
  cluster,
  countedFault,
  inputs,
  onPath,
  once,
  pod,
  read,
  start,
} from './loopback-cluster.suite.ts';

afterEach(closeServers);

describe('live reader, faults of servers and networks', () => {
  it.each([
    [429, 'seconds', () => '7', 7000],
    [503, 'seconds', () => '11', 11_000],
    [429, 'an HTTP date', () => new Date(Date.parse('2026-01-02T03:04:05Z') + 9000).toUTCString(), 9000],
  ])('waits as long as Retry-After of a %i asks, in %s', async (status, _, header, expected) => {
    const throttled = onPath(
      '/api/v1/pods',
      once((_request, response) =>
        sendStatus(response, status, 'TooManyRequests', 'slow down', { 'retry-after': header() }),
      ),
    );
    const time = virtualTime();
    const snapshot = await read(await start({ faults: [throttled] }), { time });
    expect(snapshot.list('Pod')).toHaveLength(2);
    expect(time.slept).toEqual([expected]);
  });

  it('survives a connection dropped in the middle of a body', async () => {
    const drop = onPath(
      '/api/v1/pods',
      once((_, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100000' });
        response.write('{"kind":"PodList","items":[{"metadata":{"name":"ha', () => response.destroy());
        return true;
      }),
    );
    const snapshot = await read(await start({ faults: [drop] }));
    expect(snapshot.list('Pod')).toHaveLength(2);
    expect(inputs(snapshot)).not.toContain('pods');
  });

  it('survives errors of the server and bodies cut short by a proxy', async () => {
    const broken = onPath(
      '/api/v1/nodes',
      (_, response, n) => n <= 2 && sendStatus(response, 500, 'InternalError', 'etcdserver: leader changed'),
    );
    const cut = onPath(
      '/api/v1/pods',
      once((_, response) => (response.end('{"kind":"PodList","items":['), true)),
    );
    const time = virtualTime();
    const snapshot = await read(await start({ faults: [broken, cut] }), { time, concurrency: 1 });
    expect(snapshot.list('Node')).toHaveLength(1);
    expect(snapshot.list('Pod')).toHaveLength(2);
    expect(time.slept).toEqual([188, 375, 188]);
  });

  it('gives up in bounds on a kind that keeps failing, and names it', async () => {
    const broken = onPath('/api/v1/nodes', (_, response) => sendStatus(response, 500, 'InternalError', 'boom'));
    const server = await start({ faults: [broken] });
    const snapshot = await read(server);
    expect(snapshot.missing).toContainEqual(
      expect.objectContaining({ input: 'nodes', reason: 'HTTP 500: boom (6 tries)' }),
    );
    expect(server.requests.filter(({ path }) => path === '/api/v1/nodes')).toHaveLength(6);
  });

  it('names a slow kind with its time limit', async () => {
    const silent = onPath('/api/v1/nodes', () => true);
    const snapshot = await read(await start({ faults: [silent] }), { timeoutMs: 1500, retry: { attempts: 1 } });
    expect(snapshot.missing).toContainEqual(
      expect.objectContaining({ input: 'nodes', reason: 'timed out after 1500 ms' }),
    );
    expect(snapshot.list('Pod')).toHaveLength(2);
  });

  it('goes on with the token that a 410 offers', async () => {
    const expired = onPath('/api/v1/pods', (request, response, n) => {
      if (n !== 2) return false;
      const status = {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: { continue: request.query.get('continue') + '.0' },
        code: 410,
        reason: 'Expired',
        message: 'too old',
      };
      return sendJson(response, status, 410);
    });
    const server = await start({
      collections: cluster(Array.from({ length: 1200 }, (_, i) => pod(i))),
      faults: [countedFault(expired)],
    });
    const snapshot = await read(server);
    expect(snapshot.list('Pod')).toHaveLength(1200);
    expect(
      server.requests.filter(({ path }) => path === '/api/v1/pods').map(({ query }) => query.get('continue')),
    ).toEqual([null, '500', '500.0', '1000']);
  });

  it('starts again when a 410 offers none, and asks for all at once when that does not help', async () => {
    const expired = onPath(
      '/api/v1/pods',
      ({ query }, response) => query.has('continue') && sendStatus(response, 410, 'Expired', 'too old'),
    );
    const server = await start({
      collections: cluster(Array.from({ length: 1200 }, (_, i) => pod(i))),
      faults: [expired],
    });
    const snapshot = await read(server);
    expect(snapshot.list('Pod')).toHaveLength(1200);
    expect(snapshot.problems).toEqual([]);
    const asked = server.requests.filter(({ path }) => path === '/api/v1/pods').map(({ query }) => query.get('limit'));
    expect(asked).toEqual(['500', '500', '500', '500', '500', '500', null]);
  });

  it('keeps what it read when a later page fails for good', async () => {
    const broken = onPath(
      '/api/v1/pods',
      ({ query }, response) => query.get('continue') === '1000' && sendStatus(response, 403, 'Forbidden', 'revoked'),
    );
    const snapshot = await read(
      await start({ collections: cluster(Array.from({ length: 1200 }, (_, i) => pod(i))), faults: [broken] }),
    );
    expect(snapshot.list('Pod')).toHaveLength(1000);
    expect(snapshot.missing).toContainEqual(
      expect.objectContaining({ input: 'pods', reason: 'only 1000 objects could be read: forbidden: revoked' }),
    );
  });

  it('does not follow a server that repeats its continue token', async () => {
    const stuck = onPath('/api/v1/pods', (_, response) =>
      sendJson(response, { kind: 'PodList', apiVersion: 'v1', metadata: { continue: 'again' }, items: [] }),
    );
    const snapshot = await read(await start({ faults: [stuck] }));
    expect(snapshot.missing).toContainEqual(
      expect.objectContaining({ input: 'pods', reason: 'the server repeats a continue token' }),
    );
  });

  it('reports an address where nobody listens as unreachable', async () => {
    const server = await startApiServer({ collections: [] });
    const text = await readFile(server.kubeconfig, 'utf8');
    await server.close();
    const folder = await mkdtemp(join(tmpdir(), 'aia-kubeconfig-'));
    const file = join(folder, 'config');
    await writeFile(file, text);
    await expect(createLiveReader({ kubeconfig: file, time: virtualTime() }).observe()).rejects.toMatchObject({
      code: 'unreachable',
      retry: 'later',
    });
    await rm(folder, { recursive: true });
  });

  it('stops soon when cancelled, during a request and during a pause', async () => {
    const abort = new AbortController();
    const hang = onPath('/api/v1/pods', () => {
      abort.abort(new Error('enough'));
      return true;
    });
    await expect(read(await start({ faults: [hang] }), {}, abort.signal)).rejects.toMatchObject({ code: 'cancelled' });
    const later = new AbortController();
    const time = {
      ...virtualTime(),
      sleep: (_: number, signal?: AbortSignal) => (later.abort(), Promise.reject(signal?.reason as Error)),
    };
    const throttle = onPath('/api/v1/pods', (_, response) =>
      sendStatus(response, 429, 'TooManyRequests', 'no', { 'retry-after': '30' }),
    );
    await expect(read(await start({ faults: [throttle] }), { time }, later.signal)).rejects.toBeInstanceOf(HostError);
    expect(later.signal.aborted).toBe(true);
  });
});
