import { ADMINISTRATOR, createHandler } from '@aia/cluster';
import { writerCluster } from '@aia/cluster/writer-cluster.suite';
import { writerSuite } from '@aia/cluster/writer.suite';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { serve } from '../simulate/serve.ts';
import { createLiveWriter, type LiveWriter } from './live-writer.ts';

const closing: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const TOKEN = 'of-the-test';

/** A writer over TLS and HTTP on loopback, to a cluster in this process. */
async function open(token = TOKEN) {
  const { cluster, read } = writerCluster();
  const serving = await serve(createHandler(cluster, { tokens: new Map([[TOKEN, ADMINISTRATOR]]) }));
  closing.push(() => serving.close());
  const folder = mkdtempSync(join(tmpdir(), 'aia-writer-'));
  closing.push(() => rmSync(folder, { recursive: true }));
  const kubeconfig = join(folder, 'config');
  const authority = Buffer.from(serving.certificate).toString('base64');
  const config = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'test' },
    clusters: [{ name: 'test', cluster: { server: serving.url, 'certificate-authority-data': authority } }],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  const writer = await createLiveWriter({ kubeconfig });
  closing.push(() => writer.close());
  return { writer, read, serving };
}

writerSuite('the live writer', open);

describe('the live writer', () => {
  const target = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'settings' };
  const remove = (writer: LiveWriter) => writer.remove(target, { fieldManager: 'test' });

  it('returns what it may not do', async () => {
    const { writer, read } = await open('of-somebody-else');
    expect(await remove(writer)).toMatchObject({ kind: 'refused', status: 401, reason: 'Unauthorized' });
    expect(await read(target)).toBeDefined();
  });

  it('throws where nobody answers, and says what to check', async () => {
    const { writer, serving } = await open();
    await serving.close();
    await expect(remove(writer)).rejects.toMatchObject({
      ...{ code: 'unreachable', retry: 'later' },
      message: expect.stringContaining('Nothing listens there'),
    });
  });
});
