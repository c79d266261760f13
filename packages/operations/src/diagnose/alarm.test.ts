/** Scenes of failures, each looked at by every rule: exactly these findings, at these severities, and no other. */
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

const short = [deployment(1, 0), replicaSet('web-1', 1, 0)];
const SHORT = 'high deployment-unavailable web';
const crashing = (exitCode: number, reason: string, message = '') =>
  state.waiting('CrashLoopBackOff', 'back-off 5m0s restarting failed container=app', {
    restartCount: 12,
    lastState: { terminated: { exitCode, reason, message, finishedAt: ago(3) } },
  });
const looping = (exitCode: number, reason: string, message = '') => [
  ...short,
  pod('web-1-a', { statuses: [crashing(exitCode, reason, message)] }),
];
const factOf = (objects: readonly unknown[], code: string) =>
  findingsIn([node(), ...objects]).find((finding) => finding.code === code)?.facts;

describe('exit codes of a crash loop', () => {
  it.each<[number, string, object]>([
    [1, 'Error', { cause: 'exit', exitCode: 1 }],
    [2, 'Error', { cause: 'exit', exitCode: 2 }],
    [126, 'Error', { cause: 'exit', exitCode: 126 }],
    [127, 'Error', { cause: 'exit', exitCode: 127 }],
    [130, 'Error', { cause: 'signal', signal: 2 }],
    [134, 'Error', { cause: 'signal', signal: 6 }],
    [137, 'Error', { cause: 'signal', signal: 9 }],
    [137, 'OOMKilled', { cause: 'oom' }],
    [139, 'Error', { cause: 'signal', signal: 11 }],
    [143, 'Error', { cause: 'signal', signal: 15 }],
    [255, 'Error', { cause: 'exit', exitCode: 255 }],
    [0, 'Completed', { cause: 'completed', exitCode: 0 }],
    [128, 'StartError', { cause: 'start-error' }],
  ])('%i with %s', (exitCode, reason, facts) => {
    expect(factOf(looping(exitCode, reason), 'container-crash-loop')).toMatchObject(facts);
  });
  it('137 by a liveness probe is no kill from outside', () => {
    const objects = looping(137, 'Error');
    const killing = event(objects[2] as never, 'Killing', 'Container app failed liveness probe, will be restarted', 4, {
      type: 'Normal',
    });
    expect(factOf([...objects, killing], 'container-crash-loop')).toMatchObject({ cause: 'liveness' });
  });
});

describe('containers', () => {
  const sidecar = { name: 'proxy', image: 'proxy:1', restartPolicy: 'Always' };
  it.each<[string, readonly unknown[], readonly string[]]>([
    ['a crash loop', looping(1, 'Error'), ['high container-crash-loop web-1-a', SHORT]],
    [
      'an OOM loop: its cause and its state',
      looping(137, 'OOMKilled'),
      ['high container-crash-loop web-1-a', 'high container-oom-killed web-1-a', SHORT],
    ],
    [
      'one OOM kill an hour ago',
      [
        deployment(1, 1),
        replicaSet('web-1', 1, 1),
        pod('web-1-a', { statuses: [state.running({ restartCount: 1, ...state.last(137, 'OOMKilled', 60) })] }),
      ],
      ['medium container-oom-killed web-1-a'],
    ],
    [
      'restarts all day long',
      [
        deployment(1, 1),
        replicaSet('web-1', 1, 1),
        pod('web-1-a', { statuses: [state.running({ restartCount: 40, ...state.last(1, 'Error', 20) })] }),
      ],
      ['low container-restarts-often web-1-a'],
    ],
    [
      'a native sidecar that crash-loops beside a ready container',
      [
        ...short,
        pod('web-1-a', {
          ready: false,
          spec: { initContainers: [sidecar] },
          status: { initContainerStatuses: [{ ...crashing(1, 'Error'), name: 'proxy' }] },
        }),
      ],
      ['high container-crash-loop web-1-a', SHORT],
    ],
    [
      'a native sidecar that does not become ready',
      [
        ...short,
        pod('web-1-a', {
          ready: false,
          spec: { initContainers: [sidecar] },
          status: { initContainerStatuses: [state.running({ name: 'proxy', ready: false })] },
        }),
      ],
      [SHORT, 'medium container-not-ready web-1-a'],
    ],
    [
      'an init container that waits for ever',
      [
        ...short,
        pod('web-1-a', {
          phase: 'Pending',
          spec: { initContainers: [{ name: 'wait-for-db', image: 'busybox' }] },
          statuses: [state.waiting('PodInitializing')],
          status: { initContainerStatuses: [state.running({ name: 'wait-for-db', ready: false })] },
        }),
      ],
      [SHORT, 'medium container-init-blocked web-1-a'],
    ],
    ...[
      'CreateContainerError',
      'RunContainerError',
      'PostStartHookError',
      'PreCreateHookError',
      'SomethingNewError',
    ].map((reason): [string, readonly unknown[], readonly string[]] => [
      `waiting with ${reason}`,
      [...short, pod('web-1-a', { phase: 'Pending', statuses: [state.waiting(reason, 'context deadline exceeded')] })],
      ['high container-start-failed web-1-a', SHORT],
    ]),
    ...[
      'ErrImagePull',
      'ImagePullBackOff',
      'InvalidImageName',
      'ErrImageNeverPull',
      'ImageInspectError',
      'RegistryUnavailable',
    ].map((reason): [string, readonly unknown[], readonly string[]] => [
      `waiting with ${reason}`,
      [...short, pod('web-1-a', { phase: 'Pending', statuses: [state.waiting(reason)] })],
      ['high container-image-pull-failed web-1-a', SHORT],
    ]),
    [
      'waiting with CreateContainerConfigError',
      [
        ...short,
        pod('web-1-a', {
          phase: 'Pending',
          statuses: [state.waiting('CreateContainerConfigError', 'secret "db" not found')],
        }),
      ],
      ['high container-config-error web-1-a', SHORT],
    ],
    [
      'a bare pod that is never restarted',
      [
        object('v1', 'Pod', 'once', {
          spec: { nodeName: 'n1', restartPolicy: 'Never', containers: [{ name: 'app' }] },
          status: { phase: 'Failed', containerStatuses: [state.ended(2, 'Error')] },
        }),
      ],
      ['medium container-terminated-with-error once'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(brief(findingsIn([node(), ...objects]))).toEqual(expected);
  });
});

describe('jobs', () => {
  const gone = (name: string, owner: string, minutes: number) =>
    jobPod(name, owner, { phase: 'Failed', statuses: [state.ended(1, 'Error', minutes)] });
  it.each<[string, readonly unknown[], readonly string[]]>([
    [
      'all attempts of a failed Job are one finding, about the newest, beside the Job itself',
      [
        job(
          'sum',
          { backoffLimit: 1 },
          { failed: 2, conditions: [condition('Failed', 'True', 60, { reason: 'BackoffLimitExceeded' })] },
        ),
        gone('sum-a', 'sum', 90),
        gone('sum-b', 'sum', 60),
      ],
      ['medium container-terminated-with-error sum-b', 'medium job-failed sum'],
    ],
    [
      'a podFailurePolicy that gave up at once',
      [
        job(
          'sum',
          {},
          { active: 1, failed: 1, conditions: [condition('FailureTarget', 'True', 1, { reason: 'PodFailurePolicy' })] },
        ),
        gone('sum-a', 'sum', 1),
      ],
      ['medium container-terminated-with-error sum-a', 'medium job-failed sum'],
    ],
    [
      'the last run of a CronJob, after one that succeeded',
      [
        object('batch/v1', 'CronJob', 'nightly', { spec: { schedule: '0 3 * * *' } }),
        job(
          'nightly-1',
          {},
          { succeeded: 1, conditions: [condition('Complete', 'True')] },
          { ...ownedBy('CronJob', 'nightly'), creationTimestamp: ago(2 * DAY) },
        ),
        job(
          'nightly-2',
          {},
          { failed: 7, conditions: [condition('Failed', 'True')] },
          { ...ownedBy('CronJob', 'nightly'), creationTimestamp: ago(DAY) },
        ),
        gone('nightly-2-a', 'nightly-2', 60),
      ],
      ['medium container-terminated-with-error nightly-2-a', 'medium job-failed nightly-2'],
    ],
    [
      'a pod past its activeDeadlineSeconds',
      [
        job('sum', {}, { failed: 1, conditions: [condition('Failed', 'True', 60, { reason: 'DeadlineExceeded' })] }),
        jobPod('sum-a', 'sum', {
          phase: 'Failed',
          ready: false,
          statuses: [],
          status: {
            reason: 'DeadlineExceeded',
            message: 'Pod was active on the node longer than the specified deadline',
          },
        }),
      ],
      ['medium job-failed sum', 'medium pod-failed sum-a'],
    ],
    [
      'an image that does not exist, however often the Job retries',
      [
        job('sum', {}, { active: 1 }),
        jobPod('sum-a', 'sum', { phase: 'Pending', statuses: [state.waiting('ImagePullBackOff')] }),
      ],
      ['high container-image-pull-failed sum-a'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(brief(findingsIn([node(), ...objects]))).toEqual(expected);
  });
});

describe('workloads', () => {
  const unready = (name: string, owner = ownedBy('ReplicaSet', 'web-1')) =>
    pod(name, { owner, statuses: [state.running({ ready: false })] });
  it.each<[string, readonly unknown[], readonly string[]]>([
    [
      'a total outage behind a Service',
      [service('web'), deployment(1, 0), replicaSet('web-1', 1, 0), unready('web-1-a')],
      [
        'critical deployment-unavailable web',
        'high service-without-endpoints web',
        'medium container-not-ready web-1-a',
      ],
    ],
    [
      'a partial outage',
      [service('web'), deployment(2, 1), replicaSet('web-1', 2, 1), pod('web-1-a'), unready('web-1-b')],
      [SHORT, 'medium container-not-ready web-1-b', 'low service-endpoints-not-ready web'],
    ],
    [
      'a rollout past its deadline while the old revision serves',
      [
        deployment(2, 2, {
          status: {
            updatedReplicas: 1,
            conditions: [condition('Progressing', 'False', 60, { reason: 'ProgressDeadlineExceeded' })],
          },
        }),
        replicaSet('web-1', 2, 2),
        replicaSet('web-2', 1, 0),
        pod('web-1-a'),
        pod('web-1-b'),
        unready('web-2-a', ownedBy('ReplicaSet', 'web-2')),
      ],
      ['high deployment-rollout-stuck web', 'medium container-not-ready web-2-a'],
    ],
    [
      'no deadline at all (the largest progressDeadlineSeconds)',
      [
        deployment(1, 0, { spec: { progressDeadlineSeconds: 2147483647 }, status: { conditions: [] } }),
        replicaSet('web-1', 1, 0),
        unready('web-1-a'),
      ],
      [SHORT, 'medium container-not-ready web-1-a'],
    ],
    [
      'a ReplicaSet that stands alone',
      [
        object('apps/v1', 'ReplicaSet', 'solo', { spec: { replicas: 1, selector: {} }, status: { replicas: 1 } }),
        unready('solo-a', ownedBy('ReplicaSet', 'solo')),
      ],
      ['high replica-set-unavailable solo', 'medium container-not-ready solo-a'],
    ],
    [
      'a StatefulSet whose first pod holds the others back',
      [statefulSet(3, 0, { status: { replicas: 1 } }), unready('db-0', ownedBy('StatefulSet', 'db'))],
      ['high stateful-set-unavailable db', 'medium container-not-ready db-0'],
    ],
    [
      'a DaemonSet without a ready pod on its node',
      [daemonSet(1, 0), unready('agent-a', ownedBy('DaemonSet', 'agent'))],
      ['high daemon-set-unavailable agent', 'medium container-not-ready agent-a'],
    ],
    [
      'a change that no controller has seen',
      [deployment(1, 1, { status: { observedGeneration: 3 } }), replicaSet('web-1', 1, 1), pod('web-1-a')].map(
        (one, i) =>
          i === 0
            ? {
                ...one,
                metadata: {
                  ...(one['metadata'] as object),
                  generation: 4,
                  managedFields: [{ manager: 'kubectl', operation: 'Update', time: ago(30) }],
                },
              }
            : one,
      ),
      ['medium workload-not-observed web'],
    ],
    [
      'a pod held by a finalizer',
      [
        deployment(1, 1),
        replicaSet('web-1', 1, 1),
        pod('web-1-a'),
        pod('web-1-b', { metadata: { deletionTimestamp: ago(90), finalizers: ['acme.io/drain'] } }),
      ],
      ['medium pod-stuck-terminating web-1-b'],
    ],
    [
      'pods evicted today, with their places taken: one finding',
      [
        deployment(1, 1),
        replicaSet('web-1', 1, 1),
        pod('web-1-ok'),
        ...['a', 'b', 'c'].map((x) =>
          pod(`web-1-${x}`, {
            phase: 'Failed',
            ready: false,
            statuses: [],
            status: { reason: 'Evicted', message: 'The node was low on resource: memory. ' },
          }),
        ),
      ],
      ['low pod-evicted web'],
    ],
    [
      'the same in a dump of pods alone',
      [
        pod('web-1-ok'),
        ...['a', 'b'].map((x) =>
          pod(`web-1-${x}`, {
            phase: 'Failed',
            ready: false,
            statuses: [],
            status: { reason: 'Evicted', message: 'The node was low on resource: memory. ' },
          }),
        ),
      ],
      ['low pod-evicted web-1'],
    ],
    [
      'a leftover whose place is taken: low today',
      [
        deployment(1, 1),
        replicaSet('web-1', 1, 1),
        pod('web-1-ok'),
        pod('web-1-a', { phase: 'Failed', statuses: [state.ended(137, 'Error', 120)] }),
      ],
      ['low container-terminated-with-error web-1-a'],
    ],
    [
      'leftovers of a node that was shut down in order',
      [
        deployment(1, 1),
        replicaSet('web-1', 1, 1),
        pod('web-1-ok'),
        pod('web-1-a', {
          phase: 'Failed',
          statuses: [state.ended(143, 'Error')],
          status: { reason: 'Terminated', message: 'Pod was terminated in response to imminent node shutdown.' },
        }),
      ],
      ['low pod-failed web-1-a'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(brief(findingsIn([node(), ...objects]))).toEqual(expected);
  });
});

describe('what a dump does not hold is not claimed', () => {
  it('of pods that were not read it does not say that they do not exist', () => {
    const findings = findingsIn([deployment(3, 1, { status: { conditions: [condition('Available', 'False')] } })]);
    expect(brief(findings)).toEqual([SHORT]);
    expect(findings[0]?.message).toBe('Deployment shop/web has 1 of 3 replicas available for 60 min.');
    expect(findings[0]?.facts).toMatchObject({ missing: 0 });
  });
  it('finds the pods of a Deployment by its selector where ReplicaSets were not read', () => {
    const late = pod('web-1-b', { statuses: [state.running({ ready: false })] });
    const [finding] = findingsIn([deployment(2, 1), pod('web-1-a'), late]);
    expect(finding?.message).toBe(
      'Deployment shop/web has 1 of 2 replicas available for 60 min (web-1-b is not ready).',
    );
  });
  it('of a ConfigMap in a namespace that was not dumped', () => {
    const stuck = pod('web-1-a', {
      phase: 'Pending',
      containers: [{ name: 'app', volumeMounts: [{ name: 'config', mountPath: '/c' }] }],
      spec: { volumes: [{ name: 'config', configMap: { name: 'settings' } }] },
      statuses: [state.waiting('ContainerCreating')],
    });
    const elsewhere = object('v1', 'ConfigMap', 'other', { metadata: { namespace: 'else' }, data: { a: 'b' } });
    expect(brief(findingsIn([node(), ...short, stuck, elsewhere]))).toEqual([
      SHORT,
      'medium pod-start-stalled web-1-a',
    ]);
  });
});

describe('nodes', () => {
  it('a lost node with workloads is critical; its pods are not blamed one by one', () => {
    const lost = pod('web-1-a', { ready: false, statuses: [state.running()] });
    expect(
      brief(
        findingsIn([
          node('n1', [condition('Ready', 'Unknown', 30), condition('DiskPressure', 'Unknown', 30)]),
          ...short,
          lost,
        ]),
      ),
    ).toEqual(['critical node-not-ready n1', SHORT]);
  });
});

describe('load balancers', () => {
  const waiting = service('web', { type: 'LoadBalancer' }, { metadata: { creationTimestamp: ago(60) } });
  const inCentral = object('v1', 'Node', 'n1', {
    metadata: { namespace: undefined, labels: { 'topology.kubernetes.io/region': 'us-central1' } },
    status: { conditions: [condition('Ready', 'True', DAY)] },
  });
  const full = (region: string) => ({
    cloud: { quotas: [{ metric: 'IN_USE_ADDRESSES', region, limit: 8, usage: 8 }] },
  });
  it('says that nobody has taken it up', () => {
    expect(findingsIn([waiting])[0]?.message).toBe(
      'Service shop/web has waited 60 min for an external address: no controller has taken it up.',
    );
  });
  it('blames a full quota of its own region, not of another one', () => {
    const cause = (region: string) =>
      findingsIn([inCentral, waiting], full(region)).find(({ code }) => code === 'load-balancer-pending')?.facts[
        'cause'
      ];
    expect([cause('us-central1'), cause('europe-west1')]).toEqual(['quota', undefined]);
  });
  it('takes a full quota of a region without nodes for information', () => {
    expect(brief(findingsIn([inCentral], full('europe-west1')))).toEqual([
      'info quota-exhausted europe-west1/IN_USE_ADDRESSES',
    ]);
  });
  it('does not blame an external quota for an internal address', () => {
    const internal = service(
      'web',
      { type: 'LoadBalancer' },
      {
        metadata: { annotations: { 'networking.gke.io/load-balancer-type': 'Internal' } },
      },
    );
    const [finding] = findingsIn([internal], full('us-central1')).filter(
      ({ code }) => code === 'load-balancer-pending',
    );
    expect(finding?.facts).toEqual({});
    expect(finding?.message).toContain('for an internal address');
  });
  it('counts a limit that was taken back while in use as reached', () => {
    const quotas = [{ metric: 'CPUS', region: 'us-central1', limit: 0, usage: 12 }];
    expect(brief(findingsIn([inCentral], { cloud: { quotas } }))).toEqual(['high quota-exhausted us-central1/CPUS']);
  });
});

describe('pods', () => {
  const unschedulable = (message: string, more: object = {}) =>
    pod('web-1-a', {
      phase: 'Pending',
      spec: { nodeName: undefined },
      statuses: [],
      status: {
        conditions: [condition('PodScheduled', 'False', 60, { reason: 'Unschedulable', message })],
        containerStatuses: undefined,
        ...more,
      },
    });
  const leaving = (more: object = {}) => pod('web-1-b', { metadata: { deletionTimestamp: ago(90) }, ...more });
  const healthy = [deployment(1, 1), replicaSet('web-1', 1, 1), pod('web-1-ok')];

  it.each<[string, string, object]>([
    [
      'cpu',
      '0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.',
      { classes: ['capacity'], resources: ['cpu'] },
    ],
    [
      'a taint',
      '0/3 nodes are available: 3 node(s) had untolerated taint {dedicated: gpu}. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
      { classes: ['taint'] },
    ],
    [
      'a selector',
      "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
      { classes: ['affinity'] },
    ],
    ['a claim', '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.', { classes: ['claim'] }],
    ['no nodes', 'no nodes available to schedule pods', { nodes: 0 }],
  ])('that no node takes for %s', (_, message, facts) => {
    const objects = [...short, unschedulable(message)];
    expect(brief(findingsIn([node(), ...objects]))).toEqual([SHORT, 'high pod-unschedulable web-1-a']);
    expect(factOf(objects, 'pod-unschedulable')).toMatchObject(facts);
  });
  it('waits ten minutes for a node that is on its way', () => {
    const waiting = unschedulable('0/1 nodes are available: 1 Insufficient cpu.');
    const scaling = (minutes: number) =>
      event(waiting, 'TriggeredScaleUp', 'pod triggered scale-up: [{pool-1 1->2 (max: 5)}]', minutes, {
        type: 'Normal',
      });
    const codes = (minutes: number) =>
      findingsIn([node(), ...short, waiting, scaling(minutes)]).map(({ code }) => code);
    expect(codes(4)).not.toContain('pod-unschedulable');
    expect(codes(15)).toContain('pod-unschedulable');
  });
  it('that no scheduler has looked at', () => {
    const ignored = unschedulable('', { conditions: undefined });
    expect(findingsIn([node(), ...short, ignored]).map(({ message }) => message)).toContainEqual(
      expect.stringContaining('no scheduler has looked at it'),
    );
  });
  it.each<[string, readonly unknown[], string]>([
    ['whose node is gone', [node('other'), leaving()], 'node-missing'],
    ['whose node is silent', [node('n1', [condition('Ready', 'Unknown', 3)]), leaving()], 'node-not-ready'],
    [
      'with a finalizer',
      [node(), leaving({ metadata: { deletionTimestamp: ago(90), finalizers: ['a/b'] } })],
      'finalizer',
    ],
    [
      'that the kubelet cannot end',
      [node(), leaving(), event(leaving(), 'FailedKillPod', 'error killing pod: timeout')],
      'kill-failed',
    ],
    ['for no visible reason', [node(), leaving()], 'unknown'],
  ])('stuck terminating %s', (_, objects, cause) => {
    const found = findingsIn([...healthy, ...objects]).find(({ code }) => code === 'pod-stuck-terminating');
    expect(found?.facts).toMatchObject({ cause });
  });
  it('in system namespaces are not hidden', () => {
    const agent = pod('dns-a', { statuses: [crashing(1, 'Error')], metadata: { namespace: 'kube-system' } });
    expect(brief(findingsIn([node(), agent]))).toEqual(['high container-crash-loop dns-a']);
  });
});

describe('node groups', () => {
  const group = (name: string, target: number, maxSize: number, minSize = 1) => ({
    name,
    health: 'Healthy',
    ready: target,
    target,
    minSize,
    maxSize,
    scaleUp: 'NoActivity',
    scaleDown: 'NoCandidates',
    backoff: undefined,
  });
  const status = (...nodeGroups: readonly ReturnType<typeof group>[]) => ({
    cloud: {
      autoscaler: {
        format: 'yaml' as const,
        updatedAt: Date.parse(ago(1)),
        status: 'Running',
        health: 'Healthy',
        scaleUp: 'NoActivity',
        scaleDown: 'NoCandidates',
        nodeGroups,
      },
    },
  });
  const waiting = object('v1', 'Pod', 'waits', {
    metadata: ownedBy('ReplicaSet', 'web-1'),
    spec: { containers: [{ name: 'app' }] },
    status: {
      phase: 'Pending',
      conditions: [
        condition('PodScheduled', 'False', 60, {
          reason: 'Unschedulable',
          message: '0/3 nodes are available: 3 Insufficient cpu.',
        }),
      ],
    },
  });
  const found = (objects: readonly unknown[], more: ReturnType<typeof status>) =>
    findingsIn(objects, more)
      .filter(({ code }) => code === 'node-pool-at-maximum')
      .map(({ severity, facts }) => [severity, facts['groups'], facts['pods']]);

  it('at their maximum are information while nothing waits', () => {
    expect(found([], status(group('a', 3, 3), group('b', 1, 3)))).toEqual([['info', ['a'], []]]);
  });
  it('all at their maximum hold a pod back that lacks capacity', () => {
    expect(found([waiting], status(group('a', 3, 3)))).toEqual([['high', ['a'], ['shop/waits']]]);
  });
  it('do not hold it back while another can grow', () => {
    expect(found([waiting], status(group('a', 3, 3), group('b', 1, 3)))).toEqual([['info', ['a'], []]]);
  });
  it('of a fixed size are not meant to grow', () => {
    expect(found([waiting], status(group('a', 3, 3, 3)))).toEqual([]);
  });
});

describe('namespace quotas', () => {
  const quota = (hard: object, used: object) => object('v1', 'ResourceQuota', 'compute', { status: { hard, used } });
  it.each<[string, object, object, readonly string[]]>([
    ['used up', { 'requests.cpu': '8' }, { 'requests.cpu': '8000m' }, ['medium namespace-quota-exhausted compute']],
    ['beyond what is left', { pods: '5' }, { pods: '7' }, ['medium namespace-quota-exhausted compute']],
    [
      'nearly used up',
      { 'limits.memory': '10Gi' },
      { 'limits.memory': '9.5Gi' },
      ['low namespace-quota-near-limit compute'],
    ],
    ['half used', { 'count/jobs.batch': '10' }, { 'count/jobs.batch': '5' }, []],
    ['forbidden on purpose', { 'services.nodeports': '0' }, { 'services.nodeports': '0' }, []],
    [
      'accelerators',
      { 'requests.nvidia.com/gpu': '4' },
      { 'requests.nvidia.com/gpu': '4' },
      ['medium namespace-quota-exhausted compute'],
    ],
  ])('%s', (_, hard, used, expected) => {
    expect(brief(findingsIn([quota(hard, used)]))).toEqual(expected);
  });
});

describe('quotas that are full', () => {
  const worker = (labels: object) =>
    object('v1', 'Node', 'n1', {
      metadata: { namespace: undefined, labels: { 'node.kubernetes.io/instance-type': 'n2-standard-4', ...labels } },
      status: { conditions: [condition('Ready', 'True', DAY)] },
    });
  const severity = (metric: string, labels: object = {}) =>
    findingsIn([worker(labels)], { cloud: { quotas: [{ metric, region: 'us-central1', limit: 8, usage: 8 }] } })[0]
      ?.severity;
  it.each([
    ['CPUS', 'high'],
    ['N2_CPUS', 'high'],
    ['C2_CPUS', 'low'],
    ['COMMITTED_CPUS', 'low'],
    ['PREEMPTIBLE_CPUS', 'low'],
    ['NVIDIA_T4_GPUS', 'low'],
    ['LOCAL_SSD_TOTAL_GB', 'low'],
    ['SSD_TOTAL_GB', 'high'],
    ['IN_USE_ADDRESSES', 'high'],
    ['VPN_TUNNELS', 'low'],
  ])('%s on a cluster of n2 machines: %s', (metric, expected) => {
    expect(severity(metric)).toBe(expected);
  });
  it('count where the cluster has nodes of the kind', () => {
    expect(severity('PREEMPTIBLE_CPUS', { 'cloud.google.com/gke-spot': 'true' })).toBe('high');
    expect(severity('NVIDIA_T4_GPUS', { 'cloud.google.com/gke-accelerator': 'nvidia-tesla-t4' })).toBe('high');
  });
});
