/** Work that should come to an end and does not, or is not begun. Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/ */
import type { Job, KindMap } from '../../model/kinds.ts';
import { parseZonedSchedule } from '../../model/cron/cron-schedule.ts';
import { nextTime } from '../../model/cron/next-time.ts';
import { CRON_JOBS, JOBS } from '../api/built-in-types.ts';
import { entityOf } from '../entity.ts';
import type { FaultKind } from './fault.ts';
import type { FaultSite } from './fault-site.ts';
import { imageOf, MINUTE } from './flawed-rollout.ts';
import { nextImage } from './image-names.ts';

const JOB = 'https://kubernetes.io/docs/concepts/workloads/controllers/job/';
const CRON = 'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/';
const DAY_MS = 24 * 60 * MINUTE;
/** Longer than any run in drawn clusters takes. */
const RUN_MS = 10 * MINUTE;
const EXIT_CODE = { type: 'number', summary: 'with which its program ends', min: 1, max: 120, default: 1 } as const;

type CronJob = KindMap['CronJob'];

/** Long enough for every retry: the delays between them double from 10 s up. */
function settlesMs(backoffLimit: number): number {
  return Array.from({ length: backoffLimit + 1 }, (_, i) => 10_000 * 2 ** i + 15_000).reduce(
    (sum, one) => sum + one,
    0,
  );
}

const jobFails: FaultKind = {
  name: 'job-fails',
  family: 'rollout',
  summary: 'A Job was started whose program ends with an error each time, until it is given up.',
  source: `${JOB}#pod-backoff-failure-policy`,
  parameters: {
    backoffLimit: { type: 'number', summary: 'how often it is tried again', ...{ min: 0, max: 6, default: 3 } },
    exitCode: EXIT_CODE,
  },
  bring: (site, { backoffLimit, exitCode }) => {
    const workload = site.workload();
    const { namespace = '', name: owner } = workload.metadata;
    const name = `${owner.slice(0, 40)}-backfill`;
    const wrong = '--from=2025-13-01';
    const lastWords = [`cannot parse ${wrong}: month must be in 1..12`];
    site.behave({
      container: ({ namespace: space, workload: of, spec: { args = [] } }) =>
        space === namespace && of === `Job/${name}` && args.includes(wrong)
          ? { exitsAfterMs: 3000, exitCode: Number(exitCode), lastWords }
          : undefined,
    });
    const job = (from: string) => ({
      ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { namespace, name } },
      spec: {
        backoffLimit: Number(backoffLimit),
        template: {
          spec: {
            restartPolicy: 'Never',
            containers: [{ name: 'backfill', image: imageOf(workload), args: ['backfill', from] }],
          },
        },
      },
    });
    const made = site.create(job(wrong));
    return {
      truth: {
        entities: [entityOf(made), `Pod ${namespace}/${name}-*`],
        classes: ['job-failed', 'program-fails', 'container-terminated-with-error', 'pod-failed'],
      },
      touched: site.takeTouched(),
      settlesMs: settlesMs(Number(backoffLimit)),
      remedy: `Start ${name} again with --from=2025-12-01.`,
      isGone: ({ api }) => isComplete(api.store.get(JOBS, namespace, name)),
      repair: () => {
        site.remove(JOBS, made);
        site.later(MINUTE, () => site.create(job('--from=2025-12-01')));
      },
    };
  },
};

function isComplete(job: Job | undefined): boolean {
  return job?.status?.conditions?.some(({ type, status }) => type === 'Complete' && status === 'True') === true;
}

const cronJobFails: FaultKind = {
  name: 'cron-job-fails',
  family: 'rollout',
  summary: 'A CronJob was brought to a version that ends with an error, so that each of its runs fails.',
  source: `${CRON}#jobs-history-limits`,
  parameters: { exitCode: EXIT_CODE },
  bring: (site, { exitCode }) => {
    const { now } = site.cluster.clock;
    const cronJob = site.cronJob((one) => isOften(one, now));
    const { namespace = '', name } = cronJob.metadata;
    const before = imageNow(cronJob);
    const image = nextImage(before);
    const lastWords = ['Error: relation "settlements_v2" does not exist'];
    site.behave({
      container: (place) =>
        place.namespace === namespace && place.workload === `CronJob/${name}` && place.image === image
          ? { exitsAfterMs: 4000, exitCode: Number(exitCode), lastWords }
          : undefined,
    });
    // It ran well before: a history tells of an earlier version.
    const startsAfterMs = hasRunWell(site, cronJob) ? 0 : firstRunMs(cronJob, now);
    if (startsAfterMs === 0) setImage(site, cronJob, image);
    else site.later(startsAfterMs, () => setImage(site, cronJob, image));
    const from = now + startsAfterMs;
    const retries = settlesMs(cronJob.spec?.jobTemplate.spec?.backoffLimit ?? 6);
    return {
      truth: {
        entities: [entityOf(cronJob), `Job ${namespace}/${name}-*`],
        classes: ['cron-job-failing', 'job-failed', 'program-fails'],
      },
      touched: site.takeTouched(),
      settlesMs: (secondRun(cronJob, from) ?? from) - now + retries,
      remedy: `Set the image of the CronJob back to ${before}.`,
      isGone: ({ api }) => imageNow(api.store.get(CRON_JOBS, namespace, name) ?? cronJob) !== image,
      repair: () => setImage(site, cronJob, before),
    };
  },
};

function hasRunWell({ cluster: { api } }: FaultSite, { metadata: { namespace = '', uid } }: CronJob): boolean {
  return [...api.store.list(JOBS, namespace)].some(
    (job) => isComplete(job) && job.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true,
  );
}

/** Until the first run from now on is over. */
function firstRunMs(cronJob: CronJob, now: number): number {
  return (nextRun(cronJob, now) ?? now) - now + RUN_MS;
}

function isOften(cronJob: CronJob, now: number): boolean {
  return (secondRun(cronJob, now) ?? Infinity) - now <= 2 * DAY_MS && imageNow(cronJob) !== '';
}

/** When it runs the second time from now on. */
function secondRun(cronJob: CronJob, now: number): number | undefined {
  const first = nextRun(cronJob, now);
  return first === undefined ? undefined : nextRun(cronJob, first);
}

function nextRun({ spec }: CronJob, now: number): number | undefined {
  const parsed = parseZonedSchedule(spec?.schedule ?? '', spec?.timeZone);
  return 'schedule' in parsed ? nextTime(parsed.schedule, now) : undefined;
}

function imageNow({ spec }: CronJob): string {
  return spec?.jobTemplate.spec?.template.spec?.containers[0]?.image ?? '';
}

function setImage(site: FaultSite, cronJob: CronJob, image: string): void {
  site.change<CronJob>(CRON_JOBS, cronJob, (now) => {
    const { jobTemplate } = now.spec as NonNullable<CronJob['spec']>;
    const template = jobTemplate.spec?.template;
    const containers = (template?.spec?.containers ?? []).map((one, i) => (i === 0 ? { ...one, image } : one));
    const job = { ...jobTemplate.spec, template: { ...template, spec: { ...template?.spec, containers } } };
    return { ...now, spec: { ...now.spec, jobTemplate: { ...jobTemplate, spec: job } } } as CronJob;
  });
}

const suspendedCronJob: FaultKind = {
  name: 'cron-job-suspended',
  family: 'rollout',
  summary: 'A CronJob was suspended, and nobody remembers.',
  source: `${CRON}#schedule-suspension`,
  parameters: {},
  bring: (site) => {
    const cronJob = site.cronJob();
    const set = (suspend: boolean) =>
      site.change<CronJob>(CRON_JOBS, cronJob, (now) => ({ ...now, spec: { ...now.spec, suspend } }) as CronJob);
    set(true);
    return {
      truth: { entities: [entityOf(cronJob)], classes: ['cron-job-suspended'], isMinor: true },
      touched: site.takeTouched(),
      settlesMs: MINUTE,
      remedy: 'Set spec.suspend to false.',
      repair: () => void set(false),
    };
  },
};

/** Kinds of the family `rollout` that befall Jobs and CronJobs. */
export const JOB_FAULTS: readonly FaultKind[] = [jobFails, cronJobFails, suspendedCronJob];
