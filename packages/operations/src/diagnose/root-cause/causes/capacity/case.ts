/** Sets of pods that wait for the same capacity, each with what the autoscaler, the cloud and the scheduling filters say about it. */
import { namespacedName, type ClusterSnapshot, type Pod, type SchedulingWorld } from '@aia/cluster';
import { usageGap, withMoreNodes, withRightSizing, type MoreNodes, type RightSized } from '../../../nodes/capacity.ts';
import type { Finding } from '../../../finding.ts';
import { freshNode, nodeKinds, regionOf, type NodeKind } from '../../../nodes/node-kinds.ts';
import { refusedScaleUps, type RefusedScaleUp } from '../../../nodes/refused-scale-up.ts';
import { boundNode } from '../../../nodes/node-pods.ts';
import { text, texts } from '../../finding-index.ts';
import type { CauseContext } from '../../hypothesis.ts';
import { isHeldByTaint } from '../held-by-node-state.ts';
import { waitingPods, type Waiting } from '../waiting-pods.ts';
import { isGroupOf, poolBounds, quotasOf, type NodeQuota, type PoolBounds } from './node-quota.ts';

/** Pods that a further node of one of `kinds` would take, and everything the hypotheses about them look at. */
export interface Case {
  readonly context: CauseContext;
  readonly pending: readonly Finding[];
  readonly pods: readonly Pod[];
  readonly kinds: readonly NodeKind[];
  /** Refused scale-ups that concern these pods, by cause. */
  readonly refused: ReadonlyMap<string, readonly RefusedScaleUp[]>;
  readonly bounds: ReadonlyMap<string, PoolBounds>;
  /** Quotas without which no kind that may grow gets one more node; empty where some kind has all it needs. */
  readonly full: readonly NodeQuota[];
  /** Whether a table was read that shows every metric which the kinds draw on. */
  readonly knowsQuotas: boolean;
  readonly hasTable: boolean;
  readonly rightSized: RightSized | undefined;
  readonly usageGap: string | undefined;
  /** Per kind that helps, the steps of its growth. */
  readonly growth: readonly (readonly MoreNodes[])[];
  /** `''` when it is not known or there are several. */
  readonly region: string;
}

/** Pods that no further node takes for want of room: all of one workload. */
export interface Unfit {
  readonly waiting: readonly Waiting[];
  /** The node that they are bound to, as DaemonSet pods are. */
  readonly node: string | undefined;
}

/** Splits waiting pods by what could take them. */
export function casesOf(
  context: CauseContext,
  pending: readonly Finding[],
): { readonly cases: readonly Case[]; readonly unfit: readonly Unfit[] } {
  const { snapshot, world } = context.examination;
  const waiting = waitingPods(pending, snapshot);
  const bound = waiting.filter(({ pod }) => boundNode(pod) !== undefined);
  // Room is no question for pods that ask for what only tainted nodes have.
  const free = waiting.filter((one) => boundNode(one.pod) === undefined && !isHeldByTaint(one, world));
  const kinds = nodeKinds(world);
  const takers = takersOf(world, kinds, free);
  const refusals = refusedScaleUps(context.examination);
  const makesKinds = kinds.length === 0 || choosesMachines(snapshot);
  // What the autoscaler tried to grow for it is no hopeless case, whatever the nodes there are say.
  const tried = new Set(refusals.filter(({ refusal }) => refusal.cause !== 'placement').flatMap(({ pods }) => pods));
  const isHopeless = (one: Waiting): boolean =>
    !makesKinds && takers.get(one)?.length === 0 && !tried.has(namespacedName(one.pod));
  const groups = components(
    free.filter((one) => !isHopeless(one)),
    takers,
  );
  const gap = groups.length === 0 ? undefined : usageGap(snapshot);
  const unfit = [...free.filter(isHopeless), ...bound];
  return {
    cases: groups.map((group) => gather(context, group, takers, { refusals, usageGap: gap })),
    unfit: [
      ...Map.groupBy(unfit, (one) => `${boundNode(one.pod) ?? ''} ${text(one.finding, 'workload')}`).values(),
    ].map((group) => ({ waiting: group, node: boundNode(group[0]?.pod) })),
  };
}

/** Autopilot and Karpenter choose machines by the pods that wait, so the kinds of node that are there bound nothing. */
function choosesMachines(snapshot: ClusterSnapshot): boolean {
  return snapshot.cloud.cluster?.autopilot === true || snapshot.listOf('karpenter.sh', 'NodePool').length > 0;
}

type Takers = ReadonlyMap<Waiting, readonly NodeKind[]>;

/** Kinds of which an empty node would take the pod. */
function takersOf(world: SchedulingWorld, kinds: readonly NodeKind[], waiting: readonly Waiting[]): Takers {
  const nodes = kinds.map((kind) => freshNode(kind, 1));
  const wider = world.withNodes(nodes);
  const takes = (pod: Pod, i: number) => wider.refusal(pod, nodes[i]?.node.metadata.name ?? '') === undefined;
  return new Map(waiting.map((one) => [one, kinds.filter((_, i) => takes(one.pod, i))]));
}

/** Pods whose kinds overlap, directly or through others, compete for the same nodes; those without any are one more set. */
function components(waiting: readonly Waiting[], takers: Takers): readonly (readonly Waiting[])[] {
  const leader = new Map<string, string>();
  const find = (pool: string): string => {
    const next = leader.get(pool) ?? pool;
    return next === pool ? pool : find(next);
  };
  const poolsOf = (one: Waiting) => (takers.get(one) ?? []).map(({ pool }) => `pool ${pool}`);
  for (const one of waiting) {
    const [first = '', ...others] = poolsOf(one);
    for (const other of others) if (find(other) !== find(first)) leader.set(find(other), find(first));
  }
  return [...Map.groupBy(waiting, (one) => find(poolsOf(one)[0] ?? '')).values()];
}

function gather(
  context: CauseContext,
  group: readonly Waiting[],
  takers: Takers,
  { refusals, usageGap: gap }: { readonly refusals: readonly RefusedScaleUp[]; readonly usageGap: string | undefined },
): Case {
  const { snapshot, world } = context.examination;
  const pods = group.map(({ pod }) => pod);
  const kinds = [...new Set(group.flatMap((one) => takers.get(one) ?? []))].sort(byPlace);
  const pools = new Set(kinds.map(({ pool }) => pool));
  const bounds = new Map(
    [...pools].flatMap((pool) => {
      const found = poolBounds(snapshot, pool);
      return found === undefined ? [] : [[pool, found] as const];
    }),
  );
  const names = new Set(pods.map(namespacedName));
  const relevant = refusals.filter((refusal) => concerns(refusal, names, pools, snapshot));
  const tables = kinds.map((kind) => quotasOf(snapshot, kind, 1));
  const regions = new Set(kinds.map(({ region }) => region));
  return {
    context,
    pending: group.map(({ finding }) => finding),
    pods,
    kinds,
    refused: Map.groupBy(relevant, ({ refusal }) => refusal.cause),
    bounds,
    full: fullQuotas(
      kinds,
      tables.map(({ short }) => short),
      bounds,
    ),
    hasTable: snapshot.cloud.quotas !== undefined,
    knowsQuotas:
      snapshot.cloud.quotas !== undefined && kinds.length > 0 && tables.every(({ unknown }) => unknown.length === 0),
    rightSized: withRightSizing(world, pods),
    usageGap: gap,
    growth: withMoreNodes(world, pods, kinds).filter((steps) => steps.length > 0),
    region: regions.size === 1 ? ([...regions][0] ?? '') : regions.size === 0 ? regionOf(snapshot) : '',
  };
}

/**
 * A refusal that names pods or node groups concerns only those; one that names neither may concern all, as may one about
 * pods that their controller has replaced since.
 */
function concerns(
  { pods: named, groups, refusal }: RefusedScaleUp,
  pods: ReadonlySet<string>,
  pools: ReadonlySet<string>,
  snapshot: ClusterSnapshot,
): boolean {
  const { cloud } = snapshot;
  if (named.some((pod) => isThere(pod, snapshot))) return named.some((pod) => pods.has(pod));
  if (groups.length === 0 || pools.size === 0 || refusal.cause === 'max-size') return true;
  return groups.some((group) => [...pools].some((pool) => isGroupOf(group, pool, cloud.cluster?.name)));
}

function isThere(pod: string, snapshot: ClusterSnapshot): boolean {
  const [namespace = '', name = ''] = pod.split('/');
  return snapshot.get('Pod', namespace, name) !== undefined;
}

/** Quotas that stop every kind that may grow; those of kinds at their maximum count only where no other kind may. */
function fullQuotas(
  kinds: readonly NodeKind[],
  short: readonly (readonly NodeQuota[])[],
  bounds: ReadonlyMap<string, PoolBounds>,
): readonly NodeQuota[] {
  const scaling = kinds.flatMap((kind, i) =>
    bounds.get(kind.pool)?.autoscales === false ? [] : [{ kind, short: short[i] ?? [] }],
  );
  const growing = scaling.filter(({ kind }) => !isAtMaximum(bounds.get(kind.pool)));
  const judged = growing.length > 0 ? growing : scaling;
  if (judged.length === 0 || judged.some((one) => one.short.length === 0)) return [];
  const rows = judged
    .flatMap((one) => one.short)
    .sort((a, b) => a.free / a.need - b.free / b.need || (a.quota.metric < b.quota.metric ? -1 : 1));
  return [...new Map(rows.map((row) => [`${row.quota.region}/${row.quota.metric}`, row])).values()];
}

/** Whether a pool's own maximum forbids a further node. */
export function isAtMaximum(bounds: PoolBounds | undefined): boolean {
  return bounds?.autoscales === true && bounds.maximum > 0 && bounds.nodes >= bounds.maximum;
}

/** Whether all pools that could take the pods and grow by themselves are at their maximum. */
export function atMaximum({ bounds, kinds }: Case): boolean {
  const scaling = [...new Set(kinds.map(({ pool }) => pool))].filter((pool) => bounds.get(pool)?.autoscales !== false);
  return scaling.length > 0 && scaling.every((pool) => isAtMaximum(bounds.get(pool)));
}

function byPlace(a: NodeKind, b: NodeKind): number {
  return `${a.pool} ${a.zone} ${a.machineType}` < `${b.pool} ${b.zone} ${b.machineType}` ? -1 : 1;
}

/**
 * Findings about quotas that a case names, exhausted or nearly. One that pending load balancers name is theirs, unless the refusal
 * of a node names it too.
 */
export function quotaFindings({ context, full }: Case, metric: string | undefined, region: string): readonly Finding[] {
  const theirs = new Set(context.findings.ofCode('load-balancer-pending').map((finding) => text(finding, 'metric')));
  const wanted = new Set(
    full
      .filter(({ quota }) => quota.metric === metric || !theirs.has(quota.metric))
      .map(({ quota }) => `${quota.region}/${quota.metric}`),
  );
  if (metric !== undefined) for (const place of [region, 'global']) wanted.add(`${place}/${metric}`);
  return context.findings
    .ofCode('quota-exhausted', 'quota-near-limit')
    .filter((finding) => wanted.has(`${text(finding, 'region')}/${text(finding, 'metric')}`));
}

/** The finding about refused scale-ups of one cause, where it speaks of these pods or of none. */
export function refusalFinding({ context, refused, pods }: Case, cause: string): Finding | undefined {
  if (!refused.has(cause)) return undefined;
  const found = context.findings.ofCode('scale-up-refused').find((finding) => text(finding, 'cause') === cause);
  const named = new Set(found === undefined ? [] : texts(found, 'pods'));
  return named.size === 0 || pods.some((pod) => named.has(namespacedName(pod))) ? found : undefined;
}
