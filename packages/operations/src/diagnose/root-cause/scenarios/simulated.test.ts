import type { Behaviours } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { assess } from '../../../assess.ts';
import { seriousCauses, SimulatedScene } from './simulated.suite.ts';

type Container = ReturnType<Behaviours['container']>;
type Json = Record<string, unknown>;

interface Fault {
  readonly name: string;
  readonly behaviours?: Partial<Behaviours>;
  readonly nodes?: number;
  readonly bring?: (scene: SimulatedScene) => void;
  /** In any order. */
  readonly causes: readonly string[];
}

const second = (name: string) => `registry.example.com/${name}:2`;
/** What the second image of each program does. */
const newer = (behaviour: Container): Partial<Behaviours> => ({
  container: ({ image }) => (image.endsWith(':2') ? behaviour : {}),
});
const refusing = (pullError: string): Partial<Behaviours> => ({
  image: (image) => (image.endsWith(':2') ? { pullError } : {}),
});
const program = (name: string, behaviour: Container): Partial<Behaviours> => ({
  container: ({ container }) => (container === name ? behaviour : {}),
});
const update = (scene: SimulatedScene) => scene.roll('Deployment', 'shop', 'cart', {}, { image: second('cart') });
const cart =
  (pod: Json, first: Json = {}) =>
  (scene: SimulatedScene) =>
    scene.roll('Deployment', 'shop', 'cart', pod, first);
const scale = (replicas: number) => (scene: SimulatedScene) => scene.spec('Deployment', 'shop', 'cart', { replicas });
const nodes = (scene: SimulatedScene, spec: Json) => {
  for (let i = 0; i < 4; i++) scene.change('', 'Node', '', `n${i}`, (node) => ({ spec: { ...node.spec, ...spec } }));
};
const probe = { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 10 };
const OCI =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process:';

const FAULTS: readonly Fault[] = [
  { name: 'nothing', causes: [] },
  { name: 'a rollout that went well', bring: update, causes: [] },
  { name: 'a workload that was scaled to zero', bring: scale(0), causes: [] },
  {
    name: 'an image that is not there',
    behaviours: refusing('rpc error: code = NotFound desc = not found'),
    bring: update,
    causes: ['image-unavailable Deployment cart'],
  },
  {
    name: 'an image of a DaemonSet that is not there',
    behaviours: refusing('rpc error: code = NotFound desc = not found'),
    bring: (scene) => scene.roll('DaemonSet', 'kube-system', 'agent', {}, { image: second('agent') }),
    causes: ['image-unavailable DaemonSet agent'],
  },
  {
    name: 'a program that ends',
    behaviours: newer({ exitsAfterMs: 900, exitCode: 1 }),
    bring: update,
    causes: ['program-fails Deployment cart'],
  },
  {
    name: 'a StatefulSet whose new version ends',
    behaviours: newer({ exitsAfterMs: 900, exitCode: 1 }),
    bring: (scene) => scene.roll('StatefulSet', 'pay', 'db', {}, { image: second('db') }),
    causes: ['program-fails StatefulSet db'],
  },
  {
    name: 'an init container that ends',
    behaviours: program('migrate', { exitsAfterMs: 900, exitCode: 3 }),
    bring: cart({ initContainers: [{ name: 'migrate', image: second('migrate') }] }),
    causes: ['program-fails Deployment cart'],
  },
  {
    name: 'a CronJob whose program fails',
    behaviours: program('report', { exitsAfterMs: 3000, exitCode: 1 }),
    causes: ['program-fails CronJob report'],
  },
  {
    name: 'an entrypoint that is not in the image',
    behaviours: newer({ startError: `${OCI} exec: "serve": executable file not found in $PATH: unknown` }),
    bring: update,
    causes: ['executable-missing Deployment cart'],
  },
  {
    name: 'a database that does not start again',
    behaviours: newer({ startError: `${OCI} exec: "serve": executable file not found in $PATH: unknown` }),
    bring: (scene) => scene.roll('StatefulSet', 'pay', 'db', {}, { image: second('db') }),
    causes: ['executable-missing StatefulSet db'],
  },
  {
    name: 'memory that grows beyond the limit',
    behaviours: program('ledger', {
      usage: (ms) => ({ cpuMillis: 50, memoryBytes: (40 + Math.min(200, ms / 1000)) * 1_048_576 }),
    }),
    causes: ['memory-limit-too-low Deployment ledger'],
  },
  {
    name: 'a liveness probe that fails',
    behaviours: newer({ failsProbes: ['liveness'], probeAnswer: { status: 500 } }),
    bring: cart({}, { image: second('cart'), livenessProbe: probe }),
    causes: ['liveness-probe-kills Deployment cart'],
  },
  {
    name: 'a program slower to start than its liveness probe',
    behaviours: program('cart', { startMs: 120_000 }),
    bring: cart({}, { livenessProbe: probe }),
    causes: ['liveness-probe-kills Deployment cart'],
  },
  {
    name: 'a readiness probe that fails',
    behaviours: newer({ failsProbes: ['readiness'], probeAnswer: { status: 503 } }),
    bring: cart({}, { image: second('cart'), readinessProbe: probe }),
    causes: ['program-not-ready Deployment cart'],
  },
  {
    name: 'a probe of the wrong port',
    behaviours: { container: () => ({ listens: [8080] }) },
    bring: cart({}, { readinessProbe: { ...probe, httpGet: { path: '/', port: 9090 } } }),
    causes: ['program-not-ready Deployment cart'],
  },
  {
    name: 'a ConfigMap that is not there',
    bring: cart({}, { envFrom: [{ configMapRef: { name: 'settings' } }] }),
    causes: ['config-map-missing ConfigMap settings'],
  },
  {
    name: 'a mounted Secret that is not there',
    bring: cart(
      { volumes: [{ name: 'v', secret: { secretName: 'key' } }] },
      { volumeMounts: [{ name: 'v', mountPath: '/v' }] },
    ),
    causes: ['secret-missing Secret key'],
  },
  {
    name: 'a key that is not in its Secret',
    bring: (scene) => {
      scene.add('v1', 'Secret', 'key', 'shop', { data: { user: 'YQ==' } });
      cart({}, { env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 'key', key: 'password' } } }] })(scene);
    },
    causes: ['secret-key-missing Secret key'],
  },
  {
    name: 'an image that runs as root where that is forbidden',
    bring: cart({ securityContext: { runAsNonRoot: true } }),
    causes: ['container-cannot-be-configured Deployment cart'],
  },
  {
    name: 'a Service that selects nothing any more',
    bring: (scene) =>
      scene.change('', 'Service', 'shop', 'cart', ({ spec }) => ({ spec: { ...spec, selector: { app: 'basket' } } })),
    causes: ['service-selects-nothing Service cart'],
  },
  {
    name: 'taints that nobody tolerates',
    bring: (scene) => {
      nodes(scene, { taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] });
      scale(4)(scene);
    },
    causes: ['untolerated-taint Deployment cart'],
  },
  {
    name: 'all nodes cordoned',
    bring: (scene) => {
      nodes(scene, { unschedulable: true });
      scale(4)(scene);
    },
    causes: ['nodes-cordoned Deployment cart'],
  },
  {
    name: 'a pod larger than any node',
    bring: cart({}, { resources: { requests: { cpu: '6' } } }),
    causes: ['pod-larger-than-any-node Deployment cart'],
  },
  {
    name: 'labels that no node has',
    bring: cart({ nodeSelector: { disk: 'ssd' } }),
    causes: ['node-affinity-unmatched Deployment cart'],
  },
  {
    name: 'anti-affinity beyond the number of nodes',
    bring: (scene) => {
      cart({
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { labelSelector: { matchLabels: { app: 'cart' } }, topologyKey: 'kubernetes.io/hostname' },
            ],
          },
        },
      })(scene);
      scale(6)(scene);
    },
    causes: ['pod-affinity-unmatched Deployment cart'],
  },
  {
    name: 'spreading over a label that no node has',
    bring: cart({
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'example.com/rack',
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: { matchLabels: { app: 'cart' } },
        },
      ],
    }),
    causes: ['spread-unsatisfiable Deployment cart'],
  },
  {
    name: 'a gate that nobody lifts',
    bring: cart({ schedulingGates: [{ name: 'example.com/wait' }] }),
    causes: ['scheduling-gated Deployment cart'],
  },
  {
    name: 'a priority class that is not there',
    bring: cart({ priorityClassName: 'urgent' }),
    causes: ['priority-class-missing PriorityClass urgent'],
  },
  {
    name: 'a ServiceAccount that is not there',
    bring: cart({ serviceAccountName: 'robot' }),
    causes: ['service-account-missing ServiceAccount robot'],
  },
  {
    name: 'a claim that is not there',
    bring: cart({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'lost' } }] }),
    causes: ['claim-unusable PersistentVolumeClaim lost'],
  },
  {
    name: 'a claim for one pod at a time',
    bring: (scene) => {
      scene.add('v1', 'PersistentVolumeClaim', 'one', 'shop', {
        spec: { accessModes: ['ReadWriteOncePod'], resources: { requests: { storage: '1Gi' } } },
      });
      cart({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'one' } }] })(scene);
    },
    causes: ['volume-held PersistentVolumeClaim one'],
  },
  {
    name: 'a namespace quota that is used up',
    bring: (scene) => {
      scene.add('v1', 'ResourceQuota', 'pods', 'shop', { spec: { hard: { pods: '6' } } });
      scene.pass(5000);
      scale(6)(scene);
    },
    causes: ['namespace-quota-exhausted ResourceQuota pods'],
  },
  {
    name: 'a quota that wants limits',
    bring: (scene) => {
      scene.add('v1', 'ResourceQuota', 'limits', 'shop', { spec: { hard: { 'limits.cpu': '10' } } });
      scene.pass(5000);
      scale(4)(scene);
    },
    causes: ['namespace-quota-needs-values ResourceQuota limits'],
  },
  {
    name: 'a LimitRange below the limits',
    bring: (scene) => {
      scene.add('v1', 'LimitRange', 'small', 'shop', {
        spec: { limits: [{ type: 'Container', max: { memory: '100Mi' } }] },
      });
      scale(4)(scene);
    },
    causes: ['limit-range-violated LimitRange small'],
  },
  {
    name: 'a security level that the pods do not meet',
    bring: (scene) => {
      scene.change('', 'Namespace', '', 'shop', ({ metadata }) => ({
        metadata: { ...metadata, labels: { ...metadata.labels, 'pod-security.kubernetes.io/enforce': 'restricted' } },
      }));
      scale(4)(scene);
    },
    causes: ['pod-security-violated Namespace shop'],
  },
  {
    name: 'a webhook that nobody answers',
    bring: (scene) => {
      scene.service('shop', 'hook');
      scene.add('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'policy', '', {
        webhooks: [
          {
            name: 'policy.example.com',
            clientConfig: { service: { namespace: 'shop', name: 'hook' } },
            rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
            failurePolicy: 'Fail',
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
          },
        ],
      });
      scene.pass(1000);
      scale(4)(scene);
    },
    causes: ['service-selects-nothing Service hook'],
  },
  {
    name: 'a node that is lost',
    bring: ({ cluster }) => cluster.kubelets.stopNode('n1', { machine: true }),
    causes: ['node-not-ready Node n1'],
  },
  {
    name: 'a node short of memory, in the only zone of a volume',
    bring: ({ cluster }) => cluster.kubelets.press('n2', 'memory', 50 * 1_048_576),
    causes: ['node-pressure Node n2'],
  },
  {
    name: 'a network plugin that is down everywhere',
    behaviours: {
      node: () => ({
        sandboxError: 'plugin type="calico" failed (add): stat /var/lib/calico/nodename: no such file or directory',
      }),
    },
    causes: ['pod-network-unavailable Node (all)'],
  },
  {
    name: 'three faults at once',
    behaviours: { ...program('ledger', { usage: () => ({ cpuMillis: 30, memoryBytes: 200 * 1_048_576 }) }) },
    bring: (scene) => {
      cart({}, { envFrom: [{ secretRef: { name: 'env' } }] })(scene);
      scene.roll('Deployment', 'pay', 'api', { nodeSelector: { disk: 'ssd' } });
    },
    causes: [
      'memory-limit-too-low Deployment ledger',
      'node-affinity-unmatched Deployment api',
      'secret-missing Secret env',
    ],
  },
];

describe('the diagnosis of a simulated cluster with', () => {
  it.each(FAULTS)('$name', async ({ behaviours, nodes: count, bring, causes }) => {
    const scene = new SimulatedScene(behaviours, count);
    bring?.(scene);
    const assessment = assess(await scene.observe(), { version: 'test' });
    expect([...seriousCauses(assessment)].sort()).toEqual([...causes].sort());
  });

  it('a ConfigMap that was made just now, before the kubelet looked again', async () => {
    const scene = new SimulatedScene();
    cart(
      { volumes: [{ name: 'v', configMap: { name: 'settings' } }] },
      { volumeMounts: [{ name: 'v', mountPath: '/v' }] },
    )(scene);
    scene.pass(25 * 60_000);
    scene.add('v1', 'ConfigMap', 'settings', 'shop', { data: { mode: 'fast' } });
    const [cause, ...others] = assess(await scene.observe(1000), { version: 'test' }).rootCauses;
    expect(others).toEqual([]);
    expect(cause).toMatchObject({
      class: 'config-map-missing',
      title: 'ConfigMap shop/settings was missing, and is there now',
    });
    expect(seriousCauses(assess(await scene.observe(), { version: 'test' }))).toEqual([]);
  });
});
