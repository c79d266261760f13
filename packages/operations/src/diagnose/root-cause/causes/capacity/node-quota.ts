/** Which quotas one more node of a pool would draw on, and whether they carry it. */
import { bindingQuota, groupPool, nodePoolOf, quotaNeedOfNode, type ClusterSnapshot, type Quota } from '@aia/cluster';
import type { Evidence } from '../../../evidence.ts';
import { poolOf, type NodeKind } from '../../../nodes/node-kinds.ts';
import { shortGroup } from '../../../nodes/refused-scale-up.ts';

/** A quota that does not carry `need` more. */
export interface NodeQuota {
  readonly quota: Quota;
  readonly need: number;
  /** Limit − usage, at least 0. */
  readonly free: number;
}

/** What the quota table says of so many more nodes of one kind. */
export interface NodeQuotas {
  /** Tightest first. */
  readonly short: readonly NodeQuota[];
  /** Metrics that such a node draws on and the table does not show; whether they have room is not known. */
  readonly unknown: readonly string[];
}

/** Quotas without room for so many nodes of a kind; nothing where no table was read. */
export function quotasOf(snapshot: ClusterSnapshot, kind: NodeKind, nodes: number): NodeQuotas {
  const { quotas } = snapshot.cloud;
  const needs = quotaNeedOfNode(poolOf(snapshot, kind)).map((need) => ({ ...need, amount: need.amount * nodes }));
  const { known, unknown } = bindingQuota(needs, quotas ?? [], kind.region);
  const short = known
    .filter(({ fits }) => fits < 1)
    .map(({ need, headroom }) => ({ quota: headroom.quota, need: need.amount, free: headroom.free }));
  return { short, unknown };
}

/** The bounds that a pool's own autoscaling sets. */
export interface PoolBounds {
  readonly autoscales: boolean;
  /** 0 where autoscaling is off. */
  readonly maximum: number;
  /** Nodes it has, those on their way included where the autoscaler says so. */
  readonly nodes: number;
  readonly evidence: Evidence;
}

/** Bounds and size of a pool; `undefined` where neither the cloud nor the autoscaler's status says. */
export function poolBounds(snapshot: ClusterSnapshot, pool: string): PoolBounds | undefined {
  const { cluster, autoscaler } = snapshot.cloud;
  const groups = (autoscaler?.nodeGroups ?? []).filter(({ name }) => isGroupOf(name, pool, cluster?.name));
  const described = cluster?.nodePools.find(({ name }) => name === pool);
  if (groups.length === 0 && described === undefined) return undefined;
  const live = snapshot.list('Node').filter((node) => nodePoolOf(node) === pool).length;
  const nodes = Math.max(live, sum(groups.map(({ target }) => target)));
  const autoscales = groups.length > 0 || described?.autoscaling !== undefined;
  const maximum = described?.autoscaling?.maxNodes ?? sum(groups.map(({ maxSize }) => maxSize));
  const source = groups.length > 0 ? 'autoscaler status and node pools' : 'node pools';
  const text = autoscales
    ? `${pool}: ${nodes} nodes, maximum ${maximum}`
    : `${pool}: ${nodes} nodes, autoscaling is off`;
  return { autoscales, maximum, nodes, evidence: { kind: 'cloud', source, text, at: autoscaler?.updatedAt } };
}

/** Whether a managed instance group (name or URL) belongs to a pool. */
export function isGroupOf(group: string, pool: string, clusterName: string | undefined): boolean {
  const told = groupPool(group, clusterName) ?? groupPool(group);
  return told === undefined ? shortGroup(group).includes(`-${pool}-`) : told === pool;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
