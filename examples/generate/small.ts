/** The four smaller examples: one healthy cluster and three with one fault each. */
import { addAutoscalerStatus, type Backoff } from './autoscaler.ts';
import { ClusterBuilder, type Made } from './cluster-builder.ts';
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
import { DAY, digest, HOUR, MINUTE } from './identity.ts';
import type { PodSpec } from './pod.ts';
import { addNamespaces, addNodes, addSystem, loadOf } from './system.ts';

const MIB = 2 ** 20;
const PROJECT = 'shop-production';
const IMAGE = `us-central1-docker.pkg.dev/${PROJECT}/apps`;

/** A sound shop on three nodes, requests in the band, used by about half. Returns what further steps build on. */
function shop(name: string): { cluster: ClusterBuilder; nodes: string[]; loads: Load[] } {
  const cluster = new ClusterBuilder(name, PROJECT);
  addNamespaces(cluster, 'shop');
  const nodes = addNodes(cluster, 3);
  const [a = '', b = '', c = ''] = nodes;
  const loads = addSystem(cluster, nodes, nodes, { monitoring: true });
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
        env: [{ name: 'CURRENCY', valueFrom: { configMapKeyRef: { key: 'currency', name: 'shop-config' } } }],
      },
      pods: on.map((node) => running(node)),
    });
    loads.push(...loadOf(pods, app, useCpu, useMemory));
    cluster.service({
      namespace: 'shop',
      name: app,
      type: app === 'web' ? 'LoadBalancer' : 'ClusterIP',
      selector: { app },
      ports: [{ name: 'http', port: 80, target: 8080 }],
      ...(app === 'web' && { ip: '34.72.19.204' }),
      ageMs: 40 * DAY,
    });
  }
  cluster.add('v1', 'ConfigMap', 'shop-config', 'shop', 40 * DAY, { data: { currency: 'EUR' } });
  const account = cluster.of('ServiceAccount').find(({ metadata }) => metadata.namespace === 'shop');
  Object.assign(account ?? {}, { imagePullSecrets: [{ name: 'registry' }] });
  return { cluster, nodes, loads };
}

function running(node: string): PodSpec {
  return { state: 'ready', node, ageMs: 12 * DAY };
}

function dump({ cluster, nodes, loads }: ReturnType<typeof shop>, backoff?: Backoff): Files {
  addAutoscalerStatus(cluster, nodes.length, 6, backoff);
  if (cluster.of('Secret').length === 0) cluster.add('v1', 'Secret', 'registry', 'shop', 40 * DAY);
  cluster.reportImages();
  addMetrics(cluster, loads, { cpu: 0.06, memory: 420 * MIB });
  return new Map([
    ...objectFiles(cluster),
    ...usageFiles(loads),
    ['cloud/region.json', regionFile(PROJECT, { CPUS: [72, 12], IN_USE_ADDRESSES: [23, 4] })],
    ['cloud/project.json', projectFile(PROJECT, {})],
    ['cloud/addresses.json', pretty([])],
    ['cloud/forwarding-rules.json', pretty([forwardingRule(cluster)])],
    [
      'cloud/cluster.json',
      clusterFile(cluster, 'e2-standard-4', nodes.length, 6, { monitoring: true, privateNodes: false }),
    ],
    ['version.json', versionFile()],
    ['certificates/shop.json', probeFile('shop.example.com')],
  ]);
}

/** Nothing is wrong. */
export function healthy(): Files {
  return dump(shop('shop-production'));
}

/** The zone has no machines left; quotas have room and requests are right. */
export function stockOut(): Files {
  const made = shop('shop-stock-out');
  const { cluster } = made;
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
    timedOut: true,
  });
  for (const pod of pods) {
    const said = { type: 'Warning' as const, firstMs: 5 * HOUR };
    cluster.event(pod, {
      ...said,
      reason: 'FailedScheduling',
      message,
      count: 61,
      lastMs: 3 * MINUTE,
      component: 'default-scheduler',
    });
    cluster.event(pod, {
      ...said,
      reason: 'FailedScaleUp',
      message:
        'Node scale up in zones us-central1-b associated with this pod failed: GCE out of resources. Pod is at risk of not being scheduled.',
      count: 14,
      lastMs: 9 * MINUTE,
      component: 'cluster-autoscaler',
    });
  }
  return dump(made, {
    errorCode: 'RESOURCE_POOL_EXHAUSTED',
    errorMessage: `Instance 'gke-${cluster.name}-default-pool-7f3c2a91-m2kd' creation failed: The zone 'projects/${PROJECT}/zones/us-central1-b' does not have enough resources available to fulfill the request. Try a different zone, or try again later.`,
  });
}

/** A ResourceQuota keeps a Deployment from creating pods: none is ever Pending. */
export function namespaceQuota(): Files {
  const made = shop('shop-namespace-quota');
  const { cluster, nodes, loads } = made;
  cluster.namespaces(30 * DAY, 'reports');
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
    // A Deployment that was complete and is scaled up does not run into its deadline.
    failure,
  });
  loads.push(...loadOf(pods, 'renderer', 0.12, 300));
  const set = cluster.of('ReplicaSet').find(({ metadata }) => metadata.namespace === 'reports') as Made;
  cluster.event(set, {
    type: 'Warning',
    reason: 'FailedCreate',
    message: `Error creating: ${failure}`,
    count: 37,
    firstMs: 3 * HOUR,
    lastMs: 5 * MINUTE,
    component: 'replicaset-controller',
  });
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
    timedOut: true,
  });
  for (const pod of pods)
    cluster.event(pod, {
      type: 'Warning',
      reason: 'Failed',
      message: `Error: ${message}`,
      count: 552,
      firstMs: 2 * HOUR,
      lastMs: MINUTE,
      component: 'kubelet',
      container: 'orders',
    });
  return dump(made);
}

/** `gcloud compute forwarding-rules list`: that of the one load balancer. */
function forwardingRule(cluster: ClusterBuilder): object {
  const web = cluster.of('Service').find(({ metadata }) => metadata.name === 'web') as Made;
  const name = `a${web.metadata.uid.replaceAll('-', '')}`.slice(0, 32);
  const region = `https://www.googleapis.com/compute/v1/projects/${PROJECT}/regions/us-central1`;
  return {
    IPAddress: '34.72.19.204',
    IPProtocol: 'TCP',
    description: JSON.stringify({ 'kubernetes.io/service-name': 'shop/web' }),
    id: String(digest('rule', name).readBigUInt64BE() >> 1n),
    kind: 'compute#forwardingRule',
    loadBalancingScheme: 'EXTERNAL',
    name,
    networkTier: 'PREMIUM',
    portRange: '80-80',
    region,
    selfLink: `${region}/forwardingRules/${name}`,
    target: `${region}/targetPools/${name}`,
  };
}
