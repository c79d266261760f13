/** Clusters in which nothing is wrong: no finding above information, whatever they look like at first sight. */
import { describe, expect, it } from 'vitest';
import { ago, completed, condition, DAY, HOUR, MINUTE, running, waiting, type PodState } from './pod-states.suite.ts';
import { Scene, type Made } from './scene.suite.ts';

const SCENES: Readonly<Record<string, (scene: Scene) => void>> = {
  'running workloads of every kind': (scene) => {
    const [a = '', b = ''] = scene.nodes(2);
    scene.deployment('web', { pods: [running(a), running(b)] });
    scene.statefulSet('db', { pods: [running(a), running(b)] });
    scene.daemonSet('agent', { namespace: 'shop', pods: [running(a), running(b)] });
    scene.service('web', { type: 'LoadBalancer', ip: '34.1.2.3' });
  },
  'a completed Job and a CronJob with its history': (scene) => {
    const node = scene.node('n');
    const cron = scene.add('batch/v1', 'CronJob', 'report', 'shop', {
      spec: {
        schedule: '0 * * * *',
        jobTemplate: { spec: { template: { spec: { containers: [{ name: 'r', image: 'r' }] } } } },
      },
      status: { lastScheduleTime: ago(HOUR), lastSuccessfulTime: ago(HOUR) },
    });
    for (let i = 0; i < 3; i++) {
      const job = scene.add('batch/v1', 'Job', `report-${i}`, 'shop', {
        metadata: {
          ownerReferences: [
            { apiVersion: 'batch/v1', kind: 'CronJob', name: 'report', uid: cron.metadata.uid, controller: true },
          ],
        },
        spec: {
          completions: 1,
          parallelism: 1,
          backoffLimit: 6,
          template: { spec: { containers: [{ name: 'r', image: 'r' }], restartPolicy: 'Never' } },
        },
        status: {
          succeeded: 1,
          conditions: [condition('Complete', 'True', 'CompletionsReached')],
          completionTime: ago(HOUR * (i + 1)),
        },
      });
      scene.pod(
        `report-${i}-x`,
        'shop',
        { 'job-name': `report-${i}` },
        job,
        { spec: { restartPolicy: 'Never' } },
        completed(node),
      );
    }
  },
  'workloads scaled to zero': (scene) => {
    scene.node('n');
    scene.deployment('web', { replicas: 0, pods: [] });
    scene.statefulSet('db', { replicas: 0, pods: [] });
    scene.service('web');
  },
  'a suspended CronJob': (scene) => {
    scene.node('n');
    scene.add('batch/v1', 'CronJob', 'report', 'shop', {
      spec: {
        schedule: '0 * * * *',
        suspend: true,
        jobTemplate: { spec: { template: { spec: { containers: [{ name: 'r', image: 'r' }] } } } },
      },
      status: {},
    });
  },
  'a paused Deployment': (scene) => {
    const node = scene.node('n');
    scene.deployment('web', {
      pods: [running(node)],
      conditions: [condition('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused')],
    });
  },
  'a rollout within its deadline': (scene) => {
    const node = scene.node('n');
    const fresh = waiting(node, 'ContainerCreating', '', { ageMs: MINUTE });
    scene.deployment('web', {
      replicas: 3,
      pods: [running(node), running(node), running(node), fresh],
      conditions: [
        condition('Progressing', 'True', 'ReplicaSetUpdated', 'ReplicaSet "web-6d5f8c7b94" is progressing.', MINUTE),
      ],
    });
  },
  'pods that start': (scene) => {
    const node = scene.node('n');
    scene.deployment('web', {
      ageMs: 2 * MINUTE,
      pods: [
        waiting(node, 'ContainerCreating', '', { ageMs: 2 * MINUTE }),
        waiting(node, 'PodInitializing', '', { ageMs: MINUTE }),
      ],
    });
  },
  'an HPA that has scaled': (scene) => {
    const node = scene.node('n');
    scene.deployment('web', { pods: [running(node), running(node), running(node, MINUTE)] });
    scene.add('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', 'shop', {
      spec: {
        minReplicas: 1,
        maxReplicas: 5,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        metrics: [],
      },
      status: {
        currentReplicas: 3,
        desiredReplicas: 3,
        conditions: [
          condition('AbleToScale', 'True', 'ReadyForNewScale'),
          condition('ScalingActive', 'True', 'ValidMetricFound'),
          condition('ScalingLimited', 'False', 'DesiredWithinRange'),
        ],
      },
    });
  },
  'a DaemonSet on some nodes only': (scene) => {
    const [a = ''] = scene.nodes(3);
    scene.daemonSet('gpu-plugin', { namespace: 'shop', spec: { nodeSelector: { gpu: 'true' } }, pods: [running(a)] });
    scene.daemonSet('nothing-matches', { namespace: 'shop', spec: { nodeSelector: { tpu: 'true' } }, pods: [] });
  },
  'node conditions of other controllers': (scene) => {
    scene.node('n', {
      conditions: [
        { type: 'FrequentKubeletRestart', status: 'False', reason: 'NoFrequentKubeletRestart' },
        { type: 'CorruptDockerOverlay2', status: 'False', reason: 'NoCorruptDockerOverlay2' },
        { type: 'example.com/SomethingNew', status: 'True', reason: 'New' },
      ],
    });
  },
  'a node drained for maintenance minutes ago': (scene) => {
    const [a = ''] = scene.nodes(1);
    const b = scene.node('gke-shop-default-pool-7f3c2a91-zz', {
      unschedulable: true,
      taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: ago(3 * MINUTE) }],
    });
    scene.deployment('web', { pods: [running(a)] });
    scene.daemonSet('agent', { namespace: 'shop', pods: [running(a), running(b)] });
  },
  'a pod that ends within its grace': (scene) => {
    const node = scene.node('n');
    const leaving: PodState = {
      ...running(node),
      ready: false,
      metadata: { deletionTimestamp: ago(10_000), deletionGracePeriodSeconds: 60 },
    };
    scene.deployment('web', { replicas: 1, pods: [running(node), leaving] });
  },
  'a pod with old restarts': (scene) => {
    const node = scene.node('n');
    scene.deployment('web', {
      pods: [
        {
          ...running(node, 20 * DAY),
          status: (pod) => ({
            ...running(node, 20 * DAY).status(pod),
            containerStatuses: [
              {
                name: 'web',
                image: 'web',
                ready: true,
                started: true,
                restartCount: 2,
                state: { running: { startedAt: ago(6 * DAY) } },
                lastState: {
                  terminated: { reason: 'Error', exitCode: 1, finishedAt: ago(6 * DAY), startedAt: ago(7 * DAY) },
                },
              },
            ],
          }),
        },
      ],
    });
  },
  'old events about what has healed': (scene) => {
    const node = scene.node('n');
    const [pod] = scene.deployment('web', { pods: [running(node)] });
    scene.event(pod as Made, 'Warning', 'FailedScheduling', '0/1 nodes are available: 1 Insufficient cpu.');
    scene.event(
      pod as Made,
      'Normal',
      'TriggeredScaleUp',
      'pod triggered scale-up: [{https://www.googleapis.com/compute/v1/projects/acme/zones/us-central1-b/instanceGroups/gke-shop-default-pool-7f3c2a91-grp 1->2 (max: 5)}]',
    );
    scene.event(pod as Made, 'Warning', 'Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503');
    scene.event(pod as Made, 'Warning', 'BackOff', 'Back-off restarting failed container web in pod web');
  },
  'a single-node kind cluster': (scene) => {
    const node = scene.node('kind-control-plane', {
      pool: '',
      type: '',
      labels: { 'node-role.kubernetes.io/control-plane': '' },
    });
    for (const name of ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'])
      scene.pod(
        `${name}-kind-control-plane`,
        'kube-system',
        { component: name, tier: 'control-plane' },
        scene.objects.find(({ kind }) => kind === 'Node'),
        {},
        {
          ...running(node),
          metadata: { annotations: { 'kubernetes.io/config.mirror': 'x', 'kubernetes.io/config.source': 'file' } },
        },
      );
    scene.deployment('coredns', { namespace: 'kube-system', pods: [running(node), running(node)] });
    scene.daemonSet('kindnet', { pods: [running(node)] });
    scene.daemonSet('kube-proxy', { pods: [running(node)] });
  },
  'what GKE runs in kube-system': (scene) => {
    const [a = '', b = ''] = scene.nodes(2);
    for (const name of [
      'event-exporter-gke',
      'konnectivity-agent',
      'kube-dns',
      'kube-dns-autoscaler',
      'l7-default-backend',
      'metrics-server-v1.33.0',
    ])
      scene.deployment(name, { namespace: 'kube-system', pods: [running(a)] });
    for (const name of ['fluentbit-gke', 'gke-metadata-server', 'gke-metrics-agent', 'netd', 'pdcsi-node'])
      scene.daemonSet(name, { pods: [running(a), running(b)] });
    for (const name of ['nvidia-gpu-device-plugin-small-cos', 'pdcsi-node-windows', 'tpu-device-plugin'])
      scene.daemonSet(name, { pods: [] });
  },
  'what EKS runs in kube-system': (scene) => {
    const a = scene.node('ip-10-0-1-7.ec2.internal', {
      zone: 'us-east-1a',
      pool: '',
      type: 'm6i.large',
      labels: { 'eks.amazonaws.com/nodegroup': 'main' },
    });
    for (const name of ['aws-node', 'kube-proxy', 'ebs-csi-node', 'eks-pod-identity-agent'])
      scene.daemonSet(name, { pods: [running(a)] });
    for (const name of ['coredns', 'ebs-csi-controller', 'metrics-server'])
      scene.deployment(name, { namespace: 'kube-system', pods: [running(a)] });
  },
  'what AKS runs in kube-system': (scene) => {
    const a = scene.node('aks-nodepool1-12345678-vmss000000', {
      zone: '0',
      pool: '',
      type: 'Standard_DS2_v2',
      labels: { 'kubernetes.azure.com/agentpool': 'nodepool1' },
    });
    for (const name of ['azure-cns', 'azure-ip-masq-agent', 'cloud-node-manager', 'csi-azuredisk-node', 'kube-proxy'])
      scene.daemonSet(name, { pods: [running(a)] });
    for (const name of ['coredns', 'coredns-autoscaler', 'konnectivity-agent', 'metrics-server'])
      scene.deployment(name, { namespace: 'kube-system', pods: [running(a)] });
  },
  'an Autopilot cluster that grows when asked': (scene) => {
    const node = scene.node('gk3-shop-pool-2-1a2b3c4d-x1y2', { pool: 'pool-2', type: 'e2-medium', taints: [] });
    scene.deployment('web', { pods: [running(node)] });
    scene.gke([]);
    if (scene.cloud.cluster !== undefined)
      scene.cloud = { ...scene.cloud, cluster: { ...scene.cloud.cluster, autopilot: true } };
  },
  'a new LoadBalancer Service': (scene) => {
    const node = scene.node('n');
    scene.deployment('web', { pods: [running(node)] });
    scene.add(
      'v1',
      'Service',
      'web',
      'shop',
      {
        spec: {
          type: 'LoadBalancer',
          selector: { app: 'web' },
          clusterIP: '10.12.0.9',
          ports: [{ port: 80, nodePort: 31111 }],
        },
        status: { loadBalancer: {} },
      },
      MINUTE,
    );
  },
  'autoscaling at its maximum while nothing waits': (scene) => {
    const [a = '', b = ''] = scene.nodes(2);
    scene.deployment('web', { pods: [running(a), running(b)] });
    scene.gke([{ name: 'default-pool', autoscaling: { minNodes: 1, maxNodes: 2 } }]);
  },
};

/** Hints about the cluster as such that every small test cluster earns, and no alarm. */
const ADVICE = new Set([
  'control-plane-single',
  'metrics-server-absent',
  'pod-without-owner',
  'node-metrics-missing',
  'daemon-set-misscheduled',
  'nodes-underused',
]);

describe('nothing is wrong with', () => {
  it.each(Object.entries(SCENES))('%s', (_, build) => {
    const scene = new Scene();
    build(scene);
    const { findings, rootCauses } = scene.assess();
    const alarms = findings.filter(({ severity, code }) => severity !== 'info' && !ADVICE.has(code));
    expect(alarms.map(({ id, severity, message }) => `${severity} ${id}: ${message}`)).toEqual([]);
    expect(rootCauses.map(({ id }) => id)).toEqual([]);
  });
});
