/** Machines of node pools: their managed instance groups, their names, and the Nodes that they become. */
import type { NodePool } from '../../cloud/cloud.ts';
import { groupPool, groupZone } from '../../cloud/node-group.ts';
import { urlName } from '../../cloud/resource-url.ts';
import { machineType } from '../../cloud/machine-types.ts';
import type { Node } from '../../model/kinds.ts';
import { nodePoolOf } from '../../scheduling/template-node.ts';
import { drawName, type Random } from '../clock/random.ts';
import type { NodeOptions } from '../kubelet/node-registration.ts';
import { fingerprint } from './fingerprint.ts';
import { capacityOf, gpusOf } from './machine-capacity.ts';
import type { SimulatedCloud } from './simulated-cloud.ts';

/** Label that says which pool a node belongs to. */
export const NODE_POOL = 'cloud.google.com/gke-nodepool';
const ZONE = 'topology.kubernetes.io/zone';
const GIB = 2 ** 30;

/** The machines of a pool in one zone. */
export interface InstanceGroup {
  /** `‹pool›/‹zone›`. */
  readonly key: string;
  readonly pool: NodePool;
  readonly zone: string;
  /** `gke-‹cluster›-‹pool›-‹hash›-grp`. */
  readonly name: string;
  /** By which the cluster autoscaler names it. */
  readonly url: string;
}

/** One group per pool and zone, as recorded where the autoscaler's status names them. */
export function instanceGroupsOf(cloud: SimulatedCloud): readonly InstanceGroup[] {
  const recorded = recordedGroups(cloud);
  return cloud.pools.flatMap((pool) => pool.zones.map((zone) => groupOf(cloud, pool, zone, recorded)));
}

/** The group of a pool in a zone, whether the pool is there yet or not. */
export function groupOf(
  cloud: SimulatedCloud,
  pool: NodePool,
  zone: string,
  recorded: ReadonlyMap<string, string> = new Map(),
): InstanceGroup {
  const key = `${pool.name}/${zone}`;
  const url = recorded.get(key) ?? groupUrlOf(cloud, zone, groupNameOf(cloud, pool, zone));
  return { key, pool, zone, name: urlName(url), url };
}

function recordedGroups({ snapshot }: SimulatedCloud): ReadonlyMap<string, string> {
  const urls = new Map<string, string>();
  for (const { name } of snapshot.autoscaler?.nodeGroups ?? []) {
    const [pool, zone] = [groupPool(name, snapshot.cluster?.name), groupZone(name)];
    if (pool !== undefined && zone !== undefined) urls.set(`${pool}/${zone}`, name);
  }
  return urls;
}

function groupUrlOf({ project }: SimulatedCloud, zone: string, name: string): string {
  return `https://www.googleapis.com/compute/v1/projects/${project}/zones/${zone}/instanceGroups/${name}`;
}

/** Name of the managed instance group of a pool in a zone: 8 hexadecimal digits tell them apart. */
export function groupNameOf(cloud: SimulatedCloud, pool: Pick<NodePool, 'name'>, zone: string): string {
  const cluster = cloud.snapshot.cluster?.name ?? 'cluster';
  const short = cluster.slice(0, 20).replace(/-+$/, '');
  return `gke-${short}-${pool.name}-${fingerprint(`${cluster}/${pool.name}/${zone}`)}-grp`;
}

/** A machine's name in its group: four letters and digits more. */
export function drawMachineName({ name }: InstanceGroup, random: Random, isTaken: (name: string) => boolean): string {
  for (;;) {
    const drawn = `${name.replace(/-grp$/, '')}-${drawName(random, 4)}`;
    if (!isTaken(drawn)) return drawn;
  }
}

/** `‹pool›/‹zone›` of a node by its labels, else by its name; `undefined` for nodes of no pool. */
export function groupKeyOf({ metadata, spec }: Node, cloud: SimulatedCloud): string | undefined {
  const labelled = metadata.labels?.[NODE_POOL] ?? nodePoolOf({ metadata } as Node);
  const pool = labelled === '' ? groupPool(metadata.name, cloud.snapshot.cluster?.name) : labelled;
  const zone = metadata.labels?.[ZONE] ?? /^gce:\/\/[^/]+\/([^/]+)\//.exec(spec?.providerID ?? '')?.[1];
  return pool === undefined || zone === undefined ? undefined : `${pool}/${zone}`;
}

/** The node that a machine of a pool becomes, in a zone of it. */
export function nodeOptionsOf(cloud: SimulatedCloud, pool: NodePool, zone: string, name: string): NodeOptions {
  const taints = [...(pool.taints ?? []), ...(gpusOf(pool) > 0 ? [GPU_TAINT] : [])];
  return {
    name,
    zone,
    region: cloud.region,
    instanceType: pool.machineType,
    osImage: 'Container-Optimized OS from Google',
    providerId: `gce://${cloud.project}/${zone}/${name}`,
    labels: { ...labelsOf(pool), 'topology.gke.io/zone': zone, ...pool.labels },
    ...(taints.length > 0 && { taints }),
    ...(/^(?:t2a|c4a|n4a)-/.test(pool.machineType) && { architecture: 'arm64' }),
    ...capacityOf(pool),
  };
}

const GPU_TAINT = { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' } as const;

/** What GKE says of a node. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/node-pools and the nodes of real clusters */
function labelsOf(pool: NodePool): Readonly<Record<string, string>> {
  const { machineType: name, spot, diskType, maxPodsPerNode = 110, accelerators = [], localSsds = 0 } = pool;
  const type = machineType(name);
  const [accelerator] = accelerators;
  return {
    'beta.kubernetes.io/instance-type': name,
    'cloud.google.com/gke-boot-disk': diskType,
    'cloud.google.com/gke-container-runtime': 'containerd',
    ...(type && {
      'cloud.google.com/gke-cpu-scaling-level': String(type.vcpus),
      'cloud.google.com/gke-memory-gb-scaling-level': String(Math.floor(type.memoryBytes / GIB)),
    }),
    'cloud.google.com/gke-max-pods-per-node': String(maxPodsPerNode),
    [NODE_POOL]: pool.name,
    'cloud.google.com/gke-os-distribution': 'cos',
    'cloud.google.com/gke-provisioning': spot ? 'spot' : 'standard',
    ...(spot && { 'cloud.google.com/gke-spot': 'true' }),
    ...(accelerator && {
      'cloud.google.com/gke-accelerator': accelerator.type,
      'cloud.google.com/gke-accelerator-count': String(accelerator.count),
    }),
    ...(localSsds > 0 && { 'cloud.google.com/gke-ephemeral-storage-local-ssd': 'true' }),
    'cloud.google.com/machine-family': type?.family ?? (name.split('-', 1)[0] as string),
    'cloud.google.com/private-node': String(pool.privateNodes),
  };
}
