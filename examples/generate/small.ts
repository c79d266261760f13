/** The four smaller examples: one healthy cluster and three with one fault each. */
import { ClusterBuilder, DAY, HOUR, MINUTE, type Made, type PodSpec } from './cluster-builder.ts';
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

const MIB = 2 ** 20;
const IMAGE = 'us-central1-docker.pkg.dev/shop-production/apps';

/** A sound shop on three nodes, requests in the band, used by about half. Returns what further steps build on. */
function shop(name: string): { cluster: ClusterBuilder; nodes: string[]; loads: Load[] } {
  const cluster = new ClusterBuilder(name);
  cluster.namespaces('default', 'kube-system', 'kube-public', 'kube-node-lease', 'shop');
  const nodes = addNodes(cluster, 3);
  const [a = '', b = '', c = ''] = nodes;
  const loads = addSystem(cluster, nodes, [a, b], c);
  const apps: [string, string, string, string[], number, number][] = [
    ['web', '600m', '2Gi', [a, b, c], 0.31, 1400],
    ['cart', '500m', '1536Mi', [a, b], 0.26, 1000],
    ['catalogue', '600m', '2Gi', [b, c], 0.32, 1500],
    ['payment', '400m', '1Gi', [a, c], 0.19, 700],
    ['search', '900m', '4Gi', [a, c], 0.45, 2900],
  ];
  for (const [app, cpu, memory, on, useCpu, useMemory] of apps) {
    const pods = cluster.deployment({
      namespace: 'shop',
      name: app,
      container: {
        name: app,
        image: `${IMAGE}/${app}:1.8.3`,
        cpu,
        memory,
        memoryLimit: memory,
        ports: [8080],
        probePath: '/healthz',
      },
      pods: on.map((node) => running(node)),
    });
    loads.push(
      ...pods.map((pod) => ({
        namespace: 'shop',
        pod: pod.metadata.name,
        container: app,
        cpu: useCpu,
        memory: useMemory * MIB,
      })),
    );
    cluster.service(
      'shop',
      app,
      app === 'web' ? 'LoadBalancer' : 'ClusterIP',
      { app },
      [{ name: 'http', port: 80, target: 8080 }],
      app === 'web' ? '34.72.19.204' : undefined,
      40 * DAY,
    );
  }
  cluster.add('v1', 'ConfigMap', 'shop-config', 'shop', 40 * DAY, { data: { currency: 'EUR' } });
  return { cluster, nodes, loads };
}

function running(node: string): PodSpec {
  return { state: 'ready', node, ageMs: 12 * DAY };
}

function dump({ cluster, nodes, loads }: ReturnType<typeof shop>, withStatus = true): Files {
  addMetrics(cluster, loads, { cpu: 0.06, memory: 420 * MIB });
  if (withStatus) addStatus(cluster, nodes.length, '');
  if (cluster.of('Secret').length === 0) cluster.add('v1', 'Secret', 'registry', 'shop', 40 * DAY);
  return new Map([
    ...objectFiles(cluster),
    ...usageFiles(loads),
    ['cloud/region.json', regionFile({ CPUS: [72, 12], IN_USE_ADDRESSES: [23, 4] })],
    ['cloud/project.json', projectFile(12)],
    ['cloud/addresses.json', pretty([])],
    ['cloud/forwarding-rules.json', pretty([])],
    ['cloud/cluster.json', clusterFile(cluster.name, 'e2-standard-4', nodes.length, 6)],
    ['version.json', versionFile()],
    ['certificates/shop.json', probeFile('shop.example.com')],
  ]);
}

function addStatus(cluster: ClusterBuilder, nodes: number, backoff: string): void {
  const group = `https://www.googleapis.com/compute/v1/projects/shop-production/zones/us-central1-b/instanceGroups/gke-${cluster.name}-default-pool-7f3c2a91-grp`;
  const health = `status: Healthy\n    nodeCounts:\n      registered:\n        total: ${nodes}\n        ready: ${nodes}\n        notStarted: 0\n      longUnregistered: 0\n      unregistered: 0`;
  const status = `time: 2025-09-27 11:59:12.5 +0000 UTC\nautoscalerStatus: Running\nclusterWide:\n  health:\n    ${health}\n  scaleUp:\n    status: NoActivity\n  scaleDown:\n    status: NoCandidates\nnodeGroups:\n- name: ${group}\n  health:\n    ${health}\n    cloudProviderTarget: ${nodes}\n    minSize: 1\n    maxSize: 6\n  scaleUp:\n    status: ${backoff === '' ? 'NoActivity\n    backoffInfo: {}' : `Backoff\n    backoffInfo:\n${backoff}`}\n  scaleDown:\n    status: NoCandidates\n    candidates: 0\n`;
  cluster.add('v1', 'ConfigMap', 'cluster-autoscaler-status', 'kube-system', 30 * DAY, {
    data: { status },
    metadata: { annotations: { 'cluster-autoscaler.kubernetes.io/last-updated': '2025-09-27 11:59:12.5 +0000 UTC' } },
  });
}

/** Nothing is wrong. */
export function healthy(): Files {
  return dump(shop('shop-production'));
}

/** The zone has no machines left; quotas have room and requests are right. */
export function stockOut(): Files {
  const made = shop('shop-stock-out');
  const { cluster, nodes } = made;
  const message =
    '0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.';
  const pods = cluster.deployment({
    namespace: 'shop',
    name: 'recommend',
    container: {
      name: 'recommend',
      image: `${IMAGE}/recommend:0.9.0`,
      cpu: '1800m',
      memory: '2Gi',
      memoryLimit: '2Gi',
      ports: [8080],
    },
    pods: [1, 2].map(() => ({ state: 'unschedulable' as const, ageMs: 5 * HOUR, message })),
    ageMs: 5 * HOUR,
    progressing: {
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: 'ReplicaSet "recommend" has timed out progressing.',
    },
  });
  for (const pod of pods) {
    cluster.event(pod, 'Warning', 'FailedScheduling', message, 61, 5 * HOUR, 3 * MINUTE, 'default-scheduler');
    cluster.event(
      pod,
      'Warning',
      'FailedScaleUp',
      'Node scale up in zones us-central1-b associated with this pod failed: GCE out of resources. Pod is at risk of not being scheduled.',
      14,
      5 * HOUR,
      9 * MINUTE,
      'cluster-autoscaler',
    );
  }
  addStatus(
    cluster,
    nodes.length,
    `      errorCode: RESOURCE_POOL_EXHAUSTED\n      errorMessage: "Instance 'gke-shop-stock-out-default-pool-7f3c2a91-m2kd' creation failed: The zone 'projects/shop-production/zones/us-central1-b' does not have enough resources available to fulfill the request. Try a different zone, or try again later."`,
  );
  return dump(made, false);
}

/** A ResourceQuota keeps a Deployment from creating pods: none is ever Pending. */
export function namespaceQuota(): Files {
  const made = shop('shop-namespace-quota');
  const { cluster, nodes, loads } = made;
  cluster.namespaces('reports');
  const hard = { 'requests.cpu': '500m', 'requests.memory': '2Gi' };
  const quota = cluster.add('v1', 'ResourceQuota', 'team-reports', 'reports', 30 * DAY, {
    spec: { hard },
    status: { hard, used: { 'requests.cpu': '500m', 'requests.memory': '1Gi' } },
  });
  const failure = `pods "report-renderer-" is forbidden: exceeded quota: ${quota.metadata.name}, requested: requests.cpu=250m, used: requests.cpu=500m, limited: requests.cpu=500m`;
  const pods = cluster.deployment({
    namespace: 'reports',
    name: 'report-renderer',
    replicas: 4,
    container: {
      name: 'renderer',
      image: `${IMAGE}/report-renderer:3.1.0`,
      cpu: '250m',
      memory: '512Mi',
      memoryLimit: '512Mi',
      ports: [8080],
    },
    pods: [running(nodes[0] as string), running(nodes[1] as string)],
    ageMs: 30 * DAY,
    failure,
    progressing: {
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: 'ReplicaSet "report-renderer" has timed out progressing.',
    },
  });
  loads.push(
    ...pods.map((pod) => ({
      namespace: 'reports',
      pod: pod.metadata.name,
      container: 'renderer',
      cpu: 0.12,
      memory: 300 * MIB,
    })),
  );
  const set = cluster.of('ReplicaSet').find(({ metadata }) => metadata.namespace === 'reports') as Made;
  cluster.event(
    set,
    'Warning',
    'FailedCreate',
    `Error creating: ${failure}`,
    37,
    3 * HOUR,
    5 * MINUTE,
    'replicaset-controller',
  );
  return dump(made);
}

/** A Secret lacks the key that a new revision reads; the old pods still serve. */
export function missingSecretKey(): Files {
  const made = shop('shop-secret-key');
  const { cluster, nodes } = made;
  cluster.add('v1', 'Secret', 'orders-database', 'shop', 60 * DAY, {
    data: { username: '[redacted]', 'database-password': '[redacted]' },
    type: 'Opaque',
  });
  cluster.add('v1', 'Secret', 'registry', 'shop', 60 * DAY, {
    data: { '.dockerconfigjson': '[redacted]' },
    type: 'kubernetes.io/dockerconfigjson',
  });
  const message = "couldn't find key password in Secret shop/orders-database";
  const env = [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { key: 'password', name: 'orders-database' } } }];
  const pods = cluster.deployment({
    namespace: 'shop',
    name: 'orders',
    replicas: 1,
    revision: 4,
    container: {
      name: 'orders',
      image: `${IMAGE}/orders:2.0.0`,
      cpu: '200m',
      memory: '256Mi',
      memoryLimit: '512Mi',
      ports: [8080],
      env,
    },
    previous: {
      container: {
        name: 'orders',
        image: `${IMAGE}/orders:1.9.4`,
        cpu: '200m',
        memory: '256Mi',
        memoryLimit: '512Mi',
        ports: [8080],
      },
      ageMs: 20 * DAY,
    },
    pods: [{ state: 'config-error', node: nodes[1] as string, ageMs: 2 * HOUR, message }],
    ageMs: 40 * DAY,
    progressing: {
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: 'ReplicaSet "orders" has timed out progressing.',
    },
  });
  for (const pod of pods)
    cluster.event(pod, 'Warning', 'Failed', `Error: ${message}`, 552, 2 * HOUR, MINUTE, 'kubelet');
  return dump(made);
}
