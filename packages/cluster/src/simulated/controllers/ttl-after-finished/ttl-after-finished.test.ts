import { expect, it } from 'vitest';
import { JOBS } from '../../api/built-in-types.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import { workloadCluster } from '../workload-cluster.suite.ts';
import { ttlAfterFinishedController } from './ttl-after-finished-controller.ts';

it.each(['Complete', 'Failed'])('deletes a Job its time after it was %s, pods first', (type) => {
  const { api, clock, store } = workloadCluster([ttlAfterFinishedController]);
  const template = { spec: { containers: [{ name: 'sum', image: 'sum:1' }] } };
  api.create(JOBS, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'sum', namespace: 'shop' },
    spec: { ttlSecondsAfterFinished: 30, template },
  });
  clock.advance(60_000);
  const end = { type, status: 'True', lastTransitionTime: timestamp(clock.now) };
  api.changeStatus(JOBS, 'shop', 'sum', (job) => ({ ...job, status: { conditions: [end] } }));
  clock.advance(29_000);
  expect(store.get(JOBS, 'shop', 'sum')?.metadata.deletionTimestamp).toBeUndefined();
  clock.advance(2_000);
  expect(store.get(JOBS, 'shop', 'sum')?.metadata).toMatchObject({
    deletionTimestamp: '2025-01-01T00:01:30Z',
    finalizers: ['foregroundDeletion'],
  });
});
