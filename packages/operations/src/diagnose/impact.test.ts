/** How many pods a cause makes fail: all that its findings speak of, also where one finding stands for several. */
import { expect, it } from 'vitest';
import { assess } from '../assess.ts';
import { examine } from './rule.suite.ts';
import { condition, job, jobPod, NOW, pod, state } from './scene.suite.ts';

const impactsOf = (objects: readonly unknown[]) =>
  assess(examine({ observedAt: NOW, objects }).snapshot, { version: 'test' }).rootCauses.map(
    ({ impact }) => impact.pods,
  );

it('counts every failed attempt of a Job that gave up', () => {
  const attempts = ['a', 'b', 'c'].map((name) =>
    jobPod(`backup-${name}`, 'backup', { phase: 'Failed', statuses: [state.ended(2, 'Error')] }),
  );
  const gaveUp = job(
    'backup',
    { backoffLimit: 2 },
    { failed: 3, conditions: [condition('Failed', 'True', 20, { reason: 'BackoffLimitExceeded' })] },
  );
  expect(impactsOf([gaveUp, ...attempts])).toEqual([3]);
});

it('counts every evicted pod of a workload', () => {
  const evicted = ['a', 'b', 'c', 'd'].map((name) =>
    pod(`web-1-${name}`, {
      phase: 'Failed',
      ready: false,
      statuses: [],
      status: { reason: 'Evicted', message: 'The node was low on resource: memory.' },
    }),
  );
  expect(impactsOf(evicted)).toEqual([4]);
});
