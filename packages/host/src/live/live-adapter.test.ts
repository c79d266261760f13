import { readerSuite } from '@aia/cluster/reader.suite';
import { afterEach } from 'vitest';
import { sendStatus, virtualTime } from './api-server.suite.ts';
import { createLiveReader } from './live-reader.ts';
import { closeServers, onPath, start } from './loopback-cluster.suite.ts';

afterEach(closeServers);

readerSuite('the live reader', async () => {
  const forbidden = onPath('/api/v1/nodes', (_, response) => sendStatus(response, 403, 'Forbidden', 'no nodes'));
  const server = await start({ faults: [forbidden] });
  const closed = await start({ faults: [(_, response) => sendStatus(response, 403, 'Forbidden', 'nothing')] });
  const reader = (kubeconfig: string) =>
    createLiveReader({ kubeconfig, time: virtualTime(), includeSecretKeys: true, includeTlsSecrets: true });
  return {
    reader: reader(server.kubeconfig),
    secretValue: 'hunter2-secret',
    broken: reader(closed.kubeconfig),
    brokenCode: 'unauthorized',
  };
});
