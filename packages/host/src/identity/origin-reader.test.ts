import type { RequestListener } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUTHORITY, EXPIRED, GOOD, SELF_SIGNED } from '../probes/certificates.suite.ts';
import { LoopbackServers } from '../probes/loopback-servers.suite.ts';
import { createOriginReader, type OriginOptions } from './origin-reader.ts';
import { isPublicAddress, publicOrIn } from './public-address.ts';

const servers = new LoopbackServers();
const asked: string[] = [];
const upgradeEnded = Promise.withResolvers<unknown>();
const ANSWERS: Readonly<Record<string, RequestListener>> = {
  '/agents/did.jsonl': (_, response) => response.end('{"versionId":"1-a"}\n'),
  '/gone': (_, response) => response.writeHead(410).end(),
  '/broken': (_, response) => response.writeHead(503).end('later'),
  '/moved': (_, response) => response.writeHead(301, { location: '/agents/did.jsonl' }).end(),
  '/round': (_, response) => response.writeHead(302, { location: '/round' }).end(),
  '/away': (_, response) => response.writeHead(302, { location: 'https://other.example/did.jsonl' }).end(),
  '/port': (_, response) => response.writeHead(307, { location: 'https://good.example/did.jsonl' }).end(),
  '/plain': (request, response) =>
    response.writeHead(308, { location: `http://${request.headers.host ?? ''}/agents/did.jsonl` }).end(),
  '/nowhere': (_, response) => response.writeHead(302, { location: 'https://[' }).end(),
  '/declared': (_, response) => response.writeHead(200, { 'content-length': '1001' }).end('x'.repeat(1001)),
  '/long': (_, response) => {
    response.write('x'.repeat(600));
    response.end('x'.repeat(600));
  },
  '/endless': (_, response) => void response.write('x'),
  '/silent': () => {},
  '/gzip': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
  '/unframed': (_, response) => {
    response.useChunkedEncodingByDefault = false;
    response.end('{"versionId":"1-a"}\n');
  },
  '/heads': (_, response) => response.writeHead(200, { 'x-long': 'x'.repeat(20_000) }).end(),
  '/twice': ({ socket }) =>
    void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'),
  '/partial': (_, response) => response.writeHead(206).end('x'),
  '/early': ({ socket }) => {
    const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 5);
    socket.on('error', () => {}).on('close', () => clearInterval(timer));
  },
  '/slow': (_, response) => {
    const timer = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(timer));
  },
  '/upgrade': ({ socket }) => {
    socket.on('error', () => {}).on('close', upgradeEnded.resolve);
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n');
  },
  '/cut': (_, response) => {
    response.writeHead(200, { 'content-length': '500' });
    response.write('x');
    setImmediate(() => response.destroy());
  },
};
const answer: RequestListener = (request, response) => {
  asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
  (ANSWERS[request.url ?? ''] ?? ((_, missing) => missing.writeHead(404).end()))(request, response);
};

let good: number;
let expired: number;
let selfSigned: number;
let garbage: number;
beforeAll(async () => {
  [good, expired, selfSigned] = await Promise.all([
    servers.http(answer, GOOD),
    servers.http(answer, EXPIRED),
    servers.http(answer, SELF_SIGNED),
  ]);
  garbage = await servers.tcp((socket) => socket.end('no TLS at all\r\n\r\n'));
});
afterAll(() => servers.close());

/** What the internet is replaced by: every name is this machine, which is allowed. */
const LOOPBACK: OriginOptions = {
  addressesOf: () => Promise.resolve(['127.0.0.1']),
  isAllowed: (address) => address === '127.0.0.1',
  authorities: AUTHORITY.cert,
  mostBytes: 1000,
};
const read = (path: string, options: OriginOptions = {}, port = good, host = 'good.example') =>
  createOriginReader({ ...LOOPBACK, ...options })(`https://${host}:${port}${path}`);

describe('an origin', () => {
  it('is read by one GET with a certificate of its name', async () => {
    const reading = await read('/agents/did.jsonl');
    expect(reading.kind === 'read' && Buffer.from(reading.bytes).toString()).toBe('{"versionId":"1-a"}\n');
    expect(asked.at(-1)).toBe('GET /agents/did.jsonl');
  });

  it('may redirect within itself', async () => {
    expect((await read('/moved')).kind).toBe('read');
  });

  it.each(['/missing', '/gone'])('has no %s', async (path) => {
    expect(await read(path)).toEqual({ kind: 'absent' });
  });

  it.each([
    ['/round', 'too-many-redirects'],
    ['/away', 'redirect-elsewhere'],
    ['/port', 'redirect-elsewhere'],
    ['/plain', 'redirect-elsewhere'],
    ['/nowhere', 'redirect-elsewhere'],
    ['/declared', 'too-large'],
    ['/long', 'too-large'],
    ['/gzip', 'encoded'],
  ])('is refused for %s: %s', async (path, reason) => {
    expect(await read(path)).toEqual({ kind: 'refused', reason });
  });

  it.each([
    ['/broken', 'status-503'],
    ['/cut', 'connection-failed'],
    ['/unframed', 'unframed-answer'],
    ['/heads', 'malformed-answer'],
    ['/twice', 'malformed-answer'],
    ['/partial', 'status-206'],
  ])('fails for %s: %s', async (path, reason) => {
    expect(await read(path)).toEqual({ kind: 'unreachable', reason });
  });

  it.each(['/silent', '/endless', '/early', '/slow'])('is not waited for: %s', async (path) => {
    expect(await read(path, { timeoutMs: 300 })).toEqual({ kind: 'unreachable', reason: 'timeout' });
  });

  it('does not turn into something else', async () => {
    expect(await read('/upgrade')).toEqual({ kind: 'unreachable', reason: 'status-101' });
    await upgradeEnded.promise;
  });

  it('is not waited for while its name is looked up', async () => {
    const addressesOf = () => new Promise<never>(() => {});
    expect(await read('/', { timeoutMs: 50, addressesOf })).toEqual({ kind: 'unreachable', reason: 'timeout' });
  });

  it('is trusted by its certificate alone', async () => {
    const untrusted = { kind: 'unreachable', reason: 'untrusted-certificate' };
    expect(await read('/agents/did.jsonl', {}, expired, 'old.example')).toEqual(untrusted);
    expect(await read('/agents/did.jsonl', {}, selfSigned, 'good.example')).toEqual(untrusted);
    expect(await read('/agents/did.jsonl', {}, good, 'other.example')).toEqual(untrusted);
    expect(await read('/agents/did.jsonl', {}, garbage)).toEqual({ kind: 'unreachable', reason: 'tls-failed' });
  });

  it('is left alone once the caller has enough', async () => {
    const stop = new AbortController();
    const reading = createOriginReader(LOOPBACK)(`https://good.example:${good}/silent`, stop.signal);
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});

describe('a host', () => {
  it.each([
    'http://good.example/did.jsonl',
    'https://user:secret@good.example/did.jsonl',
    'https://127.0.0.1/did.jsonl',
    'https://2130706433/did.jsonl',
    'https://0x7f.1/did.jsonl',
    'https://[::1]/did.jsonl',
    'https://good.example/did.jsonl#x',
    'file:///etc/passwd',
    'no url',
  ])('is no host with a name: %s', async (url) => {
    let isLookedUp = false;
    const addressesOf = () => Promise.resolve(((isLookedUp = true), ['127.0.0.1']));
    const reading = await createOriginReader({ ...LOOPBACK, addressesOf })(url);
    expect([reading, isLookedUp]).toEqual([{ kind: 'refused', reason: 'unsafe-url' }, false]);
  });

  it('that resolves to this machine is refused before a connection', async () => {
    const before = asked.length;
    const options = { isAllowed: isPublicAddress };
    expect(await read('/agents/did.jsonl', options)).toEqual({ kind: 'refused', reason: 'private-address' });
    expect(asked.length).toBe(before);
  });

  it('that is public and private at once is refused', async () => {
    const addressesOf = () => Promise.resolve(['93.184.215.14', '10.0.0.1']);
    const reading = await read('/', { addressesOf, isAllowed: isPublicAddress });
    expect(reading).toEqual({ kind: 'refused', reason: 'private-address' });
  });

  it('is looked up once, and connected to at the address that was checked', async () => {
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    const reading = await read('/agents/did.jsonl', { addressesOf: () => Promise.resolve(answers.shift() ?? []) });
    expect([reading.kind, answers.length]).toEqual(['read', 1]);
  });

  it('that changes its mind between redirects is refused', async () => {
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    const reading = await read('/moved', { addressesOf: () => Promise.resolve(answers.shift() ?? []) });
    expect(reading).toEqual({ kind: 'refused', reason: 'private-address' });
  });

  it('that nobody knows is unreachable', async () => {
    expect(await read('/', { addressesOf: () => Promise.resolve([]) })).toEqual({
      kind: 'unreachable',
      reason: 'unresolved',
    });
  });
});

describe('isPublicAddress', () => {
  it.each(['93.184.215.14', '8.8.8.8', '1.1.1.1', '2606:4700::1111', '2a00:1450:4001:82b::200e'])('%s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
  it.each([
    ...['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '100.100.100.200'],
    ...['0.0.0.0', '192.0.0.192', '198.18.0.1', '203.0.113.7', '224.0.0.1', '255.255.255.255', '168.63.129.16'],
    ...['::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::7f00:1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1'],
    ...[
      '2002:7f00:1::1',
      '2001::1',
      '2001:db8::1',
      'fe80::1',
      'fe80::1%eth0',
      '2606:4700::1111%1',
      'fec0::1',
      'fc00::1',
      'fd00:ec2::254',
    ],
    ...['ff02::1', '100::1', '5f00::1', '3fff::1', 'good.example', '2130706433', ''],
  ])('never %j', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe("networks of somebody's own", () => {
  const isAllowed = publicOrIn(['10.1.0.0/16', 'fd00:1::/32', '127.0.0.1/32']);

  it.each(['10.1.2.3', '::ffff:10.1.2.3', 'fd00:1::7', '127.0.0.1', '8.8.8.8', '2606:4700::1111'])('%s', (address) => {
    expect(isAllowed(address)).toBe(true);
  });
  it.each(['10.2.0.1', '127.0.0.2', 'fd00:2::7', '169.254.169.254', '::1', 'fe80::1%eth0', 'localhost', ''])(
    'never %j',
    (address) => {
      expect(isAllowed(address)).toBe(false);
    },
  );
  it.each(['10.0.0.0', '10.0.0.0/33', '::/129', 'localhost/8', '10.0.0.0/-1', '10.0.0.0/8/8', '/8', 'fe80::1%eth0/64'])(
    'are no %j',
    (network) => {
      expect(() => publicOrIn([network])).toThrow(/is no network/);
    },
  );
});
