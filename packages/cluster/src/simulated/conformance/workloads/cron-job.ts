/** CronJobs, and pods that nobody wants any more. */
import { ABSENT, type ConformanceCase, type Json } from '../conformance-case.ts';
import { pod, requests, SOON, TWO_NODES } from './objects.ts';

const PAGE = 'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/';
const report = requests('batch/v1/cronjobs', 'report');
const jobs = requests('batch/v1/jobs');
const events = requests('v1/events');
const [GOOD, ENDLESS] = ['example.com/good:1', 'example.com/endless:1'];
const BEHAVIOURS = { [GOOD]: { exitsAfterMs: 1000 }, [ENDLESS]: { exitsAfterMs: 86_400_000 } } as const;
const TWO_MINUTES = 130_000;

function cronJob(image: string, spec: Json = {}): Json {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'report', image }] } };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'report', namespace: 'shop' },
    spec: {
      schedule: '* * * * *',
      jobTemplate: { metadata: { labels: { run: 'report' } }, spec: { template } },
      ...spec,
    },
  };
}

function cronCase(name: string, source: string, given: Json, steps: ConformanceCase['steps']): ConformanceCase {
  return { name, source, nodes: TWO_NODES, behaviours: BEHAVIOURS, given: [given], steps };
}

const told = (reason: string, message: string | RegExp, type = 'Normal') =>
  events.list({ some: [{ involvedObject: { kind: 'CronJob', name: 'report' }, reason, message, type }] }, TWO_MINUTES);

export const CRON_JOB_CASES: readonly ConformanceCase[] = [
  cronCase('a CronJob makes a Job at its time and lists it while it runs', `${PAGE}#example`, cronJob(ENDLESS), [
    jobs.list(
      {
        some: [
          {
            metadata: {
              name: /^report-\d{8}$/,
              labels: { run: 'report' },
              annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': /^\d{4}-\d\d-\d\dT\d\d:\d\d:00Z$/ },
              ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'report', controller: true }],
            },
          },
        ],
      },
      TWO_MINUTES,
    ),
    report.get({
      status: {
        active: [{ apiVersion: 'batch/v1', kind: 'Job', namespace: 'shop', name: /^report-\d{8}$/ }],
        lastScheduleTime: /:00Z$/,
        lastSuccessfulTime: ABSENT,
      },
    }),
    told('SuccessfulCreate', /^Created job report-\d{8}$/),
  ]),
  cronCase('a CronJob sees that its Job has completed', `${PAGE}#example`, cronJob(GOOD), [
    report.get({ status: { active: ABSENT, lastScheduleTime: /Z$/, lastSuccessfulTime: /Z$/ } }, TWO_MINUTES),
    told('SawCompletedJob', /^Saw completed job: report-\d{8}, condition: Complete$/),
  ]),
  cronCase(
    'a CronJob that forbids it does not start a Job beside another',
    `${PAGE}#concurrency-policy`,
    cronJob(ENDLESS, { concurrencyPolicy: 'Forbid' }),
    [
      jobs.list({ count: 1 }, TWO_MINUTES),
      jobs.all({}, 'before'),
      told('JobAlreadyActive', 'Not starting job because prior execution is running and concurrency policy is Forbid'),
      jobs.list({ names: ['${before.items.0.metadata.name}'] }, 0),
    ],
  ),
  cronCase(
    'a CronJob that replaces deletes the Job before',
    `${PAGE}#concurrency-policy`,
    cronJob(ENDLESS, { concurrencyPolicy: 'Replace' }),
    [
      jobs.list({ count: 1 }, TWO_MINUTES),
      jobs.all({}, 'before'),
      told('SuccessfulDelete', 'Deleted job ${before.items.0.metadata.name}'),
      jobs.list({ count: 1, none: [{ metadata: { uid: '${before.items.0.metadata.uid}' } }] }, SOON),
    ],
  ),
  cronCase('a CronJob lets Jobs overlap by default', `${PAGE}#concurrency-policy`, cronJob(ENDLESS), [
    jobs.list({ count: 2 }, 2 * TWO_MINUTES),
    report.get({ status: { active: [{}, {}] } }),
  ]),
  cronCase('a suspended CronJob starts nothing', `${PAGE}#schedule-suspension`, cronJob(GOOD, { suspend: true }), [
    { ...jobs.list({ count: 0 }), staysMs: TWO_MINUTES },
    report.get({ status: { lastScheduleTime: ABSENT } }, 0),
  ]),
  cronCase(
    'a CronJob keeps as many Jobs that completed as it may',
    `${PAGE}#jobs-history-limits`,
    cronJob(GOOD, { successfulJobsHistoryLimit: 1 }),
    [
      report.get({ status: { lastSuccessfulTime: /Z$/ } }, TWO_MINUTES),
      jobs.all({}, 'before'),
      jobs.list({ count: 1, none: [{ metadata: { uid: '${before.items.0.metadata.uid}' } }] }, 2 * TWO_MINUTES),
    ],
  ),
  cronCase(
    'a Job that was deleted while it ran went missing',
    `${PAGE}#example`,
    cronJob(ENDLESS, { concurrencyPolicy: 'Forbid' }),
    [
      report.get({ status: { active: [{}] } }, TWO_MINUTES),
      report.change({ spec: { suspend: true } }),
      jobs.all({}, 'before'),
      {
        verb: 'delete',
        resource: 'batch/v1/jobs',
        namespace: 'shop',
        name: '${before.items.0.metadata.name}',
        query: { propagationPolicy: 'Background' },
      },
      report.get({ status: { active: ABSENT } }),
      told('MissingJob', 'Active job went missing: ${before.items.0.metadata.name}'),
    ],
  ),
  {
    name: 'pods of a node that does not exist are taken away',
    source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-garbage-collection',
    given: [
      { ...pod('lost'), spec: { nodeName: 'absent', containers: [{ name: 'web', image: 'example.com/web:1' }] } },
    ],
    steps: [requests('v1/pods', 'lost').get({ spec: { nodeName: 'absent' } }, 0), requests('v1/pods', 'lost').gone()],
  },
];
