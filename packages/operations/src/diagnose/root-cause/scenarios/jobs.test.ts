/** Jobs and CronJobs that fail: their own findings follow from those about their pods. */
import { describe, expect, it } from 'vitest';
import { ago, condition, DAY, HOUR, waiting, type PodState } from './pod-states.suite.ts';
import { causesOf, Scene, type Made } from './scene.suite.ts';

const controller = ({ apiVersion, kind, metadata: { name, uid } }: Made) => ({
  ownerReferences: [{ apiVersion, kind, name, uid, controller: true }],
});
const gaveUp = {
  failed: 7,
  conditions: [condition('Failed', 'True', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit')],
};

function failedPod(node: string, exitCode: number): PodState {
  return {
    node,
    phase: 'Failed',
    ageMs: 5 * HOUR,
    status: ({ containers }) => ({
      conditions: [condition('Ready', 'False', 'PodFailed')],
      containerStatuses: containers.map(({ name, image }) => ({
        name,
        image,
        ready: false,
        restartCount: 0,
        state: { terminated: { exitCode, reason: 'Error', finishedAt: ago(4 * HOUR) } },
      })),
    }),
  };
}

function scene(): {
  made: Scene;
  node: string;
  cron: (spec?: object) => Made;
  run: (name: string, owner: Made | undefined, status: object, ageMs?: number) => Made;
} {
  const made = new Scene();
  const node = made.node('gke-shop-default-pool-7f3c2a91-n0');
  return {
    made,
    node,
    cron: (spec = {}) =>
      made.add('batch/v1', 'CronJob', 'nightly', 'shop', {
        spec: { schedule: '0 3 * * *', ...spec },
        status: { lastScheduleTime: ago(9 * HOUR), lastSuccessfulTime: ago(4 * DAY) },
      }),
    run: (name, owner, status, ageMs = 9 * HOUR) =>
      made.add(
        'batch/v1',
        'Job',
        name,
        'shop',
        { metadata: owner && controller(owner), spec: { backoffLimit: 6 }, status },
        ageMs,
      ),
  };
}

describe('jobs', () => {
  it('tells what ended of a run that failed a moment ago: nothing more becomes of a failed pod', () => {
    const { made, node, cron, run } = scene();
    const job = run('nightly-1', cron(), gaveUp, 60_000);
    made.pod('nightly-1-a', 'shop', { app: 'nightly' }, job, {}, { ...failedPod(node, 1), ageMs: 60_000 });
    expect(causesOf(made.assess())).toEqual(['program-fails CronJob shop/nightly 1']);
  });

  it('a Job whose container ends with an error: one cause, the container', () => {
    const { made, node, run } = scene();
    const job = run('migrate', undefined, gaveUp);
    made.pod('migrate-a', 'shop', { app: 'migrate' }, job, {}, failedPod(node, 3));
    const assessment = made.assess();
    expect(assessment.rootCauses).toHaveLength(1);
    expect(assessment.rootCauses[0]?.class).toBe('program-fails');
    expect(assessment.findings.map(({ code, explainedBy }) => [code, explainedBy !== undefined])).toEqual([
      ['container-terminated-with-error', true],
      ['job-failed', true],
    ]);
  });
  it('a CronJob all runs of which fail, down to the container of the newest', () => {
    const { made, node, cron, run } = scene();
    const nightly = cron();
    const older = run('nightly-1', nightly, gaveUp, 9 * HOUR + DAY);
    const newer = run('nightly-2', nightly, gaveUp);
    made.pod('nightly-1-a', 'shop', { app: 'nightly' }, older, {}, failedPod(node, 3));
    made.pod('nightly-2-a', 'shop', { app: 'nightly' }, newer, {}, failedPod(node, 3));
    const { rootCauses, findings } = made.assess();
    expect(rootCauses).toHaveLength(1);
    expect(rootCauses[0]?.severity).toBe('high');
    expect(rootCauses[0]?.chain.map(({ to }) => to.split(':')[0])).toEqual([
      'container-terminated-with-error',
      'job-failed',
      'cron-job-failing',
    ]);
    expect(findings.every(({ explainedBy }) => explainedBy === rootCauses[0]?.id)).toBe(true);
  });
  it('a failed Job whose pods are gone: the Job, cause not seen', () => {
    const { made, run } = scene();
    run('migrate', undefined, gaveUp);
    expect(causesOf(made.assess())).toEqual(['job-failed Job shop/migrate 0']);
  });
  it('a Job that is out of time because its image does not exist', () => {
    const { made, node, run } = scene();
    const job = run('import', undefined, { active: 1, startTime: ago(2 * DAY) }, 2 * DAY);
    made.pod(
      'import-a',
      'shop',
      { app: 'import' },
      job,
      {},
      {
        ...waiting(
          node,
          'ImagePullBackOff',
          'Back-off pulling image "x": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "x": not found',
        ),
      },
    );
    const { rootCauses, findings } = made.assess();
    expect(rootCauses.map((cause) => cause.class)).toEqual(['image-unavailable']);
    expect(findings.find(({ code }) => code === 'job-not-completed')?.explainedBy).toBe(rootCauses[0]?.id);
  });
  it('a schedule that cannot be read, whose CronJob has never run', () => {
    const { made } = scene();
    made.add('batch/v1', 'CronJob', 'nightly', 'shop', { spec: { schedule: '0 3 * * 7' }, status: {} });
    expect(causesOf(made.assess())).toEqual(['cron-job-schedule-invalid CronJob shop/nightly 0']);
  });
  it('a deadline before the start, and starts that are missed therefore', () => {
    const { made } = scene();
    made.add('batch/v1', 'CronJob', 'nightly', 'shop', {
      spec: { schedule: '0 3 * * *', startingDeadlineSeconds: -5 },
      status: { lastScheduleTime: ago(6 * DAY) },
    });
    const assessment = made.assess();
    expect(causesOf(assessment)).toEqual(['cron-job-deadline-invalid CronJob shop/nightly 0']);
    expect(assessment.findings.map(({ code }) => code).toSorted()).toEqual([
      'cron-job-deadline-invalid',
      'cron-job-missed',
    ]);
  });
  it('pods of a Job that a quota refuses', () => {
    const { made, run } = scene();
    const job = run('load', undefined, { startTime: ago(2 * DAY) }, 2 * DAY);
    made.event(
      job,
      'Warning',
      'FailedCreate',
      'Error creating: pods "load-x" is forbidden: exceeded quota: batch, requested: cpu=2, used: cpu=4, limited: cpu=4',
    );
    const { rootCauses, findings } = made.assess();
    expect(rootCauses.map((cause) => cause.class)).toEqual(['namespace-quota-exhausted']);
    expect(findings.every(({ explainedBy }) => explainedBy === rootCauses[0]?.id)).toBe(true);
  });
});
