/** CronJobs. Source: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/; `pkg/controller/cronjob` */
import type { Job } from '../../../model/kinds.ts';
import { parseZonedSchedule, type CronSchedule } from '../../../model/cron/cron-schedule.ts';
import { nextTime } from '../../../model/cron/next-time.ts';
import { isTimeZone } from '../../../model/cron/time-zone.ts';
import { compare } from '../../../model/order.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { ApiError } from '../../api/api-error.ts';
import { CRON_JOBS, JOBS } from '../../api/built-in-types.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import type { EventType } from '../../events/event-recorder.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf } from '../../store/object-index.ts';
import type { Change } from '../../store/object-store.ts';
import { unlessGone } from '../claim.ts';
import { omit } from '../conditions.ts';
import type { Controller, MakeController } from '../controller.ts';
import { hasCondition, isJobFinished, jobStatusOf } from '../job/job-pods.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { OwnedIndex } from '../owned-index.ts';
import { ownerKey } from '../owner-keys.ts';
import { isNamespaceGoing } from '../pod-control.ts';
import { dueRun, type CronJob } from './cron-times.ts';
import { jobFor, referenceToJob } from './cron-jobs-job.ts';

type Status = NonNullable<CronJob['status']>;

const COMPONENT = { component: 'cronjob-controller' };
/** After the time of a run, lest clocks differ. Source: `nextScheduleDelta` */
const DELAY_MS = 100;

/** Makes the controller of one cluster. */
export const cronJobController: MakeController = (context) => new CronJobController(context);

class CronJobController implements Controller {
  readonly name = COMPONENT.component;
  readonly needs = ['batch/Job'];
  readonly #context: SimulationContext;
  readonly #jobs: OwnedIndex<Job>;
  /** A new schedule does not start what it would have started before. */
  readonly #notBefore = new Map<string, number>();

  constructor(context: SimulationContext) {
    this.#context = context;
    this.#jobs = OwnedIndex.of(context.api.store, JOBS);
  }

  keysOf(change: Change): Iterable<string> {
    if (isChangeOf(change, CRON_JOBS)) {
      this.#noteSchedule(change);
      return [keyOf(change.object)];
    }
    if (!isChangeOf(change, JOBS)) return [];
    const key = ownerKey(change.object, CRON_JOBS);
    return key === undefined ? [] : [key];
  }

  reconcile(key: string): number | undefined {
    const [namespace, name] = namesOf(key);
    const cronJob = this.#context.api.store.get(CRON_JOBS, namespace, name);
    const notBefore = this.#notBefore.get(key) ?? 0;
    if (cronJob !== undefined && notBefore > this.#context.clock.now) return notBefore - this.#context.clock.now;
    this.#notBefore.delete(key);
    return cronJob === undefined ? undefined : this.#sync(cronJob);
  }

  #noteSchedule({ object, previous }: Change<CronJob>): void {
    if (previous === undefined) return;
    const { schedule, timeZone } = object.spec ?? {};
    if (schedule === previous.spec?.schedule && timeZone === previous.spec?.timeZone) return;
    const parsed = parseZonedSchedule(schedule ?? '', timeZone);
    const next = 'schedule' in parsed ? nextTime(parsed.schedule, this.#context.clock.now) : undefined;
    if (next !== undefined) this.#notBefore.set(keyOf(object), next + DELAY_MS);
  }

  #sync(cronJob: CronJob): number | undefined {
    const jobs = [...this.#jobs.ownedBy(cronJob.metadata.uid ?? '')];
    this.#removeOld(cronJob, jobs);
    const seen = this.#withSeen(cronJob, jobs);
    if (cronJob.metadata.deletionTimestamp !== undefined) return this.#report(cronJob, seen);
    const schedule = this.#schedule(cronJob);
    if (schedule === undefined || cronJob.spec?.suspend === true) return this.#report(cronJob, seen);
    this.#start({ ...cronJob, status: seen }, schedule);
    const next = nextTime(schedule, this.#context.clock.now);
    return next === undefined ? undefined : next + DELAY_MS - this.#context.clock.now;
  }

  /** Writes the status where it is another. */
  #report({ metadata }: CronJob, status: Status): undefined {
    this.#context.api.changeStatus(CRON_JOBS, metadata.namespace ?? '', metadata.name, (current) =>
      sameJson(current.status ?? {}, status) ? current : { ...current, status },
    );
    return undefined;
  }

  #tell(cronJob: CronJob, type: EventType, reason: string, message: string): void {
    this.#context.events.record(cronJob, type, reason, message, COMPONENT);
  }

  /** What became of the runs that the status lists as active, and when one succeeded last. */
  #withSeen(cronJob: CronJob, jobs: readonly Job[]): Status {
    const { active = [], ...status } = cronJob.status ?? {};
    const ended = new Set<string | undefined>();
    let { lastSuccessfulTime } = status;
    for (const job of jobs) {
      const { uid, name } = job.metadata;
      const isListed = active.some((one) => one.uid === uid);
      if (!isListed && !isJobFinished(job))
        this.#tell(
          cronJob,
          'Warning',
          'UnexpectedJob',
          `Saw a job that the controller did not create or forgot: ${name}`,
        );
      if (!isJobFinished(job)) continue;
      const isComplete = hasCondition(jobStatusOf(job), 'Complete');
      const condition = isComplete ? 'Complete' : 'Failed';
      if (isListed) {
        ended.add(uid);
        this.#tell(cronJob, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${condition}`);
      }
      const { completionTime } = job.status ?? {};
      if (isComplete && completionTime !== undefined && completionTime > (lastSuccessfulTime ?? ''))
        lastSuccessfulTime = completionTime;
    }
    const there = active.filter(({ uid }) => !ended.has(uid));
    const missing = there.filter(({ uid }) => this.#context.api.store.byUid(uid ?? '') === undefined);
    for (const { name = '' } of missing)
      this.#tell(cronJob, 'Normal', 'MissingJob', `Active job went missing: ${name}`);
    const left = there.filter((one) => !missing.includes(one));
    return {
      ...status,
      ...(left.length === 0 ? {} : { active: left }),
      ...(lastSuccessfulTime === undefined ? {} : { lastSuccessfulTime }),
    };
  }

  #schedule(cronJob: CronJob): CronSchedule | undefined {
    const { schedule = '', timeZone } = cronJob.spec ?? {};
    if (timeZone !== undefined && !isTimeZone(timeZone)) {
      const message = `invalid timeZone: "${timeZone}": unknown time zone ${timeZone}`;
      this.#tell(cronJob, 'Warning', 'UnknownTimeZone', message);
      return undefined;
    }
    if (schedule.includes('TZ'))
      this.#tell(
        cronJob,
        'Warning',
        'UnsupportedSchedule',
        `CRON_TZ or TZ used in schedule "${schedule}" is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details`,
      );
    const parsed = parseZonedSchedule(schedule, timeZone);
    if ('schedule' in parsed) return parsed.schedule;
    this.#tell(cronJob, 'Warning', 'UnparseableSchedule', `unparseable schedule: "${schedule}" : ${parsed.problem}`);
    return undefined;
  }

  /** Starts the run that is due, unless something keeps it from starting. */
  #start(cronJob: CronJob, schedule: CronSchedule): void {
    const status: Status = cronJob.status ?? {};
    const run = this.#startable(cronJob, schedule);
    if (run === undefined) return this.#report(cronJob, status);
    const active = status.active ?? [];
    const isReplacing = cronJob.spec?.concurrencyPolicy === 'Replace';
    if (isReplacing) for (const { name = '' } of active) this.#delete(cronJob, name);
    const left: Status = isReplacing ? withActive(status, []) : status;
    const job = this.#create(cronJob, run);
    if (job === undefined) return this.#report(cronJob, left);
    const listed = [...(left.active ?? []), referenceToJob(job)];
    this.#report(cronJob, { ...withActive(left, listed), lastScheduleTime: timestamp(run) });
  }

  #startable(cronJob: CronJob, schedule: CronSchedule): number | undefined {
    const { now } = this.#context.clock;
    const { startingDeadlineSeconds, concurrencyPolicy } = cronJob.spec ?? {};
    const { dueAt, isManyMissed } = dueRun(cronJob, schedule, now);
    if (dueAt === undefined) return undefined;
    if (isManyMissed) {
      const message = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';
      this.#tell(cronJob, 'Warning', 'TooManyMissedTimes', message);
    }
    if (startingDeadlineSeconds !== undefined && dueAt + startingDeadlineSeconds * 1000 < now) {
      const message = `Missed scheduled time to start a job: ${new Date(dueAt).toUTCString().replace('GMT', '+0000')}`;
      this.#tell(cronJob, 'Warning', 'MissSchedule', message);
      return undefined;
    }
    const active = cronJob.status?.active ?? [];
    if (active.some(({ name }) => name === jobFor(cronJob, dueAt).metadata.name)) return undefined;
    if (cronJob.status?.lastScheduleTime === timestamp(dueAt)) return undefined;
    if (concurrencyPolicy === 'Forbid' && active.length > 0) {
      const message = 'Not starting job because prior execution is running and concurrency policy is Forbid';
      this.#tell(cronJob, 'Normal', 'JobAlreadyActive', message);
      return undefined;
    }
    return dueAt;
  }

  /** The Job; one of the same name that is this CronJob's counts as made. */
  #create(cronJob: CronJob, run: number): Job | undefined {
    const { api } = this.#context;
    const wanted = jobFor(cronJob, run);
    const { namespace = '', name } = wanted.metadata;
    try {
      const made = api.create(JOBS, wanted);
      this.#tell(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${name}`);
      return made;
    } catch (error) {
      if (!(error instanceof ApiError) || isNamespaceGoing(error)) throw error;
      if (error.reason === 'AlreadyExists') {
        const there = api.get(JOBS, namespace, name);
        return ownerKey(there, CRON_JOBS) === keyOf(cronJob) ? there : undefined;
      }
      this.#tell(cronJob, 'Warning', 'FailedCreate', `Error creating job: ${error.message}`);
      throw error;
    }
  }

  #delete(cronJob: CronJob, name: string): void {
    unlessGone(() => {
      this.#context.api.delete(JOBS, cronJob.metadata.namespace ?? '', name, { propagationPolicy: 'Background' });
      this.#tell(cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`);
    });
  }

  /** Keeps as many ended Jobs as wanted, the newest ones. */
  #removeOld(cronJob: CronJob, jobs: readonly Job[]): void {
    const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cronJob.spec ?? {};
    const limits = { Complete: successfulJobsHistoryLimit, Failed: failedJobsHistoryLimit };
    for (const [type, limit] of Object.entries(limits)) {
      const ended = jobs.filter((job) => hasCondition(jobStatusOf(job), type)).sort(byStart);
      for (const { metadata } of ended.slice(0, Math.max(0, ended.length - limit)))
        this.#delete(cronJob, metadata.name);
    }
  }
}

function withActive(status: Status, active: NonNullable<Status['active']>): Status {
  const rest = omit(status, 'active');
  return active.length === 0 ? rest : { ...rest, active };
}

function byStart(a: Job, b: Job): number {
  const startOf = ({ status }: Job) => status?.startTime ?? '\uffff';
  return compare(startOf(a), startOf(b)) || compare(a.metadata.name, b.metadata.name);
}
