/**
 * Nodes that the autoscaler would remove but for a mark on pods.
 * Source: https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md#what-types-of-pods-can-prevent-ca-from-removing-a-node
 */
import type { NodePool } from '../../cloud/cloud.ts';
import type { Deployment, Pod } from '../../model/kinds.ts';
import { SAFE_TO_EVICT } from '../../scheduling/drainability.ts';
import { repack, utilisationOf } from '../../scheduling/repack.ts';
import { templateNode } from '../../scheduling/template-node.ts';
import type { SchedulingWorld } from '../../scheduling/world.ts';
import { DEPLOYMENTS } from '../api/built-in-types.ts';
import type { InstanceGroups } from '../cloud/instance-groups.ts';
import { profileOf } from '../cluster-autoscaler/autoscaler-options.ts';
import { AutoscalerWorlds } from '../cluster-autoscaler/autoscaler-world.ts';
import { entityOf } from '../entity.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { FaultKind } from './fault.ts';
import type { FaultSite } from './fault-site.ts';
import { cloudOf, growingPools, isCapped, type GrowingPool } from './machine-demand.ts';
import { NoTargetError } from './no-target-error.ts';
import { podsOf, zoneOf } from './targets.ts';

const SETTLES_MS = 1_200_000;
/** Of the node that is not there yet. */
const TRIAL = 'trial';
const NOTHING_UNREAD: ReadonlySet<string> = new Set();

type Bounds = NonNullable<NodePool['autoscaling']>;

/** A place where a pool may have one node more, and the cluster as it would be then. */
interface Place {
  readonly pool: NodePool;
  /** Such that the pool may lose it again. */
  readonly bounds: Bounds;
  readonly zone: string;
  readonly world: SchedulingWorld;
}

/** Pods that are marked as not to be evicted, on a node that was added for a peak that is over. */
export const SCALE_DOWN_BLOCKED: FaultKind = {
  name: 'scale-down-blocked',
  family: 'autoscaling',
  summary: 'The pods of a workload are marked as not to be evicted, and keep a node that is hardly used from going.',
  source: 'https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler#considerations_and_limitations',
  parameters: {},
  bring: (site) => {
    const places = placesIn(site.cluster);
    const placeOf = (one: Deployment) =>
      isCapped(site.cluster, one) ? undefined : places.find((place) => wouldKeep(site.cluster, one, place));
    const target = site.deployment((one) => placeOf(one) !== undefined);
    const { pool, bounds, zone } = placeOf(target) as Place;
    addNode(site, pool, zone);
    if (bounds !== pool.autoscaling) setBounds(site, pool, bounds);
    site.change(DEPLOYMENTS, target, (now) => ({ ...now, spec: marked(now.spec) }) as Deployment);
    const { namespace = '', name } = target.metadata;
    return {
      truth: {
        entities: [entityOf(target), 'Node *', 'Cluster *'],
        classes: ['nodes-underused', 'eviction-forbidden'],
        isMinor: true,
      },
      touched: site.takeTouched(),
      settlesMs: SETTLES_MS,
      remedy: `Take ${SAFE_TO_EVICT} out of the template.`,
      repair: () => {
        site.rollBack(target);
        restoreBounds(site, pool);
      },
      isGone: (cluster) => {
        const now = cluster.api.store.get(DEPLOYMENTS, namespace, name);
        if (now?.spec?.template.metadata?.annotations?.[SAFE_TO_EVICT] !== 'false') return true;
        return keptByMark(cluster, podsOf(cluster, now), worldOf(cluster)).length === 0;
      },
    };
  },
};

/** One for each pool that may have one node more. @throws NoTargetError where nodes go by no such rules */
function placesIn(cluster: SimulatedCluster): readonly Place[] {
  const { snapshot } = cloudOf(cluster);
  if (snapshot.cluster?.autopilot === true) throw new NoTargetError('the cluster has no node pools of its own');
  const machines = machinesOf(cluster);
  const growing = growingPools(cluster);
  if (growing.length === 0) throw new NoTargetError('no node pool may grow by itself');
  const world = worldOf(cluster);
  return growing.flatMap((one) => roomIn(machines, one, world) ?? []);
}

function worldOf(cluster: SimulatedCluster): SchedulingWorld {
  return new AutoscalerWorlds(cluster, NOTHING_UNREAD).whole();
}

/** In the zone of the fewest machines that the pool has nodes in. */
function roomIn(machines: InstanceGroups, growing: GrowingPool, world: SchedulingWorld): Place | undefined {
  const { pool, nodes } = growing;
  const groups = machines.groups
    .filter((group) => group.pool.name === pool.name && machines.refusalOf(group) === undefined)
    .toSorted((a, b) => machines.targetOf(a.key) - machines.targetOf(b.key));
  for (const { zone } of groups) {
    const like = nodes.find((node) => zoneOf(node) === zone);
    const state = like === undefined ? undefined : world.node(like.metadata.name);
    if (state !== undefined)
      return { pool, bounds: boundsOf(growing), zone, world: world.withNodes([templateNode(state, TRIAL)]) };
  }
  return undefined;
}

/**
 * Whether marks on its pods, made anew where the scheduler would put them, would keep nodes that would go without. The only pod of a workload is marked
 * rightly: nothing answers while it moves.
 */
function wouldKeep(cluster: SimulatedCluster, workload: Deployment, { pool, bounds, world }: Place): boolean {
  const pods = podsOf(cluster, workload);
  if (pods.length < 2) return false;
  const trial = world.fork();
  for (const pod of pods) {
    const from = pod.spec?.nodeName ?? '';
    if (trial.node(from)?.pods.some((one) => one.pod === pod) !== true) return false;
    trial.remove(pod, from);
    const made = markedPod(pod);
    const to = trial.bestNode(made);
    if (to === undefined) return false;
    trial.place(made, to);
  }
  return keptByMark(cluster, pods, trial, { ...pool, autoscaling: bounds }).length > 0;
}

/** Nodes that only marks on some pods keep, once all have gone that can; `bounded`, a pool as it shall be. */
function keptByMark(
  { cloud }: SimulatedCluster,
  pods: readonly Pod[],
  world: SchedulingWorld,
  bounded?: NodePool,
): readonly string[] {
  if (cloud === undefined) return [];
  const { threshold } = profileOf(cloud.snapshot);
  const pools = cloud.pools.map((pool) => (pool.name === bounded?.name ? bounded : pool));
  const minimums = new Map(pools.map(({ name, autoscaling }) => [name, autoscaling?.minNodes ?? Infinity]));
  const own = new Set(pods.map(entityOf));
  const going = (from: SchedulingWorld, ignoresMark: (pod: Pod) => boolean) =>
    repack(from, {
      ...{ poolMinimums: minimums, localStorageBlocks: false, ignoresMark },
      removable: from.nodes.filter((node) => utilisationOf(node) < threshold).map(({ name }) => name),
    });
  const left = going(world, () => false).world;
  return going(left, (pod) => own.has(entityOf(pod))).removed.map(({ node }) => node);
}

/** @throws NoTargetError outside of any cloud */
function machinesOf({ instanceGroups }: SimulatedCluster): InstanceGroups {
  if (instanceGroups === undefined) throw new NoTargetError('the cluster is in no cloud');
  return instanceGroups;
}

function addNode(site: FaultSite, { name }: NodePool, zone: string): void {
  const node = machinesOf(site.cluster).add(name, zone);
  site.take(node);
  for (const made of [entityOf(node), `Lease kube-node-lease/${node.metadata.name}`]) site.touchOutside(made);
}

/** Without a lower bound where the pool is no larger than that, so that it is the marks that keep nodes. */
function boundsOf({ pool: { autoscaling }, nodes }: GrowingPool): Bounds {
  if (autoscaling !== undefined && autoscaling.minNodes < nodes.length) return autoscaling;
  return { maxNodes: nodes.length + 1, ...autoscaling, minNodes: 1 };
}

function setBounds(site: FaultSite, { name }: NodePool, autoscaling: NodePool['autoscaling']): void {
  cloudOf(site.cluster).changePool(name, { autoscaling });
  site.touchOutside(`node pool ${name}`);
}

/** A pool that is smaller than it may be again grows to that. */
function restoreBounds(site: FaultSite, pool: NodePool): void {
  setBounds(site, pool, pool.autoscaling);
  const machines = machinesOf(site.cluster);
  const lacking = (pool.autoscaling?.minNodes ?? 0) - machines.sizeOf(pool.name);
  for (let i = 0; i < lacking; i++) machines.add(pool.name);
}

function markedPod(pod: Pod): Pod {
  const annotations = { ...pod.metadata.annotations, [SAFE_TO_EVICT]: 'false' };
  return { ...pod, metadata: { ...pod.metadata, annotations }, spec: { ...pod.spec, nodeName: '' } } as Pod;
}

function marked(spec: Deployment['spec']) {
  const { metadata, ...template } = spec?.template ?? {};
  const annotations = { ...metadata?.annotations, [SAFE_TO_EVICT]: 'false' };
  return { ...spec, template: { ...template, metadata: { ...metadata, annotations } } };
}
