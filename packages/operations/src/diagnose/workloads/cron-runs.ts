/** What became of the runs of a CronJob, and when it should have run. */
import {
  compare,
  eventTime,
  nextTime,
  parseZonedSchedule,
  timeOf,
  type CronSchedule,
  type Event,
  type Job,
  type KindMap,
} from '@aia/cluster';
import { createdAt, isWithinGrace } from '../age.ts';
import type { Examination } from '../examination.ts';
import { isOver, outcomeOf } from './job-outcome.ts';
import { areAgesKnown } from '../pods/visible-failure.ts';

export type CronJob = KindMap['CronJob'];

/** Runs of a CronJob as far as they were read or its status tells. Times are epoch ms. */
export interface CronRuns {
  /** Jobs that it owns, newest first. */
  readonly jobs: readonly Job[];
  /** Failed ones after the last success, newest first. */
  readonly failed: readonly Job[];
  /** Whether a run is under way. */
  readonly isActive: boolean;
  readonly lastScheduledAt: number | undefined;
  readonly lastSucceededAt: number | undefined;
}

const known = new WeakMap<Examination, Map<CronJob, CronRuns>>();
/** Set by `kubectl create job --from`; such a run says nothing about the schedule. */
const MANUAL = 'cronjob.kubernetes.io/instantiate';

/** Runs of a CronJob; worked out once. */
export function runsOf(examination: Examination, cron: CronJob): CronRuns {
  const all = known.get(examination) ?? new Map<CronJob, CronRuns>();
  known.set(examination, all);
  const runs = all.get(cron) ?? collect(examination, cron);
  all.set(cron, runs);
  return runs;
}

/** The schedule in its time zone; `undefined` where it cannot be read. */
export function scheduleOf({ spec }: CronJob): CronSchedule | undefined {
  const { schedule, timeZone } = spec ?? {};
  const parsed = schedule === undefined ? undefined : parseZonedSchedule(schedule, timeZone);
  return parsed === undefined || !('schedule' in parsed) ? undefined : parsed.schedule;
}

/**
 * Whether the schedule has come round so often since a moment, beyond the grace. One start may be late, and the time zone of the
 * control plane is not known: two that lie behind were missed.
 */
export function hasComeRound(examination: Examination, cron: CronJob, since: number, times = 2): boolean {
  const schedule = scheduleOf(cron);
  if (schedule === undefined || !areAgesKnown(examination)) return false;
  let at: number | undefined = since;
  for (let n = 0; n < times && at !== undefined; n++) at = nextTime(schedule, at);
  return at !== undefined && at < examination.now && !isWithinGrace(examination, at);
}

/** The controller's newest word on a start that came to nothing, unless a Job was started after it. */
export function failedStart(examination: Examination, cron: CronJob): Event | undefined {
  const { lastScheduledAt = 0 } = runsOf(examination, cron);
  return examination
    .warnings(cron, 'FailedCreate', 'MissSchedule', 'TooManyMissedTimes', 'FailedNeedsStart')
    .find((event) => eventTime(event) > lastScheduledAt);
}

function collect(examination: Examination, cron: CronJob): CronRuns {
  const { snapshot } = examination;
  const { lastScheduleTime, lastSuccessfulTime, active = [] } = cron.status ?? {};
  const jobs = snapshot
    .ownedBy(cron)
    .filter((object): object is Job => object.kind === 'Job')
    .toSorted((a, b) => createdAt(b) - createdAt(a) || compare(b.metadata.name, a.metadata.name));
  const complete = jobs.filter((job) => outcomeOf(examination, job) === 'complete');
  const scheduled = jobs.filter(({ metadata }) => metadata.annotations?.[MANUAL] === undefined);
  return {
    jobs,
    failed: jobs.filter((job) => outcomeOf(examination, job) === 'failed'),
    isActive: active.length > 0 || jobs.some((job) => !isOver(job) && job.spec?.suspend !== true),
    lastScheduledAt: latest([timeOf(lastScheduleTime), ...scheduled.map(createdAt)]),
    lastSucceededAt: latest([timeOf(lastSuccessfulTime), ...complete.map(createdAt)]),
  };
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  const found = times.filter((at) => at !== undefined && at > 0) as number[];
  return found.length === 0 ? undefined : Math.max(...found);
}
