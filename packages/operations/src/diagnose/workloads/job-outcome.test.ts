import type { Pod } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { jobOutcome, type JobOutcome } from './job-outcome.ts';
import { examine } from '../rule.suite.ts';

const controller = (kind: string, name: string) => [
  { apiVersion: 'batch/v1', kind, name, uid: name, controller: true },
];
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'shop', ownerReferences: controller('Job', 'j') },
  status: { phase: 'Failed' },
};
const job = (status: object, spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'j', namespace: 'shop', creationTimestamp: '2025-09-26T03:00:00Z', ...metadata },
  spec,
  status,
});
const condition = (type: string) => [{ type, status: 'True' }];

function outcome(...objects: readonly unknown[]): JobOutcome {
  const examination = examine({ observedAt: '2025-09-27T10:00:00Z', objects: [pod, ...objects] });
  return jobOutcome(examination, examination.snapshot.list('Pod')[0] as Pod);
}

describe('jobOutcome', () => {
  it('is none without a Job to look at', () => {
    expect(outcome()).toBe('none');
  });
  it('retries up to the backoff limit, six by default', () => {
    expect(outcome(job({ failed: 6 }))).toBe('retrying');
    expect(outcome(job({ failed: 7 }))).toBe('failed');
    expect(outcome(job({ failed: 1 }, { backoffLimit: 0 }))).toBe('failed');
  });
  it('does not let a limit that is never reached hide failures for ever', () => {
    expect(outcome(job({ failed: 20 }, { backoffLimit: 30 }))).toBe('retrying');
    expect(outcome(job({ failed: 400 }, { backoffLimit: 1_000_000 }))).toBe('failed');
    expect(outcome(job({ failed: 400 }, { backoffLimit: 2_147_483_647, backoffLimitPerIndex: 2 }))).toBe('retrying');
  });
  it('is made good by a run that was tidied away', () => {
    const cron = (lastSuccessfulTime: string) => ({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly', namespace: 'shop' },
      status: { lastSuccessfulTime },
    });
    const failed = job({ conditions: condition('Failed') }, {}, { ownerReferences: controller('CronJob', 'nightly') });
    expect(outcome(cron('2025-09-27T03:00:00Z'), failed)).toBe('superseded');
    expect(outcome(cron('2025-09-25T03:00:00Z'), failed)).toBe('failed');
  });
  it('gives up with FailureTarget, before the last pods have ended', () => {
    expect(outcome(job({ failed: 1, conditions: condition('FailureTarget') }))).toBe('failed');
  });
  it('believes the conditions', () => {
    expect(outcome(job({ failed: 9, conditions: condition('Complete') }))).toBe('complete');
    expect(outcome(job({ failed: 1, conditions: condition('Failed') }))).toBe('failed');
  });
  it('is made good by a later run of the same CronJob, not by an earlier one', () => {
    const cron = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'nightly', namespace: 'shop' } };
    const ownerReferences = controller('CronJob', 'nightly');
    const failed = job({ conditions: condition('Failed') }, {}, { ownerReferences });
    const other = (creationTimestamp: string) =>
      job({ conditions: condition('Complete') }, {}, { name: 'other', ownerReferences, creationTimestamp });
    expect(outcome(cron, failed, other('2025-09-27T03:00:00Z'))).toBe('superseded');
    expect(outcome(cron, failed, other('2025-09-25T03:00:00Z'))).toBe('failed');
  });
});
