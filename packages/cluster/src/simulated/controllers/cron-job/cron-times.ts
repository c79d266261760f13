/** Which run of a CronJob is due. Source: `pkg/controller/cronjob/utils.go`, `mostRecentScheduleTime` */
import type { KindMap } from '../../../model/kinds.ts';
import type { CronSchedule } from '../../../model/cron/cron-schedule.ts';
import { nextTime } from '../../../model/cron/next-time.ts';

export type CronJob = KindMap['CronJob'];

/** The last run that should have begun, and whether more than a hundred were missed before it. */
export interface DueRun {
  /** Epoch milliseconds; `undefined` where none is due. */
  readonly dueAt: number | undefined;
  readonly isManyMissed: boolean;
}

/** From here on Kubernetes tells that something is wrong. */
const MANY = 100;
const NONE: DueRun = { dueAt: undefined, isManyMissed: false };

/** The run that is due now: the most recent one since the last that was started, within the starting deadline. */
export function dueRun({ metadata, spec, status }: CronJob, schedule: CronSchedule, now: number): DueRun {
  const since = Date.parse(status?.lastScheduleTime ?? metadata.creationTimestamp ?? '');
  const deadline = spec?.startingDeadlineSeconds;
  const from = deadline === undefined ? since : Math.max(since, now - deadline * 1000);
  const first = nextTime(schedule, from);
  if (first === undefined || first > now) return NONE;
  const second = nextTime(schedule, first);
  if (second === undefined || second > now) return { dueAt: first, isManyMissed: false };
  // As roughly as Kubernetes counts: by the distance of the first two.
  const missed = Math.floor((now - first) / (second - first)) + 1;
  return { dueAt: lastUntil(schedule, first, now, second - first), isManyMissed: missed > MANY };
}

/** Steps back from now in growing strides, so that schedules of rare runs are found as well. */
function lastUntil(schedule: CronSchedule, first: number, now: number, stride: number): number {
  for (let back = stride; ; back *= 2) {
    const from = Math.max(first, now - back);
    let last = from === first ? first : undefined;
    for (let at = nextTime(schedule, from); at !== undefined && at <= now; at = nextTime(schedule, at)) last = at;
    if (last !== undefined) return last;
  }
}
