/** What a cluster stands on: its project, its node pools and their machines. */
import type { NodePool } from '../../../cloud/cloud.ts';
import { DEFAULT_LIMITS, newCloud } from '../../cloud/new-cloud.ts';
import { SimulatedCluster } from '../../simulated-cluster.ts';
import type { Context } from '../context.ts';
import type { Draw } from '../draw.ts';
import type { Pools } from '../pools.ts';

/** Until it is known what is used, nothing is refused. */
const UNLIMITED = 1e9;

/** An empty cluster of a context, whose machines are there. */
export function layGround(context: Context, seed: string, pools: Pools, draw: Draw): SimulatedCluster {
  const [region, letters] = draw.pick(pools.regions);
  const zones = draw.shuffled(letters).slice(0, context.zones).toSorted();
  const clusterName = draw.pick(pools.clusters);
  return new SimulatedCluster({
    seed: `${seed}/cluster`,
    // A moment of the last years, in whole seconds.
    startAt: Date.UTC(2025, 0, 1) + draw.integer(0, 700 * 86_400 - 1) * 1000,
    cloud: newCloud({
      project: draw.pick(pools.projects),
      region,
      zones,
      clusterName,
      autoscalingProfile: draw.chance(0.3) ? 'OPTIMIZE_UTILIZATION' : 'BALANCED',
      nodePools: poolsOf(
        context,
        pools,
        draw,
        zones.map((letter) => `${region}-${letter}`),
      ),
      limits: Object.fromEntries(Object.keys(DEFAULT_LIMITS).map((metric) => [metric, UNLIMITED])),
    }),
  });
}

/** One pool, and more of other machines the more the context's machines differ. */
function poolsOf(context: Context, pools: Pools, draw: Draw, zones: readonly string[]): NodePool[] {
  const { nodes, heterogeneity, autoscaling_headroom: headroom } = context;
  const count = 1 + Math.min(Math.floor(nodes / 3), 3, Math.round(heterogeneity * draw.number(0.5, 3.5)));
  const names = draw.shuffled(pools.poolNames).slice(0, count);
  const weights = names.map((_, i) => (i === 0 ? 2 : draw.number(0.4, 1)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const sizes = weights.map((weight) => Math.max(1, Math.floor((nodes * weight) / sum)));
  sizes[0] = nodes - sizes.slice(1).reduce((total, size) => total + size, 0);
  const machine = draw.weighted(pools.machines);
  return names.map((name, i) => {
    const initialNodes = sizes[i] as number;
    return {
      name,
      machineType: i === 0 ? machine : draw.weighted(pools.machines),
      diskType: draw.chance(0.8) ? 'pd-balanced' : 'pd-standard',
      diskSizeGb: draw.pick([50, 100, 100, 200]),
      spot: false,
      zones,
      autoscaling:
        headroom === 0
          ? undefined
          : {
              // Or the autoscaler would begin by taking away nodes that the context asks for.
              minNodes: initialNodes,
              maxNodes: initialNodes + Math.ceil(initialNodes * headroom),
            },
      initialNodes,
      privateNodes: draw.chance(0.7),
      maxPodsPerNode: draw.pick([110, 110, 64]),
    };
  });
}

/** Sets the limits of quotas so that what is used is the share that the context says, give or take some. */
export function tightenQuotas({ cloud }: SimulatedCluster, { quota_tightness: tightness }: Context, draw: Draw): void {
  for (const { metric, region, usage } of cloud?.snapshot.quotas ?? []) {
    const usual = DEFAULT_LIMITS[region === 'global' ? `global/${metric}` : metric] ?? 0;
    const limit = usage === 0 ? usual : Math.max(Math.ceil(usage), roundUp(usage / (tightness * draw.number(0.6, 1))));
    cloud?.setLimit(metric, limit, region);
  }
}

/** Lets pools grow no further than quotas have room for, since a ceiling beyond is a fault of its own. */
export function fitCeilings({ cloud }: SimulatedCluster): void {
  const limits = (cloud?.snapshot.quotas ?? []).filter(({ metric, usage }) => usage > 0 && OF_MACHINES.test(metric));
  const growth = Math.min(...limits.map(({ limit, usage }) => limit / usage - 1));
  for (const { name, initialNodes, autoscaling } of cloud?.pools ?? []) {
    if (autoscaling === undefined) continue;
    // Less the node that an upgrade adds for a while.
    const room = Math.max(0, Math.floor(initialNodes * growth) - 1);
    const maxNodes = Math.min(autoscaling.maxNodes, initialNodes + room);
    cloud?.changePool(name, { autoscaling: { ...autoscaling, maxNodes } });
  }
}

/** Metrics that each machine takes of. */
const OF_MACHINES = /CPUS|^INSTANCES$|_TOTAL_GB$|^IN_USE_ADDRESSES$/;

/** Limits are round figures. */
function roundUp(amount: number): number {
  const step = amount < 20 ? 1 : 10 ** Math.floor(Math.log10(amount) - 1);
  return Math.ceil(amount / step) * step;
}
