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
