/** The Job of one run of a CronJob. Source: `pkg/controller/cronjob/utils.go`, `getJobFromTemplate2` */
import type { Job } from '../../../model/kinds.ts';
import { wallClock } from '../../../model/cron/time-zone.ts';
import { CRON_JOBS } from '../../api/built-in-types.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import { referenceTo, type ObjectReference } from '../../events/event-recorder.ts';
import { controllerRefTo } from '../claim.ts';
import type { CronJob } from './cron-times.ts';

const SCHEDULED = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/** The Job of the run at `runAt` (epoch ms): its name ends with the minutes since 1970, so that no run has two. */
export function jobFor(cronJob: CronJob, runAt: number): Job {
  const { name, namespace = '' } = cronJob.metadata;
  const { metadata, spec } = cronJob.spec?.jobTemplate ?? {};
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${name}-${Math.floor(runAt / 60_000)}`,
      namespace,
      ...(metadata?.labels === undefined ? {} : { labels: metadata.labels }),
      annotations: { ...metadata?.annotations, [SCHEDULED]: zonedTimestamp(runAt, cronJob.spec?.timeZone) },
      ownerReferences: [controllerRefTo(cronJob, CRON_JOBS)],
    },
    ...(spec === undefined ? {} : { spec }),
  };
}

/** As the status lists active Jobs. */
export function referenceToJob(job: Job): ObjectReference {
  return referenceTo(job);
}

/** RFC 3339 with the zone's offset. */
function zonedTimestamp(at: number, zone: string | undefined): string {
  const { year, month, day, hour, minute } = wallClock(at, zone);
  const shown = Date.UTC(year, month - 1, day, hour, minute, new Date(at).getUTCSeconds());
  const offset = Math.round((shown - at) / 60_000);
  if (offset === 0) return timestamp(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(offset);
  return `${timestamp(shown).slice(0, -1)}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
