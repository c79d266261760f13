/** The live reader keeps its promises against a simulated cluster over HTTP as well; the live writer's suite stands beside it. */
import { ADMINISTRATOR, createHandler, SimulatedCluster, type KubeObject } from '@aia/cluster';
import { readerSuite } from '@aia/cluster/reader.suite';
import { afterEach } from 'vitest';
import { createLiveReader } from '../live/live-reader.ts';
import { serve } from './serve.ts';
import { writeKubeconfig } from './write-kubeconfig.ts';

const closing: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function object(kind: string, name: string, content: object): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'default' }, ...content };
}

function cluster(): SimulatedCluster {
  const made = new SimulatedCluster();
  made.kubelets.addNode({ name: 'n1' });
  const { api } = made;
  for (const one of [
    object('Pod', 'web', { spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } }),
    object('Secret', 'key', { data: { key: btoa('hunter2-secret') } }),
  ]) {
    const type = api.types.of(one);
    if (type !== undefined) api.create(type, one);
  }
  made.clock.advance(60_000);
  return made;
}

readerSuite('the live reader of a simulated cluster', async () => {
  const tokens = new Map([['known', ADMINISTRATOR]]);
  const serving = await serve(createHandler(cluster(), { tokens }));
  closing.push(() => serving.close());
  const readerWith = (token: string) => {
    const { path, dispose } = writeKubeconfig({ url: serving.url, certificate: serving.certificate, token });
    closing.push(dispose);
    return createLiveReader({ kubeconfig: path });
  };
  return {
    reader: readerWith('known'),
    secretValue: 'hunter2-secret',
    broken: readerWith('unknown'),
    brokenCode: 'unauthorized',
  };
});
