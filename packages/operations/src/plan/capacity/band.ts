/**
 * How many nodes bring requests ÷ allocatable into the band that the policy aims at, with every pod placed: nodes are emptied one after another as the
 * cluster autoscaler would, budgets, volumes and affinities respected. The autoscaler itself shrinks only below a half, so that a cluster may rest
 * below the band for ever.
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler
 */
import {
  isDaemonPod,
  isMirrorPod,
  nodePoolOf,
  repack,
  type NodePool,
  type NodeState,
  type RemovedNode,
  type SchedulingWorld,
} from '@aia/cluster';
import { isReady } from '../../diagnose/conditions.ts';
import { isAutopilot } from '../../diagnose/nodes/growth.ts';
import type { Planning } from '../planning.ts';

/** Requests ÷ allocatable over all nodes, 0..1 or above. */
export interface Shares {
  readonly cpu: number;
  readonly memory: number;
}

/** Fewer nodes of some pools. */
export interface Shrinking {
  readonly pools: readonly { readonly pool: NodePool; readonly from: number; readonly to: number }[];
  /** Nodes that the trial emptied; the cloud may choose others. */
  readonly removed: readonly RemovedNode[];
  readonly before: Shares;
  readonly after: Shares;
}

/** Moving each pod is tried on each node; beyond this many pairs it would cost more than the rest of a plan. */
const MOST_TRIALS = 500_000;

/** Shares of a world. */
export function sharesOf(nodes: readonly NodeState[], offering = nodes): Shares {
  const sum = (of: readonly NodeState[], what: 'requested' | 'allocatable', field: 'cpuMillis' | 'memoryBytes') =>
    of.reduce((total, node) => total + node[what][field], 0);
  const share = (field: 'cpuMillis' | 'memoryBytes') => {
    const offered = sum(offering, 'allocatable', field);
    return offered === 0 ? 0 : sum(nodes, 'requested', field) / offered;
  };
  return { cpu: share('cpuMillis'), memory: share('memoryBytes') };
}

/** The fewer nodes with which CPU comes closest to the middle of the band; `undefined` where it is not below it, or nothing can go. */
export function shrinkIntoBand(world: SchedulingWorld, planning: Planning): Shrinking | undefined {
  const { snapshot, policy } = planning;
  const { min, max } = policy.targets.utilisation;
  const before = sharesOf(world.nodes);
  const pools = snapshot.cloud.cluster?.nodePools ?? [];
  const pods = world.nodes.reduce((sum, node) => sum + node.pods.length, 0);
  if (before.cpu >= min || pools.length === 0 || isAutopilot(snapshot) || world.nodes.length < 2) return undefined;
  if (world.nodes.length * pods > MOST_TRIALS) return undefined;
  // Least sizes are somebody's decision about what has to be there.
  const poolMinimums = new Map(pools.map(({ name, autoscaling }) => [name, Math.max(1, autoscaling?.minNodes ?? 1)]));
  const { removed } = repack(world, { removable: spareNodes(world, pools), poolMinimums });
  const middle = (min + max) / 2;
  const candidates = removed
    .slice(0, world.nodes.length - 1)
    .map((_, i) => shrinkingBy(removed.slice(0, i + 1), pools, world))
    .filter(({ after, pools: changed }) => changed.length > 0 && Math.max(after.cpu, after.memory) <= max)
    .toSorted(
      (a, b) => Math.abs(a.after.cpu - middle) - Math.abs(b.after.cpu - middle) || a.removed.length - b.removed.length,
    );
  return candidates[0];
}

/** Actions of earlier phases without which the pods of shrinking pools would not have been counted as movable. */
export function evictionsAllowed({ done }: Planning): readonly string[] {
  return done.filter(({ kind }) => kind === 'allow-eviction').map(({ id }) => id);
}

/** Ready workers of pools that the cloud knows, and not of the control plane. */
function spareNodes(world: SchedulingWorld, pools: readonly NodePool[]): readonly string[] {
  const names = new Set(pools.map(({ name }) => name));
  return world.nodes
    .filter(({ node }) => isReady(node) && names.has(nodePoolOf(node)) && node.spec?.unschedulable !== true)
    .map(({ name }) => name);
}

/** Pools are resized by as many nodes in each of their zones, so that a number that their zones do not divide is left. */
function shrinkingBy(removed: readonly RemovedNode[], pools: readonly NodePool[], world: SchedulingWorld): Shrinking {
  const byPool = Map.groupBy(removed, ({ node }) => poolOf(world, node));
  const changed: Shrinking['pools'][number][] = [];
  const going: RemovedNode[] = [];
  for (const pool of pools) {
    const own = byPool.get(pool.name) ?? [];
    const from = world.nodes.filter(({ node }) => nodePoolOf(node) === pool.name).length;
    const zones = Math.max(1, pool.zones.length);
    const to = Math.ceil((from - own.length) / zones) * zones;
    if (own.length === 0 || to >= from) continue;
    changed.push({ pool, from, to });
    going.push(...own.slice(0, from - to));
  }
  const names = new Set(going.map(({ node }) => node));
  const left = world.nodes.filter(({ name }) => !names.has(name));
  return { pools: changed, removed: going, before: sharesOf(world.nodes), after: afterRemoval(world, left, names) };
}

function poolOf(world: SchedulingWorld, name: string): string {
  const state = world.node(name);
  return state === undefined ? '' : nodePoolOf(state.node);
}

/** What goes with a node (DaemonSet and static pods) asks for nothing afterwards. */
function afterRemoval(world: SchedulingWorld, left: readonly NodeState[], gone: ReadonlySet<string>): Shares {
  const offered = sharesOf(world.nodes, left);
  const shed = (field: 'cpuMillis' | 'memoryBytes') => {
    const lost = world.nodes
      .filter(({ name }) => gone.has(name))
      .flatMap(({ pods }) => pods)
      .filter(({ pod }) => goesWithNode(pod))
      .reduce((sum, { pod }) => sum + world.requestsOf(pod)[field], 0);
    const offering = left.reduce((sum, node) => sum + node.allocatable[field], 0);
    return offering === 0 ? 0 : lost / offering;
  };
  return { cpu: offered.cpu - shed('cpuMillis'), memory: offered.memory - shed('memoryBytes') };
}

function goesWithNode(pod: Parameters<SchedulingWorld['requestsOf']>[0]): boolean {
  return isDaemonPod(pod) || isMirrorPod(pod);
}
