import { describe, expect, it } from 'vitest';
import { ApiClient } from './api-client.ts';
import { virtualTime } from './api-server.suite.ts';
import { listResource } from './list-resource.ts';
import { RETRY_LIMITS } from './retry.ts';
import { BodyTooLarge, readBody, type ApiRequest, type ApiTransport } from './transport.ts';

function clientOver(get: ApiTransport['get']) {
  const time = virtualTime();
  const transport = { server: 'https://test', get, close: () => Promise.resolve() };
  return {
    time,
    client: new ApiClient({
      transport,
      time,
      limits: RETRY_LIMITS,
      timeoutMs: 60_000,
      maxBodyBytes: 1000,
      signal: undefined,
    }),
  };
}

const answer = (status: number, value: unknown) =>
  Promise.resolve({ status, headers: {}, body: JSON.stringify(value) });

describe('ApiClient', () => {
  it('spends little on a server that seems to be gone, and recovers when it answers', async () => {
    let up = false;
    let calls = 0;
    const { client } = clientOver(() => {
      calls++;
      return up ? answer(200, {}) : Promise.reject(new TypeError('fetch failed'));
    });
    const spent: number[] = [];
    for (let i = 0; i < 6; i++) {
      const before = calls;
      await client.get('/x');
      spent.push(calls - before);
    }
    expect(spent).toEqual([6, 6, 6, 6, 1, 1]);
    up = true;
    expect(await client.get('/x')).toMatchObject({ kind: 'ok' });
    up = false;
    calls = 0;
    await client.get('/x');
    expect(calls).toBe(6);
  });

  it('does not repeat what waiting cannot cure', async () => {
    let calls = 0;
    const untrusted = Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    const { client } = clientOver(() => {
      calls++;
      return Promise.reject(new TypeError('fetch failed', { cause: untrusted }));
    });
    expect(await client.get('/x')).toMatchObject({
      kind: 'failed',
      reason: 'self-signed certificate (DEPTH_ZERO_SELF_SIGNED_CERT)',
    });
    expect(calls).toBe(1);
  });

  it('quotes a refusal that is no Status, in bounds', async () => {
    const { client } = clientOver(() =>
      Promise.resolve({ status: 403, headers: {}, body: `<html>\n${'no '.repeat(1000)}` }),
    );
    const result = await client.get('/x');
    expect(result).toMatchObject({ kind: 'refused', status: 403 });
    expect(result.kind === 'refused' && result.reason).toMatch(/^forbidden: <html> no no/);
    expect(result.kind === 'refused' && result.reason.length).toBeLessThan(330);
  });
});

describe('listResource', () => {
  const pods = { group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespaced: true };
  const options = { namespaces: undefined, trim: () => {} };

  it('asks for smaller pages when one does not fit', async () => {
    const limits: string[] = [];
    const { client } = clientOver(({ path }: ApiRequest) => {
      const query = new URL(path, 'https://test').searchParams;
      const limit = Number(query.get('limit'));
      limits.push(`${query.get('continue') ?? ''}/${limit}`);
      if (limit > 20) return Promise.reject(new BodyTooLarge('too large'));
      const from = Number(query.get('continue') ?? 0);
      const items = Array.from({ length: Math.min(limit, 30 - from) }, (_, i) => ({
        metadata: { name: `p${from + i}` },
      }));
      return answer(200, { items, metadata: from + limit < 30 ? { continue: String(from + limit) } : {} });
    });
    const { items, failure } = await listResource(client, pods, options);
    expect(failure).toBeUndefined();
    expect(items).toHaveLength(30);
    expect(limits).toEqual(['/500', '/100', '/20', '20/20']);
  });

  it('takes null for an empty list and refuses what is no list', async () => {
    expect(await listResource(clientOver(() => answer(200, { items: null })).client, pods, options)).toEqual({
      items: [],
      failure: undefined,
    });
    expect(
      (await listResource(clientOver(() => answer(200, { kind: 'Pod' })).client, pods, options)).failure?.reason,
    ).toBe('the answer is not a list');
  });

  it('does not go round in circles, nor on without end', async () => {
    let page = 0;
    const circle = clientOver(() => answer(200, { items: [{}], metadata: { continue: `t${++page % 3}` } })).client;
    expect((await listResource(circle, pods, options)).failure?.reason).toBe('the server repeats a continue token');
    const empty = clientOver(() => answer(200, { items: [], metadata: { continue: String(++page) } })).client;
    expect((await listResource(empty, pods, options)).failure?.reason).toBe(
      '10 pages in a row are empty, and more are offered',
    );
  });

  it('stops at the bound on objects', async () => {
    let page = 0;
    const { client } = clientOver(() => answer(200, { items: [{}, {}], metadata: { continue: String(++page) } }));
    const { items, failure } = await listResource(client, pods, { ...options, maxObjects: 5 });
    expect(items).toHaveLength(6);
    expect(failure?.reason).toBe('more than 5 objects');
  });
});

describe('readBody', () => {
  it('stops reading at its bound', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1000;
        controller.enqueue(new Uint8Array(1000));
      },
    });
    await expect(readBody(endless, 5000)).rejects.toThrow(BodyTooLarge);
    expect(sent).toBeLessThan(20_000);
  });
});
