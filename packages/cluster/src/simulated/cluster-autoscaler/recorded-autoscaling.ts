/**
 * What a recorded cluster's autoscaler was about: groups that it left alone, nodes that it could have removed and did not, pods for which it did
 * nothing. A twin goes on from there, and what nothing on record explains goes on holding.
 */
import { bindingQuota, headroom } from '../../cloud/quota-headroom.ts';
import { quotaNeedOfNode } from '../../cloud/quota-need.ts';
import type { NodePool } from '../../cloud/cloud.ts';
import type { Node, Pod } from '../../model/kinds.ts';
import { timeOf } from '../../snapshot/event-time.ts';
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import { waitingPods } from '../../scheduling/fit-pods.ts';
import { nodePoolOf } from '../../scheduling/template-node.ts';
import { repack, utilisationOf } from '../../scheduling/repack.ts';
import { createWorld } from '../../scheduling/world.ts';
import type { QuotaExceeded } from '../cloud/quota-exceeded.ts';
import { SimulatedCloud } from '../cloud/simulated-cloud.ts';
import { DELAY_AFTER_ADD_MS, PROVISION_MS, profileOf } from './autoscaler-options.ts';
import { STATUS_NAME } from './autoscaler-events.ts';
import { CANDIDATE } from './node-taints.ts';
import { recordedFailures, type RecordedFailure } from './recorded-failures.ts';

/** Something that the autoscaler of a twin has to assume. */
export interface AutoscalerAssumption {
  /** `node pool default-pool in us-central1-b`, `Node gke-…`, `Pod shop/web-1`. */
  readonly about: string;
  readonly cause:
    /** The record tells of a refusal that its quotas do not explain. */
    | 'refusal-fits'
    /** It tells of one for want of quota, and quotas were not read. */
    | 'quotas-unread'
    /** No listing shows whether it goes on. */
    | 'stock-out-goes-on'
    | 'ip-space-stays-full'
    | 'refusal-goes-on'
    /** When the group is tried again is not told. */
    | 'back-off-untimed'
    /** The autoscaler would have removed the node long ago. */
    | 'unneeded-node-stays'
    /** The autoscaler would have added a node long ago. */
    | 'waiting-pod-is-passed-over';
  readonly message: string;
}

/** A failure with what has to change until it is over: more of a quota free than was on record; anything about the pool otherwise. */
export interface HeldFailure extends RecordedFailure {
  readonly cause: AutoscalerAssumption['cause'] | undefined;
  readonly quota?: QuotaExceeded | undefined;
  /** How much of it was free. */
  readonly free?: number | undefined;
}

/** What a twin begins with. */
export interface RecordedAutoscaling {
  /** How many nodes there are. */
  readonly nodeCount: number;
  readonly failures: readonly HeldFailure[];
  /**
   * Nodes that stay for a reason that is not told, by name: their requests, which would have to change. Where one could go, all with as little
   * on them are held: which of them goes is the autoscaler's choice.
   */
  readonly heldNodes: ReadonlyMap<string, string>;
  /** Nodes that are marked as not needed, since when. */
  readonly unneeded: ReadonlyMap<string, number>;
  /** Pods that nothing is done for although it could, by uid. */
  readonly passedOver: ReadonlySet<string>;
  /** Reasons of the autoscaler's events by uid of pods that wait, and of itself by the name of its status. */
  readonly told: ReadonlyMap<string, ReadonlySet<string>>;
  readonly assumptions: readonly AutoscalerAssumption[];
}

const QUOTA = /Quota '([^']{1,120})' exceeded\.\s{1,4}Limit: ([\d.]{1,20})(?: in region ([a-z0-9-]{1,40})| globally)?/;

/** Reads a snapshot of a cluster on GKE; nothing is assumed of others. */
export function recordedAutoscaling(snapshot: ClusterSnapshot): RecordedAutoscaling {
  const pools = (snapshot.cloud.cluster?.nodePools ?? []).filter(({ autoscaling }) => autoscaling !== undefined);
  const failures = recordedFailures(snapshot).map((failure) => held(failure, snapshot, pools));
  const { heldNodes, unneeded, stuck } = recordedNodes(snapshot, pools);
  const passedOver = failures.length > 0 || pools.length === 0 ? [] : waitingLong(snapshot);
  return {
    nodeCount: snapshot.list('Node').length,
    failures,
    heldNodes,
    unneeded,
    passedOver: new Set(passedOver.map(({ metadata }) => metadata.uid ?? '')),
    told: toldReasons(snapshot),
    assumptions: [...failures.flatMap(assumedOf), ...stuck.map(assumedOfNode), ...passedOver.map(assumedOfPod)],
  };
}

function held(failure: RecordedFailure, snapshot: ClusterSnapshot, pools: readonly NodePool[]): HeldFailure {
  const { errorCode, errorMessage } = failure.error;
  if (errorCode === 'RESOURCE_POOL_EXHAUSTED') return { ...failure, cause: 'stock-out-goes-on' };
  if (errorCode === 'IP_SPACE_EXHAUSTED') return { ...failure, cause: 'ip-space-stays-full' };
  if (errorCode !== 'QUOTA_EXCEEDED') return { ...failure, cause: 'refusal-goes-on' };
  const cloud = new SimulatedCloud(snapshot.cloud);
  const quota = quotaIn(errorMessage, cloud.region);
  const { quotas } = snapshot.cloud;
  const pool = pools.find(({ name }) => name === failure.group.split('/', 1)[0]);
  if (quotas === undefined || (quota !== undefined && headroom(quotas, quota.metric, quota.region) === undefined))
    return { ...failure, cause: 'quotas-unread', quota };
  const fits = pool === undefined ? undefined : bindingQuota(quotaNeedOfNode(pool), quotas, cloud.region).fits;
  if (fits !== undefined && fits < 1) return { ...failure, cause: undefined };
  const free = quota === undefined ? undefined : headroom(quotas, quota.metric, quota.region)?.free;
  return { ...failure, cause: 'refusal-fits', quota, free };
}

function quotaIn(message: string, region: string): QuotaExceeded | undefined {
  const [, metric, limit, place] = QUOTA.exec(message) ?? [];
  if (metric === undefined) return undefined;
  return { metric, limit: Number(limit), region: message.includes('globally') ? 'global' : (place ?? region) };
}

/** Nodes that could go: those marked lately are on their way, those of long standing are held by something. */
function recordedNodes(snapshot: ClusterSnapshot, pools: readonly NodePool[]) {
  const unneeded = new Map<string, number>();
  const stuck: string[] = [];
  const profile = profileOf(snapshot.cloud);
  const minimums = new Map(pools.map(({ name, autoscaling }) => [name, autoscaling?.minNodes ?? 0]));
  const world = createWorld(snapshot);
  const underused = world.nodes.filter(
    (state) => minimums.has(nodePoolOf(state.node)) && utilisationOf(state) < profile.threshold,
  );
  const removable = underused.map(({ name }) => name);
  const { removed } = removable.length === 0 ? { removed: [] } : repack(world, { removable, poolMinimums: minimums });
  for (const { node: name } of removed) {
    const node = world.node(name)?.node;
    const since = node === undefined ? undefined : markedAt(node);
    const isOnItsWay = since !== undefined && snapshot.observedAt - since <= profile.unneededMs + PROVISION_MS;
    if (isOnItsWay) unneeded.set(name, since);
    else if (node !== undefined && !isNew(node, snapshot.observedAt)) stuck.push(name);
  }
  const held = stuck.length === 0 ? [] : underused.filter(({ name }) => !unneeded.has(name));
  const heldNodes = new Map(held.map(({ name, requested }) => [name, useText(requested)] as const));
  return { heldNodes, unneeded, stuck };
}

/** What a node is asked for, as text. */
export function useText({ cpuMillis, memoryBytes }: { readonly cpuMillis: number; readonly memoryBytes: number }) {
  return `${cpuMillis}/${memoryBytes}`;
}

function markedAt({ spec }: Node): number | undefined {
  const value = Number(spec?.taints?.find(({ key }) => key === CANDIDATE)?.value ?? Number.NaN);
  return Number.isNaN(value) ? undefined : value * 1000;
}

function isNew({ metadata }: Node, now: number): boolean {
  return now - (timeOf(metadata.creationTimestamp) ?? 0) < DELAY_AFTER_ADD_MS;
}

/** Pods that wait for longer than nodes take to come. */
function waitingLong(snapshot: ClusterSnapshot): readonly Pod[] {
  return waitingPods(snapshot).filter(({ status, metadata }) => {
    const condition = status?.conditions?.find(({ type }) => type === 'PodScheduled');
    const since = timeOf(condition?.lastTransitionTime) ?? timeOf(metadata.creationTimestamp) ?? 0;
    return condition?.reason === 'Unschedulable' && snapshot.observedAt - since > PROVISION_MS;
  });
}

function toldReasons(snapshot: ClusterSnapshot): ReadonlyMap<string, ReadonlySet<string>> {
  const told = new Map<string, Set<string>>([[STATUS_NAME, new Set()]]);
  for (const { metadata } of waitingPods(snapshot)) told.set(metadata.uid ?? '', new Set());
  for (const { reason = '', source, reportingComponent, involvedObject } of snapshot.list('Event')) {
    if (source?.component !== 'cluster-autoscaler' && reportingComponent !== 'cluster-autoscaler') continue;
    const { kind, name = '', uid = '' } = involvedObject ?? {};
    told.get(kind === 'ConfigMap' ? name : uid)?.add(reason);
  }
  return told;
}

const MESSAGES: Readonly<Record<AutoscalerAssumption['cause'], string>> = {
  'refusal-fits':
    'was refused for want of quota, and fits the quotas on record; it goes on being refused until more is free',
  'quotas-unread': 'was refused for want of quota, and quotas were not read; it goes on being refused',
  'stock-out-goes-on': 'its zone had no machines of its type; it goes on having none',
  'ip-space-stays-full': 'there were no addresses for pods of another node; there go on being none',
  'refusal-goes-on': 'was refused for a reason that no listing shows; it goes on being refused',
  'back-off-untimed': 'when it is tried again is not on record; five minutes from the record on are assumed',
  'unneeded-node-stays':
    'the autoscaler would have removed it before the record was made; something that is not on record keeps it until what runs on it changes',
  'waiting-pod-is-passed-over':
    'the autoscaler did nothing for it before the record was made, for no reason on record; it goes on doing nothing until pools or limits change',
};

function assumed(about: string, cause: AutoscalerAssumption['cause']): AutoscalerAssumption {
  return { about, cause, message: MESSAGES[cause] };
}

function assumedOf({ group, cause, isTimed }: HeldFailure): readonly AutoscalerAssumption[] {
  const [pool = '', zone = ''] = group.split('/');
  const about = `node pool ${pool} in ${zone}`;
  return [
    ...(cause === undefined ? [] : [assumed(about, cause)]),
    ...(isTimed ? [] : [assumed(about, 'back-off-untimed')]),
  ];
}

function assumedOfNode(name: string): AutoscalerAssumption {
  return assumed(`Node ${name}`, 'unneeded-node-stays');
}

function assumedOfPod({ metadata }: Pod): AutoscalerAssumption {
  return assumed(`Pod ${metadata.namespace ?? ''}/${metadata.name}`, 'waiting-pod-is-passed-over');
}

/** What the autoscaler of a twin of this snapshot has to assume, sorted by kind; empty outside of Google's cloud. */
export function autoscalerAssumptions(snapshot: ClusterSnapshot): readonly AutoscalerAssumption[] {
  return snapshot.cloud.provider === 'gcp' ? recordedAutoscaling(snapshot).assumptions : [];
}
