/** `--probe`, against real TLS servers on loopback. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { assessmentSchema, type Assessment } from '@aia/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiServer, type RunningApiServer } from '../live/api-server.suite.ts';
import { AUTHORITY, EXPIRED, GOOD, SELF_SIGNED } from '../probes/certificates.suite.ts';
import { gateway, loadBalancer, LoopbackServers } from '../probes/loopback-servers.suite.ts';
import { aia, SMALL_DUMP, type Run } from './run-aia.suite.ts';

const servers: Server[] = [];
let handshakes = 0;
let cluster: RunningApiServer;
let folder: string;
let good: string;
let expired: string;
let selfSigned: string;

async function serve(pair: { readonly cert: string; readonly key: string }): Promise<string> {
  const server = createServer(pair, (socket) => {
    handshakes++;
    socket.on('error', () => {});
  }).on('tlsClientError', () => {});
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aia-probe-'));
  writeFileSync(join(folder, 'ca.pem'), AUTHORITY.cert);
  writeFileSync(join(folder, 'dump.json'), SMALL_DUMP);
  [good, expired, selfSigned] = await Promise.all([serve(GOOD), serve(EXPIRED), serve(SELF_SIGNED)]);
  const node = { metadata: { name: 'n1', uid: 'n1' }, status: { allocatable: { cpu: '1' } } };
  cluster = await startApiServer({
    collections: [{ group: '', version: 'v1', resource: 'nodes', kind: 'Node', namespaced: false, items: [node] }],
  });
});
afterAll(async () => {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  await cluster.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: readonly string[]) => aia(args, { env: { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') } });
const assessmentOf = ({ code, stdout, stderr }: Run): Assessment => {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return assessmentSchema.parse(JSON.parse(stdout));
};
const dump = async (...args: readonly string[]) =>
  assessmentOf(await run('assess', '--dump', join(folder, 'dump.json'), '--format', 'json', ...args));
const codes = ({ findings }: Assessment) =>
  findings.map(({ code }) => code).filter((code) => code.startsWith('certificate-'));
const health = ({ kpis }: Assessment) => kpis.find(({ id }) => id === 'certificate-health');

describe('assess --probe', () => {
  it('connects nowhere without being asked', async () => {
    const before = handshakes;
    const assessment = await dump();
    expect(handshakes).toBe(before);
    expect(assessment.missing.map(({ input }) => input)).toContain('certificates');
  });

  it('finds nothing wrong with a good certificate', async () => {
    const assessment = await dump('--probe', good);
    expect(codes(assessment)).toEqual([]);
    expect(health(assessment)).toMatchObject({ value: 1, status: 'met' });
    expect(assessment.missing.map(({ input }) => input)).not.toContain('certificates');
  });

  it('finds an expired one and a chain that nobody trusts', async () => {
    const assessment = await dump('--probe', expired, '--probe', selfSigned, '--probe', good, '--probe', good);
    expect(codes(assessment)).toContain('certificate-expired');
    expect(codes(assessment)).toContain('certificate-chain-broken');
    expect(health(assessment)).toMatchObject({ basis: expect.stringContaining('1 of 3') as string, status: 'missed' });
  });

  it('names an endpoint that shows none, with the reason, and judges the others', async () => {
    const assessment = await dump('--probe', '127.0.0.1:1', '--probe', good);
    const entry = (input: string) => assessment.missing.find((missing) => missing.input === input);
    expect(entry('endpoint:127.0.0.1:1')?.reason).toContain('ECONNREFUSED');
    expect(health(assessment)?.value).toBe(1);
  });

  it('works beside a live cluster', async () => {
    const live = await run('assess', '--kubeconfig', cluster.kubeconfig, '--probe', expired, '--format', 'json');
    expect(codes(assessmentOf(live))).toContain('certificate-expired');
  });
});

describe('collect --probe', () => {
  it('writes what was shown, so that the dump is judged like the cluster', async () => {
    const out = join(folder, 'dump.tar.gz');
    const collected = await run(
      'collect',
      '--kubeconfig',
      cluster.kubeconfig,
      '--out',
      out,
      '--probe',
      expired,
      '--probe',
      '127.0.0.1:1',
    );
    expect(collected.code).toBe(0);
    expect(collected.stdout).toContain('not read: endpoint:127.0.0.1:1');
    const assessment = assessmentOf(await run('assess', '--dump', out, '--format', 'json'));
    expect(codes(assessment)).toContain('certificate-expired');
    expect(assessment.problems).toEqual([]);
    const missing = assessment.missing.map(({ input }) => input);
    expect(missing).toContain('endpoint:127.0.0.1:1');
    expect(missing).not.toContain('certificates');
  });
});

describe('--probe-endpoints', () => {
  const web = new LoopbackServers();
  let requests = 0;
  let objects: readonly unknown[];
  let exposing: RunningApiServer;
  beforeAll(async () => {
    const failing = await web.http((_request, response) => {
      requests++;
      response.writeHead(503).end();
    });
    const old = await web.http((_request, response) => {
      requests++;
      response.end('ok');
    }, EXPIRED);
    const machine = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' }, status: { allocatable: { cpu: '1' } } };
    objects = [machine, loadBalancer('web', [{ port: failing }]), gateway('old.example', old)];
    writeFileSync(join(folder, 'exposing.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    const node = { metadata: { name: 'n1', uid: 'n1' }, status: { allocatable: { cpu: '1' } } };
    exposing = await startApiServer({
      collections: [
        { group: '', version: 'v1', resource: 'nodes', kind: 'Node', namespaced: false, items: [node] },
        {
          group: '',
          version: 'v1',
          resource: 'services',
          kind: 'Service',
          namespaced: true,
          items: [loadBalancer('web', [{ port: failing }])] as never,
        },
      ],
    });
  });
  afterAll(async () => {
    await web.close();
    await exposing.close();
  });
  const assessed = (...args: readonly string[]) =>
    run('assess', '--dump', join(folder, 'exposing.json'), '--format', 'json', ...args).then(assessmentOf);
  const about = ({ findings }: Assessment) =>
    findings.map(({ code }) => code).filter((code) => /^(?:certificate|endpoint)-/.test(code));

  it('asks nothing without it, and nothing at loopback unless told so', async () => {
    const before = requests;
    await assessed();
    const refused = await assessed('--probe-endpoints');
    expect(requests).toBe(before);
    expect(refused.missing.filter(({ input }) => input.startsWith('endpoint:'))).toHaveLength(2);
    expect(about(refused)).toEqual([]);
  });

  it('finds an endpoint that fails and a certificate that has expired', async () => {
    const assessment = await assessed('--probe-endpoints', '--probe-loopback');
    expect(about(assessment).sort()).toEqual(['certificate-expired', 'endpoint-failing']);
    expect(assessment.certificates).toMatchObject([{ kind: 'endpoint', state: 'expired', subject: 'CN=old.example' }]);
    const kpi = (id: string) => assessment.kpis.find((one) => one.id === id);
    expect(kpi('uptime')).toMatchObject({ value: 0.5, status: 'missed' });
    expect(kpi('api-response-time')?.status).not.toBe('unknown');
  });

  it('is written into a dump, which is judged like the cluster', async () => {
    const out = join(folder, 'exposing.tar.gz');
    const flags = ['--kubeconfig', exposing.kubeconfig, '--probe-endpoints', '--probe-loopback'];
    const live = assessmentOf(await run('assess', ...flags, '--format', 'json'));
    const collected = await run('collect', ...flags, '--out', out);
    expect(collected.code).toBe(0);
    const before = requests;
    const dumped = assessmentOf(await run('assess', '--dump', out, '--format', 'json'));
    expect(requests).toBe(before);
    expect(dumped.problems).toEqual([]);
    expect(about(dumped)).toEqual(['endpoint-failing']);
    expect(about(dumped)).toEqual(about(live));
  });
});
