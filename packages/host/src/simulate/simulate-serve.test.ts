/** `aia simulate serve` as a person runs it. */
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeConfig } from '@kubernetes/client-node';
import { VirtualClock } from '@aia/cluster';
import { aia, ended, startAia } from '../cli/run-aia.suite.ts';
import { selfSigned } from './self-signed.ts';
import { serve } from './serve.ts';
import { runAtWallSpeed } from './wall-time.ts';
import { writeKubeconfig } from './write-kubeconfig.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'aia-serve-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a server answers to a GET. */
function ask(url: string, ca: string, token?: string): Promise<{ code: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const asking = request(url, { ca, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ code: response.statusCode ?? 0, body }));
    });
    asking.on('error', reject).end();
  });
}

describe('aia simulate serve', () => {
  it('serves an example with a token of its own until it is interrupted', async () => {
    const child = startAia(['simulate', 'serve', '--example', 'aia-system', '--now']);
    const run = ended(child);
    const startedAt = Date.now();
    const said = await new Promise<string>((resolve) => {
      let text = '';
      child.stdout.on('data', (part: string) => {
        text += part;
        if (text.includes('Ctrl-C ends it.')) resolve(text);
      });
    });
    expect(said).toMatch(/^A simulated Kubernetes v\S+ \(aia-system, seed 0\) listens at https:\/\/127\.0\.0\.1:\d+\n/);
    const [, at = ''] = /It is (\S+) there/.exec(said) ?? [];
    expect(Math.abs(Date.parse(at) - startedAt)).toBeLessThan(60_000);
    const [, path = ''] = /export KUBECONFIG=(\S+)/.exec(said) ?? [];
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const config = new KubeConfig();
    config.loadFromFile(path);
    const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()];
    const ca = Buffer.from(cluster?.caData ?? '', 'base64').toString();
    const pods = await ask(`${cluster?.server}/api/v1/pods`, ca, user?.token);
    expect((JSON.parse(pods.body) as { items: unknown[] }).items.length).toBeGreaterThan(30);
    expect((await ask(`${cluster?.server}/api/v1/pods`, ca)).code).toBe(403);
    expect((await ask(`${cluster?.server}/api/v1/pods`, ca, 'guessed')).code).toBe(401);
    child.kill('SIGINT');
    expect(await run).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(path)).toBe(false);
  }, 60_000);

  it('says what will not happen, because the dump does not show enough', async () => {
    const file = join(folder, 'deployments.json');
    const metadata = { name: 'web', namespace: 'shop', uid: 'b' };
    writeFileSync(
      file,
      JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, status: { replicas: 2 } }),
    );
    const child = startAia(['simulate', 'serve', '--dump', file]);
    const run = ended(child);
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (part: Buffer) => {
        if (part.toString().includes('Ctrl-C ends it.')) resolve();
      });
    });
    child.kill('SIGINT');
    expect((await run).stdout).toMatch(/^Not read: .*ReplicaSet.*; so these do nothing: .*deployment-controller.*\.$/m);
  }, 60_000);

  it('says what is wrong with the command line', async () => {
    expect(await aia(['simulate', 'serve', '--speed', 'fast'])).toMatchObject({ code: 2 });
    expect(await aia(['simulate', 'serve', '--port', '70000'])).toMatchObject({ code: 2 });
    expect(await aia(['simulate', 'serve', '--paused', '--speed', '3'])).toMatchObject({ code: 2 });
    expect((await aia(['simulate', 'serve', '--example', 'nothing'])).stderr).toMatch(/no example "nothing"/);
    expect((await aia(['simulate', 'serve', '--example', 'aia-system', '--dump', '.'])).code).toBe(2);
  }, 60_000);

  it('leaves kubeconfigs of others alone', async () => {
    const file = join(folder, 'config');
    writeFileSync(file, 'apiVersion: v1\n');
    const { code, stderr } = await aia(['simulate', 'serve', '--kubeconfig', file]);
    expect(code).toBe(3);
    expect(stderr).toContain('exists and was not written by "aia simulate serve"; --force replaces it');
    expect(readFileSync(file, 'utf8')).toBe('apiVersion: v1\n');
  }, 60_000);
});

describe('writeKubeconfig', () => {
  const access = { url: 'https://127.0.0.1:1', certificate: 'C', token: 'T' };

  it('writes over its own files, and over others when it must', () => {
    const path = join(folder, 'config');
    writeKubeconfig(access, { path });
    expect(readFileSync(writeKubeconfig({ ...access, token: 'U' }, { path }).path, 'utf8')).toContain('token: U');
    writeFileSync(path, 'theirs', { mode: 0o644 });
    expect(() => writeKubeconfig(access, { path })).toThrow('--force replaces it');
    writeKubeconfig(access, { path, force: true });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('fails in one sentence where nothing can be written', () => {
    expect(() => writeKubeconfig(access, { path: join(folder, 'no/such/config') })).toThrow('cannot be written');
  });
});

describe('selfSigned', () => {
  it('makes a certificate for names and addresses that is its own authority', () => {
    const { certificate } = selfSigned(['localhost', '127.0.0.1', '::1', '2001:db8::2']);
    const parsed = new X509Certificate(certificate);
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(parsed.ca).toBe(true);
    expect(parsed.subjectAltName).toBe(
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:2001:DB8:0:0:0:0:0:2',
    );
    expect(parsed.validToDate.getTime()).toBeGreaterThan(Date.now());
  });
});

describe('serve', () => {
  it('ends what answers when the client goes', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('first')),
      cancel: () => resolve('cancelled'),
    });
    const server = await serve(async () => new Response(body));
    const asking = request(`${server.url}/watch`, { ca: server.certificate }, (response) =>
      response.once('data', () => asking.destroy()),
    );
    asking.on('error', () => undefined).end();
    expect(await promise).toBe('cancelled');
    await server.close();
  });

  it('cannot listen where somebody listens already', async () => {
    const server = await serve(async () => new Response('a'));
    const port = Number(new URL(server.url).port);
    await expect(serve(async () => new Response('b'), { port })).rejects.toThrow('cannot listen on 127.0.0.1:');
    await server.close();
  });
});

describe('runAtWallSpeed', () => {
  it('does what is due, and goes on after a failure', async () => {
    const clock = new VirtualClock(0);
    const failures: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<number>();
    clock.after(1000, () => {
      throw new Error('defect');
    });
    clock.after(2000, () => resolve(clock.now));
    const time = runAtWallSpeed(clock, 10_000, (error) => failures.push(error));
    expect(await promise).toBe(2000);
    time.stop();
    expect(failures).toEqual([new Error('defect')]);
  });

  it('lets time stand still', () => {
    const clock = new VirtualClock(0);
    const time = runAtWallSpeed(clock, 0, () => undefined);
    time.catchUp();
    time.stop();
    expect(clock.now).toBe(0);
    expect(() => runAtWallSpeed(clock, -1, () => undefined)).toThrow(RangeError);
  });
});
