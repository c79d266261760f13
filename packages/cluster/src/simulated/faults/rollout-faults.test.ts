import { describe, expect, it } from 'vitest';
import { CRON_JOBS, DEPLOYMENTS, JOBS } from '../api/built-in-types.ts';
import { Symptoms } from './symptoms.suite.ts';

const TARGET = 'search/indexer';

function conditionOf({ cluster }: Symptoms, namespace: string, name: string, wanted: string) {
  const { status } = cluster.api.store.get(DEPLOYMENTS, namespace, name) ?? {};
  return status?.conditions?.find(({ type }) => type === wanted);
}

/** Source: `pkg/controller/deployment/util/deployment_util.go`. */
describe('rollouts', () => {
  it('rollout-past-deadline', () => {
    const symptoms = new Symptoms('rollout-past-deadline', { target: TARGET, parameters: { deadlineSeconds: 120 } });
    const progressing = conditionOf(symptoms, 'search', 'indexer', 'Progressing');
    expect(progressing).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' });
    expect(progressing?.message).toMatch(/^ReplicaSet "indexer-[a-z0-9]+" has timed out progressing\.$/);
    expect(conditionOf(symptoms, 'search', 'indexer', 'Available')).toMatchObject({ status: 'True' });
    expect(conditionOf(symptoms.repair(), 'search', 'indexer', 'Progressing')).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
    });
  });

  it('rollout-without-room: the quota refuses the one pod more', () => {
    const symptoms = new Symptoms('rollout-without-room', { target: 'payments/webhooks' });
    const [event = ''] = symptoms.warnings('ReplicaSet payments/webhooks');
    expect(event).toMatch(
      /^FailedCreate: Error creating: pods "webhooks-[a-z0-9]+-[a-z0-9]+" is forbidden: exceeded quota: payments-pods, requested: pods=1, used: pods=(\d+), limited: pods=\1$/,
    );
    expect(conditionOf(symptoms, 'payments', 'webhooks', 'ReplicaFailure')).toMatchObject({
      status: 'True',
      reason: 'FailedCreate',
    });
    expect(symptoms.pods('payments', 'webhooks').filter(({ status }) => status?.phase === 'Pending')).toEqual([]);
  });

  it('rollout-left-paused', () => {
    const symptoms = new Symptoms('rollout-left-paused', { target: TARGET });
    expect(conditionOf(symptoms, 'search', 'indexer', 'Progressing')).toMatchObject({
      ...{ status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' },
    });
    expect(symptoms.cluster.api.store.get(DEPLOYMENTS, 'search', 'indexer')?.status?.updatedReplicas ?? 0).toBe(0);
  });

  it('stateful-set-stuck: nothing comes after the first pod', () => {
    const symptoms = new Symptoms('stateful-set-stuck', {
      target: 'payments/payments-db',
      parameters: { exitCode: 1 },
    });
    expect(symptoms.pods('payments', 'payments-db').map(({ metadata }) => metadata.name)).toEqual(['payments-db-0']);
    expect(symptoms.states('payments', 'payments-db')).toEqual([
      'postgres CrashLoopBackOff: back-off TIME restarting failed container=postgres pod=POD_payments(UID)',
      'postgres ended Error 1',
    ]);
    expect(symptoms.repair().pods('payments', 'payments-db')).toHaveLength(2);
  });
});

/** Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy */
describe('Jobs and CronJobs', () => {
  it.each([0, 2])('job-fails after %d retries', (backoffLimit) => {
    const symptoms = new Symptoms('job-fails', { target: TARGET, parameters: { backoffLimit, exitCode: 9 } });
    const job = symptoms.cluster.api.store.get(JOBS, 'search', 'indexer-backfill');
    expect(job?.status?.failed).toBe(backoffLimit + 1);
    expect(job?.status?.conditions?.find(({ type }) => type === 'Failed')).toMatchObject({
      ...{ status: 'True', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' },
    });
    expect(symptoms.warnings('Job search/indexer-backfill')).toContain(
      'BackoffLimitExceeded: Job has reached the specified backoff limit',
    );
    expect(symptoms.states('search', 'indexer-backfill')).toEqual(['backfill ended Error 9']);
    expect(symptoms.fault.isGone?.(symptoms.cluster)).toBe(false);
    expect(symptoms.repair().fault.isGone?.(symptoms.cluster)).toBe(true);
  });

  it('cron-job-fails: run after run', () => {
    const symptoms = new Symptoms('cron-job-fails');
    const failed = [...symptoms.cluster.api.store.list(JOBS, 'ops')].filter(({ status }) =>
      status?.conditions?.some(({ type, reason }) => type === 'Failed' && reason === 'BackoffLimitExceeded'),
    );
    // failedJobsHistoryLimit is 1 by default.
    expect(failed).toHaveLength(1);
    expect(symptoms.warnings('Job ops/settlement-report').length).toBeGreaterThan(0);
    expect(symptoms.fault.truth.entities).toEqual(['CronJob ops/settlement-report', 'Job ops/settlement-report-*']);
  });

  it('cron-job-suspended: no run is begun', () => {
    const symptoms = new Symptoms('cron-job-suspended');
    const last = () => symptoms.cluster.api.store.get(CRON_JOBS, 'ops', 'settlement-report')?.status?.lastScheduleTime;
    const before = last();
    symptoms.cluster.clock.advance(3_600_000);
    expect(last()).toBe(before);
    symptoms.repair();
    expect(last()).not.toBe(before);
  });
});
