import { describe, expect, it } from 'vitest';
import { readerSuite } from '../reader.suite.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { PODS, SECRETS } from './api/built-in-types.ts';
import { SimulatedCluster } from './simulated-cluster.ts';
import { createSimulatedReader } from './simulated-reader.ts';

readerSuite('the simulated reader', async () => {
  const cluster = new SimulatedCluster();
  const pod = { containers: [{ name: 'web', image: 'nginx:1.27' }] };
  cluster.api.store.put(PODS, { ...named('v1', 'Pod', 'web'), ...{ spec: pod } } as KubeObject);
  cluster.api.store.put(SECRETS, {
    ...named('v1', 'Secret', 'key'),
    ...{ data: { key: btoa('hunter2-secret') } },
  } as KubeObject);
  const stopped = new SimulatedCluster();
  stopped.stop();
  return Promise.resolve({
    reader: createSimulatedReader(cluster),
    secretValue: 'hunter2-secret',
    broken: createSimulatedReader(stopped),
    brokenCode: 'stopped',
  });
});

function named(apiVersion: string, kind: string, name: string): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace: 'shop', uid: `uid-of-${name}` } };
}

describe('createSimulatedReader', () => {
  it('reads what crashing containers said last, as readers of live clusters do, and of no others', async () => {
    const cluster = new SimulatedCluster();
    cluster.kubelets.addNode({ name: 'n1' });
    cluster.behave({
      container: ({ container }) =>
        container === 'bad' ? { exitsAfterMs: 1000, exitCode: 1, lastWords: ['cannot open the ledger'] } : undefined,
    });
    for (const name of ['bad', 'good'])
      cluster.api.create(PODS, {
        ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' } },
        spec: { containers: [{ name, image: 'r/a:1' }] },
      });
    cluster.clock.advance(600_000);
    const { logs } = await createSimulatedReader(cluster).observe();
    expect(logs).toEqual([
      { namespace: 'default', pod: 'bad', container: 'bad', previous: true, lines: ['cannot open the ledger'] },
    ]);
  });
});
