/** How many more nodes of which pool would take waiting pods, and what stands against them. */
import { bindingQuota, nodePoolOf, quotaNeedOfNode, type NodePool, type Pod, type Quota } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { withMoreNodes } from '../../diagnose/nodes/capacity.ts';
import { isAutopilot } from '../../diagnose/nodes/growth.ts';
import { nodeKinds } from '../../diagnose/nodes/node-kinds.ts';
import { regionOf } from '../complete-action.ts';
import type { Planning } from '../planning.ts';

/** More nodes of one pool. */
export interface PoolGrowth {
  readonly pool: NodePool;
  /** Nodes that it has. */
  readonly nodes: number;
  readonly more: number;
  /** Pods of those that wait which find a place then. */
  readonly fits: number;
  readonly pods: number;
  /** Quotas without room for them. */
  readonly short: readonly { readonly quota: Quota; readonly need: number }[];
}

/** Pods that wait because of a cause. */
export function podsWaiting(cause: Pick<AssessedRootCause, 'explains'>, planning: Planning): readonly Pod[] {
  return planning
    .findingsOf(cause)
    .filter(({ code }) => code === 'pod-unschedulable')
    .map(({ resource }) => planning.snapshot.get('Pod', resource.namespace, resource.name))
    .filter((pod) => pod !== undefined);
}

/** By pool, those first that take most pods, that no quota refuses, and that take the fewest nodes. Empty on Autopilot. */
export function poolGrowths(pods: readonly Pod[], planning: Planning): readonly PoolGrowth[] {
  const { snapshot, examination } = planning;
  const { cluster, quotas = [] } = snapshot.cloud;
  if (pods.length === 0 || cluster === undefined || isAutopilot(snapshot)) return [];
  const steps = withMoreNodes(examination.world, pods, nodeKinds(examination.world)).flatMap((one) => one.at(-1) ?? []);
  const best = new Map<string, PoolGrowth>();
  for (const { kind, nodes: more, fits, pods: all } of steps) {
    const pool = cluster.nodePools.find(({ name }) => name === kind.pool);
    const known = best.get(kind.pool);
    if (pool === undefined || (known !== undefined && (known.fits > fits || known.more <= more))) continue;
    const needs = quotaNeedOfNode(pool).map((need) => ({ ...need, amount: need.amount * more }));
    const short = bindingQuota(needs, quotas, regionOf(planning))
      .known.filter((fit) => fit.fits < 1)
      .map(({ need, headroom }) => ({ quota: headroom.quota, need: need.amount }));
    const nodes = snapshot.list('Node').filter((node) => nodePoolOf(node) === pool.name).length;
    best.set(kind.pool, { pool, nodes, more, fits, pods: all, short });
  }
  return [...best.values()].toSorted(
    (a, b) =>
      b.fits - a.fits || a.short.length - b.short.length || a.more - b.more || (a.pool.name < b.pool.name ? -1 : 1),
  );
}
