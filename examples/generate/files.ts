/** Objects to files, as kubectl and gcloud print them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterBuilder, Made } from './cluster-builder.ts';
import { DAY, digest, MINUTE, NOW, VERSION } from './identity.ts';

/** Path → content. */
export type Files = ReadonlyMap<string, string>;

const PLURALS: Readonly<Record<string, string>> = {
  Ingress: 'ingresses',
  StorageClass: 'storageclasses',
  PriorityClass: 'priorityclasses',
};

/** One `kubectl get ‹kind› -A -o json` per kind; kinds of which there are none give their empty list too. */
export function objectFiles(cluster: ClusterBuilder): [string, string][] {
  const kinds = new Map<string, Made[]>(
    [
      'ResourceQuota',
      'PodDisruptionBudget',
      'PersistentVolumeClaim',
      'PersistentVolume',
      'StatefulSet',
      'DaemonSet',
      'Secret',
      'Event',
    ].map((kind) => [kind, []]),
  );
  for (const object of cluster.objects) {
    const group = kinds.get(object.kind) ?? [];
    group.push(object);
    kinds.set(object.kind, group);
  }
  return [...kinds].map(([kind, items]) => [
    `${PLURALS[kind] ?? `${kind.toLowerCase()}s`}.json`.replace('metricss', 'metrics'),
    pretty({
      apiVersion: 'v1',
      items: items.toSorted(byKey),
      kind: items.length === 0 ? `${kind}List` : 'List',
      metadata: { resourceVersion: '' },
    }),
  ]);
}

/** In the order in which the API server lists: by namespace, then by name. */
function byKey({ metadata: a }: Made, { metadata: b }: Made): number {
  const [left, right] = [`${a.namespace ?? ''}/${a.name}`, `${b.namespace ?? ''}/${b.name}`];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** gcloud prints limits and usage as doubles. */
function prettyQuotas(value: unknown): string {
  return pretty(value).replaceAll(/("(?:limit|usage)": \d+)(?=,?$)/gm, '$1.0');
}

export function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 4)}\n`;
}

/** `kubectl version -o json`. */
export function versionFile(): string {
  const info = (gitVersion: string, goVersion: string, buildDate: string) => ({
    major: '1',
    minor: '33',
    gitVersion,
    gitCommit: digest('commit', gitVersion).toString('hex').slice(0, 40),
    gitTreeState: 'clean',
    buildDate,
    goVersion,
    compiler: 'gc',
    platform: 'linux/amd64',
  });
  const serverVersion = {
    emulationMajor: '1',
    emulationMinor: '33',
    minCompatibilityMajor: '1',
    minCompatibilityMinor: '32',
  };
  return pretty({
    clientVersion: info('v1.33.4', 'go1.24.5', '2025-08-13T14:19:36Z'),
    kustomizeVersion: 'v5.6.0',
    serverVersion: { ...info(VERSION, 'go1.24.5 X:boringcrypto', '2025-08-21T09:21:27Z'), ...serverVersion },
  });
}

/** Usage of one container over eight days. */
export interface Load {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Mean CPU in cores and working set in bytes now. */
  readonly cpu: number;
  readonly memory: number;
  /** Memory climbs to `memory` and starts over with each restart. */
  readonly sawtooth?: boolean;
  /** How long ago the pod came, where that is less than eight days. */
  readonly sinceMs?: number;
  /** How long ago it went; it is not measured now. */
  readonly untilMs?: number;
}

const STEP = 1800;
const SAMPLES = (8 * DAY) / 1000 / STEP;

/** Answers of Prometheus' `query_range` for CPU and memory: a daily rhythm with noise. */
export function usageFiles(loads: readonly Load[]): [string, string][] {
  const answer = (name: string, value: (load: Load, i: number, at: number) => string) => ({
    status: 'success',
    data: {
      resultType: 'matrix',
      result: loads.map((load) => ({
        metric: { __name__: name, container: load.container, namespace: load.namespace, pod: load.pod },
        values: Array.from({ length: SAMPLES }, (_, i) => timed(load, i, value)).filter(([at]) => isAlive(load, at)),
      })),
    },
  });
  const cpu = answer('node_namespace_pod_container:container_cpu_usage_seconds_total:sum_rate5m', (load, i, at) =>
    (load.cpu * rhythm(load.pod, i, at)).toFixed(5),
  );
  const memory = answer('node_namespace_pod_container:container_memory_working_set_bytes', (load, i, at) =>
    String(Math.round(memoryAt(load, i, at) / 4096) * 4096),
  );
  return [
    ['usage/cpu.json', `${JSON.stringify(cpu)}\n`],
    ['usage/memory.json', `${JSON.stringify(memory)}\n`],
  ];
}

function timed(load: Load, i: number, value: (load: Load, i: number, at: number) => string): [number, string] {
  const at = NOW / 1000 - (SAMPLES - 1 - i) * STEP;
  return [at, i === SAMPLES - 1 && !load.sawtooth ? value(load, -1, at) : value(load, i, at)];
}

function isAlive({ sinceMs = Infinity, untilMs = 0 }: Load, at: number): boolean {
  const agoMs = NOW - at * 1000;
  return agoMs < sinceMs && agoMs >= untilMs;
}

/** 1 at the moment of observation (`i` −1), else between 0.6 and 1.25 by hour of day, with noise. */
function rhythm(seed: string, i: number, at: number): number {
  if (i < 0) return 1;
  const hour = (at / 3600) % 24;
  return 0.9 + 0.22 * Math.sin(((hour - 8) / 24) * 2 * Math.PI) + 0.12 * (noise(seed, i) - 0.5);
}

function memoryAt(load: Load, i: number, at: number): number {
  if (load.sawtooth === true) return load.memory * (0.72 + 0.28 * (((i * 7) % 12) / 11));
  return i < 0
    ? load.memory
    : load.memory * (0.94 + 0.05 * (rhythm(load.pod, i, at) - 0.9) + 0.03 * noise(load.pod, i));
}

function noise(seed: string, i: number): number {
  let hash = i * 2654435761;
  for (const char of seed) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619);
  return ((hash ^ (hash >>> 13)) >>> 0) / 4294967296;
}

/** What the metrics API says now: each pod, and each node with its own overhead. */
export function addMetrics(
  cluster: ClusterBuilder,
  loads: readonly Load[],
  overhead: { cpu: number; memory: number },
): void {
  const at = { timestamp: new Date(NOW - 40_000).toISOString().replace('.000Z', 'Z'), window: '15.02s' };
  const usage = (cpu: number, memory: number) => ({
    cpu: `${Math.round(cpu * 1e9)}n`,
    memory: `${Math.round(memory / 1024)}Ki`,
  });
  const now = loads.filter(({ untilMs }) => untilMs === undefined);
  const nodeOf = new Map(
    cluster.of('Pod').map((pod) => [pod.metadata.name, (pod['spec'] as { nodeName?: string }).nodeName]),
  );
  for (const { metadata } of cluster.of('Pod')) {
    const own = now.filter(({ pod, namespace }) => pod === metadata.name && namespace === metadata.namespace);
    if (own.length === 0) continue;
    cluster.objects.push({
      apiVersion: 'metrics.k8s.io/v1beta1',
      containers: own.map(({ container, cpu, memory }) => ({ name: container, usage: usage(cpu, memory) })),
      kind: 'PodMetrics',
      metadata: {
        creationTimestamp: at.timestamp,
        labels: metadata['labels'],
        name: metadata.name,
        namespace: metadata.namespace,
      } as unknown as Made['metadata'],
      ...at,
    });
  }
  for (const node of cluster.of('Node')) {
    const own = now.filter(({ pod }) => nodeOf.get(pod) === node.metadata.name);
    const sum = (of: (load: Load) => number) => own.reduce((total, load) => total + of(load), 0);
    cluster.objects.push({
      apiVersion: 'metrics.k8s.io/v1beta1',
      kind: 'NodeMetrics',
      metadata: {
        creationTimestamp: at.timestamp,
        labels: node.metadata['labels'],
        name: node.metadata.name,
      } as unknown as Made['metadata'],
      usage: usage(overhead.cpu + sum(({ cpu }) => cpu), overhead.memory + sum(({ memory }) => memory)),
      ...at,
    });
  }
}

/** A project's or region's quotas by metric. */
export type Quotas = Readonly<Record<string, readonly [limit: number, usage: number]>>;

/** `gcloud compute regions describe`: the metrics given, and all others of a small project. */
export function regionFile(project: string, quotas: Quotas): string {
  const all: Quotas = { ...REGION_QUOTAS, ...quotas };
  const compute = `https://www.googleapis.com/compute/v1/projects/${project}`;
  return prettyQuotas({
    creationTimestamp: '1969-12-31T16:00:00.000-08:00',
    description: 'us-central1',
    id: '1000',
    kind: 'compute#region',
    name: 'us-central1',
    quotas: Object.entries(all).map(([metric, [limit, usage]]) => ({ limit, metric, usage })),
    selfLink: `${compute}/regions/us-central1`,
    status: 'UP',
    supportsPzs: false,
    zones: ['a', 'b', 'c', 'f'].map((zone) => `${compute}/zones/us-central1-${zone}`),
  });
}

const unused = (limit: number, ...metrics: string[]): Quotas =>
  Object.fromEntries(metrics.map((metric) => [metric, [limit, 0] as const]));

/** What Compute Engine counts per region, in its order. */
const REGION_QUOTAS: Quotas = {
  CPUS: [24, 8],
  DISKS_TOTAL_GB: [4096, 0],
  STATIC_ADDRESSES: [8, 0],
  IN_USE_ADDRESSES: [8, 3],
  SSD_TOTAL_GB: [1000, 300],
  LOCAL_SSD_TOTAL_GB: [6000, 0],
  INSTANCE_GROUPS: [100, 1],
  INSTANCE_GROUP_MANAGERS: [50, 1],
  INSTANCES: [720, 3],
  ...unused(50, 'AUTOSCALERS'),
  ...unused(20, 'REGIONAL_AUTOSCALERS', 'REGIONAL_INSTANCE_GROUP_MANAGERS'),
  ...unused(10, 'TARGET_TCP_PROXIES'),
  ...unused(0, 'PREEMPTIBLE_CPUS', 'NVIDIA_K80_GPUS', 'COMMITTED_CPUS', 'COMMITTED_LOCAL_SSD_TOTAL_GB', 'COMMITMENTS'),
  NETWORK_ENDPOINT_GROUPS: [100, 4],
  INTERNAL_ADDRESSES: [200, 1],
  ...unused(1, 'NVIDIA_P100_GPUS'),
  ...unused(0, 'PREEMPTIBLE_LOCAL_SSD_GB', 'PREEMPTIBLE_NVIDIA_K80_GPUS'),
  ...unused(1, 'PREEMPTIBLE_NVIDIA_P100_GPUS', 'NVIDIA_P100_VWS_GPUS', 'NVIDIA_V100_GPUS', 'NVIDIA_P4_GPUS'),
  ...unused(1, 'NVIDIA_P4_VWS_GPUS'),
  ...unused(10, 'NODE_GROUPS', 'NODE_TEMPLATES'),
  ...unused(1, 'PREEMPTIBLE_NVIDIA_V100_GPUS', 'PREEMPTIBLE_NVIDIA_P4_GPUS'),
  ...unused(1, 'PREEMPTIBLE_NVIDIA_P100_VWS_GPUS', 'PREEMPTIBLE_NVIDIA_P4_VWS_GPUS'),
  ...unused(16, 'INTERCONNECT_ATTACHMENTS_PER_REGION'),
  ...unused(80_000, 'INTERCONNECT_ATTACHMENTS_TOTAL_MBPS'),
  ...unused(10, 'RESOURCE_POLICIES'),
  ...unused(50, 'IN_USE_SNAPSHOT_SCHEDULES'),
  ...unused(1, 'NVIDIA_T4_GPUS', 'NVIDIA_T4_VWS_GPUS', 'PREEMPTIBLE_NVIDIA_T4_GPUS', 'PREEMPTIBLE_NVIDIA_T4_VWS_GPUS'),
  ...unused(50, 'IN_USE_BACKUP_SCHEDULES'),
  ...unused(10, 'PUBLIC_DELEGATED_PREFIXES'),
  ...unused(0, 'COMMITTED_NVIDIA_K80_GPUS', 'COMMITTED_NVIDIA_P100_GPUS', 'COMMITTED_NVIDIA_P4_GPUS'),
  ...unused(0, 'COMMITTED_NVIDIA_V100_GPUS', 'COMMITTED_NVIDIA_T4_GPUS'),
  ...unused(8, 'C2_CPUS', 'N2_CPUS'),
  ...unused(0, 'COMMITTED_N2_CPUS', 'COMMITTED_C2_CPUS'),
  ...unused(10, 'RESERVATIONS'),
  ...unused(0, 'COMMITTED_LICENSES'),
  ...unused(8, 'N2D_CPUS'),
  ...unused(0, 'COMMITTED_N2D_CPUS'),
  ...unused(10, 'SERVICE_ATTACHMENTS'),
  ...unused(128, 'STATIC_BYOIP_ADDRESSES'),
  ...unused(10, 'AFFINITY_GROUPS'),
  ...unused(0, 'NVIDIA_A100_GPUS', 'PREEMPTIBLE_NVIDIA_A100_GPUS', 'COMMITTED_NVIDIA_A100_GPUS', 'M1_CPUS', 'M2_CPUS'),
  ...unused(0, 'A2_CPUS', 'COMMITTED_A2_CPUS', 'COMMITTED_MEMORY_OPTIMIZED_CPUS'),
  ...unused(10, 'PSC_INTERNAL_LB_FORWARDING_RULES'),
  EXTERNAL_NETWORK_LB_FORWARDING_RULES: [15, 1],
  ...unused(15, 'EXTERNAL_PROTOCOL_FORWARDING_RULES'),
  ...unused(0, 'PD_EXTREME_TOTAL_PROVISIONED_IOPS'),
  ...unused(15, 'EXTERNAL_MANAGED_FORWARDING_RULES'),
  ...unused(8, 'C2D_CPUS', 'N2A_CPUS', 'T2D_CPUS', 'T2A_CPUS', 'C3_CPUS'),
  ...unused(0, 'COMMITTED_C3_CPUS', 'M3_CPUS', 'NVIDIA_A100_80GB_GPUS', 'PREEMPTIBLE_NVIDIA_A100_80GB_GPUS'),
  ...unused(1, 'NVIDIA_L4_GPUS', 'PREEMPTIBLE_NVIDIA_L4_GPUS'),
  ...unused(15, 'REGIONAL_EXTERNAL_NETWORK_LB_BACKEND_SERVICES', 'REGIONAL_INTERNAL_LB_BACKEND_SERVICES'),
  ...unused(10, 'SECURITY_POLICIES_PER_REGION', 'NETWORK_ATTACHMENTS'),
  ...unused(10_240, 'HDB_TOTAL_GB'),
  ...unused(50_000, 'HDB_TOTAL_IOPS'),
  ...unused(5000, 'HDB_TOTAL_THROUGHPUT'),
};

/** `gcloud compute project-info describe`. */
export function projectFile(project: string, quotas: Quotas): string {
  const all: Quotas = { ...PROJECT_QUOTAS, ...quotas };
  return prettyQuotas({
    commonInstanceMetadata: { fingerprint: 'p0k2vQmY7hE=', kind: 'compute#metadata' },
    creationTimestamp: '2025-05-14T02:41:09.318-07:00',
    defaultNetworkTier: 'PREMIUM',
    defaultServiceAccount: '618202743355-compute@developer.gserviceaccount.com',
    id: '4130928817724610563',
    kind: 'compute#project',
    name: project,
    quotas: Object.entries(all).map(([metric, [limit, usage]]) => ({ limit, metric, usage })),
    selfLink: `https://www.googleapis.com/compute/v1/projects/${project}`,
    xpnProjectStatus: 'UNSPECIFIED_XPN_PROJECT_STATUS',
  });
}

/** What Compute Engine counts per project, in its order. */
const PROJECT_QUOTAS: Quotas = {
  SNAPSHOTS: [1000, 0],
  NETWORKS: [5, 1],
  FIREWALLS: [100, 14],
  IMAGES: [100, 0],
  STATIC_ADDRESSES: [21, 0],
  ROUTES: [250, 6],
  FORWARDING_RULES: [45, 1],
  TARGET_POOLS: [50, 1],
  HEALTH_CHECKS: [75, 2],
  IN_USE_ADDRESSES: [69, 0],
  TARGET_INSTANCES: [50, 0],
  TARGET_HTTP_PROXIES: [30, 0],
  URL_MAPS: [30, 0],
  BACKEND_SERVICES: [50, 0],
  INSTANCE_TEMPLATES: [300, 1],
  TARGET_VPN_GATEWAYS: [5, 0],
  VPN_TUNNELS: [10, 0],
  BACKEND_BUCKETS: [9, 0],
  ROUTERS: [10, 0],
  TARGET_SSL_PROXIES: [30, 0],
  TARGET_HTTPS_PROXIES: [30, 0],
  SSL_CERTIFICATES: [30, 0],
  SUBNETWORKS: [275, 42],
  TARGET_TCP_PROXIES: [30, 0],
  CPUS_ALL_REGIONS: [32, 12],
  SECURITY_POLICIES: [10, 0],
  SECURITY_POLICY_RULES: [200, 0],
  XPN_SERVICE_PROJECTS: [1000, 0],
  PACKET_MIRRORINGS: [45, 0],
  NETWORK_ENDPOINT_GROUPS: [100, 0],
  INTERCONNECTS: [6, 0],
  SSL_POLICIES: [10, 0],
  GPUS_ALL_REGIONS: [0, 0],
  EXTERNAL_VPN_GATEWAYS: [5, 0],
  PUBLIC_ADVERTISED_PREFIXES: [1, 0],
  PUBLIC_DELEGATED_PREFIXES: [10, 0],
};

/** `gcloud container clusters describe` with one pool. */
export function clusterFile(
  { name, project }: ClusterBuilder,
  machineType: string,
  nodes: number,
  maxNodes: number,
  { monitoring, privateNodes }: { readonly monitoring: boolean; readonly privateNodes: boolean },
): string {
  const zone = 'us-central1-b';
  const container = `https://container.googleapis.com/v1/projects/${project}/zones/${zone}/clusters/${name}`;
  const pool = {
    autoscaling: { enabled: true, locationPolicy: 'BALANCED', maxNodeCount: maxNodes, minNodeCount: 1 },
    config: {
      diskSizeGb: 100,
      diskType: 'pd-balanced',
      imageType: 'COS_CONTAINERD',
      machineType,
      metadata: { 'disable-legacy-endpoints': 'true' },
      oauthScopes: ['https://www.googleapis.com/auth/cloud-platform'],
      serviceAccount: 'default',
      shieldedInstanceConfig: { enableIntegrityMonitoring: true },
    },
    etag: digest('pool', name).toString('hex').slice(0, 8),
    initialNodeCount: 3,
    instanceGroupUrls: [
      `https://www.googleapis.com/compute/v1/projects/${project}/zones/${zone}/instanceGroupManagers/gke-${name}-default-pool-7f3c2a91-grp`,
    ],
    locations: [zone],
    management: { autoRepair: true, autoUpgrade: true },
    maxPodsConstraint: { maxPodsPerNode: '110' },
    name: 'default-pool',
    networkConfig: {
      enablePrivateNodes: privateNodes,
      podIpv4CidrBlock: '10.8.0.0/14',
      podRange: `gke-${name}-pods-7f3c2a91`,
    },
    podIpv4CidrSize: 24,
    selfLink: `${container}/nodePools/default-pool`,
    status: 'RUNNING',
    upgradeSettings: { maxSurge: 1, strategy: 'SURGE' },
    version: VERSION.slice(1),
  };
  const components = (on: boolean, ...names: string[]) => ({ componentConfig: on ? { enableComponents: names } : {} });
  return pretty({
    addonsConfig: { gcePersistentDiskCsiDriverConfig: { enabled: true }, networkPolicyConfig: { disabled: true } },
    autopilot: {},
    autoscaling: { autoscalingProfile: 'BALANCED' },
    clusterIpv4Cidr: '10.8.0.0/14',
    createTime: '2025-06-29T10:21:47+00:00',
    currentMasterVersion: VERSION.slice(1),
    currentNodeCount: nodes,
    currentNodeVersion: VERSION.slice(1),
    ipAllocationPolicy: {
      clusterIpv4CidrBlock: '10.8.0.0/14',
      servicesIpv4CidrBlock: '10.12.0.0/20',
      useIpAliases: true,
    },
    location: zone,
    locations: [zone],
    loggingConfig: components(true, 'SYSTEM_COMPONENTS', 'WORKLOADS'),
    loggingService: 'logging.googleapis.com/kubernetes',
    monitoringConfig: components(monitoring, 'SYSTEM_COMPONENTS'),
    monitoringService: monitoring ? 'monitoring.googleapis.com/kubernetes' : 'none',
    name,
    network: 'default',
    nodePools: [pool],
    releaseChannel: { channel: 'REGULAR' },
    selfLink: container,
    servicesIpv4Cidr: '10.12.0.0/20',
    status: 'RUNNING',
    subnetwork: 'default',
    zone,
  });
}

/** A handshake with the host, saved; its certificate is an asset made for the examples. */
export function probeFile(host: string): string {
  const pem = (name: string) => readFileSync(join(import.meta.dirname, 'assets', name), 'utf8');
  return pretty({
    kind: 'EndpointProbe',
    host,
    port: 443,
    at: NOW - 2 * MINUTE,
    chain: [pem(`${host}.pem`), pem('ca.pem')],
  });
}
