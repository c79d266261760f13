/** More quota for load balancers, where what waits for it is wanted. */
import {
  compare,
  quotaNeedOfLoadBalancer,
  refText,
  type ClusterSnapshot,
  type Quota,
  type Service,
} from '@aia/cluster';
import type { AssessedEvidence, AssessedFinding, AssessedRootCause, Condition } from '@aia/contract';
import { regionOf } from '../../complete-action.ts';
import { balancersOf } from '../../network/balancers.ts';
import type { Planning } from '../../planning.ts';
import { draftId, type ActionDraft, type Remedy } from '../../remedy.ts';
import { LOAD_BALANCER_METRICS, quotaAskOf, quotaRequestDraft } from './quota-request.ts';

/** Requests for what Services, Ingresses and Gateways lack, and for quotas of theirs that are fuller than the policy aims at. */
export function loadBalancerQuotas(planning: Planning): readonly Remedy[] {
  return [...forCauses(planning), ...forFullQuotas(planning)];
}

function forCauses(planning: Planning): readonly Remedy[] {
  const isCrowded =
    planning.kpiGoal('active-load-balancers') !== undefined &&
    balancersOf(planning).some(({ isOpen, isWaiting, isOrphan }) => isOpen && (isWaiting || isOrphan));
  return planning
    .causesOf('load-balancer-quota-exhausted', 'ingress-sync-failed', 'ingress-address-pending')
    .flatMap((cause) => forCause(cause, isCrowded, planning) ?? []);
}

function forCause(cause: AssessedRootCause, isCrowded: boolean, planning: Planning): Remedy | undefined {
  const waiting = planning
    .findingsOf(cause)
    .filter(({ code, facts }) => WAITING.has(code) && facts['cause'] === 'quota');
  const asks = asksFor(waiting, planning);
  const [first] = asks;
  if (first === undefined || (isCrowded && cause.class === 'load-balancer-quota-exhausted')) return undefined;
  const drafts = chained(asks, planning);
  return {
    title: `Ask for more ${asks.map(({ quota }) => quota.metric).join(', ')}`,
    resolves: [cause.id, ...asks.flatMap(({ quota }) => goalOf(quota, planning))],
    fit: 0.85,
    drafts,
  };
}

/** What is asked for, and what for. */
interface FrontAsk {
  readonly quota: Quota;
  readonly more: number;
  readonly why: string;
  readonly evidence: readonly AssessedEvidence[];
  readonly holds: readonly Condition[];
}

/** What waits is served only once the last of them is granted. */
function chained(asks: readonly FrontAsk[], planning: Planning): readonly ActionDraft[] {
  const drafts: ActionDraft[] = [];
  for (const [i, ask] of asks.entries()) {
    const { metric, region } = ask.quota;
    const granted: readonly Condition[] = [{ kind: 'quota-below', metric, region, share: 1 }];
    const before = drafts.at(-1);
    const isLast = i === asks.length - 1;
    const draft = quotaRequestDraft(quotaAskOf(ask.quota, ask.more, planning), ask.why, {
      evidence: ask.evidence,
      granted: isLast ? ask.holds : granted,
    });
    drafts.push({ ...draft, ...(before !== undefined && { after: [draftId(before)] }) });
  }
  return drafts;
}

const WAITING: ReadonlySet<string> = new Set([
  'load-balancer-pending',
  'ingress-sync-failed',
  'ingress-address-pending',
]);

/** The quota that was named, and those that would refuse next. */
function asksFor(waiting: readonly AssessedFinding[], planning: Planning): readonly FrontAsk[] {
  const needs = new Map<string, { quota: Quota; more: number }>();
  const add = (metric: string, region: string, amount: number): void => {
    const quota = quotaOf(metric, region, planning);
    if (quota === undefined) return;
    const key = `${region}/${metric}`;
    needs.set(key, { quota, more: (needs.get(key)?.more ?? 0) + amount });
  };
  const named = new Set(waiting.map(({ facts }) => `${String(facts['region'])}/${String(facts['metric'])}`));
  for (const { resource, facts } of waiting) {
    const service = planning.object(resource) as Service | undefined;
    const own = service?.kind === 'Service' ? quotaNeedOfLoadBalancer(service) : [];
    for (const { metric, region, amount } of own)
      add(metric, region === 'global' ? 'global' : regionOf(planning), amount);
    const [metric, region] = [String(facts['metric']), String(facts['region'])];
    if (!own.some((need) => need.metric === metric)) add(metric, region, 1);
  }
  const names = waiting.map(({ resource }) => refText(resource));
  return [...needs.entries()]
    .filter(([key, { quota, more }]) => named.has(key) || quota.usage + more > quota.limit)
    .sort(([a], [b]) => compare(a, b))
    .map(([, { quota, more }]) => ({
      ...{ quota, more },
      why: `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''} ${names.length === 1 ? 'waits' : 'wait'} for it.`,
      evidence: waiting.flatMap(({ evidence }) => evidence).slice(0, 3),
      // Controllers ask again after pauses of some minutes.
      holds: waiting.map(({ resource }) => ({ kind: 'address', target: resource })),
    }));
}

function forFullQuotas(planning: Planning): readonly Remedy[] {
  return (planning.snapshot.cloud.quotas ?? [])
    .filter(
      ({ metric, region }) => LOAD_BALANCER_METRICS.test(metric) && quotaOf(metric, region, planning) !== undefined,
    )
    .toSorted((a, b) => compare(`${a.region}/${a.metric}`, `${b.region}/${b.metric}`))
    .flatMap((quota) => {
      const goals = goalOf(quota, planning);
      if (goals.length === 0) return [];
      const why = `${quota.metric} of ${quota.region} is used beyond the share that the policy allows.`;
      const draft = quotaRequestDraft(quotaAskOf(quota, 1, planning), why);
      const causes = planning
        .causesOf('quota-exhausted', 'quota-near-limit')
        .filter(({ resource }) => resource.name === draft.target.name && resource.kind === draft.target.kind)
        .map(({ id }) => id);
      return [{ title: draft.title, resolves: [...goals, ...causes], fit: 0.8, drafts: [draft] }];
    });
}

function goalOf({ region, metric }: Quota, planning: Planning): readonly string[] {
  const goal = planning.kpiGoal(`quota/${region}/${metric}`);
  return goal === undefined ? [] : [goal.id];
}

/** As it is now; `undefined` too where this very plan has asked for more of it already. */
function quotaOf(metric: string, region: string, { snapshot, origin }: Planning): Quota | undefined {
  const found = quotaIn(snapshot, metric, region);
  return found?.limit === quotaIn(origin, metric, region)?.limit ? found : undefined;
}

function quotaIn({ cloud }: ClusterSnapshot, metric: string, region: string): Quota | undefined {
  return cloud.quotas?.find((one) => one.metric === metric && one.region === region);
}
