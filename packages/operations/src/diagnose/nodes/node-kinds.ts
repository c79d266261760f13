/** The kinds of node that a cluster could add: one per pool and zone, after its live nodes or, for an empty pool, its machine type. */
import {
  machineType,
  nodePoolOf,
  regionOfZone,
  templateNode,
  wholeUnits,
  type ClusterSnapshot,
  type MachineType,
  type Node,
  type NodeAddition,
  type NodePool,
  type SchedulingWorld,
} from '@aia/cluster';
import { isReady } from '../conditions.ts';

/** One kind of node. */
export interface NodeKind {
  /** `''` when labels do not say. */
  readonly pool: string;
  readonly zone: string;
  /** `''` when neither label nor zone says. */
  readonly region: string;
  readonly machineType: string;
  readonly cpus: number;
  /** Whether its nodes do without an external address, as far as live ones show. */
  readonly privateNodes: boolean;
  /** A fresh node of this kind under a name. */
  readonly make: (name: string) => NodeAddition;
  /** Modelled after the machine type alone: the pool has no node, and its labels and taints are not known. */
  readonly assumed: boolean;
}

const ZONE = 'topology.kubernetes.io/zone';
const REGION = 'topology.kubernetes.io/region';
const TYPE = 'node.kubernetes.io/instance-type';
const POOL = 'cloud.google.com/gke-nodepool';

/** All kinds, by pool and zone. */
export function nodeKinds(world: SchedulingWorld): readonly NodeKind[] {
  const ready = world.nodes.filter(({ node }) => isReady(node));
  const live = distinct(ready.map((state) => kindOf(state.node, (name) => templateNode(state, name))));
  const pools = world.snapshot.cloud.cluster?.nodePools ?? [];
  return distinct([...live, ...pools.flatMap((pool) => unseen(pool, live))]);
}

/** The kinds, by zone, that a pool would add which the cluster does not have yet; empty for a machine type that is not known. */
export function kindsOfNewPool(pool: NodePool): readonly NodeKind[] {
  return unseen(pool, []);
}

/** The first of each pool, zone and machine type, sorted by these. */
function distinct(kinds: readonly NodeKind[]): readonly NodeKind[] {
  const groups = Map.groupBy(kinds, ({ pool, zone, machineType: type }) => `${pool} ${zone} ${type}`);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, [first]]) => first as NodeKind);
}

/** The n-th fresh node of a kind, counted from 1; no node of a cluster can have its name. */
export function freshNode({ pool, zone, machineType: type, make }: NodeKind, n: number): NodeAddition {
  return make(`(added) ${pool} ${zone} ${type} ${n}`);
}

/** Region of the cluster's nodes, when they agree. */
export function regionOf(snapshot: ClusterSnapshot): string {
  const regions = new Set(snapshot.list('Node').map(regionOfNode));
  return regions.size === 1 ? ([...regions][0] ?? '') : '';
}

/** The pool as the cloud describes it, else what its nodes show; disks stay unknown then. */
export function poolOf(
  { cloud }: ClusterSnapshot,
  { pool, zone, machineType, privateNodes, make }: NodeKind,
): NodePool {
  const described = cloud.cluster?.nodePools.find(({ name }) => name === pool);
  if (described !== undefined) return described;
  const { node } = make('');
  return {
    name: nodePoolOf(node),
    machineType,
    spot: node.metadata.labels?.['cloud.google.com/gke-spot'] === 'true',
    privateNodes,
    diskType: '',
    diskSizeGb: 0,
    zones: [zone],
    autoscaling: undefined,
    initialNodes: 0,
  };
}

function kindOf(node: Node, make: NodeKind['make'], more: Partial<NodeKind> = {}): NodeKind {
  return {
    pool: nodePoolOf(node),
    zone: node.metadata.labels?.[ZONE] ?? '',
    region: regionOfNode(node),
    machineType: node.metadata.labels?.[TYPE] ?? 'same type',
    cpus: wholeUnits(node.status?.capacity?.['cpu'] ?? 0) ?? 0,
    privateNodes: !(node.status?.addresses ?? []).some(({ type }) => type === 'ExternalIP'),
    make,
    assumed: false,
    ...more,
  };
}

function regionOfNode({ metadata }: Node): string {
  const { labels = {} } = metadata;
  return labels[REGION] ?? regionOfZone(labels[ZONE] ?? '');
}

/** Zones of a pool in which it has no ready node; a node of another of its zones is the model where there is one. */
function unseen(pool: NodePool, live: readonly NodeKind[]): readonly NodeKind[] {
  const own = live.filter((kind) => kind.pool === pool.name);
  const [sibling] = own;
  const type = machineType(pool.machineType);
  const zones = pool.zones.filter((zone) => own.every((kind) => kind.zone !== zone));
  if (sibling !== undefined) return zones.map((zone) => movedTo(zone, sibling));
  if (type === undefined) return [];
  return zones.map((zone) => {
    const make = (name: string): NodeAddition => ({ node: madeNode(pool, type, zone, name) });
    return kindOf(make('').node, make, { assumed: true, privateNodes: pool.privateNodes });
  });
}

function movedTo(zone: string, { make, privateNodes }: NodeKind): NodeKind {
  const moved = (name: string): NodeAddition => {
    const { node, ...rest } = make(name);
    const labels = { ...node.metadata.labels, [ZONE]: zone, [REGION]: regionOfZone(zone) };
    return { ...rest, node: { ...node, metadata: { ...node.metadata, labels } } };
  };
  return kindOf(moved('').node, moved, { privateNodes });
}

/** GKE sets it on GPU nodes, and the toleration on pods that ask for GPUs. */
const GPU_TAINT = { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' } as const;

function madeNode(pool: NodePool, type: MachineType, zone: string, name: string): Node {
  const [attached] = pool.accelerators ?? [];
  const count = type.gpus?.count ?? attached?.count ?? 0;
  const shell = { pods: String(pool.maxPodsPerNode ?? 110), ...(count > 0 && { 'nvidia.com/gpu': String(count) }) };
  const spot = pool.spot ? { 'cloud.google.com/gke-spot': 'true' } : {};
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        [ZONE]: zone,
        [REGION]: regionOfZone(zone),
        [TYPE]: pool.machineType,
        [POOL]: pool.name,
        ...spot,
        ...(attached !== undefined && { 'cloud.google.com/gke-accelerator': attached.type }),
        ...pool.labels,
      },
    },
    spec: { taints: taintsOf(pool, count > 0) },
    status: {
      capacity: { cpu: String(type.vcpus), memory: String(type.memoryBytes), ...shell },
      allocatable: { cpu: `${allocatableMillis(type)}m`, memory: String(allocatableBytes(type.memoryBytes)), ...shell },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

function taintsOf({ taints = [] }: NodePool, hasGpus: boolean): NonNullable<NonNullable<Node['spec']>['taints']> {
  const own = taints as NonNullable<NonNullable<Node['spec']>['taints']>;
  return hasGpus && own.every(({ key }) => key !== GPU_TAINT.key) ? [...own, GPU_TAINT] : own;
}

/**
 * GKE reserves 6 % of the first core, 1 % of the second, 0.5 % of the next two and 0.25 % of the rest.
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes#resource_reservations
 */
function allocatableMillis({ vcpus, sustainedMillis }: MachineType): number {
  const reserved = [60, 10, 5, 5].slice(0, vcpus).reduce((sum, part) => sum + part, 0) + Math.max(0, vcpus - 4) * 2.5;
  return Math.floor(Math.min(sustainedMillis, vcpus * 1000) - reserved);
}

/** Memory bands as `[size in GiB, share reserved]`, and 100 MiB for the eviction threshold; same source. */
const MEMORY_BANDS: readonly (readonly [number, number])[] = [
  [4, 0.25],
  [4, 0.2],
  [8, 0.1],
  [112, 0.06],
  [Infinity, 0.02],
];

function allocatableBytes(memoryBytes: number): number {
  let left = memoryBytes;
  let free = -100 * 2 ** 20;
  for (const [gib, share] of MEMORY_BANDS) {
    const part = Math.min(left, gib * 2 ** 30);
    free += part * (1 - share);
    left -= part;
  }
  return Math.floor(free);
}
