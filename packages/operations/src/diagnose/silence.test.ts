/** Never cry wolf: scenes of healthy clusters, each looked at by every rule, none of which may find anything. */
import { describe, expect, it } from 'vitest';
import {
  ago,
  brief,
  condition,
  daemonSet,
  DAY,
  deployment,
  event,
  findingsIn,
  job,
  jobPod,
  node,
  object,
  ownedBy,
  pod,
  replicaSet,
  service,
  state,
  statefulSet,
} from './scene.suite.ts';

const whole = [deployment(1, 1), replicaSet('web-1', 1, 1)];
const young = (name: string, statuses: Parameters<typeof pod>[1]) => pod(name, { age: 2, unreadyFor: 2, ...statuses });
const failed = (name: string, owner: string) =>
  jobPod(name, owner, { phase: 'Failed', statuses: [state.ended(1, 'Error')] });
const progressing = (minutes: number) => ({
  conditions: [
    condition('Progressing', 'True', minutes, { reason: 'ReplicaSetUpdated', lastUpdateTime: ago(minutes) }),
    condition('Available', 'False', minutes),
  ],
});

describe('containers', () => {
  const sidecar = { name: 'proxy', image: 'proxy:1', restartPolicy: 'Always' };
  it.each<[string, readonly unknown[]]>([
    [
      'a native sidecar that runs beside a ready container',
      [
        ...whole,
        pod('web-1-a', {
          spec: { initContainers: [sidecar] },
          status: { initContainerStatuses: [state.running({ name: 'proxy' })] },
        }),
      ],
    ],
    [
      'init containers that have done their work',
      [
        ...whole,
        pod('web-1-a', {
          spec: { initContainers: [{ name: 'migrate', image: 'm:1' }] },
          status: {
            initContainerStatuses: [state.ended(0, 'Completed', 590, { name: 'migrate', ready: true })],
          },
        }),
      ],
    ],
    [
      'a debugging container that ended with an error',
      [
        ...whole,
        pod('web-1-a', {
          spec: { ephemeralContainers: [{ name: 'debugger', image: 'busybox' }] },
          status: { ephemeralContainerStatuses: [state.ended(137, 'Error', 20, { name: 'debugger' })] },
        }),
      ],
    ],
    [
      'many restarts, all of them long ago',
      [
        ...whole,
        pod('web-1-a', { statuses: [state.running({ restartCount: 42, ...state.last(1, 'Error', 5 * DAY) })] }),
      ],
    ],
    [
      'an OOM kill of last week',
      [
        ...whole,
        pod('web-1-a', { statuses: [state.running({ restartCount: 1, ...state.last(137, 'OOMKilled', 5 * DAY) })] }),
      ],
    ],
    [
      'a few restarts today',
      [...whole, pod('web-1-a', { statuses: [state.running({ restartCount: 2, ...state.last(1, 'Error', 60) })] })],
    ],
    [
      'a container lost with a node that came back',
      [
        ...whole,
        pod('web-1-a', {
          statuses: [state.running({ restartCount: 1, ...state.last(137, 'ContainerStatusUnknown', 60) })],
        }),
      ],
    ],
    [
      'an image that is still being pulled',
      [...whole, young('web-1-a', { phase: 'Pending', statuses: [state.waiting('ContainerCreating')] })],
    ],
    [
      'a first failure to pull',
      [...whole, young('web-1-a', { phase: 'Pending', statuses: [state.waiting('ErrImagePull')] })],
    ],
    [
      'a slow start that its startup probe allows',
      [
        deployment(1, 0, { spec: { progressDeadlineSeconds: 1800 }, status: progressing(9) }),
        replicaSet('web-1', 1, 0),
        pod('web-1-a', {
          age: 9,
          unreadyFor: 9,
          containers: [{ name: 'app', image: 'web:1', startupProbe: { periodSeconds: 10, failureThreshold: 60 } }],
          statuses: [state.running({ ready: false, started: false }, 9)],
        }),
      ],
    ],
    [
      'one of two containers that ended well and is not to be restarted',
      [
        object('v1', 'Pod', 'tool', {
          metadata: { namespace: 'kube-system' },
          spec: { nodeName: 'n1', restartPolicy: 'OnFailure', containers: [{ name: 'app' }, { name: 'b' }] },
          status: {
            phase: 'Running',
            conditions: [condition('Ready', 'True', 500)],
            containerStatuses: [state.ended(0, 'Completed'), state.running({ name: 'b' })],
          },
        }),
      ],
    ],
  ])('%s', (_, objects) => {
    expect(brief(findingsIn([node(), ...objects]))).toEqual([]);
  });
});

describe('jobs', () => {
  it.each<[string, readonly unknown[]]>([
    ['a Job that retries', [job('sum', { backoffLimit: 6 }, { active: 1, failed: 1 }), failed('sum-a', 'sum')]],
    [
      'a Job that succeeded in the end',
      [
        job('sum', {}, { succeeded: 1, failed: 2, conditions: [condition('Complete', 'True')] }),
        failed('sum-a', 'sum'),
        failed('sum-b', 'sum'),
        jobPod('sum-c', 'sum', { phase: 'Succeeded', statuses: [state.ended(0, 'Completed')] }),
      ],
    ],
    [
      'a succeeded pod whose sidecar was ended by a signal',
      [
        job('sum', {}, { succeeded: 1, conditions: [condition('Complete', 'True')] }),
        jobPod('sum-a', 'sum', {
          phase: 'Succeeded',
          statuses: [state.ended(0, 'Completed')],
          spec: { initContainers: [{ name: 'proxy', restartPolicy: 'Always' }] },
          status: { initContainerStatuses: [state.ended(137, 'Error', 30, { name: 'proxy' })] },
        }),
      ],
    ],
    [
      'an indexed Job that goes on after one index failed',
      [
        job(
          'shards',
          {
            completionMode: 'Indexed',
            completions: 5,
            parallelism: 2,
            backoffLimitPerIndex: 1,
            backoffLimit: 2147483647,
          },
          { active: 2, succeeded: 2, failed: 2, failedIndexes: '1' },
        ),
        failed('shards-1-a', 'shards'),
        failed('shards-1-b', 'shards'),
      ],
    ],
    [
      'a failed run of a CronJob that a later one made good',
      [
        object('batch/v1', 'CronJob', 'nightly', { spec: { schedule: '0 3 * * *' } }),
        job(
          'nightly-1',
          {},
          { failed: 7, conditions: [condition('Failed', 'True')] },
          {
            ...ownedBy('CronJob', 'nightly'),
            creationTimestamp: ago(2 * DAY),
          },
        ),
        job(
          'nightly-2',
          {},
          { succeeded: 1, conditions: [condition('Complete', 'True')] },
          {
            ...ownedBy('CronJob', 'nightly'),
            creationTimestamp: ago(DAY),
          },
        ),
        failed('nightly-1-a', 'nightly-1'),
      ],
    ],
    [
      'a Job that was not read, a pod of which succeeded',
      [failed('sum-a', 'sum'), jobPod('sum-b', 'sum', { phase: 'Succeeded', statuses: [state.ended(0, 'Completed')] })],
    ],
    [
      'an init container of a Job that takes its time',
      [
        job('load', {}, { active: 1 }),
        jobPod('load-a', 'load', {
          phase: 'Pending',
          spec: { initContainers: [{ name: 'fetch' }] },
          statuses: [state.waiting('PodInitializing')],
          status: { initContainerStatuses: [state.running({ name: 'fetch', ready: false })] },
        }),
      ],
    ],
  ])('%s', (_, objects) => {
    expect(brief(findingsIn([node(), ...objects]))).toEqual([]);
  });
});

describe('workloads', () => {
  it.each<[string, readonly unknown[]]>([
    [
      'a rollout within its deadline',
      [
        deployment(3, 2, { status: { updatedReplicas: 1, ...progressing(6) } }),
        replicaSet('web-2', 1, 0),
        replicaSet('web-1', 2, 2),
        pod('web-1-a'),
        pod('web-1-b'),
        young('web-2-a', { owner: ownedBy('ReplicaSet', 'web-2'), statuses: [state.running({ ready: false }, 2)] }),
      ],
    ],
    [
      'Recreate, between the old pods and the new ones',
      [
        deployment(2, 0, {
          spec: { strategy: { type: 'Recreate' } },
          status: { updatedReplicas: 0, ...progressing(1) },
        }),
        replicaSet('web-1', 0, 0),
        pod('web-1-a', { metadata: { deletionTimestamp: ago(-0.4) } }),
      ],
    ],
    [
      'paused in the middle of a rollout that serves',
      [
        deployment(2, 2, {
          spec: { paused: true },
          status: {
            updatedReplicas: 1,
            conditions: [condition('Progressing', 'Unknown', DAY, { reason: 'DeploymentPaused' })],
          },
        }),
        replicaSet('web-1', 1, 1),
        replicaSet('web-2', 1, 1),
        pod('web-1-a'),
        pod('web-2-a', { owner: ownedBy('ReplicaSet', 'web-2') }),
      ],
    ],
    [
      'an autoscaler that has just asked for more',
      [
        deployment(3, 1),
        replicaSet('web-1', 3, 1),
        pod('web-1-a'),
        young('web-1-b', { statuses: [state.running({ ready: false }, 1)] }),
        young('web-1-c', { statuses: [state.running({ ready: false }, 1)] }),
      ],
    ],
    [
      'ready pods that minReadySeconds does not count yet',
      [
        deployment(2, 0, { spec: { minReadySeconds: 900 }, status: { readyReplicas: 2 } }),
        replicaSet('web-1', 2, 2),
        pod('web-1-a', { age: 12, unreadyFor: 11 }),
        pod('web-1-b', { age: 12, unreadyFor: 11 }),
      ],
    ],
    [
      'OnDelete, waiting for somebody to delete',
      [
        statefulSet(1, 1, {
          spec: { updateStrategy: { type: 'OnDelete' } },
          status: { updatedReplicas: 0, currentRevision: 'db-1', updateRevision: 'db-2' },
        }),
        pod('db-0', { owner: ownedBy('StatefulSet', 'db') }),
        daemonSet(1, 1, { spec: { updateStrategy: { type: 'OnDelete' } }, status: { updatedNumberScheduled: 0 } }),
        pod('agent-a', { owner: ownedBy('DaemonSet', 'agent') }),
      ],
    ],
    [
      'an update held back by a partition',
      [
        statefulSet(3, 3, {
          spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 3 } } },
          status: { updatedReplicas: 0, currentRevision: 'db-1', updateRevision: 'db-2' },
        }),
        ...['db-0', 'db-1', 'db-2'].map((name) => pod(name, { owner: ownedBy('StatefulSet', 'db') })),
      ],
    ],
    ['old ReplicaSets', [deployment(1, 1), replicaSet('web-0', 0, 0), replicaSet('web-1', 1, 1), pod('web-1-a')]],
    [
      'a pod that takes its hour to end',
      [
        ...whole,
        pod('web-1-a'),
        pod('web-1-b', { metadata: { deletionTimestamp: ago(-40) }, spec: { terminationGracePeriodSeconds: 3600 } }),
      ],
    ],
    [
      'pods that were evicted long ago, with their place taken',
      [
        ...whole,
        pod('web-1-a'),
        pod('web-1-old', {
          phase: 'Failed',
          age: 5 * DAY,
          ready: false,
          statuses: [],
          status: { reason: 'Evicted', message: 'The node was low on resource: memory. ', conditions: [] },
        }),
      ],
    ],
    [
      'a pod that failed last week, with its place taken',
      [...whole, pod('web-1-a'), pod('web-1-old', { phase: 'Failed', statuses: [state.ended(1, 'Error', 5 * DAY)] })],
    ],
    [
      'a manifest that was never applied',
      [
        object('apps/v1', 'Deployment', 'web', {
          metadata: { creationTimestamp: undefined },
          spec: {
            replicas: 3,
            selector: { matchLabels: { app: 'web' } },
            template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app' }] } },
          },
        }),
      ],
    ],
    [
      'a Deployment with all its pods, in a dump without ReplicaSets',
      [
        deployment(2, 1, { status: progressing(3) }),
        pod('web-1-a'),
        young('web-1-b', { statuses: [state.running({ ready: false }, 2)] }),
      ],
    ],
  ])('%s', (_, objects) => {
    expect(brief(findingsIn([node(), ...objects]))).toEqual([]);
  });
});

describe('nodes', () => {
  it.each<[string, readonly unknown[]]>([
    [
      'all conditions of a healthy GKE node',
      [
        node('n1', [
          ...[
            'FrequentUnregisterNetDevice',
            'FrequentKubeletRestart',
            'FrequentDockerRestart',
            'FrequentContainerdRestart',
            'KernelDeadlock',
            'ReadonlyFilesystem',
            'CorruptDockerOverlay2',
            'NetworkUnavailable',
            'MemoryPressure',
            'DiskPressure',
            'PIDPressure',
          ].map((type) => condition(type, 'False')),
          condition('Ready', 'True'),
        ]),
      ],
    ],
    [
      'conditions of distributions that mean health',
      [node('n1', [condition('Ready', 'True'), condition('EtcdIsVoter', 'True')])],
    ],
    ['a node that has not been ready for two minutes', [node('n1', [condition('Ready', 'False', 2)])]],
    [
      'a pod that the provider runs by itself',
      [
        node(),
        object('v1', 'Pod', 'guard', {
          metadata: { namespace: 'openshift-etcd' },
          spec: { nodeName: 'n1', containers: [{ name: 'app' }] },
          status: { phase: 'Running', conditions: [condition('Ready', 'True')], containerStatuses: [state.running()] },
        }),
      ],
    ],
    [
      'static pods, which belong to their node',
      [
        node(),
        object('v1', 'Pod', 'kube-proxy-n1', {
          metadata: {
            namespace: 'kube-system',
            annotations: { 'kubernetes.io/config.mirror': 'x' },
            ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n1', controller: true }],
          },
          spec: { nodeName: 'n1', containers: [{ name: 'app' }] },
          status: { phase: 'Running', conditions: [condition('Ready', 'True')], containerStatuses: [state.running()] },
        }),
      ],
    ],
  ])('%s', (_, objects) => {
    expect(brief(findingsIn(objects))).toEqual([]);
  });
});

describe('load balancers', () => {
  const balanced = { type: 'LoadBalancer' };
  it.each<[string, readonly unknown[]]>([
    [
      'a host name for an address',
      [service('web', balanced, { status: { loadBalancer: { ingress: [{ hostname: 'a.elb.amazonaws.com' }] } } })],
    ],
    [
      'types that get no address',
      [service('a', { type: 'NodePort' }), service('b', { type: 'ExternalName' }), service('c')],
    ],
    ['one that is two minutes old', [service('web', balanced, { metadata: { creationTimestamp: ago(2) } })]],
    [
      'one that is going',
      [
        service('web', balanced, {
          metadata: { deletionTimestamp: ago(30), finalizers: ['service.kubernetes.io/load-balancer-cleanup'] },
        }),
      ],
    ],
    ["one of another controller's class", [service('web', { ...balanced, loadBalancerClass: 'tailscale' })]],
  ])('%s', (_, objects) => {
    expect(brief(findingsIn(objects))).toEqual([]);
  });
});

it('a scale-up that was refused once, while no pod waits for a node', () => {
  const starting = young('web-1-a', { phase: 'Pending', statuses: [state.waiting('ContainerCreating')] });
  const refusal = event(
    starting,
    'FailedScaleUp',
    'Node scale up in zones us-central1-b associated with this pod failed: GCE quota exceeded. Pod is at risk of not being scheduled.',
    50,
  );
  expect(brief(findingsIn([node(), ...whole, starting, refusal]))).toEqual([]);
});

describe('quotas', () => {
  it.each<[string, { metric: string; region: string; limit: number; usage: number }]>([
    ['never granted', { metric: 'NVIDIA_T4_GPUS', region: 'us-central1', limit: 0, usage: 0 }],
    ['unlimited', { metric: 'CPUS', region: 'us-central1', limit: -1, usage: 500 }],
    ['huge', { metric: 'FIREWALLS', region: 'global', limit: 9e15, usage: 5000 }],
    ['half used', { metric: 'CPUS', region: 'us-central1', limit: 24, usage: 12 }],
  ])('%s', (_, quota) => {
    expect(brief(findingsIn([node()], { cloud: { quotas: [quota] } }))).toEqual([]);
  });
});

it('an event about what has passed is no finding of its own', () => {
  const one = pod('web-1-a');
  expect(
    brief(
      findingsIn([
        node(),
        ...whole,
        one,
        event(one, 'Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503'),
      ]),
    ),
  ).toEqual([]);
});
