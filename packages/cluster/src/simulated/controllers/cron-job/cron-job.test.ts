import { describe, expect, it } from 'vitest';
import type { Job } from '../../../model/kinds.ts';
import { CRON_JOBS, JOBS } from '../../api/built-in-types.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import { workloadCluster } from '../workload-cluster.suite.ts';
import { cronJobController } from './cron-job-controller.ts';
import type { CronJob } from './cron-times.ts';

type Spec = NonNullable<CronJob['spec']>;
const MINUTE = 60_000;

/** `lastsMs`: how long Jobs take, for ever without. */
function cluster(spec: Partial<Spec> = {}, { lastsMs, ends = 'Complete' }: { lastsMs?: number; ends?: string } = {}) {
  const made = workloadCluster([cronJobController]);
  const { api, clock, store } = made;
  store.listen(({ kind, type, object }) => {
    if (type.kind !== 'Job' || kind !== 'ADDED' || lastsMs === undefined) return;
    clock.after(lastsMs, () => {
      const at = timestamp(clock.now);
      if (store.get(JOBS, 'shop', object.metadata.name) === undefined) return;
      api.changeStatus(JOBS, 'shop', object.metadata.name, (job) => ({
        ...job,
        status: {
          startTime: at,
          ...(ends === 'Complete' ? { completionTime: at } : {}),
          conditions: [{ type: ends, status: 'True', lastTransitionTime: at }],
        },
      }));
    });
  });
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'report', image: 'report:1' }] } };
  api.create(CRON_JOBS, {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'report', namespace: 'shop' },
    spec: { schedule: '* * * * *', jobTemplate: { metadata: { labels: { a: 'b' } }, spec: { template } }, ...spec },
  });
  return {
    ...made,
    jobs: () => [...store.list(JOBS)] as readonly Job[],
    report: () => api.get(CRON_JOBS, 'shop', 'report'),
    change: (more: Partial<Spec>) =>
      api.change(CRON_JOBS, 'shop', 'report', (one) => ({ ...one, spec: { ...(one.spec as Spec), ...more } })),
  };
}

const minutes = Date.UTC(2025, 0, 1) / MINUTE;

describe('cronjob-controller', () => {
  it('makes a Job named after its minute, and lists it until it has ended', () => {
    const { clock, jobs, report, told } = cluster({}, { lastsMs: 10_000 });
    clock.advance(MINUTE + 1000);
    const name = `report-${minutes + 1}`;
    expect(jobs()).toMatchObject([
      {
        metadata: {
          name,
          labels: { a: 'b' },
          annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2025-01-01T00:01:00Z' },
          ownerReferences: [{ kind: 'CronJob', name: 'report', controller: true }],
        },
      },
    ]);
    expect(report().status).toMatchObject({
      active: [{ kind: 'Job', name }],
      lastScheduleTime: '2025-01-01T00:01:00Z',
    });
    clock.advance(20_000);
    expect(report().status).toEqual({
      lastScheduleTime: '2025-01-01T00:01:00Z',
      lastSuccessfulTime: '2025-01-01T00:01:10Z',
    });
    expect(told()).toEqual([
      `Normal SuccessfulCreate Created job ${name}`,
      `Normal SawCompletedJob Saw completed job: ${name}, condition: Complete`,
    ]);
  });

  it('goes by the clocks of its time zone', () => {
    const { clock, jobs } = cluster({ schedule: '30 9 * * *', timeZone: 'Asia/Tokyo' });
    clock.advance(31 * MINUTE);
    expect(jobs()[0]?.metadata).toMatchObject({
      creationTimestamp: '2025-01-01T00:30:00Z',
      annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2025-01-01T09:30:00+09:00' },
    });
  });

  it.each([
    ['Allow', 3, undefined],
    [
      'Forbid',
      1,
      'Normal JobAlreadyActive Not starting job because prior execution is running and concurrency policy is Forbid',
    ],
    ['Replace', 1, `Normal SuccessfulDelete Deleted job report-${minutes + 1}`],
  ])('lets runs overlap as told: %s', (concurrencyPolicy, count, event) => {
    const { clock, jobs, told } = cluster({ concurrencyPolicy });
    clock.advance(3 * MINUTE + 1000);
    expect(jobs()).toHaveLength(count);
    expect(jobs().at(-1)?.metadata.name).toBe(`report-${minutes + (concurrencyPolicy === 'Forbid' ? 1 : 3)}`);
    if (event !== undefined) expect(told()).toContain(event);
  });

  it('keeps three Jobs that completed and one that failed', () => {
    const completed = cluster({}, { lastsMs: 1000 });
    completed.clock.advance(6 * MINUTE + 5000);
    expect(completed.jobs().map(({ metadata }) => metadata.name)).toEqual(
      [4, 5, 6].map((at) => `report-${minutes + at}`),
    );
    const failed = cluster({}, { lastsMs: 1000, ends: 'Failed' });
    failed.clock.advance(6 * MINUTE + 5000);
    expect(failed.jobs().map(({ metadata }) => metadata.name)).toEqual([`report-${minutes + 6}`]);
  });

  it('starts only the last run that was missed while it was suspended', () => {
    const { clock, jobs, change } = cluster({ suspend: true });
    clock.advance(5.5 * MINUTE);
    expect(jobs()).toEqual([]);
    change({ suspend: false });
    clock.advance(1000);
    expect(jobs().map(({ metadata }) => metadata.name)).toEqual([`report-${minutes + 5}`]);
  });

  it('tells when more than a hundred runs were missed', () => {
    const { clock, jobs, change, told } = cluster({ suspend: true });
    clock.advance(200 * MINUTE);
    change({ suspend: false });
    clock.advance(1000);
    expect(jobs()).toHaveLength(1);
    expect(told()[0]).toBe(
      'Warning TooManyMissedTimes too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
    );
  });

  it('skips runs past their starting deadline', () => {
    const { clock, jobs, change } = cluster({ suspend: true, schedule: '0 * * * *', startingDeadlineSeconds: 60 });
    clock.advance(90 * MINUTE);
    change({ suspend: false });
    clock.advance(MINUTE);
    expect(jobs()).toEqual([]);
  });

  it('does not start what a new schedule would have started before', () => {
    const { clock, jobs, change } = cluster({ schedule: '0 12 * * *' });
    clock.advance(7 * MINUTE);
    change({ schedule: '*/5 * * * *' });
    clock.advance(2 * MINUTE);
    expect(jobs()).toEqual([]);
    clock.advance(2 * MINUTE);
    expect(jobs().map(({ metadata }) => metadata.name)).toEqual([`report-${minutes + 10}`]);
  });

  it('notices that an active Job went missing', () => {
    const { api, clock, report, told } = cluster({ schedule: '0 * * * *' });
    clock.advance(61 * MINUTE);
    api.delete(JOBS, 'shop', `report-${minutes + 60}`, { propagationPolicy: 'Background' });
    clock.advance(1000);
    expect(report().status).not.toHaveProperty('active');
    expect(told().at(-1)).toBe(`Normal MissingJob Active job went missing: report-${minutes + 60}`);
  });
});
