/** The reference incident: requests far above usage, exhausted quotas, and four faults of single workloads. */
import { ago, ClusterBuilder, DAY, HOUR, MINUTE, NOW, type ContainerSpec, type Made } from './cluster-builder.ts';
import {
  addMetrics,
  clusterFile,
  objectFiles,
  pretty,
  probeFile,
  projectFile,
  regionFile,
  usageFiles,
  versionFile,
  type Files,
  type Load,
} from './files.ts';
import { addNodes, addSystem } from './system.ts';

const NS = 'aia-system';
const MIB = 2 ** 20;
const REGISTRY = 'gcr.io/aia-system-production-2025';
const UNSCHEDULABLE =
  '0/4 nodes are available: 4 Insufficient cpu. preemption: 0/4 nodes are available: 4 No preemption victims found for incoming pod.';
const NO_BINARY =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/docker-entrypoint-react.sh": stat /docker-entrypoint-react.sh: no such file or directory: unknown';
const QUOTA_ADDRESS =
  "googleapi: Error 403: Quota 'IN_USE_ADDRESSES' exceeded.  Limit: 8.0 in region us-central1., quotaExceeded";
const GROUP =
  'https://www.googleapis.com/compute/v1/projects/aia-system-production-2025/zones/us-central1-b/instanceGroups/gke-aia-production-default-pool-7f3c2a91-grp';

const app = (
  name: string,
  cpu: string,
  memory: string,
  port: number,
  extra: Partial<ContainerSpec> = {},
): ContainerSpec => ({ name, image: `${REGISTRY}/aia-${name}:v2.4.1`, cpu, memory, ports: [port], ...extra });

/** Running applications: name, CPU and memory requested, port, node, and what they use (cores, MiB). */
const APPS: readonly (readonly [
  name: string,
  cpu: string,
  memory: string,
  port: number,
  nodes: readonly number[],
  useCpu: number,
  useMemory: number,
])[] = [
  ['frontend', '1400m', '1Gi', 3000, [0, 1], 0.06, 120],
  ['api-gateway', '1500m', '2Gi', 8000, [1], 0.08, 220],
  ['grafana', '1', '1Gi', 3000, [0], 0.045, 150],
  ['redis', '800m', '1Gi', 6379, [0], 0.02, 60],
  ['prometheus', '2', '4Gi', 9090, [2], 0.15, 900],
  ['postgres', '1500m', '3Gi', 5432, [2], 0.09, 350],
  ['mlflow', '1800m', '3Gi', 5000, [3], 0.1, 500],
  ['multi-agent-orchestrator', '1500m', '2Gi', 8090, [3], 0.11, 450],
];

/** Services with their address, or none: name, selector, port. Seven of them the reference document deletes. */
const ADDRESSED = [
  ['aia-frontend-lb', 'aia-frontend', 80, '34.173.206.6'],
  ['aia-grafana-lb', 'aia-grafana', 3000, '130.211.224.18'],
  ['aia-mlflow-lb', 'aia-mlflow', 80, '136.112.81.124'],
  ['aia-prometheus-lb', 'aia-prometheus', 9090, '34.28.161.77'],
] as const;
const PENDING = [
  ['aia-direct-frontend-lb', 'aia-frontend', 80],
  ['aia-immediate-frontend-lb', 'aia-frontend', 80],
  ['aia-immediate-service', 'aia-frontend', 80],
  ['aia-production-react-lb', 'aia-frontend-fixed', 80],
  ['aia-react-app-service', 'aia-frontend-fixed', 80],
  ['aia-grafana-mlops-lb', 'aia-grafana', 3000],
  ['aia-prometheus-mlops-lb', 'aia-prometheus', 9090],
  ['aia-api-lb', 'aia-comprehensive-api', 80],
  ['aia-api-v2-lb', 'aia-comprehensive-api', 80],
  ['aia-gateway-lb', 'aia-api-gateway', 80],
  ['aia-alertmanager-lb', 'aia-alertmanager', 9093],
  ['aia-health-monitor-lb', 'aia-health-monitor', 80],
  ['aia-drift-monitor-lb', 'aia-drift-monitor', 80],
  ['aia-orchestrator-lb', 'aia-multi-agent-orchestrator', 80],
  ['aia-websocket-lb', 'aia-api-gateway', 8080],
  ['aia-frontend-canary-lb', 'aia-frontend', 80],
  ['aia-frontend-fixed-lb', 'aia-frontend-fixed', 443],
  ['aia-mlflow-tracking-lb', 'aia-mlflow', 5000],
  ['aia-redis-lb', 'aia-redis', 6379],
] as const;

/** All files of the dump. */
export function aiaSystem(): Files {
  const cluster = new ClusterBuilder('aia-production');
  cluster.namespaces('default', 'kube-system', 'kube-public', 'kube-node-lease', NS);
  const nodes = addNodes(cluster, 4);
  const loads = addSystem(cluster, nodes, [nodes[1] as string, nodes[3] as string], nodes[2] as string);
  loads.push(...addApps(cluster, nodes));
  const failing = addFailing(cluster, nodes);
  loads.push({
    namespace: NS,
    pod: failing.drift.metadata.name,
    container: 'drift-monitor',
    cpu: 0.03,
    memory: 127 * MIB,
    sawtooth: true,
  });
  addEvents(cluster, failing);
  addServices(cluster);
  addConfiguration(cluster);
  addMetrics(cluster, loads, { cpu: 0.03, memory: 405 * MIB });
  return new Map([
    ...objectFiles(cluster),
    ...usageFiles(loads),
    ...cloudFiles(failing.capacity, nodes),
    ['version.json', versionFile()],
    ['certificates/013a.tech.json', probeFile('013a.tech')],
  ]);
}

function addApps(cluster: ClusterBuilder, nodes: readonly string[]): Load[] {
  return APPS.flatMap(([name, cpu, memory, port, on, useCpu, useMemory]) => {
    const pods = cluster.deployment({
      namespace: NS,
      name: `aia-${name}`,
      container: app(name, cpu, memory, port, { memoryLimit: memory }),
      pods: on.map((node) => ({ state: 'ready' as const, node: nodes[node] as string, ageMs: 12 * DAY })),
    });
    return pods.map((pod) => ({
      namespace: NS,
      pod: pod.metadata.name,
      container: name,
      cpu: useCpu,
      memory: useMemory * MIB,
    }));
  });
}

interface Failing {
  readonly capacity: readonly Made[];
  readonly alertmanager: Made;
  readonly drift: Made;
  readonly frontend: Made;
}

function addFailing(cluster: ClusterBuilder, nodes: readonly string[]): Failing {
  const waiting = (ageMs: number) => ({ state: 'unschedulable' as const, ageMs, message: UNSCHEDULABLE });
  const stuck = (name: string) => ({
    status: 'False',
    reason: 'ProgressDeadlineExceeded',
    message: `ReplicaSet "${name}" has timed out progressing.`,
  });
  const api = cluster.deployment({
    namespace: NS,
    name: 'aia-comprehensive-api',
    container: app('comprehensive-api', '1', '1Gi', 8000, { memoryLimit: '2Gi' }),
    pods: Array.from({ length: 5 }, () => waiting(2 * DAY)),
    ageMs: 2 * DAY,
    progressing: stuck('aia-comprehensive-api'),
  });
  const health = cluster.deployment({
    namespace: NS,
    name: 'aia-health-monitor',
    container: app('health-monitor', '500m', '256Mi', 8080),
    pods: [waiting(30 * HOUR)],
    ageMs: 30 * HOUR,
    progressing: stuck('aia-health-monitor'),
  });
  const config = { configMap: { defaultMode: 420, name: 'alertmanager-mlops-config' }, name: 'config-volume' };
  const [alertmanager] = cluster.deployment({
    namespace: NS,
    name: 'aia-alertmanager',
    container: {
      name: 'alertmanager',
      image: 'prom/alertmanager:v0.27.0',
      cpu: '100m',
      memory: '128Mi',
      memoryLimit: '256Mi',
      ports: [9093],
      mounts: [{ mountPath: '/etc/alertmanager', name: 'config-volume' } as never],
    },
    volumes: [config],
    pods: [{ state: 'creating', node: nodes[1] as string, ageMs: 28 * HOUR }],
    ageMs: 28 * HOUR,
    progressing: stuck('aia-alertmanager'),
  });
  const [drift] = cluster.deployment({
    namespace: NS,
    name: 'aia-drift-monitor',
    container: app('drift-monitor', '250m', '64Mi', 8081, { memoryLimit: '128Mi' }),
    pods: [{ state: 'crash-loop', node: nodes[0] as string, ageMs: 9 * DAY, restarts: 2231 }],
    ageMs: 9 * DAY,
    progressing: stuck('aia-drift-monitor'),
  });
  const fixed = { ...app('frontend-fixed', '200m', '256Mi', 3000, { memoryLimit: '512Mi' }) };
  const [frontend] = cluster.deployment({
    namespace: NS,
    name: 'aia-frontend-fixed',
    container: { ...fixed, image: `${REGISTRY}/aia-frontend:react-fixed`, command: ['/docker-entrypoint-react.sh'] },
    previous: {
      container: { ...fixed, image: `${REGISTRY}/aia-frontend:v2.4.0`, command: ['/docker-entrypoint.sh'] },
      ageMs: 6 * DAY,
    },
    revision: 2,
    pods: [{ state: 'run-error', node: nodes[1] as string, ageMs: 25 * HOUR, message: NO_BINARY, restarts: 299 }],
    ageMs: 6 * DAY,
    progressing: stuck('aia-frontend-fixed'),
  });
  return {
    capacity: [...api, ...health],
    alertmanager: alertmanager as Made,
    drift: drift as Made,
    frontend: frontend as Made,
  };
}

function addEvents(cluster: ClusterBuilder, { capacity, alertmanager, drift, frontend }: Failing): void {
  for (const pod of capacity) {
    cluster.event(pod, 'Warning', 'FailedScheduling', UNSCHEDULABLE, 571, 47 * HOUR, 4 * MINUTE, 'default-scheduler');
    cluster.event(
      pod,
      'Warning',
      'FailedScaleUp',
      'Node scale up in zones us-central1-b associated with this pod failed: GCE quota exceeded. Pod is at risk of not being scheduled.',
      96,
      47 * HOUR,
      11 * MINUTE,
      'cluster-autoscaler',
    );
  }
  cluster.event(
    alertmanager,
    'Warning',
    'FailedMount',
    'MountVolume.SetUp failed for volume "config-volume" : configmap "alertmanager-mlops-config" not found',
    834,
    28 * HOUR,
    2 * MINUTE,
    'kubelet',
  );
  cluster.event(
    drift,
    'Warning',
    'BackOff',
    `Back-off restarting failed container drift-monitor in pod ${drift.metadata.name}_${NS}(${drift.metadata.uid})`,
    51_822,
    9 * DAY,
    MINUTE,
    'kubelet',
  );
  cluster.event(frontend, 'Warning', 'Failed', `Error: ${NO_BINARY}`, 299, 25 * HOUR, 2 * MINUTE, 'kubelet');
  cluster.event(
    frontend,
    'Warning',
    'BackOff',
    `Back-off restarting failed container frontend-fixed in pod ${frontend.metadata.name}_${NS}(${frontend.metadata.uid})`,
    6904,
    25 * HOUR,
    MINUTE,
    'kubelet',
  );
}

function addServices(cluster: ClusterBuilder): void {
  const http = (port: number) => (port === 80 ? 'http' : port === 443 ? 'https' : `tcp-${port}`);
  for (const [name, selector, port, ip] of ADDRESSED)
    cluster.service(
      NS,
      name,
      'LoadBalancer',
      { app: selector },
      [
        { name: http(port), port, target: targetOf(selector) },
        ...(name === 'aia-frontend-lb' ? [{ name: 'https', port: 443, target: 3000 }] : []),
      ],
      ip,
      36 * DAY,
    );
  for (const [name, selector, port] of PENDING) {
    const service = cluster.service(
      NS,
      name,
      'LoadBalancer',
      { app: selector },
      [{ name: http(port), port, target: targetOf(selector) }],
      undefined,
      11 * DAY,
    );
    const balancer = `a${service.metadata.uid.replaceAll('-', '')}(${NS}/${name})`;
    cluster.event(
      service,
      'Normal',
      'EnsuringLoadBalancer',
      'Ensuring load balancer',
      3168,
      11 * DAY,
      3 * MINUTE,
      'service-controller',
    );
    cluster.event(
      service,
      'Warning',
      'SyncLoadBalancerFailed',
      `Error syncing load balancer: failed to ensure load balancer: failed to create forwarding rule for load balancer (${balancer}): ${QUOTA_ADDRESS}`,
      3168,
      11 * DAY,
      3 * MINUTE,
      'service-controller',
    );
  }
  for (const name of ['redis', 'postgres', 'prometheus', 'mlflow'])
    cluster.service(
      NS,
      `aia-${name}`,
      'ClusterIP',
      { app: `aia-${name}` },
      [{ name: 'tcp', port: targetOf(`aia-${name}`), target: targetOf(`aia-${name}`) }],
      undefined,
      36 * DAY,
    );
}

function targetOf(selector: string): number {
  const known = APPS.find(([name]) => `aia-${name}` === selector);
  return (
    known?.[3] ??
    { 'aia-alertmanager': 9093, 'aia-health-monitor': 8080, 'aia-drift-monitor': 8081, 'aia-comprehensive-api': 8000 }[
      selector
    ] ??
    3000
  );
}

function addConfiguration(cluster: ClusterBuilder): void {
  cluster.add('v1', 'ConfigMap', 'aia-monitoring-config', NS, 36 * DAY, {
    data: { 'prometheus.yml': 'global:\n  scrape_interval: 30s\n' },
  });
  cluster.add('v1', 'ConfigMap', 'grafana-datasources', NS, 36 * DAY, {
    data: { 'datasources.yaml': 'apiVersion: 1\n' },
  });
  cluster.add('v1', 'ConfigMap', 'cluster-autoscaler-status', 'kube-system', 20 * DAY, {
    metadata: {
      annotations: { 'cluster-autoscaler.kubernetes.io/last-updated': '2025-09-27 11:58:51.014329 +0000 UTC' },
    },
    data: { status: autoscalerStatus() },
  });
  const partial = (namespace: string, name: string) => cluster.add('v1', 'Secret', name, namespace, 36 * DAY);
  partial(NS, 'tls-013a-tech');
  partial(NS, 'aia-database-credentials');
  cluster.add('storage.k8s.io/v1', 'StorageClass', 'standard-rwo', undefined, 90 * DAY, {
    allowVolumeExpansion: true,
    metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    parameters: { type: 'pd-balanced' },
    provisioner: 'pd.csi.storage.gke.io',
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
}

function autoscalerStatus(): string {
  const counts =
    'nodeCounts:\n      registered:\n        total: 4\n        ready: 4\n        notStarted: 0\n        unready:\n          total: 0\n          resourceUnready: 0\n      longUnregistered: 0\n      unregistered: 0';
  const times = '"2025-09-27T11:58:50.1Z"';
  return `time: 2025-09-27 11:58:51.014329 +0000 UTC\nautoscalerStatus: Running\nclusterWide:\n  health:\n    status: Healthy\n    ${counts}\n    lastProbeTime: ${times}\n    lastTransitionTime: null\n  scaleUp:\n    status: NoActivity\n    lastProbeTime: ${times}\n    lastTransitionTime: null\n  scaleDown:\n    status: NoCandidates\n    lastProbeTime: ${times}\n    lastTransitionTime: null\nnodeGroups:\n- name: ${GROUP}\n  health:\n    status: Healthy\n    ${counts}\n    cloudProviderTarget: 4\n    minSize: 1\n    maxSize: 10\n    lastProbeTime: ${times}\n    lastTransitionTime: null\n  scaleUp:\n    status: Backoff\n    backoffInfo:\n      errorCode: QUOTA_EXCEEDED\n      errorMessage: "Instance 'gke-aia-production-default-pool-7f3c2a91-z3np' creation failed: Quota 'CPUS' exceeded.  Limit: 24.0 in region us-central1."\n    lastProbeTime: ${times}\n    lastTransitionTime: null\n  scaleDown:\n    status: NoCandidates\n    candidates: 0\n    lastProbeTime: ${times}\n    lastTransitionTime: null\n`;
}

function cloudFiles(waiting: readonly Made[], nodes: readonly string[]): [string, string][] {
  const region = 'https://www.googleapis.com/compute/v1/projects/aia-system-production-2025/regions/us-central1';
  const rules = ADDRESSED.flatMap(([name, , port, ip], i) => [
    {
      IPAddress: ip,
      IPProtocol: 'TCP',
      creationTimestamp: '2025-08-22T01:12:09.000-07:00',
      description: JSON.stringify({ 'kubernetes.io/service-name': `${NS}/${name}` }),
      fingerprint: 'x8sQ1m2Zk0c=',
      id: String(7_204_118_220_145 + i),
      kind: 'compute#forwardingRule',
      loadBalancingScheme: 'EXTERNAL',
      name: `a${i}b4e1d0c9f2a4c1f8e7d6b5a4938271`,
      networkTier: 'PREMIUM',
      portRange: `${port}-${port}`,
      region,
      selfLink: `${region}/forwardingRules/a${i}b4e1d0c9f2a4c1f8e7d6b5a4938271`,
      target: `${region}/targetPools/a${i}b4e1d0c9f2a4c1f8e7d6b5a4938271`,
    },
  ]);
  return [
    [
      'cloud/region.json',
      regionFile({ CPUS: [24, 24], IN_USE_ADDRESSES: [8, 8], SSD_TOTAL_GB: [1000, 560], INSTANCES: [720, 6] }),
    ],
    ['cloud/project.json', projectFile(24)],
    ['cloud/addresses.json', pretty([])],
    ['cloud/forwarding-rules.json', pretty(rules)],
    ['cloud/cluster.json', clusterFile('aia-production', 'e2-standard-4', nodes.length, 10)],
    ['cloud/visibility.json', pretty(visibility(waiting))],
  ];
}

/** The decision to add nodes and its result, joined by the event's id. */
function visibility(waiting: readonly Made[]): unknown[] {
  const mig = { name: 'gke-aia-production-default-pool-7f3c2a91-grp', nodepool: 'default-pool', zone: 'us-central1-b' };
  const seconds = (ms: number) => String(Math.floor((NOW - ms) / 1000));
  const entry = (ms: number, id: string, jsonPayload: object) => ({
    insertId: id,
    jsonPayload,
    logName: 'projects/aia-system-production-2025/logs/container.googleapis.com%2Fcluster-autoscaler-visibility',
    receiveTimestamp: ago(ms - 2000),
    resource: {
      labels: { cluster_name: 'aia-production', location: 'us-central1-b', project_id: 'aia-system-production-2025' },
      type: 'k8s_cluster',
    },
    timestamp: ago(ms),
  });
  const owner = { kind: 'ReplicaSet', name: 'aia-comprehensive-api' };
  const triggeringPods = waiting.map(({ metadata }) => ({
    controller: owner,
    name: metadata.name,
    namespace: metadata.namespace,
  }));
  return [
    entry(12 * MINUTE, '5f2c9a10-7d31@a1', {
      decision: {
        decideTime: seconds(12 * MINUTE),
        eventId: '5f2c9a10-7d31',
        scaleUp: {
          increasedMigs: [{ mig, requestedNodes: 2 }],
          triggeringPods,
          triggeringPodsTotalCount: triggeringPods.length,
        },
      },
    }),
    entry(11 * MINUTE, '5f2c9a10-7d31@a2', {
      resultInfo: {
        measureTime: seconds(11 * MINUTE),
        results: [
          {
            errorMsg: { messageId: 'scale.up.error.quota.exceeded', parameters: [mig.name] },
            eventId: '5f2c9a10-7d31',
          },
        ],
      },
    }),
  ];
}
