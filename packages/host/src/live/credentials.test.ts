import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AUTHORITY, EXPIRED, GOOD, SELF_SIGNED } from '../probes/certificates.suite.ts';
import {
  sendStatus,
  startApiServer,
  virtualTime,
  type ApiServerOptions,
  type RunningApiServer,
} from './api-server.suite.ts';
import type { LiveOptions } from './live-options.ts';
import { createLiveReader } from './live-reader.ts';

let folder: string;
const running: RunningApiServer[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aia-credentials-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(running.splice(0).map((server) => server.close()));
  await rm(folder, { recursive: true });
});

const NODES = {
  group: '',
  version: 'v1',
  resource: 'nodes',
  kind: 'Node',
  namespaced: false,
  items: [{ metadata: { name: 'n1' } }],
};
const SKIP = { 'insecure-skip-tls-verify': true };
const base64 = (text: string) => Buffer.from(text).toString('base64');
const authority = (pem: string) => ({ 'certificate-authority-data': base64(pem) });

async function start(options: Partial<ApiServerOptions> = {}): Promise<RunningApiServer> {
  const server = await startApiServer({ collections: [NODES], ...options });
  running.push(server);
  return server;
}

/** A kubeconfig for one cluster and user. */
async function config(server: string, user: object, cluster: object = SKIP): Promise<string> {
  const file = join(folder, 'config');
  const content = {
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server, ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  };
  await writeFile(file, JSON.stringify(content));
  return file;
}

const observe = (kubeconfig: string, options: LiveOptions = {}) =>
  createLiveReader({ kubeconfig, time: virtualTime(), logs: false, ...options }).observe();
const nodesOf = async (kubeconfig: string) => (await observe(kubeconfig)).list('Node').length;
const said = (text: string) => expect.stringContaining(text) as string;

describe('users of a kubeconfig', () => {
  it('may hold a password', async () => {
    const server = await start();
    expect(await nodesOf(await config(server.url, { username: 'ann', password: 'pw' }))).toBe(1);
    expect(new Set(server.requests.map(({ authorization }) => authorization))).toEqual(
      new Set([`Basic ${base64('ann:pw')}`]),
    );
  });

  it('may name a token file, relative to the kubeconfig, which goes before a token', async () => {
    const server = await start({ token: 'from-file' });
    await writeFile(join(folder, 'token'), 'from-file\n');
    expect(await nodesOf(await config(server.url, { token: 'stale', tokenFile: 'token' }))).toBe(1);
  });

  it('may hold a client certificate', async () => {
    const server = await start({ tls: { ...GOOD, ca: AUTHORITY.cert, requestCert: true, rejectUnauthorized: true } });
    const user = { 'client-certificate-data': base64(GOOD.cert), 'client-key-data': base64(GOOD.key) };
    expect(await nodesOf(await config(server.url, user, authority(AUTHORITY.cert)))).toBe(1);
    await writeFile(join(folder, 'client.crt'), GOOD.cert);
    await writeFile(join(folder, 'client.key'), GOOD.key);
    const files = { 'client-certificate': 'client.crt', 'client-key': 'client.key' };
    expect(await nodesOf(await config(server.url, files, authority(AUTHORITY.cert)))).toBe(1);
    await expect(observe(await config(server.url, {}, authority(AUTHORITY.cert)))).rejects.toMatchObject({
      code: 'unreachable',
    });
  });

  it('are told when their credentials are no longer taken', async () => {
    const server = await start({ token: 'new' });
    await expect(observe(await config(server.url, { token: 'old' }))).rejects.toMatchObject({
      code: 'unauthorized',
      message: said('may have expired. Log in again'),
      data: { server: server.url },
    });
  });

  it('send their name and version, and no secret but to the API server', async () => {
    const server = await start();
    await observe(server.kubeconfig);
    const agents = new Set(server.requests.map(({ headers }) => headers['user-agent']));
    expect([...agents]).toEqual([expect.stringMatching(/^aia\/\d+\.\d+\.\d+/)]);
  });
});

describe('credential plugins', () => {
  const credential = (status: object, version = 'v1') =>
    JSON.stringify({ apiVersion: `client.authentication.k8s.io/${version}`, kind: 'ExecCredential', status });
  const exec = (command: string, more: object = {}) => ({
    exec: { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never', ...more },
  });

  /** A program that notes each run and what Kubernetes told it. */
  async function plugin(script: string): Promise<string> {
    const file = join(folder, 'plugin');
    await writeFile(file, `#!/bin/sh\necho "$KUBERNETES_EXEC_INFO" >> '${join(folder, 'runs')}'\n${script}\n`);
    await chmod(file, 0o755);
    return file;
  }
  const runs = async () => (await readFile(join(folder, 'runs'), 'utf8')).trim().split('\n');

  it.each(['v1', 'v1beta1'])('give a token by protocol %s, once for all requests', async (version) => {
    const server = await start({ token: 'from-plugin' });
    const command = await plugin(`echo '${credential({ token: 'from-plugin' }, version)}'`);
    const apiVersion = `client.authentication.k8s.io/${version}`;
    const user = exec(command, {
      apiVersion,
      args: ['--x'],
      env: [{ name: 'X', value: 'y' }],
      provideClusterInfo: true,
    });
    expect(await nodesOf(await config(server.url, user))).toBe(1);
    const told = (await runs()).map((line) => JSON.parse(line) as unknown);
    const cluster = { server: server.url, 'insecure-skip-tls-verify': true };
    expect(told).toEqual([{ kind: 'ExecCredential', apiVersion, spec: { interactive: false, cluster } }]);
  });

  it('give a client certificate', async () => {
    const server = await start({ tls: { ...GOOD, ca: AUTHORITY.cert, requestCert: true, rejectUnauthorized: true } });
    const status = { clientCertificateData: GOOD.cert, clientKeyData: GOOD.key };
    await writeFile(join(folder, 'credential.json'), credential(status));
    const command = await plugin(`cat '${join(folder, 'credential.json')}'`);
    expect(await nodesOf(await config(server.url, exec(command), authority(AUTHORITY.cert)))).toBe(1);
  });

  it('may lie beside the kubeconfig', async () => {
    const server = await start({ token: 't' });
    await plugin(`echo '${credential({ token: 't' })}'`);
    expect(await nodesOf(await config(server.url, exec('./plugin')))).toBe(1);
  });

  it('are run again when their credential expires', async () => {
    const server = await start({ token: 't' });
    const expirationTimestamp = new Date(Date.now() - 1000).toISOString();
    const command = await plugin(`echo '${credential({ token: 't', expirationTimestamp })}'`);
    expect(await nodesOf(await config(server.url, exec(command)))).toBe(1);
    expect((await runs()).length).toBeGreaterThan(1);
  });

  it('are run again, once, when the server refuses their credential', async () => {
    const server = await start({
      faults: [
        ({ authorization, path }, response) =>
          path !== '/version' && authorization === 'Bearer t1' && sendStatus(response, 401, 'Unauthorized', 'expired'),
      ],
    });
    const command = await plugin(
      `echo '${credential({ token: 'TOKEN' })}' | sed "s/TOKEN/t$(wc -l < '${join(folder, 'runs')}' | tr -d ' ')/"`,
    );
    expect(await nodesOf(await config(server.url, exec(command)))).toBe(1);
    expect((await runs()).length).toBe(2);
  });

  it('are told apart by what went wrong', async () => {
    const failing = async (script: string) => observe(await config('https://127.0.0.1:1', exec(await plugin(script))));
    const failure = (text: string) => ({ code: 'credential-plugin', message: said(text), retry: 'never' });
    await expect(failing('echo "please log in" >&2; exit 1')).rejects.toMatchObject(failure('failed: please log in'));
    await expect(failing('exit 3')).rejects.toMatchObject(failure('failed: exit code 3'));
    await expect(failing('kill -9 $$')).rejects.toMatchObject(failure('failed: ended by SIGKILL'));
    await expect(failing('echo \'{"token":"hunter2\'')).rejects.toMatchObject(failure('is no ExecCredential'));
    await expect(failing(`echo '${credential({})}'`)).rejects.toMatchObject(failure('neither token nor client'));
    const absent = (more: object) => config('https://127.0.0.1:1', exec(join(folder, 'gke-gcloud-auth-plugin'), more));
    await expect(observe(await absent({}))).rejects.toMatchObject(
      failure('not on the PATH. Install it with: gcloud components install gke-gcloud-auth-plugin'),
    );
    await expect(observe(await absent({ installHint: '\nAsk the platform team.\n' }))).rejects.toMatchObject(
      failure('not on the PATH. Ask the platform team.'),
    );
  });

  it('find no input, and are ended when they hang', async () => {
    const command = await plugin(`read answer\necho $$ > '${join(folder, 'pid')}'\nexec sleep 600`);
    const kubeconfig = await config('https://127.0.0.1:1', exec(command));
    await expect(observe(kubeconfig, { timeoutMs: 3000 })).rejects.toMatchObject({
      code: 'credential-plugin',
      message: said('did not answer in time. Run it by hand'),
    });
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
  });
});

describe('addresses and TLS', () => {
  it('verifies the server by the authority of the kubeconfig and keeps connections', async () => {
    const server = await start({ tls: GOOD });
    expect(await nodesOf(await config(server.url, {}, authority(AUTHORITY.cert)))).toBe(1);
    expect(server.connections()).toBeLessThan(server.requests.length);
    await writeFile(join(folder, 'ca.crt'), AUTHORITY.cert);
    expect(await nodesOf(await config(server.url, {}, { 'certificate-authority': 'ca.crt' }))).toBe(1);
  });

  it.each([
    ['another authority', GOOD, authority(SELF_SIGNED.cert), 'not signed by the authority that the kubeconfig names'],
    ['no authority', GOOD, {}, 'not signed by the authority that the kubeconfig names'],
    ['an expired certificate', EXPIRED, authority(AUTHORITY.cert), "Renew the API server's certificate"],
    [
      'a certificate for another name',
      GOOD,
      { ...authority(AUTHORITY.cert), 'tls-server-name': 'other.example' },
      'set its tls-server-name',
    ],
  ])('says what to do about %s, and asks once', async (_, tls, cluster, advice) => {
    const server = await start({ tls });
    const time = virtualTime();
    const promise = observe(await config(server.url, { token: 't' }, cluster), { time });
    await expect(promise).rejects.toMatchObject({ code: 'unreachable', message: said(advice) });
    await expect(promise).rejects.toMatchObject({ message: said(server.url) });
    expect(time.slept).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  it('takes the server name and the choice not to verify', async () => {
    const server = await start({ tls: GOOD });
    const named = { ...authority(AUTHORITY.cert), 'tls-server-name': 'good.example' };
    expect(await nodesOf(await config(server.url, {}, named))).toBe(1);
    expect(await nodesOf(await config(server.url, {}, SKIP))).toBe(1);
  });

  it('refuses to send credentials over plain HTTP', async () => {
    const server = await start();
    await expect(observe(await config(server.url, { token: 't' }, {}))).rejects.toMatchObject({
      code: 'kubeconfig-invalid',
      message: said('over plain HTTP'),
    });
    expect(server.requests).toEqual([]);
  });

  it('reads plain HTTP where no credentials are at stake, as of kubectl proxy', async () => {
    const server = await start();
    expect(await nodesOf(await config(server.url, {}, {}))).toBe(1);
  });

  it('keeps the path of an address, as of Rancher', async () => {
    const server = await start();
    const behind = await start({
      collections: [],
      faults: [
        ({ path, headers }, response) => {
          expect(path).toMatch(/^\/k8s\/clusters\/c-1\/(?:version|apis?)/);
          const onward = new URL(path.replace('/k8s/clusters/c-1', ''), server.url);
          void fetch(onward, { headers: { accept: headers.accept ?? '' } }).then(async (answer) => {
            response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
          });
          return true;
        },
      ],
    });
    expect(await nodesOf(await config(`${behind.url}/k8s/clusters/c-1/`, {}))).toBe(1);
  });

  it('goes through the proxy that the kubeconfig names', async () => {
    const server = await start({ tls: GOOD });
    const asked: string[] = [];
    const proxy = createServer().on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      const { hostname, port } = new URL(server.url);
      const onward = connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const cluster = { ...authority(AUTHORITY.cert), 'tls-server-name': 'good.example', 'proxy-url': proxyUrl };
    expect(await nodesOf(await config('https://api.prod.example:6443', {}, cluster))).toBe(1);
    expect(new Set(asked)).toEqual(new Set(['api.prod.example:6443']));
    await new Promise((resolve) => proxy.close(resolve));
  });

  it('says that nothing listens', async () => {
    const gone = await startApiServer({ collections: [] });
    await gone.close();
    await expect(observe(await config(gone.url, {}))).rejects.toMatchObject({
      code: 'unreachable',
      retry: 'later',
      message: expect.stringMatching(
        /^http:.+ cannot be reached: connect ECONNREFUSED 127\.0\.0\.1:\d+ \(3 tries\)\. Nothing listens there; /,
      ) as string,
    });
  });
});

describe('in a pod', () => {
  it('uses the service account: token file, authority, address of the environment', async () => {
    const server = await start({ tls: GOOD, token: 'pod-token' });
    const account = join(folder, 'var/run/secrets/kubernetes.io/serviceaccount');
    await mkdir(account, { recursive: true });
    await writeFile(join(account, 'token'), 'pod-token');
    await writeFile(join(account, 'ca.crt'), AUTHORITY.cert);
    await writeFile(join(account, 'namespace'), 'aia');
    const { hostname, port } = new URL(server.url);
    vi.stubEnv('KUBERNETES_SERVICE_HOST', hostname);
    vi.stubEnv('KUBERNETES_SERVICE_PORT', port);
    vi.stubEnv('HOME', folder);
    vi.stubEnv('KUBECONFIG', '');
    const reader = createLiveReader({ root: folder, time: virtualTime(), logs: false });
    const snapshot = await reader.observe();
    expect(snapshot.list('Node')).toHaveLength(1);
    expect(snapshot.source).toEqual({ kind: 'live', name: 'inClusterContext' });
  });

  it('says that the token is not mounted', async () => {
    const env = { HOME: folder, KUBERNETES_SERVICE_HOST: '10.0.0.1' };
    await expect(createLiveReader({ root: folder, env }).observe()).rejects.toMatchObject({
      code: 'kubeconfig-missing',
      message: said('automountServiceAccountToken'),
    });
  });
});
