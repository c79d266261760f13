/** Probing what a cluster exposes, against real servers on loopback that behave in every way they should not. */
import type { IncomingHttpHeaders } from 'node:http';
import { SnapshotBuilder } from '@aia/cluster';
import { afterEach, describe, expect, it } from 'vitest';
import { EXPIRED, GOOD, SELF_SIGNED } from './certificates.suite.ts';
import { gateway, loadBalancer, LoopbackServers } from './loopback-servers.suite.ts';
import { probeExposed, withExposed, type ProbeExposedOptions } from './probe-exposed.ts';

const servers = new LoopbackServers();
afterEach(() => servers.close());

function snapshotOf(...objects: readonly unknown[]) {
  const builder = new SnapshotBuilder();
  for (const object of objects) builder.add(structuredClone(object), 'test');
  const missing = [{ input: 'certificates', reason: 'not read', consequence: 'none' }];
  return builder.build({ source: { kind: 'dump', name: 'test' }, missing });
}
const ask = (objects: readonly unknown[], options: ProbeExposedOptions = {}) =>
  probeExposed(snapshotOf(...objects), { allowLoopback: true, timeoutMs: 5000, retryAfterMs: 1, ...options });
const only = async (object: unknown, options: ProbeExposedOptions = {}) => {
  const { probes, missing } = await ask([object], options);
  expect(missing).toEqual([]);
  expect(probes).toHaveLength(1);
  const [probe] = probes;
  if (probe === undefined) throw new Error('nothing was asked');
  return probe;
};

describe('an endpoint that answers', () => {
  it('is asked once, by GET, without credentials, by the name of its host', async () => {
    const seen: { method: string | undefined; headers: IncomingHttpHeaders; url: string | undefined }[] = [];
    const port = await servers.http(({ method, headers, url }, response) => {
      seen.push({ method, headers, url });
      response.writeHead(404).end();
    }, SELF_SIGNED);
    const { result, certificate } = await only(gateway('probe.example', port));
    expect(result).toMatchObject({
      url: `https://probe.example:${port}/`,
      exposedBy: { kind: 'Gateway' },
      address: '127.0.0.1',
      resolves: false,
      status: 404,
      requests: 1,
      failures: 0,
      fault: undefined,
    });
    expect(result.latencyMs).toBeGreaterThanOrEqual(0);
    expect(seen).toMatchObject([{ method: 'GET', url: '/', headers: { host: `probe.example:${port}` } }]);
    expect(Object.keys(seen[0]?.headers ?? {}).sort()).toEqual(['accept', 'connection', 'host', 'user-agent']);
    expect(certificate).toMatchObject({ facts: { names: ['probe.example', '*.probe.example', '127.0.0.1'] } });
  });

  it.each([
    ['expired', EXPIRED, 'old.example', 'certificate has expired'],
    ['self-signed', SELF_SIGNED, 'probe.example', 'self-signed certificate'],
    ['of an authority that nobody knows', GOOD, 'good.example', 'unable to verify the first certificate'],
  ])('with a certificate that is %s still answers, and its faults are known', async (_, pair, host, error) => {
    const port = await servers.http((_request, response) => response.end('ok'), pair);
    const { result, certificate } = await only(gateway(host, port));
    expect(result).toMatchObject({ status: 200, failures: 0 });
    expect(certificate).toMatchObject({ kind: 'certificate', facts: { chainError: error, expectedHosts: [host] } });
  });

  it('for another host is told by its names', async () => {
    const port = await servers.http((_request, response) => response.end('ok'), SELF_SIGNED);
    const { certificate } = await only(gateway('shop.example', port));
    expect(certificate).toMatchObject({
      facts: { expectedHosts: ['shop.example'], names: expect.not.arrayContaining(['shop.example']) as string[] },
    });
  });

  it('at a bare address has no name to be held to', async () => {
    const port = await servers.http((_request, response) => response.end('ok'), GOOD);
    const { certificate } = await only(loadBalancer('web', [{ port, name: 'https' }]));
    expect(certificate).toMatchObject({ facts: { expectedHosts: [] } });
  });

  it('with an endless body costs no more than its head', async () => {
    let written = 0;
    const port = await servers.http((_request, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) written += 65_536;
      };
      response.on('drain', more);
      more();
    });
    expect((await only(loadBalancer('web', [{ port }]))).result).toMatchObject({ status: 200, requests: 1 });
    expect(written).toBeLessThan(100 * 1024 * 1024);
  });
});

describe('an endpoint that fails', () => {
  it('is asked a second time', async () => {
    let count = 0;
    const port = await servers.http((_request, response) => {
      count++;
      response.writeHead(count === 1 ? 503 : 200).end();
    });
    expect((await only(loadBalancer('web', [{ port }]))).result).toMatchObject({
      status: 200,
      requests: 2,
      failures: 1,
    });
  });

  it('twice is failing', async () => {
    const port = await servers.http((_request, response) => response.writeHead(502).end());
    expect((await only(loadBalancer('web', [{ port }]))).result).toMatchObject({
      status: 502,
      requests: 2,
      failures: 2,
    });
  });

  it('by never answering is given up, and not asked again', async () => {
    let count = 0;
    const port = await servers.tcp(() => count++);
    const { result } = await only(loadBalancer('web', [{ port }]), { timeoutMs: 50 });
    expect(result).toMatchObject({
      fault: 'timeout',
      faultText: 'no answer within 50 ms',
      status: undefined,
      requests: 1,
    });
    expect(count).toBe(1);
  });

  it.each<[string, (port: number) => unknown, (servers: LoopbackServers) => Promise<number>, string]>([
    [
      'by closing at once',
      (port) => loadBalancer('web', [{ port }]),
      (all) => all.tcp((socket) => socket.destroy()),
      'reset',
    ],
    [
      'by speaking something else',
      (port) => loadBalancer('web', [{ port }]),
      (all) => all.tcp((socket) => socket.end('220 mail.example ESMTP\r\n')),
      'protocol',
    ],
    [
      'by a head without end',
      (port) => loadBalancer('web', [{ port }]),
      (all) => all.tcp((socket) => socket.write(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(100_000)}`)),
      'protocol',
    ],
    [
      'by speaking plain HTTP where TLS is expected',
      (port) => gateway('probe.example', port),
      (all) => all.http((_request, response) => response.end('ok')),
      'tls',
    ],
  ])('%s', async (_, object, start, fault) => {
    const { result } = await only(object(await start(servers)));
    expect(result).toMatchObject({ fault, requests: 2, failures: 2, status: undefined });
    expect(result.faultText).toMatch(/\S/);
  });

  it('where nothing listens is refused', async () => {
    const port = await servers.tcp(() => {});
    await servers.close();
    expect((await only(loadBalancer('web', [{ port }]))).result.fault).toBe('refused');
  });
});

describe('redirects', () => {
  it('are followed at the host, a few times', async () => {
    const paths: string[] = [];
    const port = await servers.http(({ url = '' }, response) => {
      paths.push(url);
      if (url === '/login?next=%2F') response.end('ok');
      else response.writeHead(302, { location: '/login?next=%2F' }).end();
    });
    const { result } = await only(loadBalancer('web', [{ port }]));
    expect(result).toMatchObject({ status: 200, url: `http://127.0.0.1:${port}/`, redirectedTo: undefined });
    expect(paths).toEqual(['/', '/login?next=%2F']);
  });

  it('in a circle end', async () => {
    let count = 0;
    const port = await servers.http((_request, response) => {
      count++;
      response.writeHead(301, { location: '/again' }).end();
    });
    expect((await only(loadBalancer('web', [{ port }]))).result).toMatchObject({ status: 301, failures: 0 });
    expect(count).toBe(4);
  });

  it.each<[string, (other: number) => string]>([
    ['another host', (other) => `http://localhost:${other}/`],
    ['another port', (other) => `http://127.0.0.1:${other}/`],
    ['a host with credentials', (other) => `http://user:secret@127.0.0.1:${other}/`],
    ['another scheme', () => 'file:///etc/passwd'],
    ['nowhere', () => 'http://['],
  ])('to %s are not followed', async (_, location) => {
    let isReached = false;
    const other = await servers.http((_request, response) => {
      isReached = true;
      response.end();
    });
    const port = await servers.http((_request, response) =>
      response.writeHead(302, { location: location(other) }).end(),
    );
    const { result } = await only(loadBalancer('web', [{ port }]));
    expect(result).toMatchObject({ status: 302, failures: 0 });
    expect(isReached).toBe(false);
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  it('off the host are told without their path', async () => {
    const location = 'https://login.example.org/authorize?token=abc';
    const port = await servers.http((_request, response) => response.writeHead(302, { location }).end());
    expect((await only(loadBalancer('web', [{ port }]))).result.redirectedTo).toBe('https://login.example.org');
  });
});

describe('restraint', () => {
  it.each(['127.0.0.1', '169.254.169.254', '0.0.0.0'])('does not ask %s when a cluster names it', async (ip) => {
    let count = 0;
    const port = await servers.tcp(() => count++);
    const { probes, missing } = await ask([loadBalancer('web', [{ port }], ip)], { allowLoopback: false });
    expect(probes).toEqual([]);
    expect(missing).toMatchObject([{ reason: `${ip} is no address that a cluster may name to be asked` }]);
    expect(count).toBe(0);
  });

  it('does not let a name lead there either', async () => {
    const { probes, missing } = await ask(
      [gateway('localhost', 443), gateway('metadata.google.internal', 80, 'HTTP')],
      {
        allowLoopback: false,
      },
    );
    expect(probes).toEqual([]);
    expect(missing.map(({ input }) => input)).toEqual([
      'endpoint:localhost:443',
      'endpoint:metadata.google.internal:80',
    ]);
  });

  it('asks one host one thing at a time, and no more than a few', async () => {
    let open = 0;
    let most = 0;
    let count = 0;
    const answer = await Promise.all(
      Array.from({ length: 10 }, () =>
        servers.http((_request, response) => {
          most = Math.max(most, ++open);
          count++;
          setImmediate(() => {
            open--;
            response.writeHead(200).end();
          });
        }),
      ),
    );
    const { probes, missing } = await ask([
      loadBalancer(
        'web',
        answer.map((port) => ({ port })),
      ),
    ]);
    expect(most).toBe(1);
    expect(count).toBe(8);
    expect(probes).toHaveLength(8);
    expect(missing.map(({ reason }) => reason)).toEqual(Array(2).fill('8 requests to one host are enough'));
  });

  it('says how many it left out', async () => {
    const port = await servers.http((_request, response) => response.end());
    const { probes, missing } = await ask([gateway('a.example', port, 'HTTP'), gateway('b.example', port, 'HTTP')], {
      most: 1,
    });
    expect(probes.map(({ result }) => result.host)).toEqual(['a.example']);
    expect(missing).toMatchObject([
      { input: 'endpoints', reason: 'the cluster exposes 2 endpoints, of which 1 were asked' },
    ]);
  });

  it('asks nothing in namespaces that are not judged', async () => {
    const port = await servers.http((_request, response) => response.end());
    expect(await ask([loadBalancer('web', [{ port }])], { namespaces: ['blog'] })).toEqual({ probes: [], missing: [] });
  });

  it('stops when it is cancelled', async () => {
    const port = await servers.tcp(() => stop.abort(new Error('enough')));
    const stop = new AbortController();
    await expect(ask([loadBalancer('web', [{ port }])], { signal: stop.signal })).rejects.toThrow('enough');
  });
});

describe('withExposed', () => {
  it('adds answers and certificates, and is no longer without certificates', async () => {
    const port = await servers.http((_request, response) => response.end(), EXPIRED);
    const before = snapshotOf(gateway('old.example', port));
    const after = withExposed(
      before,
      await probeExposed(before, { allowLoopback: true, retryAfterMs: 1, now: () => 42 }),
    );
    expect(after.endpoints).toMatchObject([{ host: 'old.example', at: 42 }]);
    expect(after.certificates).toMatchObject([{ source: { kind: 'endpoint', host: 'old.example', port } }]);
    expect(after.missing).toEqual([]);
  });
});
