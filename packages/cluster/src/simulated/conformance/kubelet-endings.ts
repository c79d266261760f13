/** Cases of containers that end, come before others, or are probed. */
import type { ConformanceCase } from './conformance-case.ts';
import { APP, http, becomes, stays, told, app, waiting, conditions, one, READY } from './kubelet-scenes.ts';

const LIFECYCLE = 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/';
const INIT = 'https://kubernetes.io/docs/concepts/workloads/pods/init-containers/';
const SIDECARS = 'https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/';
const PROBES = 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/';

const exits = (exitCode: number, exitsAfterMs = 2000) => ({ behaviours: { 'app:1': { exitsAfterMs, exitCode } } });
const RESTARTS = `${LIFECYCLE}#restart-policy`;

export const ENDING_CASES: readonly ConformanceCase[] = [
  one(
    'with restartPolicy Never a success ends the pod',
    RESTARTS,
    { restartPolicy: 'Never' },
    [
      becomes({
        phase: 'Succeeded',
        ...app({ ready: false, restartCount: 0, state: { terminated: { exitCode: 0, reason: 'Completed' } } }),
      }),
      becomes(
        conditions(
          { type: 'PodReadyToStartContainers', status: 'False' },
          { type: 'Initialized', status: 'True', reason: 'PodCompleted' },
          { type: 'Ready', status: 'False', reason: 'PodCompleted' },
          { type: 'ContainersReady', status: 'False', reason: 'PodCompleted' },
          { type: 'PodScheduled', status: 'True' },
        ),
      ),
    ],
    exits(0),
  ),
  one(
    'with restartPolicy Never a failure ends the pod',
    RESTARTS,
    { restartPolicy: 'Never' },
    [becomes({ phase: 'Failed', ...app({ state: { terminated: { exitCode: 3, reason: 'Error' } } }) })],
    exits(3),
  ),
  one(
    'with restartPolicy OnFailure a failure is tried again',
    RESTARTS,
    { restartPolicy: 'OnFailure' },
    [becomes({ phase: 'Running', ...app({ restartCount: 2 }) })],
    exits(1),
  ),
  one(
    'with restartPolicy Always a success is started again',
    RESTARTS,
    {},
    [
      becomes({
        phase: 'Running',
        ...app({ restartCount: 1, lastState: { terminated: { exitCode: 0, reason: 'Completed' } } }),
      }),
    ],
    exits(0),
  ),
  one(
    'containers that keep failing wait longer and longer',
    RESTARTS,
    {},
    [
      becomes(waiting('CrashLoopBackOff', /^back-off 10s restarting failed container=app pod=web_shop\(.*\)$/)),
      becomes(waiting('CrashLoopBackOff', /^back-off 20s restarting failed container=app pod=web_shop\(.*\)$/)),
      becomes(waiting('CrashLoopBackOff', /^back-off 40s restarting failed container=app pod=web_shop\(.*\)$/)),
      told('BackOff', /^Back-off restarting failed container app in pod web_shop\(.*\)$/),
    ],
    exits(1),
  ),
  one(
    'a command that is not there ends with 128',
    LIFECYCLE,
    {},
    [
      becomes(
        app({
          state: {
            waiting: { reason: 'RunContainerError', message: 'exec: "serve": executable file not found in $PATH' },
          },
          lastState: { terminated: { exitCode: 128, reason: 'StartError', startedAt: '1970-01-01T00:00:00Z' } },
        }),
      ),
    ],
    { behaviours: { 'app:1': { startError: 'exec: "serve": executable file not found in $PATH' } } },
  ),
  one(
    'a container that takes more memory than its limit is killed',
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    { containers: [{ ...APP, resources: { limits: { memory: '64Mi' } } }] },
    [becomes(app({ restartCount: 1, lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }))],
    { behaviours: { 'app:1': { usage: (ms) => ({ cpuMillis: 1, memoryBytes: ms * 20_000 }) } } },
  ),
  one('a pod fails after its active deadline', LIFECYCLE, { activeDeadlineSeconds: 20 }, [
    becomes({
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    }),
  ]),
  one(
    'a pod gets its grace period to end, and goes',
    `${LIFECYCLE}#pod-termination`,
    { terminationGracePeriodSeconds: 10 },
    [
      becomes(READY),
      {
        verb: 'delete',
        resource: 'v1/pods',
        namespace: 'shop',
        name: 'web',
        expect: { body: { metadata: { deletionGracePeriodSeconds: 10 } } },
      },
      stays(app({ state: { running: {} } }), 4000),
      told('Killing', 'Stopping container app'),
      { verb: 'get', resource: 'v1/pods', namespace: 'shop', name: 'web', expect: { code: 404 }, eventuallyMs: 20_000 },
    ],
    { behaviours: { 'app:1': { stopMs: 6000 } } },
  ),
];

export const INIT_CASES: readonly ConformanceCase[] = [
  one(
    'containers wait for init containers',
    INIT,
    { initContainers: [{ name: 'first', image: 'slow:1' }] },
    [
      becomes({
        phase: 'Pending',
        initContainerStatuses: [{ name: 'first', ready: false, state: { running: {} } }],
        ...app({ state: { waiting: { reason: 'PodInitializing' } } }),
      }),
      becomes({
        ...READY,
        initContainerStatuses: [
          { name: 'first', ready: true, restartCount: 0, state: { terminated: { exitCode: 0, reason: 'Completed' } } },
        ],
      }),
    ],
    { behaviours: { 'slow:1': { exitsAfterMs: 10_000 } } },
  ),
  one(
    'an init container that fails ends a pod that is not restarted',
    INIT,
    { restartPolicy: 'Never', initContainers: [{ name: 'first', image: 'bad:1' }] },
    [
      becomes({
        phase: 'Failed',
        initContainerStatuses: [{ state: { terminated: { exitCode: 1, reason: 'Error' } } }],
      }),
    ],
    { behaviours: { 'bad:1': { exitsAfterMs: 100, exitCode: 1 } } },
  ),
  one(
    'an init container that fails is tried again otherwise',
    INIT,
    { initContainers: [{ name: 'first', image: 'bad:1' }] },
    [becomes({ phase: 'Pending', initContainerStatuses: [{ state: { waiting: { reason: 'CrashLoopBackOff' } } }] })],
    { behaviours: { 'bad:1': { exitsAfterMs: 100, exitCode: 1 } } },
  ),
  one(
    'a sidecar runs beside the containers, and does not keep a pod from ending',
    SIDECARS,
    { restartPolicy: 'Never', initContainers: [{ name: 'proxy', image: 'proxy:1', restartPolicy: 'Always' }] },
    [
      becomes({
        phase: 'Running',
        initContainerStatuses: [{ name: 'proxy', started: true, ready: true, state: { running: {} } }],
        ...app({ state: { running: {} } }),
      }),
      becomes({ phase: 'Succeeded' }),
    ],
    exits(0, 5000),
  ),
];

export const PROBE_CASES: readonly ConformanceCase[] = [
  one(
    'a pod that fails its readiness probe is not ready, and goes on running',
    PROBES,
    { containers: [{ ...APP, readinessProbe: http }] },
    [
      told('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503'),
      stays(
        { phase: 'Running', ...app({ ready: false, started: true, restartCount: 0, state: { running: {} } }) },
        60_000,
      ),
    ],
    { behaviours: { 'app:1': { failsProbes: ['readiness'] } } },
  ),
  one(
    'a container that fails its liveness probe is restarted',
    PROBES,
    { containers: [{ ...APP, livenessProbe: http }] },
    [
      told('Unhealthy', /^Liveness probe failed: Get "http:\/\/.*:8080\/healthz": context deadline exceeded/),
      told('Killing', 'Container app failed liveness probe, will be restarted'),
      becomes(app({ restartCount: 1 })),
    ],
    { behaviours: { 'app:1': { hangsAfterMs: 10_000 } } },
  ),
  one(
    'liveness is not asked before the startup probe has succeeded',
    PROBES,
    {
      containers: [
        { ...APP, startupProbe: { ...http, failureThreshold: 30 }, livenessProbe: { ...http, failureThreshold: 1 } },
      ],
    },
    [
      becomes(app({ started: false, ready: false, state: { running: {} } })),
      becomes(app({ started: true, ready: true, restartCount: 0 })),
    ],
    { behaviours: { 'app:1': { startMs: 40_000 } } },
  ),
];
