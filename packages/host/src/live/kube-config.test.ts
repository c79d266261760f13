import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadKubeConfig } from './kube-config.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aia-kubeconfig-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

interface Parts {
  readonly context?: string;
  readonly server?: string;
}

async function write(name: string, { context = 'prod', server = 'https://10.0.0.1' }: Parts = {}): Promise<string> {
  const file = join(folder, name);
  await mkdir(join(file, '..'), { recursive: true });
  const config = {
    'current-context': context,
    clusters: [{ name: `${context}-cluster`, cluster: { server } }],
    users: [{ name: `${context}-user`, user: {} }],
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

  it.each([
    ['an unclosed list', 'users:\n- name: a\n  user:\n    token: s3cr3t\n    bad: [unclosed\n'],
    ['a wrong indentation', 'users:\n- name: a\n  user:\n    token: s3cr3t\n   x: "y\n'],
    ['an unclosed text', 'users:\n- name: a\n  user: {token: "s3cr3t}\n'],
  ])('quotes nothing of a broken file, which may hold a token: %s', async (_, content) => {
    const kubeconfig = join(folder, 'broken');
    await writeFile(kubeconfig, content);
    const error = await loadKubeConfig({ kubeconfig }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'kubeconfig-invalid' });
    expect((error as Error).message).toMatch(/^The kubeconfig \S+broken cannot be read: .*\w/);
    expect((error as Error).message).not.toContain('s3cr3t');
  });

  it('finds what a context of one file names in another', async () => {
    const write = (name: string, content: object) => writeFile(join(folder, name), JSON.stringify(content));
    await write('contexts', {
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    });
    await write('parts', { clusters: [{ name: 'k', cluster: { server: 'https://k' } }], users: [{ name: 'u' }] });
    const env = { KUBECONFIG: ['contexts', 'parts'].map((name) => join(folder, name)).join(delimiter) };
    expect((await loadKubeConfig({ env })).getCurrentCluster()?.server).toBe('https://k');
  });

  it('takes the proxy of the environment unless the cluster names its own', async () => {
    const proxied = async (cluster: object) => {
      const content = {
        'current-context': 'c',
        clusters: [{ name: 'c', cluster: { server: 'https://10.0.0.1', ...cluster } }],
        users: [{ name: 'u', user: {} }],
        contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      };
      const kubeconfig = join(folder, 'proxied');
      await writeFile(kubeconfig, JSON.stringify(content));
      const env = { HTTPS_PROXY: 'http://corp:3128' };
      return (await loadKubeConfig({ kubeconfig, env })).getCurrentCluster()?.proxyUrl;
    };
    expect(await proxied({})).toBe('http://corp:3128');
    expect(await proxied({ 'proxy-url': 'socks5://jump:1080' })).toBe('socks5://jump:1080');
  });
});
