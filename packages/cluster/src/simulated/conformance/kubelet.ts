import type { ConformanceCase } from './conformance-case.ts';
import { ENDING_CASES, INIT_CASES, PROBE_CASES } from './kubelet-endings.ts';
import {
  NODES,
  APP,
  pod,
  configMap,
  becomes,
  stays,
  told,
  app,
  waiting,
  conditions,
  env,
  mounting,
  one,
  READY,
} from './kubelet-scenes.ts';

const LIFECYCLE = 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/';
const IMAGES = 'https://kubernetes.io/docs/concepts/containers/images/';
const CONFIG = 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/';
const PRESSURE = 'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/';

const STARTING: readonly ConformanceCase[] = [
  one('a pod whose containers run is Running and Ready, with an address', LIFECYCLE, {}, [
    becomes({ ...READY, podIP: /^\d+\.\d+\.\d+\.\d+$/, hostIP: /^\d+\./, qosClass: 'BestEffort', startTime: /Z$/ }),
    stays(app({ ready: true, started: true, restartCount: 0, state: { running: { startedAt: /Z$/ } }, lastState: {} })),
  ]),
  one('the start of a container is told in events', LIFECYCLE, {}, [
    told('Pulling', 'Pulling image "app:1"'),
    told('Pulled', /^Successfully pulled image "app:1" in .*s \(.*s including waiting\)\. Image size: \d+ bytes\.$/),
    told('Created', /ontainer/),
    told('Started', /ontainer/),
  ]),
  one('a container that runs shows its image and ids', LIFECYCLE, {}, [
    becomes(app({ containerID: /^containerd:\/\/[0-9a-f]{64}$/, imageID: /@sha256:[0-9a-f]{64}$/, image: /app:1$/ })),
  ]),
  one(
    'requests that equal limits make a pod Guaranteed',
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/',
    { containers: [{ ...APP, resources: { limits: { cpu: '1', memory: '1Gi' } } }] },
    [becomes({ qosClass: 'Guaranteed', phase: 'Running' })],
  ),
  one('a pod in the network of its host has its address', LIFECYCLE, { hostNetwork: true }, [
    becomes(READY),
    {
      ...{ verb: 'get', resource: 'v1/pods', namespace: 'shop', name: 'web' },
      expect: { body: { status: { podIP: '${pod.status.hostIP}' } } },
    },
  ]),
  one(
    'a readiness gate holds a pod back until its condition is true',
    `${LIFECYCLE}#pod-readiness-gate`,
    { readinessGates: [{ conditionType: 'example.com/lb' }] },
    [
      becomes(
        conditions(
          ...[{ type: 'PodReadyToStartContainers' }, { type: 'Initialized' }],
          {
            ...{ type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady' },
            message: 'corresponding condition of pod readiness gate "example.com/lb" does not exist.',
          },
          ...[{ type: 'ContainersReady', status: 'True' }, { type: 'PodScheduled' }],
        ),
      ),
    ],
  ),
];

const PULLING: readonly ConformanceCase[] = [
  one(
    'an image that is not there is tried again with back-off',
    `${IMAGES}#imagepullbackoff`,
    {},
    [
      becomes(waiting('ErrImagePull', 'not found')),
      becomes(waiting('ImagePullBackOff', 'Back-off pulling image "app:1": ErrImagePull: not found')),
      becomes({ phase: 'Pending' }),
      told('Failed', 'Failed to pull image "app:1": not found'),
      told('Failed', 'Error: ErrImagePull'),
      told('BackOff', 'Back-off pulling image "app:1"'),
      told('Failed', 'Error: ImagePullBackOff'),
    ],
    { behaviours: { 'app:1': { pullError: 'not found' } } },
  ),
  one(
    'the pull policy Never needs the image on the node',
    `${IMAGES}#image-pull-policy`,
    { containers: [{ ...APP, imagePullPolicy: 'Never' }] },
    [
      becomes(waiting('ErrImageNeverPull', 'Container image "app:1" is not present with pull policy of Never')),
      told('ErrImageNeverPull', 'Container image "app:1" is not present with pull policy of Never'),
    ],
  ),
  one('an image name that cannot be read is told', IMAGES, { containers: [{ ...APP, image: 'App:1' }] }, [
    becomes(
      waiting('InvalidImageName', /^Failed to apply default image tag "App:1": couldn't parse image name "App:1": /),
    ),
    told('InspectFailed', /must be lowercase$/),
  ]),
  one(
    'a pull secret that is missing is told, and the image tried',
    `${IMAGES}#specifying-imagepullsecrets-on-a-pod`,
    { imagePullSecrets: [{ name: 'key' }] },
    [
      told(
        'FailedToRetrieveImagePullSecret',
        'Unable to retrieve some image pull secrets (key); attempting to pull the image may not succeed.',
      ),
      becomes(READY),
    ],
  ),
  {
    ...one('an image that is on the node is not pulled again', `${IMAGES}#image-pull-policy`, {}, [
      becomes(READY),
      { verb: 'create', resource: 'v1/pods', namespace: 'shop', body: pod({}, 'other') },
      becomes({ phase: 'Running' }, { name: 'other' }),
      told('Pulled', /^Container image "app:1" already present on machine/, 'other'),
    ]),
  },
];

const CONFIGURED: readonly ConformanceCase[] = [
  one(
    'a ConfigMap that the environment names must be there',
    CONFIG,
    env({ configMapKeyRef: { name: 'settings', key: 'a' } }),
    [
      becomes(waiting('CreateContainerConfigError', 'configmap "settings" not found')),
      told('Failed', 'Error: configmap "settings" not found'),
      becomes({ phase: 'Pending' }),
    ],
  ),
  one('a Secret that the environment names must be there', CONFIG, env({ secretKeyRef: { name: 'key', key: 'a' } }), [
    becomes(waiting('CreateContainerConfigError', 'secret "key" not found')),
  ]),
  one(
    'the key that the environment names must be there',
    CONFIG,
    env({ configMapKeyRef: { name: 'settings', key: 'a' } }),
    [becomes(waiting('CreateContainerConfigError', "couldn't find key a in ConfigMap shop/settings"))],
    { given: [configMap({ b: '1' }), pod(env({ configMapKeyRef: { name: 'settings', key: 'a' } }))] },
  ),
  one(
    'an optional reference may be missing',
    CONFIG,
    env({ configMapKeyRef: { name: 'settings', key: 'a', optional: true } }),
    [becomes(READY)],
  ),
  one(
    'a container starts when the ConfigMap that it waits for is made',
    CONFIG,
    env({ configMapKeyRef: { name: 'settings', key: 'a' } }),
    [
      becomes(waiting('CreateContainerConfigError', 'configmap "settings" not found')),
      { verb: 'create', resource: 'v1/configmaps', namespace: 'shop', body: configMap({ a: '1' }) },
      becomes({ ...READY, ...app({ restartCount: 0 }) }),
    ],
  ),
  one('a ConfigMap in a volume is waited for', CONFIG, mounting({ configMap: { name: 'settings' } }), [
    told('FailedMount', 'MountVolume.SetUp failed for volume "v" : configmap "settings" not found'),
    stays({ phase: 'Pending', ...app({ state: { waiting: { reason: 'ContainerCreating' } } }) }),
  ]),
  one(
    'a Secret in a volume must have the keys that are asked for',
    CONFIG,
    {},
    [told('FailedMount', 'MountVolume.SetUp failed for volume "v" : references non-existent secret key: a')],
    {
      given: [
        { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key', namespace: 'shop' }, data: { b: 'eA==' } },
        pod(mounting({ secret: { secretName: 'key', items: [{ key: 'a', path: 'a' }] } })),
      ],
    },
  ),
  one(
    'a volume that does not come up is summed up after two minutes',
    CONFIG,
    mounting({ secret: { secretName: 'key' } }),
    [
      { passMs: 120_000 },
      told(
        'FailedMount',
        'Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process volumes=[]: context deadline exceeded',
      ),
    ],
  ),
  one(
    'an image that runs as root is not started where it must not',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    { securityContext: { runAsNonRoot: true } },
    [
      becomes(
        waiting(
          'CreateContainerConfigError',
          /^container has runAsNonRoot and image will run as root \(pod: "web_shop\(.*\)", container: app\)$/,
        ),
      ),
    ],
  ),
];

const REFUSED: readonly ConformanceCase[] = [
  one(
    'a node refuses a pod that asks for more than it has',
    PRESSURE,
    { containers: [{ ...APP, resources: { requests: { cpu: '5' } } }] },
    [
      becomes({
        phase: 'Failed',
        reason: 'OutOfcpu',
        message: /Node didn't have enough resource: cpu, requested: 5000, used: 0, capacity: 4000$/,
      }),
    ],
  ),
  one(
    'a node refuses a pod that selects another',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/',
    { nodeSelector: { disk: 'ssd' } },
    [
      becomes({
        phase: 'Failed',
        reason: 'NodeAffinity',
        message: /Predicate NodeAffinity failed: node\(s\) didn't match Pod's node affinity\/selector$/,
      }),
    ],
  ),
  {
    name: 'a kubelet registers its node with conditions, addresses and what it has',
    source: 'https://kubernetes.io/docs/reference/node/node-status/',
    nodes: NODES,
    steps: [
      {
        ...{ verb: 'get', resource: 'v1/nodes', name: 'n1' },
        expect: {
          body: {
            status: {
              capacity: { cpu: '4', memory: '16Gi', pods: '110' },
              conditions: [
                { type: 'MemoryPressure', status: 'False', reason: 'KubeletHasSufficientMemory' },
                { type: 'DiskPressure', status: 'False', reason: 'KubeletHasNoDiskPressure' },
                { type: 'PIDPressure', status: 'False', reason: 'KubeletHasSufficientPID' },
                { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
              ],
            },
          },
        },
      },
      {
        ...{ verb: 'get', resource: 'coordination.k8s.io/v1/leases', namespace: 'kube-node-lease', name: 'n1' },
        expect: { body: { spec: { holderIdentity: 'n1', leaseDurationSeconds: 40 } } },
      },
    ],
  },
];

const LOGS = 'https://kubernetes.io/docs/concepts/cluster-administration/logging/';
const asked = { verb: 'get', resource: 'v1/pods', namespace: 'shop', name: 'web' } as const;

const ASKED: readonly ConformanceCase[] = [
  one(
    'the log of a container is what it wrote',
    LOGS,
    {},
    [
      becomes({ phase: 'Running' }),
      { ...asked, subresource: 'log', expect: { body: 'one\ntwo\n' } },
      { ...asked, subresource: 'log', query: { tailLines: '1' }, expect: { body: 'two\n' } },
      {
        ...{ ...asked, subresource: 'log', query: { previous: 'true' } },
        expect: { code: 400, message: 'previous terminated container "app" in pod "web" not found' },
      },
    ],
    { behaviours: { 'app:1': { log: ['one', 'two'] } } },
  ),
  one(
    'there is no log before a container has started',
    LOGS,
    {},
    [
      becomes(waiting('ImagePullBackOff', /^Back-off/)),
      {
        ...{ ...asked, subresource: 'log' },
        expect: {
          ...{ code: 400, reason: 'BadRequest' },
          message: 'container "app" in pod "web" is waiting to start: trying and failing to pull image',
        },
      },
    ],
    { behaviours: { 'app:1': { pullError: 'not found' } } },
  ),
  one('a pod that was deleted without grace is gone at once', `${LIFECYCLE}#pod-termination-forced`, {}, [
    becomes(READY),
    { ...asked, verb: 'delete', query: { gracePeriodSeconds: '0' }, expect: { code: 200 } },
    { ...asked, expect: { code: 404 } },
  ]),
  one(
    'what a container says last is kept with its end',
    'https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/',
    { restartPolicy: 'Never' },
    [becomes(app({ state: { terminated: { exitCode: 4, message: 'no database' } } }))],
    { behaviours: { 'app:1': { exitsAfterMs: 1000, exitCode: 4, terminationMessage: 'no database' } } },
  ),
];

export const KUBELET_CASES: readonly ConformanceCase[] = [
  ...STARTING,
  ...PULLING,
  ...CONFIGURED,
  ...ENDING_CASES,
  ...INIT_CASES,
  ...PROBE_CASES,
  ...REFUSED,
  ...ASKED,
];
