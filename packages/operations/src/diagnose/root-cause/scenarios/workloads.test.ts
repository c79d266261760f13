/** Pods that have a node and do not run, and pods that were never made. */
import { describe, expect, it } from 'vitest';
import {
  ago,
  condition,
  crashing,
  HOUR,
  MINUTE,
  NOW,
  running,
  unready,
  waiting,
  type PodState,
} from './pod-states.suite.ts';
import { causeOf, causesOf, MIB, Scene, type Made, type WorkloadOptions } from './scene.suite.ts';

function scene(): { scene: Scene; node: string } {
  const made = new Scene();
  return { scene: made, node: made.node('gke-shop-default-pool-7f3c2a91-n0') };
}
const ref = (kind: 'configMap' | 'secret', name: string, key: string, optional?: boolean) => ({
  env: [{ name: 'X', valueFrom: { [`${kind}KeyRef`]: { name, key, ...(optional && { optional }) } } }],
});

describe('configuration that is missing', () => {
  it('a Secret behind CreateContainerConfigError, of two workloads: one cause', () => {
    const { scene: made, node } = scene();
    for (const name of ['api', 'worker'])
      made.deployment(name, {
        container: ref('secret', 'db', 'password'),
        pods: [waiting(node, 'CreateContainerConfigError', 'secret "db" not found')],
      });
    const assessment = made.assess();
    expect(causesOf(assessment)).toEqual(['secret-missing Secret shop/db 2']);
    expect(causeOf(assessment, 'secret-missing').impact.workloads).toEqual([
      'Deployment shop/api',
      'Deployment shop/worker',
    ]);
  });

  it('a key of a Secret that exists', () => {
    const { scene: made, node } = scene();
    made.add('v1', 'Secret', 'db', 'shop', { data: { user: 'eA==' }, type: 'Opaque' });
    made.deployment('api', {
      container: ref('secret', 'db', 'password'),
      pods: [waiting(node, 'CreateContainerConfigError', "couldn't find key password in Secret shop/db")],
    });
    expect(causesOf(made.assess())).toEqual(['secret-key-missing Secret shop/db 1']);
  });

  it('a ConfigMap that a volume names, seen from FailedMount', () => {
    const { scene: made, node } = scene();
    const [pod] = made.deployment('alerts', {
      spec: { volumes: [{ name: 'config', configMap: { name: 'alerts-config' } }] },
      pods: [waiting(node, 'ContainerCreating', '')],
    });
    made.event(
      pod as Made,
      'Warning',
      'FailedMount',
      'MountVolume.SetUp failed for volume "config" : configmap "alerts-config" not found',
    );
    expect(causesOf(made.assess())).toEqual(['config-map-missing ConfigMap shop/alerts-config 1']);
  });

  it('a ConfigMap that a volume names, after the events have expired', () => {
    const { scene: made, node } = scene();
    made.deployment('alerts', {
      container: { volumeMounts: [{ name: 'config', mountPath: '/etc/alerts' }] },
      spec: { volumes: [{ name: 'config', configMap: { name: 'alerts-config' } }] },
      pods: [waiting(node, 'ContainerCreating', '')],
    });
    const assessment = made.assess();
    expect(assessment.rootCauses[0]?.class).toBe('config-map-missing');
    expect(
      assessment.findings
        .filter(({ resource }) => resource.kind === 'Pod')
        .every(({ explainedBy }) => explainedBy === assessment.rootCauses[0]?.id),
    ).toBe(true);
  });

  it('through envFrom and a projected volume', () => {
    const { scene: made, node } = scene();
    made.deployment('api', {
      container: { envFrom: [{ configMapRef: { name: 'flags' } }] },
      pods: [waiting(node, 'CreateContainerConfigError', 'configmap "flags" not found')],
    });
    const [pod] = made.deployment('web', {
      spec: { volumes: [{ name: 'all', projected: { sources: [{ secret: { name: 'tls' } }] } }] },
      pods: [waiting(node, 'ContainerCreating', '')],
    });
    made.event(
      pod as Made,
      'Warning',
      'FailedMount',
      'MountVolume.SetUp failed for volume "all" : secret "tls" not found',
    );
    expect(causesOf(made.assess())).toEqual([
      'config-map-missing ConfigMap shop/flags 1',
      'secret-missing Secret shop/tls 1',
    ]);
  });

  it('is none where the reference is optional', () => {
    const { scene: made, node } = scene();
    made.deployment('api', { container: ref('configMap', 'flags', 'beta', true), pods: [running(node)] });
    expect(made.assess().findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  it('of a workload whose pods still run is said without claiming an outage', () => {
    const { scene: made, node } = scene();
    made.deployment('api', { container: ref('secret', 'db', 'password'), pods: [running(node)] });
    const cause = causeOf(made.assess(), 'secret-missing');
    expect(cause.impact.pods).toBe(0);
    expect(cause.statement).toMatch(/running ones are well/);
  });
});

describe('a pod that was evicted, from a node that is not short any more', () => {
  it('by the words of the kubelet for what its container used', () => {
    const { scene: made, node } = scene();
    const message =
      'The node was low on resource: memory. Threshold quantity: 100Mi, available: 61924Ki. Container api was using 9Gi, request is 1Gi, has larger consumption of memory. ';
    const evicted: PodState = {
      node,
      phase: 'Failed',
      ageMs: HOUR,
      status: () => ({ reason: 'Evicted', message }),
    };
    made.deployment('api', { pods: [evicted, waiting(node, 'ImagePullBackOff', 'Back-off pulling image "api:1"')] });
    const assessment = made.assess();
    expect(causesOf(assessment).toSorted()).toEqual([
      'image-unavailable Deployment shop/api 1',
      'usage-above-request Deployment shop/api 1',
    ]);
    expect(causeOf(assessment, 'usage-above-request').title).toContain('memory');
  });
});

describe('images', () => {
  const IMAGE = 'us-central1-docker.pkg.dev/acme/shop/api:1.4.2';
  it.each([
    [
      'a wrong tag',
      `Back-off pulling image "${IMAGE}": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}": ${IMAGE}: not found`,
      'image-unavailable',
      /tag/,
    ],
    [
      'refused access',
      `Back-off pulling image "${IMAGE}": ErrImagePull: failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}": failed to authorize: failed to fetch oauth token: unexpected status: 403 Forbidden`,
      'image-unavailable',
      /access/,
    ],
    [
      'a registry that is down',
      `Back-off pulling image "${IMAGE}": ErrImagePull: failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}": failed to do request: Head "https://us-central1-docker.pkg.dev/v2/acme/shop/api/manifests/1.4.2": dial tcp 142.250.1.82:443: i/o timeout`,
      'registry-unreachable',
      /reach/,
    ],
    [
      'a rate limit',
      `Back-off pulling image "${IMAGE}": ErrImagePull: failed to pull and unpack image "${IMAGE}": failed to copy: httpReadSeeker: failed open: unexpected status code 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.`,
      'registry-rate-limited',
      /rate/,
    ],
  ])('%s', (_, message, kind, words) => {
    const { scene: made, node } = scene();
    made.deployment('api', { pods: [1, 2].map(() => waiting(node, 'ImagePullBackOff', message)) });
    const assessment = made.assess();
    expect(assessment.rootCauses).toHaveLength(1);
    const cause = causeOf(assessment, kind);
    expect(cause.impact.pods).toBe(2);
    expect(cause.statement).toMatch(words);
    expect(cause.remediation.text).toMatch(words);
  });

  it.each([
    [
      "the nodes' own credentials are refused several images: the registry",
      {},
      ['registry-access-refused Registry r.example.com 2'],
    ],
    [
      'each its own pull secret is refused: each its image',
      { imagePullSecrets: [{ name: 'any' }] },
      ['image-unavailable Deployment shop/a 1', 'image-unavailable Deployment shop/b 1'],
    ],
  ])('%s', (_, spec, expected) => {
    const { scene: made, node } = scene();
    for (const name of ['a', 'b']) {
      const image = `r.example.com/${name}:1`;
      const said = `Back-off pulling image "${image}": ErrImagePull: failed to resolve reference "${image}": unexpected status from HEAD request to https://r.example.com/v2/${name}/manifests/1: 403 Forbidden`;
      made.deployment(name, { image, spec, pods: [waiting(node, 'ImagePullBackOff', said)] });
    }
    expect(causesOf(made.assess()).toSorted()).toEqual(expected);
  });

  it('a registry that is down for several workloads is one cause', () => {
    const { scene: made, node } = scene();
    for (const name of ['api', 'web', 'cart']) {
      const image = `registry.example.com/shop/${name}:1`;
      made.deployment(name, {
        image,
        pods: [
          waiting(
            node,
            'ImagePullBackOff',
            `Back-off pulling image "${image}": ErrImagePull: failed to pull and unpack image "${image}": failed to resolve reference "${image}": failed to do request: Head "https://registry.example.com/v2/shop/${name}/manifests/1": dial tcp 10.0.0.9:443: connect: connection refused`,
          ),
        ],
      });
    }
    const assessment = made.assess();
    expect(causesOf(assessment)).toEqual(['registry-unreachable Registry registry.example.com 3']);
  });

  it('a pull secret that does not exist', () => {
    const { scene: made, node } = scene();
    const image = 'registry.example.com/shop/api:1';
    made.deployment('api', {
      image,
      spec: { imagePullSecrets: [{ name: 'regcred' }] },
      pods: [
        waiting(
          node,
          'ImagePullBackOff',
          `Back-off pulling image "${image}": ErrImagePull: failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized`,
        ),
      ],
    });
    const assessment = made.assess();
    const finding = assessment.findings.find(({ code }) => code === 'container-image-pull-failed');
    expect(finding?.explainedBy).toContain('workload-pull-secret-missing');
    expect(assessment.rootCauses).toHaveLength(1);
  });
});

describe('memory', () => {
  const oom = (uptime = MINUTE) => ({
    reason: 'OOMKilled',
    exitCode: 137,
    startedAt: ago(4 * MINUTE + uptime),
    finishedAt: ago(4 * MINUTE),
  });

  it('a limit below the working set', () => {
    const { scene: made, node } = scene();
    const pods = made.deployment('drift', { memoryLimit: '256Mi', pods: [crashing(node, oom())] });
    made.history(pods, 100, 250 * MIB);
    const cause = causeOf(made.assess(), 'memory-limit-too-low');
    expect(cause.impact.pods).toBe(1);
    expect(cause.statement).toContain('256');
  });

  it('a slow leak: memory grows for hours before each kill', () => {
    const { scene: made, node } = scene();
    const [pod] = made.deployment('drift', {
      memoryLimit: '512Mi',
      pods: [
        {
          ...running(node, 9 * HOUR),
          status: (of) => ({
            ...running(node).status(of),
            containerStatuses: [
              {
                name: 'drift',
                ready: true,
                restartCount: 9,
                state: { running: { startedAt: ago(4 * MINUTE) } },
                lastState: { terminated: oom(9 * HOUR) },
              },
            ],
          }),
        },
      ],
    });
    const times = Array.from({ length: 8 * 48 }, (_, i) => NOW - (8 * 48 - i) * 30 * MINUTE);
    // A saw tooth of nine hours from 100 MiB to 500 MiB.
    const values = times.map((_, i) => (100 + ((i % 18) / 17) * 400) * MIB);
    made.usage.push({
      namespace: 'shop',
      pod: (pod as Made).metadata.name,
      container: 'drift',
      cpu: { times, values: times.map(() => 50) },
      memory: { times, values },
    });
    const [cause] = made.assess().rootCauses;
    expect(cause?.class).toBe('memory-grows');
    expect(cause?.rivals.map((rival) => rival.class)).toContain('memory-limit-too-low');
  });

  it('a container without a limit was killed because its node ran out', () => {
    const { scene: made, node } = scene();
    made.deployment('drift', { pods: [crashing(node, oom())] });
    const [cause] = made.assess().rootCauses;
    expect(cause?.class).toBe('node-out-of-memory');
    expect(cause?.statement).not.toMatch(/exceeding its memory limit/);
  });
});

describe('programs', () => {
  const exit = (code: number, options: Partial<WorkloadOptions> = {}, last: object = {}) => {
    const { scene: made, node } = scene();
    const pods = made.deployment('api', {
      ...options,
      pods: [crashing(node, { reason: 'Error', exitCode: code, ...last })],
    });
    return { made, pods };
  };

  it('that end with an error show their last words', () => {
    const { made } = exit(1, {}, { message: 'panic: missing DATABASE_URL\n' });
    const cause = causeOf(made.assess(), 'program-fails');
    expect(cause.title).toContain('exit code 1');
    expect(JSON.stringify(cause.evidence)).toContain('missing DATABASE_URL');
  });

  it('that end with an error show the last lines of their log', () => {
    const { made, pods } = exit(1);
    made.logs.push({
      namespace: 'shop',
      pod: (pods[0] as Made).metadata.name,
      container: 'api',
      previous: true,
      lines: ['starting', 'Error: Cannot find module "express"'],
    });
    const cause = causeOf(made.assess(), 'program-fails');
    expect(cause.evidence).toContainEqual(
      expect.objectContaining({
        kind: 'log',
        lines: expect.arrayContaining(['Error: Cannot find module "express"']) as unknown,
      }),
    );
  });

  it('that the liveness probe kills', () => {
    const { made, pods } = exit(137, { container: { livenessProbe: { httpGet: { path: '/healthz', port: 8080 } } } });
    made.event(pods[0] as Made, 'Normal', 'Killing', 'Container api failed liveness probe, will be restarted', {
      involvedObject: {
        apiVersion: 'v1',
        kind: 'Pod',
        namespace: 'shop',
        name: (pods[0] as Made).metadata.name,
        fieldPath: 'spec.containers{api}',
      },
    });
    expect(causesOf(made.assess())).toEqual(['liveness-probe-kills Deployment shop/api 1']);
  });

  it('whose executable is not in the image, and one that may not be executed', () => {
    const { scene: made, node } = scene();
    const start = (message: string) =>
      waiting(node, 'RunContainerError', message, {
        restarts: 3,
        last: {
          reason: 'StartError',
          exitCode: 128,
          message,
          startedAt: '1970-01-01T00:00:00Z',
          finishedAt: ago(MINUTE),
        },
      });
    made.deployment('web', {
      pods: [
        start(
          'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/app/serve": stat /app/serve: no such file or directory: unknown',
        ),
      ],
    });
    made.deployment('cart', {
      pods: [
        start(
          'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/app/run.sh": permission denied: unknown',
        ),
      ],
    });
    const assessment = made.assess();
    expect(causesOf(assessment)).toEqual([
      'container-cannot-start Deployment shop/cart 1',
      'executable-missing Deployment shop/web 1',
    ]);
    expect(causeOf(assessment, 'container-cannot-start').title).toMatch(/permission|may not be executed/);
  });

  it('whose init container fails: one cause, not one per container', () => {
    const { scene: made, node } = scene();
    made.deployment('api', {
      spec: { initContainers: [{ name: 'migrate', image: 'migrate:1' }] },
      pods: [
        {
          node,
          phase: 'Pending',
          status: () => ({
            conditions: [
              condition(
                'Initialized',
                'False',
                'ContainersNotInitialized',
                'containers with incomplete status: [migrate]',
              ),
              condition('Ready', 'False', 'ContainersNotReady'),
              condition('ContainersReady', 'False', 'ContainersNotReady'),
              condition('PodScheduled', 'True', ''),
            ],
            initContainerStatuses: [
              {
                name: 'migrate',
                ready: false,
                restartCount: 30,
                state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
                lastState: {
                  terminated: { reason: 'Error', exitCode: 1, startedAt: ago(5 * MINUTE), finishedAt: ago(4 * MINUTE) },
                },
              },
            ],
            containerStatuses: [
              {
                name: 'api',
                ready: false,
                restartCount: 0,
                state: { waiting: { reason: 'PodInitializing' } },
                lastState: {},
              },
            ],
          }),
        },
      ],
    });
    expect(causesOf(made.assess())).toEqual(['program-fails Deployment shop/api 1']);
  });

  it('that do not become ready by a wrong probe', () => {
    const { scene: made, node } = scene();
    const [pod] = made.deployment('api', {
      container: { readinessProbe: { httpGet: { path: '/ready', port: 9090 } } },
      pods: [unready(node)],
    });
    made.event(
      pod as Made,
      'Warning',
      'Unhealthy',
      'Readiness probe failed: Get "http://10.8.1.7:9090/ready": dial tcp 10.8.1.7:9090: connect: connection refused',
    );
    expect(causesOf(made.assess())).toEqual(['program-not-ready Deployment shop/api 1']);
  });

  it('of a rollout that is stuck while the old revision serves: less severe than an outage', () => {
    const outage = () => {
      const { scene: made, node } = scene();
      made.service('api');
      made.deployment('api', { pods: [1, 2].map(() => crashing(node, { reason: 'Error', exitCode: 1 })) });
      return made.assess().rootCauses[0]?.severity;
    };
    const partial = () => {
      const { scene: made, node } = scene();
      made.service('api');
      made.deployment('api', {
        replicas: 3,
        conditions: [
          condition(
            'Progressing',
            'False',
            'ProgressDeadlineExceeded',
            'ReplicaSet "api-6d5f8c7b94" has timed out progressing.',
          ),
        ],
        pods: [running(node), running(node), running(node), crashing(node, { reason: 'Error', exitCode: 1 })],
      });
      return made.assess().rootCauses[0]?.severity;
    };
    expect([outage(), partial()]).toEqual(['critical', 'high']);
  });

  it('in two containers of one workload are one cause that names both', () => {
    const { scene: made, node } = scene();
    const last = { reason: 'Error', exitCode: 1 };
    const both: PodState = { ...crashing(node, last), status: (of) => crashing(node, last).status(of) };
    made.deployment('api', {
      spec: {
        containers: [
          { name: 'main', image: 'main:1' },
          { name: 'proxy', image: 'proxy:1' },
        ],
      },
      pods: [both],
    });
    const assessment = made.assess();
    expect(causesOf(assessment)).toEqual(['program-fails Deployment shop/api 1']);
    expect(causeOf(assessment, 'program-fails').title).toMatch(/main.*proxy/);
  });

  it('of a StatefulSet that waits for its first pod', () => {
    const { scene: made, node } = scene();
    made.statefulSet('db', { replicas: 3, pods: [crashing(node, { reason: 'Error', exitCode: 1 })] });
    const assessment = made.assess();
    expect(causesOf(assessment)).toEqual(['program-fails StatefulSet shop/db 1']);
    expect(causeOf(assessment, 'program-fails').explains.join()).toContain('stateful-set-unavailable');
  });
});

describe('pods that were never made', () => {
  const refused = (message: string, change: (made: Scene) => void = () => {}) => {
    const { scene: made } = scene();
    change(made);
    const failure = { ...condition('ReplicaFailure', 'True', 'FailedCreate', message), type: 'ReplicaFailure' };
    made.deployment('api', { replicas: 3, conditions: [failure], pods: [] });
    return made.assess();
  };

  it('by a namespace quota, with no pod to see', () => {
    const assessment = refused(
      'pods "api-6d5f8c7b94-" is forbidden: exceeded quota: compute, requested: requests.cpu=1, used: requests.cpu=10, limited: requests.cpu=10',
      (made) =>
        made.add('v1', 'ResourceQuota', 'compute', 'shop', {
          spec: { hard: { 'requests.cpu': '10' } },
          status: { hard: { 'requests.cpu': '10' }, used: { 'requests.cpu': '10' } },
        }),
    );
    expect(causesOf(assessment)).toEqual(['namespace-quota-exhausted ResourceQuota shop/compute 0']);
    const cause = causeOf(assessment, 'namespace-quota-exhausted');
    expect(cause.impact.workloads).toEqual(['Deployment shop/api']);
    expect(cause.explains.join()).toContain('deployment-unavailable');
    expect(cause.counterfactuals.map(({ change, outcome }) => `${change}: ${outcome}`).join()).toMatch(
      /3 more requests\.cpu.*all 3/,
    );
  });

  it.each([
    [
      'limit-range-violated LimitRange',
      'pods "api-6d5f8c7b94-" is forbidden: maximum cpu usage per Container is 500m, but limit is 1',
    ],
    [
      'pod-security-violated Namespace',
      'pods "api-6d5f8c7b94-" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "api" must set securityContext.allowPrivilegeEscalation=false)',
    ],
    [
      'webhook-denies ValidatingWebhookConfiguration',
      'admission webhook "validate.kyverno.svc-fail" denied the request: resource violates policy require-labels',
    ],
    [
      'webhook-unreachable ValidatingWebhookConfiguration',
      'Internal error occurred: failed calling webhook "mutate.example.com": failed to call webhook: Post "https://hook.shop.svc:443/mutate?timeout=10s": no endpoints available for service "hook"',
    ],
    [
      'service-account-missing ServiceAccount',
      'pods "api-6d5f8c7b94-" is forbidden: error looking up service account shop/runner: serviceaccount "runner" not found',
    ],
    [
      'priority-class-missing PriorityClass',
      'pods "api-6d5f8c7b94-" is forbidden: no PriorityClass with name urgent was found',
    ],
    [
      'namespace-quota-needs-values ResourceQuota',
      'pods "api-6d5f8c7b94-" is forbidden: failed quota: compute: must specify limits.cpu for: api; limits.memory for: api',
    ],
  ])('%s', (expected, message) => {
    const assessment = refused(message);
    expect(assessment.rootCauses).toHaveLength(1);
    expect(causesOf(assessment)[0]?.startsWith(expected)).toBe(true);
    expect(assessment.rootCauses[0]?.statement).toContain('Deployment shop/api');
  });

  it('a webhook that is down because its own pods fail: the webhook is folded under that', () => {
    const { scene: made, node } = scene();
    made.service('hook');
    made.deployment('hook', {
      container: ref('secret', 'hook-tls', 'tls.key'),
      pods: [waiting(node, 'CreateContainerConfigError', 'secret "hook-tls" not found')],
    });
    made.deployment('api', {
      replicas: 2,
      pods: [],
      conditions: [
        condition(
          'ReplicaFailure',
          'True',
          'FailedCreate',
          'Internal error occurred: failed calling webhook "mutate.example.com": failed to call webhook: Post "https://hook.shop.svc:443/mutate?timeout=10s": no endpoints available for service "hook"',
        ),
      ],
    });
    const assessment = made.assess();
    expect(causesOf(assessment)).toEqual(['secret-missing Secret shop/hook-tls 1']);
    expect(causeOf(assessment, 'secret-missing').impact.workloads).toEqual([
      'Deployment shop/api',
      'Deployment shop/hook',
    ]);
  });

  it('a StatefulSet whose claim exceeds the quota', () => {
    const { scene: made } = scene();
    made.statefulSet('db', { replicas: 2, pods: [] });
    const set = made.objects.find(({ kind }) => kind === 'StatefulSet') as Made;
    made.event(
      set,
      'Warning',
      'FailedCreate',
      'create Claim data-db-0 for Pod db-0 in StatefulSet db failed error: persistentvolumeclaims "data-db-0" is forbidden: exceeded quota: storage, requested: requests.storage=100Gi, used: requests.storage=450Gi, limited: requests.storage=500Gi',
    );
    expect(causesOf(made.assess())).toEqual(['namespace-quota-exhausted ResourceQuota shop/storage 0']);
  });
});
