/** Calls to the cloud on a simulated one. Source: https://cloud.google.com/kubernetes-engine/docs/how-to/node-pools */
import { isDaemonPod, isFinished, isMirrorPod, refOf } from '@aia/cluster';
import type { DirectWrites, Node, NodePool, Pod, SimulatedCloud, SimulatedCluster } from '@aia/cluster';
import type { CloudCall } from '@aia/contract';
import { done, refused, type Performed } from './performed.ts';

const SECOND = 1000;
/** Between two tries to evict what a budget keeps. */
const RETRY_MS = 5 * SECOND;
/** GKE respects budgets for so long while it drains the nodes of a pool. */
const LONGEST_DRAIN_MS = 3_600_000;
/** From the deletion of a machine until its pool may be forgotten. */
const DELETED_MS = 90 * SECOND;
/** By which GKE's agent works on the project. */
const AGENT_ROLES: ReadonlySet<string> = new Set(['roles/container.serviceAgent', 'roles/editor']);
const DEFAULT_DISK = { diskType: 'pd-balanced', diskSizeGb: 100, spot: false, privateNodes: false } as const;

/** What calls are made on. */
interface Site {
  readonly cluster: SimulatedCluster;
  readonly writes: DirectWrites;
  readonly cloud: SimulatedCloud;
  readonly groups: NonNullable<SimulatedCluster['instanceGroups']>;
}

type Calls = {
  readonly [K in CloudCall['operation']]: (call: Extract<CloudCall, { operation: K }>, on: Site) => Performed;
};

/** Makes a call; what the cloud refuses is told in its words. */
export function performCall(cluster: SimulatedCluster, writes: DirectWrites, call: CloudCall): Performed {
  const { cloud, instanceGroups: groups } = cluster;
  if (cloud === undefined || groups === undefined) return refused('nothing was read of the cloud around this cluster');
  try {
    return CALLS[call.operation](call as never, { cluster, writes, cloud, groups });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refused(error.message);
  }
}

const CALLS: Calls = {
  'request-quota': ({ metric, region, from, to }, { cloud }) => {
    cloud.setLimit(metric, to, region);
    return done(`quota ${metric} of ${region}: ${from} → ${to}`);
  },
  'resize-node-pool': ({ pool, to }, on) => resize(pool, to, on),
  'set-pool-autoscaling': ({ pool, to }, { cloud }) => {
    cloud.changePool(pool, { autoscaling: to });
    return done(`node pool ${pool}: ${to === undefined ? 'no autoscaling' : `${to.minNodes} to ${to.maxNodes} nodes`}`);
  },
  'set-pool-zones': ({ pool, to }, on) => setZones(pool, to, on),
  'set-pool-taints': ({ pool, to }, { cloud }) => {
    cloud.changePool(pool, { taints: to.map(taintOf) });
    return done(`node pool ${pool}: taints ${to.join(', ')}`);
  },
  'set-autoscaling-profile': ({ to }, { cloud }) => {
    const { cluster } = cloud.snapshot;
    if (cluster === undefined) return refused('the cluster is not described');
    // Pools are told of, so that the autoscaler looks again.
    cloud.change(() => ({ cluster: { ...cluster, autoscalingProfile: to.toUpperCase().replaceAll('-', '_') } }));
    return done(`autoscaling profile: ${to}`);
  },
  'create-node-pool': (call, on) => createPool(call, on),
  'delete-node-pool': ({ pool }, on) => {
    on.cloud.changePool(pool, { autoscaling: undefined });
    for (const name of machinesOf(pool, on)) drain(name, on);
    forgetWhenEmpty(pool, on);
    return done(`node pool ${pool}: goes`);
  },
  'reserve-address': ({ name, address, region }, { cloud, cluster }) => {
    const options = { ...(address !== undefined && { address }), global: region === 'global' };
    const short = cloud.reserveAddress(name, options, cluster.clock.now);
    return short === undefined ? done(`address ${name}: reserved`) : refused(quotaText(short));
  },
  'release-address': ({ name }, { cloud }) => {
    const short = cloud.releaseAddress(name);
    return short === undefined ? done(`address ${name}: released`) : refused(quotaText(short));
  },
  'delete-machine': ({ node }, { groups }) => {
    const machine = groups.machine(node);
    const group = groups.groups.find(({ key }) => key === machine?.group);
    if (machine === undefined || group === undefined) return refused(`machine "${node}": is in no node pool`);
    groups.remove(node);
    groups.request(group);
    return done(`machine ${node}: deleted, its group makes another`);
  },
  'grant-role': ({ role, purpose }, { cloud }) => {
    // What members other than the agents of the cluster do with a role is not simulated.
    if (!AGENT_ROLES.has(role)) return { outcome: 'not-simulated', message: purpose };
    cloud.grant(role);
    return done(`role ${role}: granted`);
  },
};

/** Of `key=value:effect`. */
function taintOf(text: string): NonNullable<NodePool['taints']>[number] {
  const [, key = '', value, effect = ''] = /^([^=:]*)(?:=([^:]*))?:(.*)$/.exec(text) ?? [];
  return { key, ...(value !== undefined && { value }), effect };
}

function quotaText({ metric, region, limit }: { metric: string; region: string; limit: number }): string {
  return `Quota '${metric}' exceeded.  Limit: ${limit.toFixed(1)} in region ${region}.`;
}

function machinesOf(pool: string, { groups }: Site): readonly string[] {
  return groups.groups
    .filter((group) => group.pool.name === pool)
    .flatMap(({ key }) => groups.machinesOf(key))
    .filter(({ state }) => state !== 'deleting')
    .map(({ name }) => name);
}

/** More machines go to the zone of the fewest; fewer go first where they do least: not there yet, lost, cordoned, then with the fewest pods. */
function resize(pool: string, to: number, on: Site): Performed {
  const { groups } = on;
  const own = groups.groups.filter((group) => group.pool.name === pool);
  if (own.length === 0) return refused(`node pool "${pool}": there is none`);
  for (let size = groups.sizeOf(pool); size < to; size++) {
    const [group] = own.toSorted((a, b) => groups.targetOf(a.key) - groups.targetOf(b.key));
    if (group === undefined) break;
    const { refusal, name } = groups.request(group);
    if (refusal === undefined) continue;
    groups.delete(name);
    return refused(refusal.message);
  }
  const rest = machinesOf(pool, on).toSorted((a, b) => weightOf(a, on) - weightOf(b, on) || (a < b ? -1 : 1));
  for (const name of rest.slice(0, Math.max(0, rest.length - to))) drain(name, on);
  return done(`node pool ${pool}: ${to} nodes`);
}

/** New zones get as many machines as each had before; those of zones that are left are drained and go. */
function setZones(name: string, zones: readonly string[], on: Site): Performed {
  const { cloud, groups } = on;
  const pool = cloud.pools.find((one) => one.name === name);
  if (pool === undefined || zones.length === 0)
    return refused(`node pool "${name}": ${pool === undefined ? 'there is none' : 'it needs a zone'}`);
  const perZone = Math.ceil(groups.sizeOf(name) / Math.max(1, pool.zones.length));
  const going = groups.groups
    .filter((group) => group.pool.name === name && !zones.includes(group.zone))
    .flatMap(({ key }) => groups.machinesOf(key));
  cloud.changePool(name, { zones });
  for (const group of groups.groups.filter((one) => one.pool.name === name && !pool.zones.includes(one.zone)))
    for (let i = groups.targetOf(group.key); i < perZone; i++) {
      const refusal = groups.refusalOf(group);
      if (refusal !== undefined) return refused(refusal.message);
      groups.request(group);
    }
  for (const machine of going) drain(machine.name, on);
  return done(`node pool ${name}: zones ${zones.join(', ')}`);
}

/** How much depends on a node; those that hold nothing back go first. */
function weightOf(name: string, on: Site): number {
  const node = nodeOf(name, on);
  if (node === undefined) return -3;
  if (node.status?.conditions?.find(({ type }) => type === 'Ready')?.status !== 'True') return -2;
  if (node.spec?.unschedulable === true) return -1;
  return movingPods(name, on).length;
}

const NODE = (name: string) => ({ group: '', kind: 'Node', namespace: '', name });

function nodeOf(name: string, { writes }: Site): Node | undefined {
  return writes.read(NODE(name)) as Node | undefined;
}

/** Pods that must find another place. */
function movingPods(node: string, { writes }: Site): readonly Pod[] {
  return writes.podsOn(node).filter((pod) => !isDaemonPod(pod) && !isMirrorPod(pod) && !isFinished(pod));
}

/** As GKE drains a node before its machine goes: cordoned, its pods evicted as far as budgets allow, for an hour. */
function drain(name: string, on: Site): void {
  const { writes, cluster, groups } = on;
  if (nodeOf(name, on) === undefined) return groups.delete(name);
  writes.patch(NODE(name), { type: 'merge', patch: { spec: { unschedulable: true } } });
  const endAt = cluster.clock.now + LONGEST_DRAIN_MS;
  const look = (): void => {
    const left = movingPods(name, on);
    for (const pod of left) if (pod.metadata.deletionTimestamp === undefined) writes.evict(refOf(pod));
    if (left.length === 0 || cluster.clock.now >= endAt) groups.delete(name);
    else cluster.clock.after(RETRY_MS, look);
  };
  look();
}

function forgetWhenEmpty(pool: string, on: Site): void {
  const { cloud, cluster, groups } = on;
  const look = (): void => {
    const isEmpty = groups.groups
      .filter((group) => group.pool.name === pool)
      .every(({ key }) => groups.machinesOf(key).length === 0);
    if (!isEmpty) {
      cluster.clock.after(DELETED_MS, look);
      return;
    }
    const { cluster: described } = cloud.snapshot;
    if (described !== undefined)
      cloud.change(() => ({
        cluster: { ...described, nodePools: described.nodePools.filter(({ name }) => name !== pool) },
      }));
  };
  look();
}

function createPool(call: Extract<CloudCall, { operation: 'create-node-pool' }>, on: Site): Performed {
  const { cloud } = on;
  const { cluster } = cloud.snapshot;
  if (cluster === undefined) return refused('the cluster is not described');
  if (cluster.nodePools.some(({ name }) => name === call.pool))
    return refused(`node pool "${call.pool}": is there already`);
  const like = cluster.nodePools.find(({ name }) => name === call.like);
  const pool: NodePool = {
    ...DEFAULT_DISK,
    ...(like !== undefined && withoutIdentity(like)),
    ...{ name: call.pool, machineType: call.machineType, zones: call.zones, initialNodes: 0 },
    autoscaling: { minNodes: call.minNodes, maxNodes: call.maxNodes },
    ...(call.labels !== undefined && { labels: { ...like?.labels, ...call.labels } }),
    ...(call.accelerator !== undefined && { accelerators: [call.accelerator] }),
  };
  cloud.change(() => ({ cluster: { ...cluster, nodePools: [...cluster.nodePools, pool] } }));
  cloud.changePool(call.pool, {});
  if (call.initialNodes === 0) return done(`node pool ${call.pool}: made`);
  const grown = resize(call.pool, call.initialNodes, on);
  return grown.outcome === 'refused' ? grown : done(`node pool ${call.pool}: ${call.initialNodes} nodes`);
}

/** What a new pool takes over from another one: all but what makes it this one. */
function withoutIdentity({ name: _, accelerators: __, autoprovisioned: ___, ...rest }: NodePool): Partial<NodePool> {
  return rest;
}
