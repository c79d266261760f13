/**
 * GKE clusters and node pools: `gcloud container clusters describe`, `gcloud container node-pools list` (both
 * `--format=json`), REST `{ clusters: […] }` and `{ nodePools: […] }`.
 * Source: https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters
 */
import { inside, Reading, type Json, type Parsed } from '../model/unknown-json.ts';
import type { ManagedCluster, NodePool } from './cloud.ts';
import { itemsOf } from './compute-items.ts';
import { urlName, urlPart } from './resource-url.ts';

/** What GKE gives a pool whose file leaves the disk out. */
const DEFAULT_DISK = { type: 'pd-balanced', sizeGb: 100 } as const;
/** Upper bound of a pool whose autoscaling is on without one, as gcloud's `--enable-autoscaling` documents it. */
const UNSET_MAX_NODES = 1000;

/** A cluster as parsed, with its project where the file tells. */
export interface ParsedCluster {
  readonly project: string | undefined;
  readonly cluster: ManagedCluster;
}

/** Pools of a cluster that is known by its URL only; `cluster` is `undefined` when no pool has one. */
export interface ParsedPools {
  readonly project: string | undefined;
  readonly cluster: string | undefined;
  readonly location: string | undefined;
  readonly pools: readonly NodePool[];
}

/** Clusters, one or many. */
export function parseContainerCluster(value: unknown): Parsed<readonly ParsedCluster[]> {
  const reading = new Reading();
  const clusters: ParsedCluster[] = [];
  for (const [item, place] of itemsOf(value, 'clusters', reading)) {
    const name = reading.text(item, 'name', place);
    if (name === '') reading.note(place, 'a cluster without a name; left out');
    else clusters.push({ project: linkPart(item, 'projects'), cluster: readCluster(item, name, place, reading) });
  }
  return { value: clusters, problems: reading.problems };
}

/** Node pools alone, grouped by the cluster their URLs name. */
export function parseNodePools(value: unknown): Parsed<readonly ParsedPools[]> {
  const reading = new Reading();
  const groups = new Map<string, ParsedPools & { readonly pools: NodePool[] }>();
  for (const [item, place] of itemsOf(value, 'nodePools', reading)) {
    const project = linkPart(item, 'projects');
    const cluster = linkPart(item, 'clusters');
    const location = linkPart(item, 'zones') ?? linkPart(item, 'locations');
    const key = `${project ?? ''}/${location ?? ''}/${cluster ?? ''}`;
    const group = groups.get(key) ?? { project, cluster, location, pools: [] };
    groups.set(key, group);
    const pool = readPool(item, { zones: zonal(location), privateNodes: false }, place, reading);
    if (pool !== undefined) group.pools.push(pool);
  }
  return { value: [...groups.values()], problems: reading.problems };
}

function readCluster(item: Json, name: string, place: string, reading: Reading): ManagedCluster {
  const location = reading.text(item, 'location', place) || reading.text(item, 'zone', place);
  const ownZones = reading.texts(item, 'locations', place);
  const privateNodes =
    reading.flag(reading.record(item, 'privateClusterConfig', place), 'enablePrivateNodes', place) ||
    reading.flag(reading.record(item, 'networkConfig', place), 'defaultEnablePrivateNodes', place);
  const defaults = { zones: ownZones.length > 0 ? ownZones : zonal(location), privateNodes };
  const autoscaling = reading.record(item, 'autoscaling', place);
  const limits = readLimits(autoscaling, inside(place, 'autoscaling'), reading);
  return {
    name,
    location,
    version: reading.text(item, 'currentMasterVersion', place),
    autopilot: reading.flag(reading.record(item, 'autopilot', place), 'enabled', inside(place, 'autopilot')),
    autoscalingProfile: reading.text(autoscaling, 'autoscalingProfile', inside(place, 'autoscaling')),
    nodePools: reading.records(item, 'nodePools', place, (pool, at) => readPool(pool, defaults, at, reading)),
    ...(limits.length > 0 && { provisioningLimits: limits }),
  };
}

/** Bounds that node auto-provisioning keeps, in cores and GB. */
function readLimits(
  autoscaling: Json,
  place: string,
  reading: Reading,
): NonNullable<ManagedCluster['provisioningLimits']> {
  if (!reading.flag(autoscaling, 'enableNodeAutoprovisioning', place)) return [];
  return reading.records(autoscaling, 'resourceLimits', place, (item, at) => {
    const resource = reading.text(item, 'resourceType', at);
    const maximum = reading.number(item, 'maximum', at);
    return resource === '' || maximum === undefined ? undefined : { resource, maximum };
  });
}

interface PoolDefaults {
  readonly zones: readonly string[];
  readonly privateNodes: boolean;
}

function readPool(item: Json, defaults: PoolDefaults, place: string, reading: Reading): NodePool | undefined {
  const name = reading.text(item, 'name', place);
  if (name === '') {
    reading.note(place, 'a node pool without a name; left out');
    return undefined;
  }
  const config = reading.record(item, 'config', place);
  const at = inside(place, 'config');
  const zones = poolZones(item, defaults, place, reading);
  const network = reading.record(item, 'networkConfig', place);
  const accelerators = readAccelerators(config, at, reading);
  const localSsds = localSsdCount(config, at, reading);
  return {
    name,
    machineType: reading.text(config, 'machineType', at),
    diskType: reading.text(config, 'diskType', at) || DEFAULT_DISK.type,
    diskSizeGb: reading.number(config, 'diskSizeGb', at) || DEFAULT_DISK.sizeGb,
    spot: reading.flag(config, 'spot', at) || reading.flag(config, 'preemptible', at),
    zones,
    autoscaling: readAutoscaling(item, zones.length, place, reading),
    initialNodes: count(item, 'initialNodeCount', place, reading) * Math.max(1, zones.length),
    privateNodes:
      network['enablePrivateNodes'] === undefined
        ? defaults.privateNodes
        : reading.flag(network, 'enablePrivateNodes', inside(place, 'networkConfig')),
    ...(accelerators.length > 0 && { accelerators }),
    ...(localSsds > 0 && { localSsds }),
    ...readMarks(config, at, reading),
    ...(isAutoprovisioned(item, place, reading) && { autoprovisioned: true }),
    ...readUpgrade(item, place, reading),
    ...readPods(item, place, reading),
  };
}

function isAutoprovisioned(item: Json, place: string, reading: Reading): boolean {
  return reading.flag(reading.record(item, 'autoscaling', place), 'autoprovisioned', inside(place, 'autoscaling'));
}

/** Effects of taints as GKE writes them. */
const EFFECTS: Readonly<Record<string, string>> = {
  NO_SCHEDULE: 'NoSchedule',
  PREFER_NO_SCHEDULE: 'PreferNoSchedule',
  NO_EXECUTE: 'NoExecute',
};

/** Labels and taints that its nodes get. */
function readMarks(config: Json, place: string, reading: Reading): Pick<NodePool, 'labels' | 'taints'> {
  const labels = Object.entries(reading.record(config, 'labels', place)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const taints = reading.records(config, 'taints', place, (item, at) => {
    const [key, value] = [reading.text(item, 'key', at), reading.text(item, 'value', at)];
    const effect = EFFECTS[reading.text(item, 'effect', at)];
    return key === '' || effect === undefined ? undefined : { key, ...(value !== '' && { value }), effect };
  });
  return {
    ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
    ...(taints.length > 0 && { taints }),
  };
}

function readUpgrade(item: Json, place: string, reading: Reading): Pick<NodePool, 'maxSurge'> {
  const maxSurge = reading.number(
    reading.record(item, 'upgradeSettings', place),
    'maxSurge',
    inside(place, 'upgradeSettings'),
  );
  return maxSurge === undefined ? {} : { maxSurge };
}

/** How many pods a node may have, and the range that their addresses come from. */
function readPods(item: Json, place: string, reading: Reading): Pick<NodePool, 'maxPodsPerNode' | 'podRange'> {
  const constraint = reading.record(item, 'maxPodsConstraint', place);
  const most = reading.number(constraint, 'maxPodsPerNode', inside(place, 'maxPodsConstraint'));
  const network = reading.record(item, 'networkConfig', place);
  const at = inside(place, 'networkConfig');
  const cidr = reading.text(network, 'podIpv4CidrBlock', at);
  const share = reading.number(network, 'podIpv4RangeUtilization', at);
  const nodeMask = reading.number(item, 'podIpv4CidrSize', place);
  return {
    ...(most !== undefined && { maxPodsPerNode: most }),
    ...(cidr !== '' && { podRange: { cidr, nodeMask, share } }),
  };
}

function readAccelerators(config: Json, place: string, reading: Reading): NonNullable<NodePool['accelerators']> {
  return reading.records(config, 'accelerators', place, (item, at) => {
    const type = reading.text(item, 'acceleratorType', at);
    const number = count(item, 'acceleratorCount', at, reading);
    return type === '' || number === 0 ? undefined : { type: urlName(type), count: number };
  });
}

/** GKE has had three fields for them; a pool uses one. */
function localSsdCount(config: Json, place: string, reading: Reading): number {
  const parts = ['ephemeralStorageLocalSsdConfig', 'localNvmeSsdBlockConfig'].map((key) =>
    count(reading.record(config, key, place), 'localSsdCount', inside(place, key), reading),
  );
  return Math.max(count(config, 'localSsdCount', place, reading), ...parts);
}

/** A pool's own locations, else the zones of its instance groups, else the cluster's. */
function poolZones(item: Json, defaults: PoolDefaults, place: string, reading: Reading): readonly string[] {
  const own = reading.texts(item, 'locations', place);
  if (own.length > 0) return own;
  const groups = reading.texts(item, 'instanceGroupUrls', place).map((url) => urlPart(url, 'zones'));
  const zones = [...new Set(groups.filter((zone) => zone !== undefined))].sort();
  if (zones.length > 0) return zones;
  if (defaults.zones.length === 0) reading.note(place, 'the zones are not told; bounds are read as if there were one');
  return defaults.zones;
}

/** `min`/`maxNodeCount` are per zone, `total…` per pool; zero means unset, because clients fill absent fields with it. */
function readAutoscaling(item: Json, zones: number, place: string, reading: Reading): NodePool['autoscaling'] {
  const at = inside(place, 'autoscaling');
  const settings = reading.record(item, 'autoscaling', place);
  if (!reading.flag(settings, 'enabled', at)) return undefined;
  const totalMin = count(settings, 'totalMinNodeCount', at, reading);
  const totalMax = count(settings, 'totalMaxNodeCount', at, reading);
  const factor = Math.max(1, zones);
  const minNodes = totalMin > 0 || totalMax > 0 ? totalMin : count(settings, 'minNodeCount', at, reading) * factor;
  const maxNodes = totalMax > 0 ? totalMax : count(settings, 'maxNodeCount', at, reading) * factor;
  const locationPolicy = reading.text(settings, 'locationPolicy', at);
  const policy = locationPolicy === '' ? {} : { locationPolicy };
  if (maxNodes > 0) return { minNodes, maxNodes, ...policy };
  reading.note(
    at,
    `autoscaling is on without an upper bound; read as ${UNSET_MAX_NODES} nodes, the documented default`,
  );
  return { minNodes, maxNodes: UNSET_MAX_NODES, ...policy };
}

function count(owner: Json, key: string, place: string, reading: Reading): number {
  return Math.max(0, Math.trunc(reading.number(owner, key, place) ?? 0));
}

function linkPart(item: Json, collection: string): string | undefined {
  const link = item['selfLink'];
  return typeof link === 'string' ? urlPart(link, collection) : undefined;
}

/** The zone of a zonal location; a region has several, which its name does not tell. */
function zonal(location: string | undefined): readonly string[] {
  return location !== undefined && /-[a-z]$/.test(location) ? [location] : [];
}
