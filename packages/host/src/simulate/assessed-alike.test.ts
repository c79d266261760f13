import { ADMINISTRATOR, createHandler, SimulatedCluster, type ClusterSnapshot } from '@aia/cluster';
import { assess } from '@aia/operations';
import { afterEach, describe, expect, it } from 'vitest';
import { readDump } from '../dump/read-dump.ts';
import { exampleNames, examplePath } from '../examples.ts';
import { createLiveReader } from '../live/live-reader.ts';
import { serve } from './serve.ts';
import { writeKubeconfig } from './write-kubeconfig.ts';

const closing: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const TOKEN = 'of-the-test';

/** Over TLS and HTTP on loopback, as `aia assess --context` reads. */
async function readLive(snapshot: ClusterSnapshot, afterMs: number): Promise<ClusterSnapshot> {
  const cluster = new SimulatedCluster({ snapshot });
  const serving = await serve(createHandler(cluster, { tokens: new Map([[TOKEN, ADMINISTRATOR]]) }));
  closing.push(() => serving.close());
  const { path, dispose } = writeKubeconfig({ url: serving.url, certificate: serving.certificate, token: TOKEN });
  closing.push(dispose);
  cluster.clock.advance(afterMs);
  return createLiveReader({ kubeconfig: path, includeSecretKeys: true }).observe();
}

function causesOf(snapshot: ClusterSnapshot): readonly string[] {
  const { rootCauses } = assess(snapshot, { version: 'test' });
  return rootCauses.map(({ class: name, resource }) => `${name} ${resource.kind} ${resource.name}`);
}

describe('a simulated cluster that began as an example', () => {
  it.each(exampleNames())('has the root causes of %s, at once and half an hour later', async (name) => {
    const snapshot = await readDump(examplePath(name));
    const causes = causesOf(snapshot);
    const now = await readLive(snapshot, 0);
    expect(now.source.kind).toBe('simulated');
    expect(causesOf(now)).toEqual(causes);
    expect([...causesOf(await readLive(snapshot, 30 * 60_000))].sort()).toEqual([...causes].sort());
  });
});
