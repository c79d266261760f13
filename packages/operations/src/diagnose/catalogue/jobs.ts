/** Rules about Jobs and CronJobs. */
import type { Rule } from '../rule.ts';
import { rule as cronJobDeadlineInvalid } from '../rules/cron-job-deadline-invalid/rule.ts';
import { rule as cronJobFailing } from '../rules/cron-job-failing/rule.ts';
import { rule as cronJobMissed } from '../rules/cron-job-missed/rule.ts';
import { rule as cronJobNeverRan } from '../rules/cron-job-never-ran/rule.ts';
import { rule as cronJobScheduleInvalid } from '../rules/cron-job-schedule-invalid/rule.ts';
import { rule as cronJobSuspended } from '../rules/cron-job-suspended/rule.ts';
import { rule as jobFailed } from '../rules/job-failed/rule.ts';
import { rule as jobNotCompleted } from '../rules/job-not-completed/rule.ts';
import { rule as jobSuspended } from '../rules/job-suspended/rule.ts';

/** In the order of the reference pages. */
export const JOBS_RULES: readonly Rule[] = [
  jobFailed,
  jobNotCompleted,
  jobSuspended,
  cronJobFailing,
  cronJobMissed,
  cronJobNeverRan,
  cronJobScheduleInvalid,
  cronJobDeadlineInvalid,
  cronJobSuspended,
];
