import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { SnapshotBuilder } from '@aia/cluster';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startApiServer, virtualTime, type Collection, type RunningApiServer } from '../live/api-server.suite.ts';
import { observeLive } from '../live/live-reader.ts';
import { GOOD } from '../probes/certificates.suite.ts';
import { collect, writeDump } from './collect.ts';
import { writeArchive } from './write-archive.ts';

const SECRET = Buffer.from('hunter2-secret').toString('base64');
let server: RunningApiServer;
let folder: string;

beforeEach(async () => {
  server = await startApiServer({
    collections: cluster(),
    logs: { 'shop/web-0/web/previous': 'token: abcdef123456\npanic: out of luck\n' },
  });
  folder = await mkdtemp(join(tmpdir(), 'aia-collect-'));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

function cluster(): Collection[] {
  const crashing = {
    containerStatuses: [
      {
        name: 'web',
        restartCount: 3,
        ready: false,
        image: 'i',
        imageID: 'i',
        state: { waiting: { reason: 'CrashLoopBackOff' } },
      },
    ],
  };
  const env = [{ name: 'DB_PASSWORD', value: 'hunter2-secret' }];
  const pods = [
    { metadata: { name: 'web-1', namespace: 'infra', uid: 'p1' }, spec: { containers: [{ name: 'web' }] } },
    {
      metadata: { name: 'web-0', namespace: 'shop', uid: 'p0' },
      spec: { containers: [{ name: 'web', env }] },
      status: crashing,
    },
  ];
  const tls = { 'tls.crt': Buffer.from(GOOD.cert).toString('base64'), 'tls.key': SECRET };
  return [
    { group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespaced: true, items: pods },
    {
      group: '',
      version: 'v1',
      resource: 'nodes',
      kind: 'Node',
      namespaced: false,
      items: [{ metadata: { name: 'n1', uid: 'n1' } }],
    },
    {
      group: '',
      version: 'v1',
      resource: 'secrets',
      kind: 'Secret',
      namespaced: true,
      items: [{ metadata: { name: 'tls', namespace: 'shop' }, type: 'kubernetes.io/tls', data: tls }],
    },
    {
      group: 'example.com',
      version: 'v1',
      resource: 'widgets',
      kind: 'Widget',
      namespaced: true,
      items: [{ metadata: { name: 'w', namespace: '..' } }],
    },
  ];
}

const live = () => ({ kubeconfig: server.kubeconfig, time: virtualTime(), includeTlsSecrets: true });

async function filesOf(path: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const entry of createReadStream(path).pipe(createGunzip()).pipe(extract()))
    files.set(entry.header.name, await text(entry));
  return files;
}

describe('collect', () => {
  it('writes manifest, objects by kind and namespace, logs and cloud listings', async () => {
    const region = join(folder, 'region.json');
    await writeFile(
      region,
      JSON.stringify({
        kind: 'compute#region',
        name: 'us-central1',
        quotas: [{ metric: 'CPUS', limit: 24, usage: 24 }],
        masterAuth: { password: 'hunter2-secret' },
      }),
    );
    const out = join(folder, 'dump.tar.gz');
    const summary = await collect(live(), { out, cloud: [region] });
    const files = await filesOf(out);
    expect([...files.keys()]).toEqual([
      'aia-dump.json',
      'objects/core_Node/_cluster.json',
      'objects/core_Pod/infra.json',
      'objects/core_Pod/shop.json',
      'objects/core_Secret/shop.json',
      'objects/example.com_Widget/%%2e%2e.json',
      'namespaces/shop/pods/web-0/web/web/logs/previous.log',
      'cloud/region.json',
    ]);
    expect(JSON.parse(files.get('aia-dump.json') ?? '')).toMatchObject({
      format: 'aia.dump',
      version: 1,
      context: 'loopback',
      serverVersion: 'v1.33.4-gke.1036000',
    });
    expect(JSON.parse(files.get('cloud/region.json') ?? '')).toEqual({
      kind: 'compute#region',
      name: 'us-central1',
      quotas: [{ metric: 'CPUS', limit: 24, usage: 24 }],
    });
    expect(summary).toMatchObject({ objects: 5, files: 8, redactions: { env: 1, logs: 1, secretValues: 2, cloud: 1 } });
    expect(summary.bytes).toBe((await stat(out)).size);
  });

  it('keeps no secret, but the public certificate of a TLS Secret', async () => {
    const out = join(folder, 'dump.tar.gz');
    await collect(live(), { out });
    const files = await filesOf(out);
    const whole = [...files.values()].join('\n');
    for (const secret of [SECRET, 'hunter2-secret', 'abcdef123456']) expect(whole).not.toContain(secret);
    const secrets = JSON.parse(files.get('objects/core_Secret/shop.json') ?? '') as {
      items: { data: Record<string, string> }[];
    };
    expect(secrets.items[0]?.data).toEqual({
      'tls.crt': Buffer.from(GOOD.cert).toString('base64'),
      'tls.key': '[redacted]',
    });
  });

  it('is readable by its owner only and leaves no temporary file', async () => {
    const out = join(folder, 'dump.tar.gz');
    await collect(live(), { out });
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['dump.tar.gz']);
  });

  it('replaces a file only when told to', async () => {
    const out = join(folder, 'dump.tar.gz');
    await writeFile(out, 'mine');
    await expect(collect(live(), { out })).rejects.toMatchObject({ code: 'output-exists' });
    expect(server.requests).toEqual([]);
    await expect(writeDump(await observeLive(live()), [], { out })).rejects.toMatchObject({ code: 'output-exists' });
    expect(await readFile(out, 'utf8')).toBe('mine');
    await collect(live(), { out, force: true });
    expect((await filesOf(out)).has('aia-dump.json')).toBe(true);
    expect(await readdir(folder)).toEqual(['dump.tar.gz']);
  });

  it('writes the same bytes for the same observation', async () => {
    const observation = await observeLive(live());
    await writeDump(observation, [], { out: join(folder, 'a.tar.gz') });
    await writeDump(observation, [], { out: join(folder, 'b.tar.gz') });
    expect(await readFile(join(folder, 'a.tar.gz'))).toEqual(await readFile(join(folder, 'b.tar.gz')));
  });

  it('holds everything that the snapshot was made of', async () => {
    const observation = await observeLive(live());
    const out = join(folder, 'dump.tar.gz');
    await writeDump(observation, [], { out });
    const builder = new SnapshotBuilder();
    for (const [path, content] of await filesOf(out)) {
      if (path.startsWith('objects/')) builder.add(JSON.parse(content), path);
    }
    const again = builder.build({ source: observation.snapshot.source });
    expect(again.problems).toEqual([]);
    expect(JSON.stringify(again.objects)).toBe(JSON.stringify(observation.snapshot.objects));
    expect(builder.certificates).toEqual(observation.certificates);
  });

  it('continues a large kind in further files', async () => {
    const objects = Array.from({ length: 5001 }, (_, i) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `p${i}`, namespace: 'shop' },
    }));
    const observation = await observeLive(live());
    const out = join(folder, 'dump.tar.gz');
    const snapshot = Object.create(observation.snapshot, {
      objects: { value: objects },
      kinds: { value: () => new Map() },
    }) as typeof observation.snapshot;
    await writeDump({ ...observation, snapshot, certificates: [] }, [], { out });
    const files = await filesOf(out);
    const counts = ['shop', 'shop.2'].map(
      (name) => (JSON.parse(files.get(`objects/core_Pod/${name}.json`) ?? '') as { items: unknown[] }).items.length,
    );
    expect(counts).toEqual([5000, 1]);
  });

  it('leaves nothing behind when it fails or is cancelled', async () => {
    await expect(collect(live(), { out: join(folder, 'absent', 'dump.tar.gz') })).rejects.toMatchObject({
      code: 'output-failed',
    });
    const abort = new AbortController();
    function* endless() {
      for (let i = 0; ; i++) {
        if (i === 20) abort.abort(new Error('enough'));
        yield { path: `f${i}`, text: 'x'.repeat(100_000) };
      }
    }
    const out = join(folder, 'dump.tar.gz');
    await expect(writeArchive(out, endless(), { modifiedAt: 0, signal: abort.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('quotes nothing of a cloud file that is no JSON, which may hold a password', async () => {
    const path = join(folder, 'broken.json');
    await writeFile(path, '{"password": hunter2}');
    const error = await collect(live(), { out: join(folder, 'dump.tar.gz'), cloud: [path] }).catch(
      (thrown: unknown) => thrown,
    );
    expect((error as Error).message).toBe(`${path} is no JSON file: Unexpected token 'h'`);
  });

  it('refuses a cloud file that is no JSON before reading the cluster', async () => {
    const path = join(folder, 'region.json');
    await writeFile(path, 'quotas: [');
    await expect(collect(live(), { out: join(folder, 'dump.tar.gz'), cloud: [path] })).rejects.toMatchObject({
      code: 'dump-unreadable',
      data: { path },
    });
    expect(server.requests).toEqual([]);
  });
});
