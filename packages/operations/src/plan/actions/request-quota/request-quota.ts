/** More quota, where the cluster needs it and nothing can be given back instead. */
import { isDrawnOn } from '../../../diagnose/cloud/cloud-quota.ts';
import type { AssessedQuota, AssessedRootCause, Condition } from '@aia/contract';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { expectedShrinking } from '../../capacity/right-sizing.ts';
import { workloadsWaiting } from '../../capacity/waiting-workloads.ts';
import { loadBalancerQuotas } from './load-balancer-quota.ts';
import { LOAD_BALANCER_METRICS, needOf, quotaAsk, quotaRequestDraft } from './quota-request.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Proposes requests for quotas that keep nodes, disks or load balancers away, and for those that are fuller than the policy aims at. */
export const requestQuota: ActionKind = {
  kind: 'request-quota',
  title: 'Request a quota increase',
  explanation:
    'Asks the cloud for a higher limit, with the numbers: what is used, what waits for it now, what the plan takes or gives back, what growth to expect (a month of the forecast, else one more node or an upgrade’s surge), and the reserve that the policy keeps; rounded up to limits that are granted. Every quota that is too small for the next node is asked for at once, since more of one alone does not help. Where requests far above usage fill the nodes, it is the worse way: it buys what nobody uses. For load balancers it is no answer while the policy wants fewer of them than there are: it then serves the quota alone. It refuses where the table of quotas was not read.',
  capability: 'capacity',
  prior: { alpha: 4, beta: 1, basis: 'small increases are mostly granted within two days' },
  durationMs: { optimistic: 15 * MINUTE, likely: DAY, pessimistic: 5 * DAY },
  baseRisk: 0.05,
  *propose(planning) {
    yield* loadBalancerQuotas(planning);
    for (const cause of planning.causesOf(
      'quota-exhausted',
      'requests-exceed-quota',
      'volume-quota-exhausted',
      'stock-out',
    ))
      yield* forCause(cause, planning);
    for (const row of planning.assessment.quotas ?? []) yield* forFullQuota(row, planning);
  },
};

/** How well more quota removes a class of cause. */
const FITS: Readonly<Record<string, number>> = {
  'quota-exhausted': 1,
  'volume-quota-exhausted': 1,
  'requests-exceed-quota': 0.5,
  // The refusal may have said quota and meant stock.
  'stock-out': 0.3,
};

function* forCause(cause: AssessedRootCause, planning: Planning): Iterable<Remedy> {
  const rows = shortRows(cause, planning);
  if (rows.length === 0) return;
  const holds: readonly Condition[] = workloadsWaiting(cause, planning).map((target) => ({
    kind: 'scheduled',
    target,
  }));
  yield {
    title: `Ask for more ${rows.map(({ metric }) => metric).join(' and ')}`,
    resolves: [
      cause.id,
      ...rows.flatMap(({ metric, region }) => planning.kpiGoal(`quota/${region}/${metric}`)?.id ?? []),
    ],
    fit: FITS[cause.class] ?? 0.5,
    drafts: rows.map((row) => quotaRequestDraft(quotaAsk(row, planning, 0), `${cause.title}.`, { holds })),
  };
}

/** The quota of the cause, and every other one without room for what waits. */
function shortRows({ resource, explains }: AssessedRootCause, planning: Planning): readonly AssessedQuota[] {
  const findings = new Set(planning.findingsOf({ explains }).map(({ resource: one }) => `${one.kind} ${one.name}`));
  return (planning.assessment.quotas ?? []).filter(
    ({ metric, region, free, needed }) =>
      (resource.kind === 'Quota' && resource.name === `${region}/${metric}`) ||
      findings.has(`Quota ${region}/${metric}`) ||
      (isOfNodes(metric, planning) && needed > 0 && free !== undefined && free < needed),
  );
}

/** Whether an earlier phase of this very plan has asked for more of it. */
function isAskedFor({ metric, region, limit }: AssessedQuota, { origin }: Planning): boolean {
  const before = origin.cloud.quotas?.find((quota) => quota.metric === metric && quota.region === region);
  return before !== undefined && before.limit < limit;
}

function isOfNodes(metric: string, { snapshot }: Planning): boolean {
  return (snapshot.cloud.cluster?.nodePools ?? []).some((pool) => needOf(pool, metric) > 0);
}

/** Fuller than the policy aims at, though nothing waits for it: before it keeps a node away. */
function* forFullQuota(row: AssessedQuota, planning: Planning): Iterable<Remedy> {
  const { metric, region, usage, limit } = row;
  const goal = planning.kpiGoal(`quota/${region}/${metric}`);
  const causes = planning
    .causesOf('quota-near-limit', 'quota-forecast', 'autoscaler-ceiling-exceeds-quota')
    .filter(({ resource }) => resource.name === `${region}/${metric}`);
  const resolves = [...(goal === undefined ? [] : [goal.id]), ...causes.map(({ id }) => id)];
  if (
    resolves.length === 0 ||
    LOAD_BALANCER_METRICS.test(metric) ||
    isAskedFor(row, planning) ||
    !isDrawnOn(planning.snapshot, metric)
  )
    return;
  // What waits is placed on what lower requests free, where nodes can be given back afterwards.
  const ask = quotaAsk(expectedShrinking(planning) === undefined ? row : { ...row, needed: 0 }, planning);
  if (ask.to <= limit) return;
  yield {
    title: `Ask for more ${metric} before it is used up`,
    resolves,
    fit: 0.9,
    drafts: [
      quotaRequestDraft(
        ask,
        `Quota ${metric} is used to ${Math.round((usage / limit) * 100)} %, and the next node or upgrade needs room.`,
      ),
    ],
  };
}
