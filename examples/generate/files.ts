/** Objects to files, as kubectl and gcloud print them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY, MINUTE, NOW, VERSION, type ClusterBuilder, type Made } from './cluster-builder.ts';

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
      items,
      kind: items.length === 0 ? `${kind}List` : 'List',
      metadata: { resourceVersion: '' },
    }),
  ]);
}

export function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 4)}\n`;
}

/** `kubectl version -o json`. */
export function versionFile(): string {
  const info = (gitVersion: string) => ({
    buildDate: '2025-08-12T09:21:27Z',
    compiler: 'gc',
    gitCommit: '2e1a3c1c0f5d4b6a7988',
    gitTreeState: 'clean',
    gitVersion,
    goVersion: 'go1.24.5',
    major: '1',
    minor: '33',
    platform: 'linux/amd64',
  });
  return pretty({ clientVersion: info('v1.33.4'), kustomizeVersion: 'v5.6.0', serverVersion: info(VERSION) });
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
        values: Array.from({ length: SAMPLES }, (_, i) => timed(load, i, value)),
      })),
    },
  });
  const cpu = answer('container_cpu_usage_seconds_total:rate', (load, i, at) =>
    (load.cpu * rhythm(load.pod, i, at)).toFixed(5),
  );
  const memory = answer('container_memory_working_set_bytes', (load, i, at) =>
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
  for (const { namespace, pod, container, cpu, memory } of loads) {
    cluster.objects.push({
      apiVersion: 'metrics.k8s.io/v1beta1',
      containers: [{ name: container, usage: usage(cpu, memory) }],
      kind: 'PodMetrics',
      metadata: { creationTimestamp: at.timestamp, name: pod, namespace } as unknown as Made['metadata'],
      ...at,
    });
  }
  for (const node of cluster.of('Node')) {
    const own = loads.filter(
      ({ pod }) =>
        (cluster.of('Pod').find(({ metadata }) => metadata.name === pod)?.['spec'] as { nodeName?: string } | undefined)
          ?.nodeName === node.metadata.name,
    );
    const sum = (of: (load: Load) => number) => own.reduce((total, load) => total + of(load), 0);
    cluster.objects.push({
      apiVersion: 'metrics.k8s.io/v1beta1',
      kind: 'NodeMetrics',
      metadata: { creationTimestamp: at.timestamp, name: node.metadata.name } as unknown as Made['metadata'],
      usage: usage(overhead.cpu + sum(({ cpu }) => cpu), overhead.memory + sum(({ memory }) => memory)),
      ...at,
    });
  }
}

/** `gcloud compute regions describe`: the metrics given, and the usual ones of a small project besides. */
export function regionFile(quotas: Readonly<Record<string, readonly [limit: number, usage: number]>>): string {
  const all: Record<string, readonly [number, number]> = { ...USUAL_QUOTAS, ...quotas };
  return pretty({
    creationTimestamp: '1969-12-31T16:00:00.000-08:00',
    description: 'us-central1',
    id: '1000',
    kind: 'compute#region',
    name: 'us-central1',
    quotas: Object.entries(all).map(([metric, [limit, usage]]) => ({ limit, metric, usage })),
    selfLink: 'https://www.googleapis.com/compute/v1/projects/aia-system-production-2025/regions/us-central1',
    status: 'UP',
    supportsPzs: false,
    zones: ['a', 'b', 'c', 'f'].map(
      (zone) => `https://www.googleapis.com/compute/v1/projects/aia-system-production-2025/zones/us-central1-${zone}`,
    ),
  });
}

const USUAL_QUOTAS: Readonly<Record<string, readonly [number, number]>> = {
  CPUS: [24, 8],
  DISKS_TOTAL_GB: [4096, 0],
  STATIC_ADDRESSES: [8, 0],
  IN_USE_ADDRESSES: [8, 3],
  SSD_TOTAL_GB: [500, 300],
  LOCAL_SSD_TOTAL_GB: [6000, 0],
  INSTANCE_GROUPS: [100, 1],
  INSTANCE_GROUP_MANAGERS: [50, 1],
  INSTANCES: [720, 3],
  AUTOSCALERS: [50, 0],
  REGIONAL_AUTOSCALERS: [10, 0],
  REGIONAL_INSTANCE_GROUP_MANAGERS: [20, 0],
  TARGET_TCP_PROXIES: [10, 0],
  PREEMPTIBLE_CPUS: [0, 0],
  NVIDIA_K80_GPUS: [0, 0],
  NVIDIA_P100_GPUS: [1, 0],
  NVIDIA_T4_GPUS: [1, 0],
  NVIDIA_V100_GPUS: [1, 0],
  NVIDIA_A100_GPUS: [0, 0],
  NVIDIA_L4_GPUS: [1, 0],
  COMMITMENTS: [0, 0],
  COMMITTED_CPUS: [0, 0],
  C2_CPUS: [8, 0],
  N2_CPUS: [8, 0],
  N2D_CPUS: [8, 0],
  C2D_CPUS: [8, 0],
  C3_CPUS: [8, 0],
  T2D_CPUS: [8, 0],
  T2A_CPUS: [8, 0],
  E2_CPUS: [24, 0],
  M1_CPUS: [0, 0],
  M2_CPUS: [0, 0],
  M3_CPUS: [0, 0],
  A2_CPUS: [0, 0],
  RESERVATIONS: [10, 0],
  RESOURCE_POLICIES: [20, 0],
  NODE_GROUPS: [10, 0],
  INTERNAL_ADDRESSES: [200, 2],
  EXTERNAL_NETWORK_LB_FORWARDING_RULES: [50, 2],
  EXTERNAL_PROTOCOL_FORWARDING_RULES: [15, 0],
  EXTERNAL_MANAGED_FORWARDING_RULES: [15, 0],
  INTERNAL_TRAFFIC_DIRECTOR_FORWARDING_RULES: [15, 0],
  REGIONAL_EXTERNAL_MANAGED_BACKEND_SERVICES: [10, 0],
  REGIONAL_EXTERNAL_NETWORK_LB_BACKEND_SERVICES: [15, 0],
  REGIONAL_INTERNAL_LB_BACKEND_SERVICES: [15, 0],
  NETWORK_ENDPOINT_GROUPS: [100, 4],
  SECURITY_POLICIES_PER_REGION: [10, 0],
  URL_MAPS_PER_REGION: [10, 0],
  PSC_INTERNAL_LB_FORWARDING_RULES: [10, 0],
  PUBLIC_ADVERTISED_PREFIXES: [1, 0],
  PD_EXTREME_TOTAL_PROVISIONED_IOPS: [0, 0],
  HDB_TOTAL_GB: [10240, 0],
  HDB_TOTAL_IOPS: [50000, 0],
  HDB_TOTAL_THROUGHPUT: [5000, 0],
  NETWORK_ATTACHMENTS: [10, 0],
  SERVICE_ATTACHMENTS: [10, 0],
  SSL_POLICIES_PER_REGION: [10, 0],
  NODE_TEMPLATES: [10, 0],
  INSTANT_SNAPSHOTS: [100, 0],
  VPN_GATEWAYS: [5, 0],
  VPN_TUNNELS: [10, 0],
  INTERCONNECT_ATTACHMENTS_PER_REGION: [16, 0],
  ROUTERS: [10, 0],
  SUBNET_RANGES_UNDER_REGIONAL_AGGREGATE: [400, 2],
  XPN_SERVICE_PROJECTS: [1000, 0],
  VARIABLE_IPV6_PUBLIC_DELEGATED_PREFIXES: [10, 0],
  STATIC_EXTERNAL_IPV6_ADDRESS_RANGES: [8, 0],
  EXTERNAL_VPN_GATEWAYS: [5, 0],
  TPU_LITE_PODSLICE_V5: [0, 0],
  PREEMPTIBLE_LOCAL_SSD_GB: [6000, 0],
};

/** `gcloud compute project-info describe`. */
export function projectFile(cpus: number): string {
  const quotas: Record<string, readonly [number, number]> = {
    SNAPSHOTS: [1000, 0],
    NETWORKS: [5, 1],
    FIREWALLS: [100, 14],
    IMAGES: [100, 0],
    ROUTES: [250, 6],
    FORWARDING_RULES: [45, 4],
    TARGET_POOLS: [50, 4],
    HEALTH_CHECKS: [75, 5],
    CPUS_ALL_REGIONS: [32, cpus],
    GPUS_ALL_REGIONS: [0, 0],
    BACKEND_SERVICES: [50, 0],
    URL_MAPS: [30, 0],
    TARGET_HTTP_PROXIES: [30, 0],
    TARGET_HTTPS_PROXIES: [30, 0],
    SSL_CERTIFICATES: [30, 1],
    STATIC_ADDRESSES: [21, 0],
    IN_USE_ADDRESSES: [69, 0],
    INSTANCE_TEMPLATES: [300, 1],
    SUBNETWORKS: [100, 42],
    SECURITY_POLICIES: [10, 0],
    NETWORK_ENDPOINT_GROUPS: [100, 0],
  };
  return pretty({
    commonInstanceMetadata: { kind: 'compute#metadata' },
    defaultNetworkTier: 'PREMIUM',
    kind: 'compute#project',
    name: 'aia-system-production-2025',
    quotas: Object.entries(quotas).map(([metric, [limit, usage]]) => ({ limit, metric, usage })),
    xpnProjectStatus: 'UNSPECIFIED_XPN_PROJECT_STATUS',
  });
}

/** `gcloud container clusters describe` with one pool. */
export function clusterFile(name: string, machineType: string, nodes: number, maxNodes: number): string {
  const pool = {
    autoscaling: { enabled: true, locationPolicy: 'BALANCED', maxNodeCount: maxNodes, minNodeCount: 1 },
    config: { diskSizeGb: 100, diskType: 'pd-balanced', imageType: 'COS_CONTAINERD', machineType },
    initialNodeCount: nodes,
    locations: ['us-central1-b'],
    management: { autoRepair: true, autoUpgrade: true },
    maxPodsConstraint: { maxPodsPerNode: '110' },
    name: 'default-pool',
    networkConfig: { enablePrivateNodes: false },
    status: 'RUNNING',
    upgradeSettings: { maxSurge: 1, strategy: 'SURGE' },
    version: VERSION.slice(1),
  };
  return pretty({
    autopilot: {},
    autoscaling: { autoscalingProfile: 'BALANCED' },
    currentMasterVersion: VERSION.slice(1),
    currentNodeCount: nodes,
    location: 'us-central1-b',
    locations: ['us-central1-b'],
    name,
    nodePools: [pool],
    selfLink: `https://container.googleapis.com/v1/projects/aia-system-production-2025/zones/us-central1-b/clusters/${name}`,
    status: 'RUNNING',
    zone: 'us-central1-b',
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
