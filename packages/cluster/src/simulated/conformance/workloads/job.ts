/** Jobs. */
import { ABSENT, type ConformanceCase, type Json } from '../conformance-case.ts';
import { BROKEN, BROKEN_IMAGE, pods, requests, SOON, told, TWO_NODES } from './objects.ts';

const PAGE = 'https://kubernetes.io/docs/concepts/workloads/controllers/job/';
const JOBS_API = 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/';
const sum = requests('batch/v1/jobs', 'sum');
const all = requests('v1/pods');

/** Ends at once with 0, ends with 3, does not end. */
const [GOOD, BAD, ENDLESS] = ['example.com/good:1', 'example.com/bad:1', 'example.com/endless:1'];
const BEHAVIOURS = {
  [GOOD]: { exitsAfterMs: 1000 },
  [BAD]: { exitsAfterMs: 1000, exitCode: 3 },
  [ENDLESS]: { exitsAfterMs: 86_400_000 },
  ...BROKEN,
} as const;
const TRACKING = 'batch.kubernetes.io/job-tracking';
const INDEX = 'batch.kubernetes.io/job-completion-index';

function job(image: string, spec: Json = {}): Json {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'sum', namespace: 'shop' },
    spec: {
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'sum', image }] } },
      ...spec,
    },
  };
}

function jobCase(name: string, source: string, given: Json, steps: ConformanceCase['steps']): ConformanceCase {
  return { name, source, nodes: TWO_NODES, behaviours: BEHAVIOURS, given: [given], steps };
}

const ended = (types: readonly [string, string], reason: string, message: string | RegExp, more: Json = {}) =>
  sum.get({ status: { conditions: types.map((type) => ({ type, status: 'True', reason, message })), ...more } });
const succeeded = (reason: string, message: string, more: Json = {}) =>
  ended(['SuccessCriteriaMet', 'Complete'], reason, message, { completionTime: /Z$/, ...more });
const failed = (reason: string, message: string | RegExp, more: Json = {}) =>
  ended(['FailureTarget', 'Failed'], reason, message, { completionTime: ABSENT, ...more });
const isEnded = (kind: string, reason: string, message: string | RegExp, type = 'Normal') => ({
  ...told(kind, reason, message, type),
  expect: { some: [{ involvedObject: { kind, name: 'sum' }, reason, message, type }] },
});
const indexed = (completions: number, more: Json = {}): Json => ({
  completionMode: 'Indexed',
  completions,
  parallelism: completions,
  ...more,
});

export const JOB_CASES: readonly ConformanceCase[] = [
  jobCase('a Job runs a pod to its end and counts it', `${PAGE}#running-an-example-job`, job(GOOD), [
    succeeded('CompletionsReached', 'Reached expected number of succeeded pods', {
      succeeded: 1,
      failed: ABSENT,
      active: ABSENT,
      ready: 0,
      terminating: 0,
      startTime: /Z$/,
      uncountedTerminatedPods: { succeeded: ABSENT, failed: ABSENT },
    }),
    pods(1, { metadata: { name: /^sum-[a-z0-9]{5}$/, finalizers: ABSENT }, status: { phase: 'Succeeded' } }),
    isEnded('Job', 'SuccessfulCreate', /^Created pod: sum-[a-z0-9]{5}$/),
    isEnded('Job', 'Completed', 'Job completed'),
  ]),
  jobCase(
    'a Job selects its pods by its own uid and holds them until they are counted',
    `${PAGE}#job-tracking-with-finalizers`,
    job(ENDLESS),
    [
      { ...sum.keep('job') },
      pods(1, {
        metadata: {
          generateName: 'sum-',
          finalizers: [TRACKING],
          labels: {
            'batch.kubernetes.io/controller-uid': '${job.metadata.uid}',
            'batch.kubernetes.io/job-name': 'sum',
            'controller-uid': '${job.metadata.uid}',
            'job-name': 'sum',
          },
          ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'sum', controller: true }],
        },
      }),
      sum.get({ status: { active: 1, ready: 1, terminating: 0 } }),
    ],
  ),
  jobCase(
    'a Job runs no more pods at once than it may',
    `${PAGE}#parallel-jobs`,
    job(ENDLESS, { completions: 5, parallelism: 2 }),
    [
      sum.get({ status: { active: 2, ready: 2 } }),
      { ...all.list({ count: 2 }), staysMs: 10_000 },
      sum.change({ spec: { parallelism: 3 } }),
      all.list({ count: 3 }),
    ],
  ),
  jobCase(
    'a Job of several completions runs pods until they are reached',
    `${PAGE}#parallel-jobs`,
    job(GOOD, { completions: 3 }),
    [
      succeeded('CompletionsReached', 'Reached expected number of succeeded pods', { succeeded: 3 }),
      all.list({ count: 3 }),
    ],
  ),
  jobCase('pods of an indexed Job know their index', `${PAGE}#completion-mode`, job(ENDLESS, indexed(2)), [
    all.list({
      count: 2,
      some: [0, 1].map((index) => ({
        metadata: {
          name: new RegExp(`^sum-${index}-[a-z0-9]{5}$`),
          annotations: { [INDEX]: String(index) },
          labels: { [INDEX]: String(index) },
        },
        spec: {
          hostname: `sum-${index}`,
          containers: [
            {
              env: [
                {
                  name: 'JOB_COMPLETION_INDEX',
                  valueFrom: { fieldRef: { fieldPath: `metadata.labels['${INDEX}']` } },
                },
              ],
            },
          ],
        },
      })),
    }),
  ]),
  jobCase('completed indexes are written as ranges', `${JOBS_API}#JobStatus`, job(GOOD, indexed(5)), [
    sum.get({ status: { succeeded: 5, completedIndexes: '0-4' } }),
  ]),
  jobCase('a Job that fails too often fails', `${PAGE}#pod-backoff-failure-policy`, job(BAD, { backoffLimit: 1 }), [
    failed('BackoffLimitExceeded', 'Job has reached the specified backoff limit', { failed: 2 }),
    all.list({ count: 2 }),
    isEnded('Job', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit', 'Warning'),
  ]),
  jobCase('a failed pod is replaced after ten seconds', `${PAGE}#pod-backoff-failure-policy`, job(BAD), [
    sum.get({ status: { failed: 1 } }),
    { ...all.list({ count: 1 }), staysMs: 5000 },
    all.list({ count: 2 }, 15_000),
  ]),
  jobCase(
    'a Job that takes too long fails, its pods with it',
    `${PAGE}#job-termination-and-cleanup`,
    job(ENDLESS, { activeDeadlineSeconds: 15 }),
    [
      sum.get({ status: { ready: 1 } }),
      failed('DeadlineExceeded', 'Job was active longer than specified deadline', { failed: 1, active: ABSENT }),
      all.list({ count: 0 }),
      isEnded('Job', 'DeadlineExceeded', 'Job was active longer than specified deadline', 'Warning'),
    ],
  ),
  jobCase(
    'a suspended Job has no pods until it is resumed',
    `${PAGE}#suspending-a-job`,
    job(ENDLESS, { suspend: true }),
    [
      sum.get({
        status: {
          startTime: ABSENT,
          conditions: [{ type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' }],
        },
      }),
      isEnded('Job', 'Suspended', 'Job suspended'),
      { ...all.list({ count: 0 }), staysMs: 5000 },
      sum.change({ spec: { suspend: false } }),
      sum.get({
        status: {
          startTime: /Z$/,
          active: 1,
          conditions: [{ type: 'Suspended', status: 'False', reason: 'JobResumed', message: 'Job resumed' }],
        },
      }),
      isEnded('Job', 'Resumed', 'Job resumed'),
      sum.change({ spec: { suspend: true } }),
      all.list({ count: 0 }),
      sum.get({ status: { active: ABSENT, failed: ABSENT } }),
    ],
  ),
  jobCase(
    'a failure policy can fail a Job at once',
    `${PAGE}#pod-failure-policy`,
    job(BAD, {
      podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [3] } }] },
    }),
    [
      failed(
        'PodFailurePolicy',
        /^Container sum for pod shop\/sum-[a-z0-9]{5} failed with exit code 3 matching FailJob rule at index 0$/,
        { failed: 1 },
      ),
      all.list({ count: 1 }),
    ],
  ),
  jobCase(
    'an index that fails too often leaves the others alone',
    `${PAGE}#backoff-limit-per-index`,
    job(BAD, indexed(2, { backoffLimitPerIndex: 0 })),
    [failed('FailedIndexes', 'Job has failed indexes', { failed: 2, failedIndexes: '0,1', completedIndexes: ABSENT })],
  ),
  jobCase(
    'more failed indexes than allowed fail a Job',
    `${PAGE}#backoff-limit-per-index`,
    job(BAD, indexed(3, { backoffLimitPerIndex: 0, maxFailedIndexes: 0, parallelism: 1 })),
    [
      failed('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes', {
        failedIndexes: '0',
        failed: 1,
      }),
    ],
  ),
  jobCase(
    'a success policy ends a Job early',
    `${PAGE}#success-policy`,
    job(GOOD, indexed(3, { parallelism: 1, successPolicy: { rules: [{ succeededIndexes: '0' }] } })),
    [
      succeeded('SuccessPolicy', 'Matched rules at index 0', { succeeded: 1, completedIndexes: '0' }),
      isEnded('Job', 'Completed', 'Job completed'),
    ],
  ),
  jobCase(
    'an ended Job goes after its time to live, its pods with it',
    'https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/',
    job(GOOD, { ttlSecondsAfterFinished: 20 }),
    [
      sum.get({ status: { completionTime: /Z$/ } }),
      { passMs: 10_000 },
      sum.get({ status: { succeeded: 1 } }, 0),
      sum.gone(),
      all.list({ count: 0 }),
    ],
  ),
  jobCase(
    'a pod being deleted is replaced once it has failed, where only failed ones are replaced',
    `${PAGE}#pod-replacement-policy`,
    job(BROKEN_IMAGE, { podReplacementPolicy: 'Failed' }),
    [
      pods(1, { status: { phase: 'Pending' } }),
      all.all({}, 'before'),
      { verb: 'delete', resource: 'v1/pods', namespace: 'shop', name: '${before.items.0.metadata.name}' },
      all.list({ count: 1, none: [{ metadata: { uid: '${before.items.0.metadata.uid}' } }] }, SOON),
    ],
  ),
];
