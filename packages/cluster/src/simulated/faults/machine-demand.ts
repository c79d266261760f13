/** Workloads that need more machines than a node pool has. */
import type { NodePool } from '../../cloud/cloud.ts';
import type { Deployment, Node } from '../../model/kinds.ts';
import { amountOf, formatCpu } from '../../model/quantity.ts';
import { isFinished } from '../../scheduling/pod-owner.ts';
import { podRequests } from '../../scheduling/pod-requests.ts';
import { PODS, RESOURCE_QUOTAS } from '../api/built-in-types.ts';
import { NODE_POOL } from '../cloud/machines.ts';
import type { SimulatedCloud } from '../cloud/simulated-cloud.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { FaultSite } from './fault-site.ts';
import { NoTargetError } from './no-target-error.ts';
import { autoscalerOf, byEntity, podsOf, servingNodes, zoneOf } from './targets.ts';

/** A pool that may grow, and the nodes that it has. */
export interface GrowingPool {
  readonly pool: NodePool;
  readonly nodes: readonly Node[];
}

/** Share of a node that each pod of the grown workload asks for: two of them fit on none. */
const SHARE = 0.6;
/** More pods than this are not made for a fault's sake. */
const MOST_NODES = 200;

/** The cloud of a cluster. @throws NoTargetError outside of any */
export function cloudOf({ cloud }: SimulatedCluster): SimulatedCloud {
  if (cloud === undefined) throw new NoTargetError('the cluster is in no cloud');
  return cloud;
}

/** Pools that have a node and may have more, the smaller ones first. */
export function growingPools(cluster: SimulatedCluster): readonly GrowingPool[] {
  const { pools } = cloudOf(cluster);
  return pools
    .map((pool) => ({ pool, nodes: nodesOf(cluster, pool) }))
    .filter(
      ({ pool: { autoscaling }, nodes }) =>
        nodes.length > 0 && nodes.length <= MOST_NODES && (autoscaling?.maxNodes ?? 0) > nodes.length,
    )
    .sort((a, b) => a.nodes.length - b.nodes.length || (a.pool.name < b.pool.name ? -1 : 1));
}

/** Nodes of a pool that work and take pods. */
export function nodesOf(cluster: SimulatedCluster, { name }: Pick<NodePool, 'name'>): readonly Node[] {
  return servingNodes(cluster).filter(({ metadata }) => metadata.labels?.[NODE_POOL] === name);
}

/** All nodes of a pool, whatever their state. */
export function countOf({ api: { store, types } }: SimulatedCluster, { name }: Pick<NodePool, 'name'>): number {
  const type = types.byKind('', 'Node');
  if (type === undefined) return 0;
  return byEntity(store.list(type)).filter(({ metadata }) => metadata.labels?.[NODE_POOL] === name).length;
}

/**
 * Grows a workload, as a campaign would have it: its pods ask for most of a node of the pool, and there are `extra` more of them than nodes that
 * have so much left; with a zone, of the pool's nodes there. A workload that an autoscaler sizes is left alone: it would take the
 * new size back. @returns the workload as it was before
 * @throws NoTargetError where the pool may not grow by so many
 */
export function outgrow(
  site: FaultSite,
  { pool, nodes }: GrowingPool,
  { extra, zone }: { readonly extra: number; readonly zone?: string },
): Deployment {
  const places = zone === undefined ? nodes : nodes.filter((node) => zoneOf(node) === zone);
  const [node] = places;
  const more = Math.min(extra, (pool.autoscaling?.maxNodes ?? 0) - nodes.length - 1);
  if (node === undefined || more < 1) throw new NoTargetError(`node pool ${pool.name} does not grow so far`);
  const asked = Math.ceil(offeredCpu(node) * SHARE);
  const used = usedCpu(site.cluster);
  const sizeOf = (one: Deployment) => openTo(site.cluster, one, { places, used, asked }) + more;
  const target = site.deployment(
    (one) =>
      (one.spec?.replicas ?? 1) <= sizeOf(one) &&
      autoscalerOf(site.cluster, one) === undefined &&
      !isCapped(site.cluster, one),
  );
  const size = sizeOf(target);
  const { nodeSelector } = target.spec?.template.spec ?? {};
  const { requests, limits } = target.spec?.template.spec?.containers[0]?.resources ?? {};
  const cpu = formatCpu(asked);
  const raised = { requests: { ...requests, cpu }, ...(limits === undefined ? {} : { limits: withoutCpu(limits) }) };
  const at = { [NODE_POOL]: pool.name, ...(zone === undefined ? {} : { 'topology.kubernetes.io/zone': zone }) };
  site.roll(target, { nodeSelector: { ...nodeSelector, ...at } }, { resources: raised });
  site.scale(target, size);
  return target;
}

/** Whether its namespace has a quota, which would refuse the pods before they ask for a node. */
export function isCapped({ api: { store } }: SimulatedCluster, { metadata }: Deployment): boolean {
  return [...store.list(RESOURCE_QUOTAS, metadata.namespace)].length > 0;
}

/** Nodes that have so much left once the pods of a workload are gone from them. */
function openTo(
  cluster: SimulatedCluster,
  target: Deployment,
  {
    places,
    used,
    asked,
  }: { readonly places: readonly Node[]; readonly used: ReadonlyMap<string, number>; readonly asked: number },
): number {
  const own = new Map<string, number>();
  for (const pod of podsOf(cluster, target)) {
    const name = pod.spec?.nodeName ?? '';
    own.set(name, (own.get(name) ?? 0) + podRequests(pod).cpuMillis);
  }
  const leftOn = (node: Node) =>
    offeredCpu(node) - (used.get(node.metadata.name) ?? 0) + (own.get(node.metadata.name) ?? 0);
  return places.filter((node) => leftOn(node) >= asked).length;
}

function offeredCpu({ status }: Node): number {
  return amountOf('cpu', status?.allocatable?.['cpu'] ?? '0') ?? 0;
}

/** Thousandths of a CPU that the pods of each node request. */
function usedCpu({ api: { store } }: SimulatedCluster): ReadonlyMap<string, number> {
  const used = new Map<string, number>();
  for (const pod of store.list(PODS)) {
    const { nodeName } = pod.spec ?? {};
    if (nodeName !== undefined && !isFinished(pod))
      used.set(nodeName, (used.get(nodeName) ?? 0) + podRequests(pod).cpuMillis);
  }
  return used;
}

function withoutCpu(limits: Readonly<Record<string, string | number>>): Readonly<Record<string, string | number>> {
  return Object.fromEntries(Object.entries(limits).filter(([name]) => name !== 'cpu'));
}
