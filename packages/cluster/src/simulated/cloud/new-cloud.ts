/** A cloud to begin with, for clusters that are not made from a record. */
import { NO_CLOUD, type CloudSnapshot, type ManagedCluster, type NodePool, type Quota } from '../../cloud/cloud.ts';

/** What is to be otherwise than by default. */
export interface NewCloudOptions {
  readonly project?: string;
  readonly region?: string;
  /** Letters of the region's zones; default `a`, `b`, `c`. */
  readonly zones?: readonly string[];
  readonly clusterName?: string;
  readonly version?: string;
  readonly autopilot?: boolean;
  readonly autoscalingProfile?: 'BALANCED' | 'OPTIMIZE_UTILIZATION';
  /** Default one pool `default-pool` of three e2-standard-4, which grows to nine; none in Autopilot mode, where nodes come with pods. */
  readonly nodePools?: readonly (Partial<NodePool> & Pick<NodePool, 'name'>)[];
  /** Limits laid over {@link DEFAULT_LIMITS}; metrics of the project begin with `global/`. */
  readonly limits?: Readonly<Record<string, number>>;
}

/** What a project of some age may use of each, region by region. Source: https://cloud.google.com/compute/resource-usage */
export const DEFAULT_LIMITS: Readonly<Record<string, number>> = Object.freeze({
  CPUS: 200,
  N2_CPUS: 200,
  N2D_CPUS: 200,
  C2_CPUS: 100,
  C3_CPUS: 100,
  T2D_CPUS: 100,
  PREEMPTIBLE_CPUS: 0,
  INSTANCES: 720,
  INSTANCE_GROUPS: 100,
  INSTANCE_GROUP_MANAGERS: 50,
  IN_USE_ADDRESSES: 64,
  STATIC_ADDRESSES: 8,
  INTERNAL_ADDRESSES: 200,
  FORWARDING_RULES: 45,
  EXTERNAL_NETWORK_LB_FORWARDING_RULES: 45,
  TARGET_POOLS: 50,
  REGIONAL_EXTERNAL_NETWORK_LB_BACKEND_SERVICES: 50,
  REGIONAL_INTERNAL_LB_BACKEND_SERVICES: 50,
  NETWORK_ENDPOINT_GROUPS: 100,
  SSD_TOTAL_GB: 4000,
  DISKS_TOTAL_GB: 8000,
  LOCAL_SSD_TOTAL_GB: 6000,
  'global/CPUS_ALL_REGIONS': 400,
  'global/BACKEND_SERVICES': 75,
  'global/FORWARDING_RULES': 75,
  'global/STATIC_ADDRESSES': 8,
  'global/HEALTH_CHECKS': 150,
  'global/FIREWALLS': 200,
  'global/URL_MAPS': 30,
  'global/TARGET_HTTP_PROXIES': 30,
  'global/TARGET_HTTPS_PROXIES': 30,
  'global/SSL_CERTIFICATES': 30,
  'global/TARGET_POOLS': 150,
});

/** A cloud of Google's in which nothing is used yet; machines of its pools come when a cluster is made with it. */
export function newCloud(options: NewCloudOptions = {}): CloudSnapshot {
  const { region = 'europe-west1', zones = ['a', 'b', 'c'], limits = {} } = options;
  const all = { ...DEFAULT_LIMITS, ...limits };
  return {
    ...NO_CLOUD,
    provider: 'gcp',
    project: options.project ?? 'example-project',
    quotas: Object.entries(all).map(([name, limit]) => quotaOf(name, limit, region)),
    addresses: [],
    forwardingRules: [],
    disks: [],
    visibility: [],
    cluster: clusterOf(
      options,
      region,
      zones.map((letter) => `${region}-${letter}`),
    ),
  };
}

function quotaOf(name: string, limit: number, region: string): Quota {
  const isGlobal = name.startsWith('global/');
  return { metric: isGlobal ? name.slice(7) : name, region: isGlobal ? 'global' : region, limit, usage: 0 };
}

function clusterOf(options: NewCloudOptions, region: string, zones: readonly string[]): ManagedCluster {
  const { autopilot = false } = options;
  const { nodePools = autopilot ? [] : [{ name: 'default-pool' }] } = options;
  return {
    name: options.clusterName ?? 'example',
    location: region,
    version: options.version ?? '1.36.2-gke.1000000',
    autopilot,
    autoscalingProfile: options.autoscalingProfile ?? 'BALANCED',
    nodePools: nodePools.map((pool) => poolOf(pool, zones)),
  };
}

function poolOf(pool: Partial<NodePool> & Pick<NodePool, 'name'>, zones: readonly string[]): NodePool {
  return {
    machineType: 'e2-standard-4',
    diskType: 'pd-balanced',
    diskSizeGb: 100,
    spot: false,
    zones,
    autoscaling: { minNodes: 1, maxNodes: 9 },
    initialNodes: 3,
    privateNodes: true,
    maxPodsPerNode: 110,
    ...pool,
  };
}
