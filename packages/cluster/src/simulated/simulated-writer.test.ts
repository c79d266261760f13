import { writerCluster } from '../writer-cluster.suite.ts';
import { writerSuite } from '../writer.suite.ts';
import { createSimulatedWriter } from './simulated-writer.ts';

writerSuite('the simulated writer', () => {
  const { cluster, read } = writerCluster();
  return Promise.resolve({ writer: createSimulatedWriter(cluster), read });
});
