/** What node pools would take of the cloud's quotas if each grew to the maximum of its autoscaling. */
import {
  bindingQuota,
  nodePoolOf,
  quotaNeedOfNode,
  regionOfZone,
  type ClusterSnapshot,
  type NodePool,
  type Quota,
} from '@aia/cluster';
import { isAutopilot } from './growth.ts';

/** One quota at the autoscaler's ceiling. */
export interface Ceiling {
  readonly quota: Quota;
  /** Limit − usage, at least 0; `Infinity` for quotas without a limit. */
  readonly free: number;
  /** What the further nodes and the surge of one upgrade take. */
  readonly need: number;
  /** Further nodes of all pools that draw on it. */
  readonly nodes: number;
  /** How many of them fit; for several pools in proportion to their growth. */
  readonly fits: number;
  readonly pools: readonly string[];
}

/** One pool's growth. */
interface Growth {
  readonly pool: NodePool;
  readonly nodes: number;
}

/** An upgrade adds one node at a time where the pool does not say otherwise. */
const DEFAULT_SURGE = 1;

/** Every known quota that growing pools draw on, tightest first; none on Autopilot, whose nodes are the provider's. */
export function ceilings(snapshot: ClusterSnapshot): readonly Ceiling[] {
  const { cluster, quotas } = snapshot.cloud;
  if (cluster === undefined || quotas === undefined || isAutopilot(snapshot)) return [];
  const live = Map.groupBy(snapshot.list('Node'), nodePoolOf);
  const growths = cluster.nodePools.flatMap((pool): readonly Growth[] => {
    const nodes = (pool.autoscaling?.maxNodes ?? 0) - (live.get(pool.name)?.length ?? 0);
    return nodes > 0 ? [{ pool, nodes }] : [];
  });
  const draws = growths.flatMap((growth) =>
    bindingQuota(quotaNeedOfNode(growth.pool), quotas, regionOfZone(cluster.location)).known.map(
      ({ need, headroom }) => ({
        ...growth,
        quota: headroom.quota,
        free: headroom.free,
        each: need.amount,
      }),
    ),
  );
  return [...Map.groupBy(draws, ({ quota }) => quota).values()]
    .map((group): Ceiling => {
      const [{ quota, free }] = group as [(typeof draws)[0], ...typeof draws];
      const growth = group.reduce((sum, { nodes, each }) => sum + nodes * each, 0);
      const surge = Math.max(...group.map(({ pool, each }) => (pool.maxSurge ?? DEFAULT_SURGE) * each));
      const nodes = group.reduce((sum, one) => sum + one.nodes, 0);
      return {
        quota,
        free,
        need: growth + surge,
        nodes,
        fits: Math.min(nodes, Math.floor((nodes * free) / growth + 1e-9)),
        pools: group.map(({ pool }) => pool.name).sort(),
      };
    })
    .sort((a, b) => a.free / a.need - b.free / b.need || (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ quota: { region, metric } }: Ceiling): string {
  return `${region}/${metric}`;
}
