/** Healthy Jobs, CronJobs, autoscalers and disruption budgets, each looked at by every rule: at most information. */
import { describe, expect, it } from 'vitest';
import {
  ago,
  brief,
  condition,
  DAY,
  deployment,
  findingsIn,
  job,
  jobPod,
  node,
  object,
  ownedBy,
  pod,
  replicaSet,
  state,
  statefulSet,
} from './scene.suite.ts';

const cron = (name: string, spec: object, status: object = {}) =>
  object('batch/v1', 'CronJob', name, { spec: { schedule: '0 3 * * *', ...spec }, status });
const run = (name: string, owner: string, status: object, minutes: number) =>
  job(name, {}, status as never, { ...ownedBy('CronJob', owner), creationTimestamp: ago(minutes) });
const complete = { succeeded: 1, conditions: [condition('Complete', 'True')] };
const failed = { failed: 7, conditions: [condition('Failed', 'True', 60, { reason: 'BackoffLimitExceeded' })] };

describe('jobs', () => {
  it.each<[string, readonly unknown[], readonly string[]]>([
    [
      'a suspended Job',
      [job('later', { suspend: true }, { conditions: [condition('Suspended', 'True')] })],
      ['info job-suspended later'],
    ],
    [
      'a suspended CronJob, whatever its schedule',
      [cron('held', { suspend: true, schedule: 'x' })],
      ['info cron-job-suspended held'],
    ],
    [
      'a CronJob whose first start is not due',
      [
        object('batch/v1', 'CronJob', 'new', {
          metadata: { creationTimestamp: ago(60) },
          spec: { schedule: '@yearly' },
          status: {},
        }),
      ],
      ['info cron-job-never-ran new'],
    ],
    [
      'a CronJob with its history, one run of which failed before the last',
      [
        cron('nightly', {}, { lastScheduleTime: ago(9 * 60), lastSuccessfulTime: ago(9 * 60 - 1) }),
        run('nightly-3', 'nightly', complete, 9 * 60),
        run('nightly-2', 'nightly', failed, 9 * 60 + DAY),
        run('nightly-1', 'nightly', failed, 9 * 60 + 2 * DAY),
        jobPod('nightly-2-a', 'nightly-2', { phase: 'Failed', statuses: [state.ended(1, 'Error', DAY)] }),
      ],
      [],
    ],
    [
      'a run that waits for the one before it',
      [
        cron(
          'long',
          { schedule: '*/10 * * * *', concurrencyPolicy: 'Forbid' },
          { active: [{ name: 'long-1' }], lastScheduleTime: ago(180) },
        ),
        run('long-1', 'long', { active: 1, startTime: ago(180) }, 180),
        jobPod('long-1-a', 'long-1', { age: 180 }),
      ],
      [],
    ],
    [
      'an event about a start that was missed and made up for',
      [
        cron('often', { schedule: '*/10 * * * *' }, { lastScheduleTime: ago(0), lastSuccessfulTime: ago(5) }),
        object('v1', 'Event', 'often.1', {
          involvedObject: { kind: 'CronJob', name: 'often', namespace: 'shop' },
          type: 'Warning',
          reason: 'MissSchedule',
          message: 'Missed scheduled time to start a job: Sat, 27 Sep 2025 11:30:00 +0000',
          lastTimestamp: ago(29),
        }),
      ],
      [],
    ],
  ])('%s', (_, objects, expected) => {
    expect(brief(findingsIn([node(), ...objects]))).toEqual(expected);
  });
});

describe('autoscalers', () => {
  const requests = { containers: [{ name: 'app', resources: { requests: { cpu: '100m' } } }] };
  const web = [
    deployment(2, 2, { spec: { template: { metadata: { labels: { app: 'web' } }, spec: requests } } }),
    replicaSet('web-1', 2, 2),
    pod('web-1-a', { spec: requests }),
    pod('web-1-b', { spec: requests }),
  ];
  const hpa = (spec: object, status: object) =>
    object('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', {
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 5, ...spec },
      status: { currentReplicas: 2, desiredReplicas: 2, lastScaleTime: ago(DAY), ...status },
    });
  const healthy = [
    condition('AbleToScale', 'True', 60, { reason: 'ReadyForNewScale' }),
    condition('ScalingActive', 'True', 60, { reason: 'ValidMetricFound' }),
    condition('ScalingLimited', 'False', 60, { reason: 'DesiredWithinRange' }),
  ];
  it.each<[string, readonly unknown[], readonly string[]]>([
    ['within its range', [...web, hpa({}, { conditions: healthy })], []],
    [
      'at its minimum',
      [
        ...web,
        hpa(
          { minReplicas: 2 },
          {
            conditions: [...healthy.slice(0, 2), condition('ScalingLimited', 'True', 60, { reason: 'TooFewReplicas' })],
          },
        ),
      ],
      [],
    ],
    [
      'pausing after a change',
      [
        ...web,
        hpa(
          {},
          {
            conditions: [condition('AbleToScale', 'True', 60, { reason: 'ScaleDownStabilized' }), ...healthy.slice(1)],
          },
        ),
      ],
      [],
    ],
    [
      'that adds pods as fast as it may',
      [
        ...web,
        hpa(
          {},
          { conditions: [...healthy.slice(0, 2), condition('ScalingLimited', 'True', 60, { reason: 'ScaleUpLimit' })] },
        ),
      ],
      ['info hpa-scaling-limited web'],
    ],
    [
      'without metrics for a minute',
      [
        ...web,
        hpa(
          {},
          {
            conditions: [
              condition('ScalingActive', 'False', 1, {
                reason: 'FailedGetResourceMetric',
                message: 'did not receive metrics for targeted pods (pods might be unready)',
              }),
            ],
          },
        ),
      ],
      [],
    ],
    [
      'that has asked for more five minutes ago',
      [...web, hpa({}, { desiredReplicas: 4, lastScaleTime: ago(5), conditions: healthy })],
      [],
    ],
    [
      'a manifest beside that of its Deployment',
      [
        ...web,
        object('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', {
          metadata: { creationTimestamp: undefined },
          spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 4 },
        }),
      ],
      [],
    ],
  ])('%s', (_, objects, expected) => {
    expect(brief(findingsIn([node(), ...objects]))).toEqual(expected);
  });
});

describe('disruption budgets', () => {
  const web = (ready: number) => [
    deployment(2, ready),
    replicaSet('web-1', 2, ready),
    pod('web-1-a'),
    pod('web-1-b', ready === 2 ? {} : { age: 2, unreadyFor: 2, statuses: [state.running({ ready: false }, 2)] }),
  ];
  const budget = (spec: object, status: object = {}) =>
    object('policy/v1', 'PodDisruptionBudget', 'web', {
      spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
      status,
    });
  const counts = (
    disruptionsAllowed: number,
    currentHealthy: number,
    desiredHealthy: number,
    expectedPods: number,
  ) => ({
    observedGeneration: 1,
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods,
    conditions: [condition('DisruptionAllowed', disruptionsAllowed > 0 ? 'True' : 'False', 60)],
  });
  it.each<[string, readonly unknown[], readonly string[]]>([
    ['that allows one of two to go', [...web(2), budget({ maxUnavailable: 1 }, counts(1, 2, 1, 2))], []],
    ['whose second pod has just started', [...web(1), budget({ minAvailable: 2 }, counts(0, 1, 2, 2))], []],
    [
      'that lets none go, while nobody drains',
      [...web(2), budget({ minAvailable: 2 }, counts(0, 2, 2, 2))],
      ['low disruption-budget-blocks-drain web'],
    ],
    ['a manifest', [...web(2), budget({ minAvailable: 1 })], []],
    ['in a namespace whose pods were not read', [budget({ minAvailable: 1 })], []],
  ])('%s', (_, objects, expected) => {
    expect(brief(findingsIn([node(), ...objects]))).toEqual(expected);
  });
});

describe('workloads', () => {
  it('scaled to zero, with what they said before', () => {
    const asleep = deployment(0, 0, {
      status: {
        conditions: [
          condition('Available', 'False'),
          condition('Progressing', 'False', 60, { reason: 'ProgressDeadlineExceeded' }),
        ],
      },
    });
    expect(brief(findingsIn([node(), asleep, replicaSet('web-1', 0, 0), statefulSet(0, 0)]))).toEqual([
      'info workload-scaled-to-zero web',
      'info workload-scaled-to-zero db',
    ]);
  });
  it('that wait for an image which is slow to come', () => {
    const slow = pod('web-1-a', {
      age: 2,
      unreadyFor: 2,
      phase: 'Pending',
      statuses: [
        state.waiting(
          'ErrImagePull',
          'rpc error: code = DeadlineExceeded desc = failed to pull and unpack image "web:1": context deadline exceeded',
        ),
      ],
    });
    expect(brief(findingsIn([node(), deployment(1, 0), replicaSet('web-1', 1, 0), slow]))).toEqual([]);
  });
});
