/** A request for more of a quota, with the numbers that it rests on; for every kind of action that needs one. */
import { quotaNeedOfNode, type NodePool, type Quota } from '@aia/cluster';
import type { AssessedEvidence, AssessedQuota, Condition } from '@aia/contract';
import { quotaRef } from '../../../diagnose/cloud/cloud-quota.ts';
import { expectedShrinking } from '../../capacity/right-sizing.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft } from '../../remedy.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH_DAYS = 30;

/** What load balancers of Services, Ingresses and Gateways take. */
export const LOAD_BALANCER_METRICS: RegExp =
  /^(?:IN_USE_ADDRESSES|STATIC_ADDRESSES|INTERNAL_ADDRESSES|TARGET_POOLS|FIREWALLS|HEALTH_CHECKS|NETWORK_ENDPOINT_GROUPS|URL_MAPS|SSL_CERTIFICATES|TARGET_HTTPS?_PROXIES|.*FORWARDING_RULES|.*BACKEND_SERVICES)$/;

/** What a request asks for, and what it is made of. */
export interface QuotaAsk {
  readonly metric: string;
  readonly region: string;
  readonly limit: number;
  readonly usage: number;
  /** Of what waits now. */
  readonly needed: number;
  /** What the plan takes beyond that; negative where it gives back. */
  readonly planned: number;
  /** A month of the forecast, else one more step: a node, or a tenth. */
  readonly growth: number;
  /** Kept free, as a share of the limit. */
  readonly reserve: number;
  /** The limit to ask for. */
  readonly to: number;
}

/**
 * What to ask for: what is used, needed and planned, with room to grow, filling at most the share that the policy aims at.
 * `planned`: what else the plan takes of it; by default what nodes give back that it can do without.
 */
export function quotaAsk(row: AssessedQuota, planning: Planning, planned = plannedNodes(row, planning)): QuotaAsk {
  const { metric, region, limit, usage, needed } = row;
  const { quotaShare } = planning.policy.targets;
  const growth = growthOf(row, planning);
  const wanted = (usage + needed + Math.min(0, planned) + Math.max(0, planned - needed) + growth) / quotaShare;
  const to = Math.max(roundedLimit(metric, wanted), limit);
  return { metric, region, limit, usage, needed, planned, growth, reserve: 1 - quotaShare, to };
}

/** The same for a quota as it stands at some point of a plan, of which so much `more` is needed then. */
export function quotaAskOf({ metric, region, usage, limit }: Quota, more: number, planning: Planning): QuotaAsk {
  const known = planning.assessment.quotas?.find((one) => one.metric === metric && one.region === region);
  const share = limit > 0 ? usage / limit : 1;
  const row = { ...known, metric, region, usage, limit, needed: more, free: Math.max(0, limit - usage), share };
  return quotaAsk(row as AssessedQuota, planning, 0);
}

/** `us-central1/CPUS`, as goals name quotas. */
export function quotaKeyOf({ metric, region }: Pick<Quota, 'metric' | 'region'>): string {
  return `${region}/${metric}`;
}

function plannedNodes({ metric }: AssessedQuota, planning: Planning): number {
  const pools = expectedShrinking(planning)?.pools ?? [];
  return pools.reduce((sum, { pool, from, to }) => sum + (to - from) * needOf(pool, metric), 0);
}

/** How much of a metric one node of a pool takes. */
export function needOf(pool: NodePool, metric: string): number {
  return quotaNeedOfNode(pool)
    .filter((need) => need.metric === metric)
    .reduce((sum, { amount }) => sum + amount, 0);
}

/** The month to come by the forecast; else the largest step that nodes take, an upgrade's surge among them; else a tenth. */
function growthOf({ metric, usage, forecast }: AssessedQuota, { snapshot }: Planning): number {
  const pools = snapshot.cloud.cluster?.nodePools ?? [];
  const steps = pools.map((pool) => Math.max(1, pool.maxSurge ?? 1) * needOf(pool, metric));
  const step = Math.max(0, ...steps);
  const month = forecast === undefined ? 0 : Math.ceil(forecast.perDay * MONTH_DAYS);
  return Math.max(step > 0 ? step : Math.ceil(usage / 10), month);
}

/** Limits as clouds grant them: CPUs by eights, gigabytes by hundreds, counts by what is usual for their size. */
export function roundedLimit(metric: string, wanted: number): number {
  const step = /CPUS/.test(metric) ? 8 : /_GB$/.test(metric) ? 100 : wanted <= 20 ? 2 : wanted <= 100 ? 5 : 10;
  return Math.ceil(Number((wanted / step).toFixed(6))) * step;
}

/** What a request rests on beside the numbers. */
export interface RequestGrounds {
  readonly evidence?: readonly AssessedEvidence[];
  /** What shows that it helped, beside the room itself. */
  readonly holds?: readonly Condition[];
  /** What shows that it was granted, instead of the room that is left then: what waits takes that at once. */
  readonly granted?: readonly Condition[];
}

/** The action; `because` begins its reason. */
export function quotaRequestDraft(
  ask: QuotaAsk,
  because: string,
  { evidence = [], holds = [], granted }: RequestGrounds = {},
): ActionDraft {
  const { metric, region, limit, usage, to } = ask;
  const where = region === 'global' ? 'all regions' : region;
  const room: Condition = {
    ...{ kind: 'quota-room', metric, region },
    // Where something waits, what comes of that shows more; it may take more at once than was reckoned, as a machine in another zone, or a Service
    // that the plan is about to make internal.
    amount:
      holds.length > 0 || LOAD_BALANCER_METRICS.test(metric) ? 1 : Math.max(1, Math.floor(to - limit - ask.needed)),
  };
  return {
    kind: 'request-quota',
    title: `Ask for ${to} ${metric} in ${where} instead of ${limit}`,
    target: quotaRef(metric, region),
    reason: `${because} ${justification(ask)}`,
    evidence: [
      { kind: 'quota', metric, region, limit, usage },
      {
        kind: 'calculation',
        text: `(${usage} used + ${ask.needed} needed now + ${ask.planned} planned + ${ask.growth} growth) ÷ ${Math.round((1 - ask.reserve) * 100)} %, rounded up to what is granted: ${to}`,
      },
      ...evidence,
    ],
    confidence: 0.8,
    changes: [{ kind: 'cloud', call: { operation: 'request-quota', metric, region, from: limit, to } }],
    preconditions: [],
    probe: {
      conditions: [...(granted ?? [room]), ...holds],
      withinMs: holds.length === 0 ? 30 * MINUTE : HOUR,
      soakMs: MINUTE,
    },
    risks: [{ reason: 'the cloud may grant less, or later', adds: 0.1 }],
    durationMs: { optimistic: 15 * MINUTE, likely: DAY, pessimistic: 5 * DAY },
  };
}

/** The text of the request: what it is for, in numbers. */
export function justification({
  metric,
  region,
  limit,
  usage,
  needed,
  planned,
  growth,
  reserve,
  to,
}: QuotaAsk): string {
  const where = region === 'global' ? 'the project' : region;
  const parts = [
    `${usage} of ${limit} ${metric} in ${where} are used`,
    ...(needed > 0 ? [`${needed} more ${needed === 1 ? 'is' : 'are'} needed by what waits now`] : []),
    ...(planned < 0
      ? [`${-planned} ${planned === -1 ? 'is' : 'are'} given back by this plan`]
      : planned > 0
        ? [`${planned} are planned`]
        : []),
    `${growth} ${growth === 1 ? 'is' : 'are'} for growth`,
    `${Math.round(reserve * 100)} % are kept in reserve`,
  ];
  return `Text of the request: “We ask for a limit of ${to}: ${parts.join(', ')}.”`;
}
