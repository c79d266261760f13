/** The reference incident: requests far above usage, exhausted quotas, and four faults of single workloads. */
import { addAutoscalerStatus } from './autoscaler.ts';
import { ClusterBuilder, type Made, type Said } from './cluster-builder.ts';
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
import { ago, DAY, digest, HOUR, MINUTE, NOW, uidOf } from './identity.ts';
import type { ContainerSpec } from './pod.ts';
import { addNamespaces, addNodes, addSystem, loadOf } from './system.ts';

const NS = 'aia-system';
const MIB = 2 ** 20;
const PROJECT = 'aia-system-production-2025';
const REGISTRY = `gcr.io/${PROJECT}`;
const UNSCHEDULABLE =
  '0/4 nodes are available: 4 Insufficient cpu. preemption: 0/4 nodes are available: 4 No preemption victims found for incoming pod.';
const NO_BINARY =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/docker-entrypoint-react.sh": stat /docker-entrypoint-react.sh: no such file or directory: unknown';
const QUOTA_ADDRESS =
  "googleapi: Error 403: Quota 'IN_USE_ADDRESSES' exceeded.  Limit: 8.0 in region us-central1., quotaExceeded";

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

/** Workloads that keep their data on a disk, with its size in GiB and where it is mounted. */
const DISKS: Readonly<Record<string, readonly [gibibytes: number, mountPath: string]>> = {
  postgres: [20, '/var/lib/postgresql/data'],
  prometheus: [20, '/prometheus'],
  mlflow: [20, '/mlflow'],
};

/** How long ago the drift monitor's memory limit was lowered, the pods that wait were made, and so on. */
const LOWERED = 3 * DAY + 2 * HOUR;
const API_AGE = 2 * DAY + HOUR;
const PENDING_AGE = 11 * DAY + 2 * HOUR;
/** The frontend's new revision: it has not started for 25 h, and its deadline passed ten minutes later. */
const FAILING_START = 25 * HOUR + 20 * MINUTE;

/** All files of the dump. */
export function aiaSystem(): Files {
  const cluster = new ClusterBuilder('aia-production', PROJECT);
  addNamespaces(cluster, NS);
  const nodes = addNodes(cluster, 4, true);
  const loads = addSystem(cluster, nodes, nodes.slice(1), { monitoring: false });
  loads.push(...addApps(cluster, nodes));
  const failing = addFailing(cluster, nodes);
  loads.push(...driftLoads(cluster, failing.drift));
  addServices(cluster);
  addConfiguration(cluster);
  addEvents(cluster, failing);
  cluster.reportImages();
  addMetrics(cluster, loads, { cpu: 0.03, memory: 405 * MIB });
  return new Map([
    ...objectFiles(cluster),
    ...usageFiles(loads),
    ...cloudFiles(cluster, failing.capacity, nodes),
    ['version.json', versionFile()],
    ['certificates/013a.tech.json', probeFile('013a.tech')],
  ]);
}

function addApps(cluster: ClusterBuilder, nodes: readonly string[]): Load[] {
  return APPS.flatMap(([name, cpu, memory, port, on, useCpu, useMemory]) => {
    const disk = DISKS[name];
    const claim = `aia-${name}-data`;
    if (disk !== undefined) cluster.disk(NS, claim, disk[0], 36 * DAY);
    const pods = cluster.deployment({
      namespace: NS,
      name: `aia-${name}`,
      ageMs: 36 * DAY,
      container: app(name, cpu, memory, port, {
        memoryLimit: memory,
        ...(disk !== undefined && { mounts: [{ mountPath: disk[1], name: 'data' }] }),
      }),
      ...(disk !== undefined && {
        recreate: true,
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }],
      }),
      pods: on.map((node) => ({ state: 'ready' as const, node: nodes[node] as string, ageMs: 12 * DAY })),
    });
    return loadOf(pods, name, useCpu, useMemory);
  });
}

/** Before the limit was lowered the monitor needed more than it may have now; since then it is killed before it gets there. */
function driftLoads(cluster: ClusterBuilder, drift: Made): Load[] {
  const before = cluster
    .of('ReplicaSet')
    .find(({ metadata, spec }) => metadata.name.startsWith('aia-drift-monitor-') && (spec as Scaled).replicas === 0);
  const common = { namespace: NS, container: 'drift-monitor', cpu: 0.03 };
  return [
    { ...common, pod: `${before?.metadata.name ?? ''}-m7kdx`, memory: 188 * MIB, untilMs: LOWERED },
    { ...common, pod: drift.metadata.name, memory: 127 * MIB, sawtooth: true, sinceMs: LOWERED },
  ];
}

interface Scaled {
  readonly replicas: number;
}

interface Failing {
  readonly capacity: readonly Made[];
  readonly alertmanager: Made;
  readonly drift: Made;
  readonly frontend: Made;
}

function addFailing(cluster: ClusterBuilder, nodes: readonly string[]): Failing {
  const waiting = (ageMs: number) => ({ state: 'unschedulable' as const, ageMs, message: UNSCHEDULABLE });
  const api = cluster.deployment({
    namespace: NS,
    name: 'aia-comprehensive-api',
    container: app('comprehensive-api', '1', '1Gi', 8000, { memoryLimit: '2Gi' }),
    pods: Array.from({ length: 5 }, () => waiting(API_AGE)),
    ageMs: API_AGE,
    timedOut: true,
  });
  const health = cluster.deployment({
    namespace: NS,
    name: 'aia-health-monitor',
    container: app('health-monitor', '500m', '256Mi', 8080),
    pods: [waiting(30 * HOUR)],
    ageMs: 30 * HOUR,
    timedOut: true,
  });
  const [alertmanager] = cluster.deployment({
    namespace: NS,
    name: 'aia-alertmanager',
    container: {
      name: 'alertmanager',
      image: 'docker.io/prom/alertmanager:v0.27.0',
      cpu: '100m',
      memory: '128Mi',
      memoryLimit: '256Mi',
      ports: [9093],
      mounts: [{ mountPath: '/etc/alertmanager', name: 'config-volume' }],
    },
    volumes: [{ configMap: { defaultMode: 420, name: 'alertmanager-mlops-config' }, name: 'config-volume' }],
    pods: [{ state: 'creating', node: nodes[1] as string, ageMs: 28 * HOUR }],
    ageMs: 28 * HOUR,
    timedOut: true,
  });
  const monitor = (memoryLimit: string) => app('drift-monitor', '250m', '64Mi', 8081, { memoryLimit });
  const [drift] = cluster.deployment({
    namespace: NS,
    name: 'aia-drift-monitor',
    container: monitor('128Mi'),
    previous: { container: monitor('512Mi'), ageMs: 31 * DAY },
    pods: [{ state: 'crash-loop', node: nodes[0] as string, ageMs: LOWERED, restarts: 744 }],
    ageMs: 31 * DAY,
    timedOut: true,
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
    pods: [{ state: 'run-error', node: nodes[1] as string, ageMs: FAILING_START, message: NO_BINARY, restarts: 299 }],
    ageMs: 6 * DAY,
    timedOut: true,
  });
  return {
    capacity: [...api, ...health],
    alertmanager: alertmanager as Made,
    drift: drift as Made,
    frontend: frontend as Made,
  };
}

function addEvents(cluster: ClusterBuilder, { capacity, alertmanager, drift, frontend }: Failing): void {
  for (const pod of capacity) addWaitingEvents(cluster, pod);
  const said = (component: string, firstMs: number, lastMs: number) => (about: Made, rest: Partial<Said>) => {
    cluster.event(about, { type: 'Warning', reason: '', message: '', count: 1, firstMs, lastMs, component, ...rest });
  };
  const backOff = (pod: Made, container: string) =>
    `Back-off restarting failed container ${container} in pod ${pod.metadata.name}_${NS}(${pod.metadata.uid})`;
  said(
    'kubelet',
    28 * HOUR,
    2 * MINUTE,
  )(alertmanager, {
    reason: 'FailedMount',
    message: 'MountVolume.SetUp failed for volume "config-volume" : configmap "alertmanager-mlops-config" not found',
    count: 834,
  });
  const monitor = { container: 'drift-monitor' };
  said(
    'kubelet',
    LOWERED,
    MINUTE,
  )(drift, {
    ...monitor,
    reason: 'BackOff',
    message: backOff(drift, 'drift-monitor'),
    count: 19_206,
  });
  said(
    'kubelet',
    LOWERED,
    4 * MINUTE,
  )(drift, {
    ...monitor,
    type: 'Normal',
    reason: 'Pulled',
    message: `Container image "${REGISTRY}/aia-drift-monitor:v2.4.1" already present on machine`,
    count: 745,
  });
  const fixed = { container: 'frontend-fixed' };
  said(
    'kubelet',
    FAILING_START,
    2 * MINUTE,
  )(frontend, { ...fixed, reason: 'Failed', message: `Error: ${NO_BINARY}`, count: 300 });
  said(
    'kubelet',
    FAILING_START,
    MINUTE,
  )(frontend, {
    ...fixed,
    reason: 'BackOff',
    message: backOff(frontend, 'frontend-fixed'),
    count: 6904,
  });
}

/** What the scheduler and the autoscaler say about a pod that waits; each line is one that is still repeated. */
function addWaitingEvents(cluster: ClusterBuilder, pod: Made): void {
  const said = (rest: Pick<Said, 'type' | 'reason' | 'message' | 'count' | 'lastMs' | 'component'>) => {
    cluster.event(pod, { firstMs: 29 * HOUR, ...rest });
  };
  said({
    type: 'Warning',
    reason: 'FailedScheduling',
    message: UNSCHEDULABLE,
    count: 352,
    lastMs: 4 * MINUTE,
    component: 'default-scheduler',
  });
  said({
    type: 'Warning',
    reason: 'FailedScaleUp',
    message:
      'Node scale up in zones us-central1-b associated with this pod failed: GCE quota exceeded. Pod is at risk of not being scheduled.',
    count: 58,
    lastMs: 11 * MINUTE,
    component: 'cluster-autoscaler',
  });
  said({
    type: 'Normal',
    reason: 'NotTriggerScaleUp',
    message: "pod didn't trigger scale-up: 1 in backoff after failed scale-up",
    count: 1622,
    lastMs: 2 * MINUTE,
    component: 'cluster-autoscaler',
  });
}

function addServices(cluster: ClusterBuilder): void {
  const named = (port: number) => (port === 80 ? 'http' : port === 443 ? 'https' : `tcp-${port}`);
  const balancer = (name: string, app: string, ports: readonly number[], ageMs: number, ip?: string) =>
    cluster.service({
      namespace: NS,
      name,
      type: 'LoadBalancer',
      selector: { app },
      ports: ports.map((port) => ({ name: named(port), port, target: targetOf(app) })),
      ...(ip !== undefined && { ip }),
      ageMs,
    });
  for (const [name, selector, port, ip] of ADDRESSED) balancer(name, selector, portsOf(name, port), 36 * DAY, ip);
  for (const [name, selector, port] of PENDING) {
    const service = balancer(name, selector, [port], PENDING_AGE);
    const repeated = { count: 3168, firstMs: PENDING_AGE, lastMs: 3 * MINUTE, component: 'service-controller' };
    const address = balancerName(service);
    cluster.event(service, {
      ...repeated,
      type: 'Normal',
      reason: 'EnsuringLoadBalancer',
      message: 'Ensuring load balancer',
    });
    cluster.event(service, {
      ...repeated,
      type: 'Warning',
      reason: 'SyncLoadBalancerFailed',
      message: `Error syncing load balancer: failed to ensure load balancer: failed to create forwarding rule for load balancer (${address}(${NS}/${name})): ${QUOTA_ADDRESS}`,
    });
  }
  for (const name of ['redis', 'postgres', 'prometheus', 'mlflow']) {
    const target = targetOf(`aia-${name}`);
    cluster.service({
      namespace: NS,
      name: `aia-${name}`,
      type: 'ClusterIP',
      selector: { app: `aia-${name}` },
      ports: [{ name: 'tcp', port: target, target }],
      ageMs: 36 * DAY,
    });
  }
}

/** The frontend answers on both of the web's ports. */
function portsOf(name: string, port: number): readonly number[] {
  return name === 'aia-frontend-lb' ? [port, 443] : [port];
}

/** What the cloud provider calls a Service's load balancer: its uid, cut to the length of a name. */
function balancerName({ metadata }: Made): string {
  return `a${metadata.uid.replaceAll('-', '')}`.slice(0, 32);
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
  addAutoscalerStatus(cluster, 4, 10, {
    errorCode: 'QUOTA_EXCEEDED',
    errorMessage:
      "Instance 'gke-aia-production-default-pool-7f3c2a91-z3np' creation failed: Quota 'CPUS' exceeded.  Limit: 24.0 in region us-central1.",
  });
  for (const name of ['tls-013a-tech', 'aia-database-credentials']) cluster.add('v1', 'Secret', name, NS, 36 * DAY);
}

function cloudFiles(cluster: ClusterBuilder, waiting: readonly Made[], nodes: readonly string[]): [string, string][] {
  return [
    [
      'cloud/region.json',
      // Four private nodes of 4 CPUs and 100 GB, four more machines of 2 CPUs and 25 GB with an address each, three claims of 20 GB.
      regionFile(PROJECT, {
        CPUS: [24, 24],
        IN_USE_ADDRESSES: [8, 8],
        SSD_TOTAL_GB: [1000, 560],
        INSTANCES: [720, 8],
        EXTERNAL_NETWORK_LB_FORWARDING_RULES: [15, 4],
      }),
    ],
    [
      'cloud/project.json',
      projectFile(PROJECT, { CPUS_ALL_REGIONS: [32, 24], FORWARDING_RULES: [45, 4], TARGET_POOLS: [50, 4] }),
    ],
    ['cloud/addresses.json', pretty([])],
    ['cloud/forwarding-rules.json', pretty(ADDRESSED.map((one) => forwardingRule(cluster, one)))],
    [
      'cloud/cluster.json',
      clusterFile(cluster, 'e2-standard-4', nodes.length, 10, { monitoring: false, privateNodes: true }),
    ],
    ['cloud/visibility.json', pretty(visibility(waiting))],
  ];
}

/** `gcloud compute forwarding-rules list` of one Service. */
function forwardingRule(cluster: ClusterBuilder, [name, , port, ip]: (typeof ADDRESSED)[number]): object {
  const region = `https://www.googleapis.com/compute/v1/projects/${PROJECT}/regions/us-central1`;
  const service = cluster.of('Service').find(({ metadata }) => metadata.name === name) as Made;
  const ports = portsOf(name, port);
  const rule = balancerName(service);
  return {
    IPAddress: ip,
    IPProtocol: 'TCP',
    creationTimestamp: '2025-08-22T05:01:14.627-07:00',
    description: JSON.stringify({ 'kubernetes.io/service-name': `${NS}/${name}` }),
    fingerprint: digest('fingerprint', rule).subarray(0, 8).toString('base64'),
    id: String(digest('rule', rule).readBigUInt64BE() >> 1n),
    kind: 'compute#forwardingRule',
    labelFingerprint: '42WmSpB8rSM=',
    loadBalancingScheme: 'EXTERNAL',
    name: rule,
    networkTier: 'PREMIUM',
    portRange: `${ports[0]}-${ports.at(-1)}`,
    region,
    selfLink: `${region}/forwardingRules/${rule}`,
    target: `${region}/targetPools/${rule}`,
  };
}

/** The last decisions to add nodes and their results, joined by the event's id. */
function visibility(waiting: readonly Made[]): unknown[] {
  const mig = { name: 'gke-aia-production-default-pool-7f3c2a91-grp', nodepool: 'default-pool', zone: 'us-central1-b' };
  const seconds = (ms: number) => String(Math.floor((NOW - ms) / 1000));
  const entry = (ms: number, name: string, jsonPayload: object) => ({
    insertId: `${uidOf('log', name)}@a1`,
    jsonPayload,
    logName: `projects/${PROJECT}/logs/container.googleapis.com%2Fcluster-autoscaler-visibility`,
    receiveTimestamp: ago(ms - 2000).replace('Z', '.318472915Z'),
    resource: {
      labels: { cluster_name: 'aia-production', location: 'us-central1-b', project_id: PROJECT },
      type: 'k8s_cluster',
    },
    timestamp: ago(ms).replace('Z', '.104733216Z'),
  });
  const triggeringPods = waiting.map(({ metadata }) => ({
    controller: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: metadata.name.slice(0, -6) },
    name: metadata.name,
    namespace: metadata.namespace,
  }));
  return [42 * MINUTE, 11 * MINUTE].flatMap((ms) => {
    const eventId = uidOf('scale-up', String(ms));
    const scaleUp = {
      increasedMigs: [{ mig, requestedNodes: 2 }],
      triggeringPods,
      triggeringPodsTotalCount: triggeringPods.length,
    };
    const errorMsg = { messageId: 'scale.up.error.quota.exceeded', parameters: [mig.name] };
    return [
      entry(ms + MINUTE, `decision ${ms}`, {
        decision: { decideTime: seconds(ms + MINUTE), eventId, scaleUp },
      }),
      entry(ms, `result ${ms}`, { resultInfo: { measureTime: seconds(ms), results: [{ errorMsg, eventId }] } }),
    ];
  });
}
