/** Faults of Jobs, CronJobs, autoscalers and disruption budgets, each looked at by every rule: exactly these findings. */
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
} from './scene.suite.ts';

const cron = (name: string, spec: object, status: object = {}) =>
  object('batch/v1', 'CronJob', name, { spec: { schedule: '0 3 * * *', ...spec }, status });
const failed = { failed: 7, conditions: [condition('Failed', 'True', 60, { reason: 'BackoffLimitExceeded' })] };
const run = (name: string, owner: string, status: object, minutes: number) =>
  job(name, {}, status as never, { ...ownedBy('CronJob', owner), creationTimestamp: ago(minutes) });

describe('jobs', () => {
  it.each<[string, readonly unknown[], readonly string[]]>([
    ['a failed Job without pods', [job('sum', {}, failed)], ['medium job-failed sum']],
    [
      'a Job that is out of time although no pod failed',
      [job('sum', {}, { conditions: [condition('Failed', 'True', 60, { reason: 'DeadlineExceeded' })] })],
      ['medium job-failed sum'],
    ],
    [
      'a CronJob of which two runs in a row failed',
      [
        cron('nightly', {}, { lastScheduleTime: ago(9 * 60), lastSuccessfulTime: ago(4 * DAY) }),
        run('nightly-2', 'nightly', failed, 9 * 60),
        run('nightly-1', 'nightly', failed, 9 * 60 + DAY),
        jobPod('nightly-2-a', 'nightly-2', { phase: 'Failed', statuses: [state.ended(1, 'Error')] }),
      ],
      [
        'high cron-job-failing nightly',
        'medium container-terminated-with-error nightly-2-a',
        'medium job-failed nightly-2',
      ],
    ],
    [
      'a CronJob that stopped starting',
      [cron('nightly', {}, { lastScheduleTime: ago(5 * DAY), lastSuccessfulTime: ago(5 * DAY) })],
      ['medium cron-job-missed nightly'],
    ],
    ['a CronJob that never started', [cron('nightly', {})], ['medium cron-job-never-ran nightly']],
    [
      'a schedule of six fields',
      [cron('nightly', { schedule: '0 0 3 * * *' })],
      ['high cron-job-schedule-invalid nightly'],
    ],
    [
      'a deadline before the start',
      [cron('nightly', { startingDeadlineSeconds: -1 }, { lastScheduleTime: ago(9 * 60) })],
      ['high cron-job-deadline-invalid nightly'],
    ],
    [
      'a Job that hangs and holds back its CronJob',
      [
        cron(
          'nightly',
          { concurrencyPolicy: 'Forbid' },
          { active: [{ name: 'nightly-1' }], lastScheduleTime: ago(3 * DAY) },
        ),
        run('nightly-1', 'nightly', { active: 1, startTime: ago(3 * DAY) }, 3 * DAY),
        jobPod('nightly-1-a', 'nightly-1', { age: 3 * DAY }),
      ],
      ['medium job-not-completed nightly-1'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(brief(findingsIn([node(), ...objects]))).toEqual(expected);
  });
});

describe('autoscalers', () => {
  const web = [deployment(1, 1), replicaSet('web-1', 1, 1), pod('web-1-a')];
  const hpa = (target: object, status: object = {}) =>
    object('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', {
      spec: { scaleTargetRef: target, maxReplicas: 5 },
      status,
    });
  const toWeb = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  it.each<[string, readonly unknown[], readonly string[]]>([
    ['of a Deployment that does not exist', [...web, hpa({ ...toWeb, name: 'shop' })], ['high hpa-target-missing web']],
    [
      'of a StatefulSet where none was read',
      [...web, hpa({ ...toWeb, kind: 'StatefulSet' })],
      ['low hpa-target-missing web'],
    ],
    ['of a DaemonSet', [...web, hpa({ ...toWeb, kind: 'DaemonSet' })], ['high hpa-target-unsupported web']],
    ['of pods without requests', [...web, hpa(toWeb)], ['medium hpa-requests-missing web']],
    [
      'of a missing target, with all that follows from it',
      [
        ...web,
        hpa(
          { ...toWeb, name: 'shop' },
          {
            conditions: [
              condition('AbleToScale', 'False', 60, {
                reason: 'FailedGetScale',
                message:
                  'the HPA controller was unable to get the target\'s current scale: deployments/scale.apps "shop" not found',
              }),
            ],
          },
        ),
      ],
      ['high hpa-target-missing web'],
    ],
    [
      'without metrics, for want of requests',
      [
        ...web,
        hpa(toWeb, {
          conditions: [
            condition('ScalingActive', 'False', 60, {
              reason: 'FailedGetResourceMetric',
              message: 'missing request for cpu in container app of Pod web-1-a',
            }),
          ],
        }),
      ],
      ['medium hpa-metrics-unavailable web', 'medium hpa-requests-missing web'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(brief(findingsIn([node(), ...objects]))).toEqual(expected);
  });
});

describe('disruption budgets', () => {
  const budget = (name: string, app: string, status: object) =>
    object('policy/v1', 'PodDisruptionBudget', name, {
      spec: { minAvailable: 2, selector: { matchLabels: { app } } },
      status: { observedGeneration: 1, ...status },
    });
  const closed = [condition('DisruptionAllowed', 'False', 60, { reason: 'InsufficientPods' })];
  it.each<[string, readonly unknown[], readonly string[]]>([
    [
      'with a pod that is not ready, beside what says so of the pod',
      [
        deployment(2, 1),
        replicaSet('web-1', 2, 1),
        pod('web-1-a'),
        pod('web-1-b', { statuses: [state.running({ ready: false })] }),
        budget('web', 'web', {
          disruptionsAllowed: 0,
          currentHealthy: 1,
          desiredHealthy: 2,
          expectedPods: 2,
          conditions: closed,
        }),
      ],
      [
        'high deployment-unavailable web',
        'medium container-not-ready web-1-b',
        'medium disruption-budget-unhealthy web',
      ],
    ],
    [
      'that wants more than its workload has',
      [
        deployment(1, 1),
        replicaSet('web-1', 1, 1),
        pod('web-1-a'),
        budget('web', 'web', {
          disruptionsAllowed: 0,
          currentHealthy: 1,
          desiredHealthy: 2,
          expectedPods: 1,
          conditions: closed,
        }),
      ],
      ['medium disruption-budget-unhealthy web'],
    ],
    [
      'without pods',
      [
        deployment(1, 1),
        replicaSet('web-1', 1, 1),
        pod('web-1-a'),
        budget('old', 'old', { expectedPods: 0, conditions: closed }),
      ],
      ['low disruption-budget-selects-nothing old'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(brief(findingsIn([node(), ...objects]))).toEqual(expected);
  });
});

describe('pods', () => {
  const starting = [deployment(1, 0), replicaSet('web-1', 1, 0)];
  const young = (reason: string, message: string) =>
    pod('web-1-a', { age: 1, unreadyFor: 1, phase: 'Pending', statuses: [state.waiting(reason, message)] });
  it.each<[string, readonly unknown[], readonly string[]]>([
    [
      'a minute old, whose image does not exist',
      [
        ...starting,
        young(
          'ImagePullBackOff',
          'Back-off pulling image "web:9": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "web:9": failed to resolve reference "web:9": web:9: not found',
        ),
      ],
      ['high container-image-pull-failed web-1-a'],
    ],
    [
      'a minute old, whose registry refuses',
      [
        ...starting,
        young(
          'ImagePullBackOff',
          'Back-off pulling image "r.io/web:9": ErrImagePull: failed to authorize: 401 Unauthorized',
        ),
      ],
      ['high container-image-pull-failed web-1-a'],
    ],
    [
      'a minute old, with a name that is none',
      [...starting, young('InvalidImageName', 'Failed to apply default image tag "web:9:9"')],
      ['high container-image-pull-failed web-1-a'],
    ],
    [
      'on a node that is gone',
      [deployment(2, 2), replicaSet('web-1', 2, 2), pod('web-1-a'), pod('web-1-b', { spec: { nodeName: 'n9' } })],
      ['medium pod-on-missing-node web-1-b'],
    ],
    [
      'that cannot be resized',
      [
        deployment(1, 1),
        replicaSet('web-1', 1, 1),
        pod('web-1-a', {
          status: {
            conditions: [
              condition('Ready', 'True'),
              condition('PodResizePending', 'True', 60, { reason: 'Infeasible' }),
            ],
          },
        }),
      ],
      ['medium pod-resize-pending web-1-a'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(brief(findingsIn([node(), ...objects]))).toEqual(expected);
  });
});

/** Objects as tests and hand-written dumps hold them: a status without the rest, and nothing that says when. */
describe('parts of objects', () => {
  const bare = (apiVersion: string, kind: string, rest: object) => ({
    apiVersion,
    kind,
    metadata: { name: 'x', namespace: 'shop' },
    ...rest,
  });
  const bad = (objects: readonly unknown[]) =>
    findingsIn(objects)
      .filter(({ severity }) => severity !== 'info')
      .map(({ severity, code }) => `${severity} ${code}`);
  const about = (reason: string) => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'x.1', namespace: 'shop' },
    involvedObject: { kind: 'Pod', name: 'x', namespace: 'shop' },
    type: 'Warning',
    reason,
    message: 'the detail stands here',
  });
  const waitingFor = (reason: string, more: object = {}) => ({
    name: 'app',
    ready: false,
    state: { waiting: { reason } },
    ...more,
  });
  it.each<[string, readonly unknown[], readonly string[]]>([
    [
      'a pod of which only the scheduler has spoken',
      [
        bare('v1', 'Pod', {
          status: {
            phase: 'Pending',
            conditions: [
              {
                type: 'PodScheduled',
                status: '',
                reason: 'Unschedulable',
                message: '0/1 nodes are available: 1 Insufficient cpu.',
              },
            ],
          },
        }),
      ],
      ['high pod-unschedulable'],
    ],
    [
      'an evicted pod without a phase',
      [bare('v1', 'Pod', { status: { reason: 'Evicted', message: 'The node had condition: [DiskPressure]. ' } })],
      ['medium pod-evicted'],
    ],
    [
      'a container that only the status knows, and that fails its probe',
      [
        bare('v1', 'Pod', { status: { phase: 'Running', containerStatuses: [{ name: 'app', ready: false }] } }),
        about('Unhealthy'),
      ],
      ['medium container-not-ready'],
    ],
    [
      'the same without a word about it',
      [bare('v1', 'Pod', { status: { phase: 'Running', containerStatuses: [{ name: 'app', ready: false }] } })],
      [],
    ],
    [
      'containers that crash and that cannot start',
      [
        bare('v1', 'Pod', {
          status: {
            phase: 'Pending',
            containerStatuses: [
              waitingFor('CrashLoopBackOff', { lastState: { terminated: { exitCode: 1, reason: 'Error' } } }),
              { ...waitingFor('PreStartHookError'), name: 'other' },
            ],
          },
        }),
      ],
      ['high container-crash-loop', 'high container-start-failed'],
    ],
    [
      'a container that is being created, with what keeps it',
      [
        bare('v1', 'Pod', { status: { phase: 'Pending', containerStatuses: [waitingFor('ContainerCreating')] } }),
        about('FailedCreatePodSandBox'),
      ],
      ['high pod-sandbox-failed'],
    ],
    [
      'containers that ended with errors',
      [
        bare('v1', 'Pod', {
          status: { phase: 'Failed', containerStatuses: [{ name: 'app', state: { terminated: { exitCode: 2 } } }] },
        }),
      ],
      ['medium container-terminated-with-error'],
    ],
    [
      'a Deployment with counts alone',
      [bare('apps/v1', 'Deployment', { spec: { replicas: 3 }, status: { replicas: 2, availableReplicas: 1 } })],
      ['high deployment-unavailable'],
    ],
    ['a Deployment that no controller has looked at', [bare('apps/v1', 'Deployment', { spec: {}, status: {} })], []],
    [
      'a ReplicaSet whose pods are refused',
      [
        bare('apps/v1', 'ReplicaSet', {
          spec: {},
          status: {
            replicas: 0,
            conditions: [{ type: 'ReplicaFailure', status: '', reason: 'FailedCreate', message: 'refused' }],
          },
        }),
      ],
      ['high replica-creation-failed'],
    ],
    [
      'a ReplicaSet with another condition',
      [
        bare('apps/v1', 'ReplicaSet', {
          spec: {},
          status: { replicas: 0, conditions: [{ type: 'ReplicaFailure', status: '', reason: 'Other' }] },
        }),
      ],
      [],
    ],
    [
      'a DaemonSet that lacks a pod',
      [bare('apps/v1', 'DaemonSet', { spec: {}, status: { desiredNumberScheduled: 3, numberReady: 2 } })],
      ['high daemon-set-unavailable'],
    ],
    [
      'a DaemonSet with all its pods, without the labels of its template',
      [
        bare('apps/v1', 'DaemonSet', {
          spec: { selector: { matchLabels: { a: 'b' } }, template: { spec: { containers: [{ name: 'app' }] } } },
          status: { desiredNumberScheduled: 1, numberReady: 1 },
        }),
      ],
      [],
    ],
    [
      'a StatefulSet whose Service was not read',
      [bare('apps/v1', 'StatefulSet', { spec: { serviceName: 'db' }, status: { replicas: 0 } })],
      ['low stateful-set-service-missing'],
    ],
    ['a Job with a failed pod', [bare('batch/v1', 'Job', { spec: {}, status: { failed: 1 } })], ['low job-failed']],
    [
      'a Job that failed before a pod did',
      [
        bare('batch/v1', 'Job', {
          status: { conditions: [{ type: 'Failed', status: 'True', reason: 'DeadlineExceeded' }] },
        }),
      ],
      ['medium job-failed'],
    ],
    [
      'a budget that allows nothing and guards nothing',
      [
        bare('policy/v1', 'PodDisruptionBudget', {
          spec: { selector: { matchLabels: { a: 'b' } } },
          status: { conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods' }] },
        }),
      ],
      ['low disruption-budget-selects-nothing'],
    ],
    [
      'a budget without a word from its controller',
      [bare('policy/v1', 'PodDisruptionBudget', { spec: {}, status: { disruptionsAllowed: 0, expectedPods: 0 } })],
      [],
    ],
  ])('%s', (_, objects, expected) => {
    expect(bad(objects)).toEqual(expected);
  });
});
