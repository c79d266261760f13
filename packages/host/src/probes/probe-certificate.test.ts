import { createServer as createPlainServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { AUTHORITY, EXPIRED, GOOD, SELF_SIGNED } from './certificates.suite.ts';
import { probeCertificate, type CertificateProbe } from './probe-certificate.ts';

const running: Server[] = [];
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await Promise.all(running.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen(server: Server): Promise<number> {
  running.push(server);
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function serve(pair: { readonly cert: string; readonly key: string }): Promise<number> {
  return listen(createServer(pair, (socket) => socket.on('error', () => {})).on('tlsClientError', () => {}));
}

function factsOf(probe: CertificateProbe) {
  if (probe.kind === 'failed') throw new Error(probe.reason);
  return probe.facts;
}

describe('probeCertificate', () => {
  it('gives the facts of a trusted certificate', async () => {
    const port = await serve(GOOD);
    const facts = factsOf(
      await probeCertificate('127.0.0.1', port, { servername: 'good.example', authorities: [AUTHORITY.cert] }),
    );
    expect(facts).toMatchObject({
      source: { kind: 'endpoint', host: '127.0.0.1', port },
      subject: 'CN=good.example',
      issuer: 'CN=AIA test authority',
      names: ['good.example', '127.0.0.1'],
      notBeforeAt: Date.parse('2020-01-01T00:00:00Z'),
      notAfterAt: Date.parse('2119-01-01T00:00:00Z'),
      expectedHosts: ['good.example'],
      chainError: undefined,
    });
    expect(facts.serialNumber).toMatch(/^[0-9A-F]+$/);
  });

  it('accepts an address that the certificate names', async () => {
    const port = await serve(GOOD);
    expect(
      factsOf(await probeCertificate('127.0.0.1', port, { authorities: [AUTHORITY.cert] })).chainError,
    ).toBeUndefined();
  });

  it('reports an expired certificate instead of refusing it', async () => {
    const port = await serve(EXPIRED);
    const facts = factsOf(
      await probeCertificate('127.0.0.1', port, { servername: 'old.example', authorities: [AUTHORITY.cert] }),
    );
    expect(facts.chainError).toBe('certificate has expired');
    expect(facts.notAfterAt).toBe(Date.parse('2020-02-01T00:00:00Z'));
  });

  it('tells self-signed certificates and unknown authorities', async () => {
    const self = await serve(SELF_SIGNED);
    expect(factsOf(await probeCertificate('127.0.0.1', self, { servername: 'probe.example' })).chainError).toBe(
      'self-signed certificate',
    );
    const unknown = await serve(GOOD);
    expect(factsOf(await probeCertificate('127.0.0.1', unknown)).chainError).toMatch(/unable to (?:verify|get)/);
  });

  it('tells a certificate for another name', async () => {
    const port = await serve(GOOD);
    const facts = factsOf(
      await probeCertificate('127.0.0.1', port, { servername: 'other.example', authorities: [AUTHORITY.cert] }),
    );
    expect(facts.chainError).toContain('other.example');
  });

  it('says why there is no certificate', async () => {
    const closed = createPlainServer();
    const port = await listen(closed);
    await new Promise((resolve) => closed.close(resolve));
    running.splice(0);
    expect(await probeCertificate('127.0.0.1', port)).toMatchObject({
      kind: 'failed',
      port,
      reason: expect.stringContaining('ECONNREFUSED') as string,
    });
    const plain = await listen(createPlainServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    expect((await probeCertificate('127.0.0.1', plain)).kind).toBe('failed');
    const mute = createPlainServer((socket) => void socket.on('error', () => {}).resume());
    expect(await probeCertificate('127.0.0.1', await listen(mute), { timeoutMs: 50 })).toMatchObject({
      reason: 'no answer within 50 ms',
    });
  });

  it('stops when cancelled', async () => {
    const abort = new AbortController();
    const mute = createPlainServer((socket) => {
      socket.on('error', () => {}).resume();
      abort.abort(new Error('enough'));
    });
    await expect(probeCertificate('127.0.0.1', await listen(mute), { signal: abort.signal })).rejects.toThrow('enough');
  });

  it('refuses hosts and ports that cannot be', async () => {
    await expect(probeCertificate('a b', 443)).rejects.toThrow(TypeError);
    await expect(probeCertificate('a.example', 0)).rejects.toThrow(RangeError);
    await expect(probeCertificate('a.example', 443, { timeoutMs: 0 })).rejects.toThrow(RangeError);
  });
});
