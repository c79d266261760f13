/** What is to come for cloud quotas: when growth reaches them, and what waits for them now. */
import {
  bindingQuota,
  quotaNeedOfClaim,
  quotaNeedOfLoadBalancer,
  quotaNeedOfNode,
  refOf,
  refText,
  type ClusterSnapshot,
  type Pod,
  type Quota,
  type QuotaHistory,
  type QuotaNeed,
} from '@aia/cluster';
import { withMoreNodes } from '../nodes/capacity.ts';
import type { Examination } from '../examination.ts';
import { timeToLimit, type TimeToLimit } from '../forecast/time-to-limit.ts';
import { isPending, loadBalancers } from '../services/load-balancers.ts';
import { freshNode, nodeKinds, poolOf, regionOf, type NodeKind } from '../nodes/node-kinds.ts';
import { unschedulablePods } from '../nodes/node-pods.ts';

const histories = new WeakMap<ClusterSnapshot, ReadonlyMap<string, QuotaHistory>>();
const forecasts = new WeakMap<Quota, TimeToLimit | undefined>();

/** When a quota is used up by its history; `undefined` where that cannot be told or does not come. */
export function quotaForecast(snapshot: ClusterSnapshot, quota: Quota): TimeToLimit | undefined {
  if (forecasts.has(quota)) return forecasts.get(quota);
  const index =
    histories.get(snapshot) ?? new Map((snapshot.cloud.quotaHistory ?? []).map((one) => [keyOf(one), one] as const));
  histories.set(snapshot, index);
  const history = index.get(keyOf(quota));
  const { limit, usage } = quota;
  const found = history === undefined ? undefined : timeToLimit({ ...history, limit, usage, now: snapshot.observedAt });
  forecasts.set(quota, found);
  return found;
}

/** What one waiting thing takes of one quota. */
export interface Demand {
  readonly quota: Quota;
  /** `Pod shop/api-0`, `Service shop/web`, `PersistentVolumeClaim shop/data`. */
  readonly by: string;
  readonly amount: number;
  /** `1 node of default-pool (e2-standard-4)`; absent where the thing itself draws on the quota. */
  readonly through?: string;
}

/** Waiting things and quotas. */
export interface Demands {
  /** What each would take if it were alone. */
  readonly each: readonly Demand[];
  /** What all would take together, by `region/metric`: pods share nodes. */
  readonly together: ReadonlyMap<string, number>;
}

/** Pods that are looked at one by one; more of them are counted together only. */
const MOST_PODS = 200;
const NONE: Demands = { each: [], together: new Map() };

/** What pending pods, load balancers and claims need; nothing where no quotas were read. */
export function quotaDemands(examination: Examination): Demands {
  const { snapshot } = examination;
  const { quotas } = snapshot.cloud;
  if (quotas === undefined) return NONE;
  const region = regionOf(snapshot);
  const charged = (needs: readonly QuotaNeed[], by: string, times = 1, through?: string): readonly Demand[] =>
    bindingQuota(needs, quotas, region).known.map(({ need, headroom: { quota } }) => ({
      quota,
      by,
      amount: need.amount * times,
      ...(through !== undefined && { through }),
    }));
  const services = loadBalancers(examination).filter((service) => isPending(service, examination));
  const claims = snapshot.list('PersistentVolumeClaim').filter(({ status }) => status?.phase === 'Pending');
  const direct = [
    ...services.flatMap((service) => charged(quotaNeedOfLoadBalancer(service), refText(refOf(service)))),
    ...claims.flatMap((claim) => charged(quotaNeedOfClaim(claim, snapshot), refText(refOf(claim)))),
  ];
  const growths = growthsOf(examination);
  const pods = growths.flatMap(({ kind, pods: waiting }) =>
    waiting
      .slice(0, MOST_PODS)
      .flatMap((pod) =>
        charged(
          quotaNeedOfNode(poolOf(snapshot, kind)),
          refText(refOf(pod)),
          1,
          `1 node of ${kind.pool} (${kind.machineType})`,
        ),
      ),
  );
  const nodes = growths.flatMap(({ kind, nodes: count }) =>
    charged(quotaNeedOfNode(poolOf(snapshot, kind)), kind.pool, count),
  );
  return { each: [...pods, ...direct], together: sums([...nodes, ...direct]) };
}

/** The first quota of {@link Demands.together} by key. */
export function keyOf({ region, metric }: Pick<Quota, 'region' | 'metric'>): string {
  return `${region}/${metric}`;
}

function sums(demands: readonly Demand[]): ReadonlyMap<string, number> {
  const together = new Map<string, number>();
  for (const { quota, amount } of demands) together.set(keyOf(quota), (together.get(keyOf(quota)) ?? 0) + amount);
  return together;
}

interface Growth {
  readonly kind: NodeKind;
  readonly pods: readonly Pod[];
  /** How many nodes of the kind take the pods together. */
  readonly nodes: number;
}

/** Waiting pods by the first kind of node that would take them, with how many of these they need together. */
function growthsOf(examination: Examination): readonly Growth[] {
  const waiting = unschedulablePods(examination);
  if (waiting.length === 0) return [];
  const { world } = examination;
  const kinds = nodeKinds(world);
  const nodes = kinds.map((kind) => freshNode(kind, 1));
  const wider = world.withNodes(nodes);
  const taker = (pod: Pod): NodeKind | undefined =>
    kinds.find((_, i) => wider.refusal(pod, nodes[i]?.node.metadata.name ?? '') === undefined);
  return [...Map.groupBy(waiting, taker)].flatMap(([kind, pods]) => {
    if (kind === undefined) return [];
    const steps = withMoreNodes(world, pods, [kind])[0] ?? [];
    const last = steps.at(-1);
    return last === undefined ? [] : [{ kind, pods, nodes: last.nodes }];
  });
}
