import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AUTHORITY, GOOD, SELF_SIGNED } from '../probes/certificates.suite.ts';
import { startApiServer, virtualTime, type RunningApiServer } from './api-server.suite.ts';
import { loadKubeConfig } from './kube-config.ts';
import { createLiveReader } from './live-reader.ts';

let folder: string;
const running: RunningApiServer[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aia-kubeconfig-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
  await rm(folder, { recursive: true });
});

interface Parts {
  readonly context?: string;
  readonly server?: string;
  readonly user?: object;
  readonly cluster?: object;
}

async function write(
  name: string,
  { context = 'prod', server = 'https://10.0.0.1', user = {}, cluster = {} }: Parts = {},
): Promise<string> {
  const file = join(folder, name);
  await mkdir(join(file, '..'), { recursive: true });
  const config = {
    'current-context': context,
    clusters: [{ name: `${context}-cluster`, cluster: { server, ...cluster } }],
    users: [{ name: `${context}-user`, user }],
    contexts: [{ name: context, context: { cluster: `${context}-cluster`, user: `${context}-user` } }],
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}

describe('loadKubeConfig', () => {
  it('reads ~/.kube/config', async () => {
    await write('.kube/config');
    const config = await loadKubeConfig({ env: { HOME: folder } });
    expect(config.getCurrentContext()).toBe('prod');
    expect(config.getCurrentCluster()?.server).toBe('https://10.0.0.1');
  });

  it('merges the files of KUBECONFIG: the first context and entry win, absent files are skipped', async () => {
    const first = await write('a', { context: 'prod' });
    const second = await write('b', { context: 'staging', server: 'https://10.0.0.2' });
    const third = await write('c', { context: 'prod', server: 'https://10.0.0.3' });
    const env = { KUBECONFIG: [join(folder, 'absent'), first, second, third].join(delimiter) };
    expect((await loadKubeConfig({ env })).getCurrentCluster()?.server).toBe('https://10.0.0.1');
    expect((await loadKubeConfig({ env, context: 'staging' })).getCurrentCluster()?.server).toBe('https://10.0.0.2');
  });

  it('says where it looked when there is none', async () => {
    await expect(loadKubeConfig({ env: { HOME: folder } })).rejects.toMatchObject({
      code: 'kubeconfig-missing',
      data: { looked: [join(folder, '.kube', 'config')] },
    });
    await expect(loadKubeConfig({ kubeconfig: join(folder, 'absent') })).rejects.toMatchObject({
      code: 'kubeconfig-missing',
    });
  });

  it('names the contexts there are when the wanted one is not', async () => {
    const kubeconfig = await write('a');
    await expect(loadKubeConfig({ kubeconfig, context: 'prd' })).rejects.toMatchObject({
      code: 'context-not-found',
      data: { context: 'prd', known: ['prod'] },
    });
  });

  it('tells a broken file and a context without its cluster', async () => {
    const kubeconfig = join(folder, 'broken');
    await writeFile(kubeconfig, 'clusters: [\n  - {');
    await expect(loadKubeConfig({ kubeconfig })).rejects.toMatchObject({ code: 'kubeconfig-invalid' });
    await writeFile(kubeconfig, '');
    await expect(loadKubeConfig({ kubeconfig })).rejects.toMatchObject({ code: 'kubeconfig-invalid' });
    await writeFile(
      kubeconfig,
      JSON.stringify({
        'current-context': 'p',
        clusters: [],
        users: [],
        contexts: [{ name: 'p', context: { cluster: 'c', user: 'u' } }],
      }),
    );
    await expect(loadKubeConfig({ kubeconfig })).rejects.toMatchObject({
      code: 'kubeconfig-invalid',
      message: expect.stringContaining('cluster "c"') as string,
    });
  });
});

describe('credentials and TLS', () => {
  const nodes = {
    group: '',
    version: 'v1',
    resource: 'nodes',
    kind: 'Node',
    namespaced: false,
    items: [{ metadata: { name: 'n1' } }],
  };
  const exec = (command: string) => ({
    exec: { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' },
  });

  async function start(options: Partial<Parameters<typeof startApiServer>[0]> = {}): Promise<RunningApiServer> {
    const server = await startApiServer({ collections: [nodes], ...options });
    running.push(server);
    return server;
  }

  const observe = (kubeconfig: string) => createLiveReader({ kubeconfig, time: virtualTime(), logs: false }).observe();

  it('takes the token of a credential plugin', async () => {
    const server = await start({ token: 'from-plugin' });
    const plugin = join(folder, 'plugin');
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'from-plugin' },
    };
    await writeFile(plugin, `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`);
    await chmod(plugin, 0o755);
    const kubeconfig = await write('a', {
      server: server.url,
      user: exec(plugin),
      cluster: { 'insecure-skip-tls-verify': true },
    });
    expect((await observe(kubeconfig)).list('Node')).toHaveLength(1);
  });

  it('says how to install a credential plugin that is not there', async () => {
    const kubeconfig = await write('a', { user: exec(join(folder, 'gke-gcloud-auth-plugin')) });
    await expect(observe(kubeconfig)).rejects.toMatchObject({
      code: 'credential-plugin',
      message: expect.stringContaining('gcloud components install gke-gcloud-auth-plugin') as string,
    });
  });

  it('passes on what a failing credential plugin said', async () => {
    const plugin = join(folder, 'plugin');
    await writeFile(plugin, '#!/bin/sh\necho "please log in" >&2\nexit 1\n');
    await chmod(plugin, 0o755);
    await expect(observe(await write('a', { user: exec(plugin) }))).rejects.toMatchObject({
      code: 'credential-plugin',
      message: expect.stringContaining('please log in') as string,
    });
  });

  it('verifies the server by the authority of the kubeconfig and keeps connections', async () => {
    const server = await start({ tls: GOOD });
    const authority = (pem: string) => ({ 'certificate-authority-data': Buffer.from(pem).toString('base64') });
    const trusted = await write('a', { server: server.url, cluster: authority(AUTHORITY.cert) });
    expect((await observe(trusted)).list('Node')).toHaveLength(1);
    expect(server.connections()).toBeLessThan(server.requests.length);
    const other = await write('b', { server: server.url, cluster: authority(SELF_SIGNED.cert) });
    await expect(observe(other)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('certificate') as string,
    });
  });

  it('refuses to send credentials over plain HTTP', async () => {
    const server = await start();
    await expect(observe(await write('a', { server: server.url, user: { token: 't' } }))).rejects.toMatchObject({
      code: 'kubeconfig-invalid',
      message: expect.stringContaining('HTTP') as string,
    });
    expect(server.requests).toEqual([]);
  });
});
