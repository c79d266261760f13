/** Fewer load balancers: what nobody uses goes, what leads to the same is one, and HTTP shares a front. */
import { quotaNeedOfLoadBalancer, type Quota } from '@aia/cluster';
import type { Goal } from '@aia/contract';
import { quotaAskOf, quotaKeyOf, quotaRequestDraft, type QuotaAsk } from '../request-quota/quota-request.ts';
import { balancersOf, type Balancer } from '../../network/balancers.ts';
import type { Planning } from '../../planning.ts';
import { draftId, type ActionDraft, type ActionKind, type Remedy } from '../../remedy.ts';
import { deletionDraft } from '../delete-service/delete-service.ts';
import { grouped, internaliseDraft, LEAVES_WANTED, listed } from '../internalise-service/internalise-service.ts';
import { regionOf } from '../../complete-action.ts';
import { cutoverDrafts, destinationOf, KIND } from './cutover.ts';
import { reducible, type Moved, type Reducible } from './reduction.ts';
import { frontDrafts, shareableGroups } from './shared-front.ts';

const HOUR = 3_600_000;

/** Proposes the smallest set of load balancers that have to go. */
export const consolidateLoadBalancers: ActionKind = {
  kind: KIND,
  title: 'Have fewer load balancers',
  explanation:
    'Accounts for every Service of type LoadBalancer and takes as many away as the policy and the quotas ask for, those first that nobody can be using: orphans are deleted; those that never had an address become ClusterIP, first those whose workload is reached in another way, and the others as a worse answer, the more so where an address could be had; of those with an address that lead to the same workload and ports one stays; what speaks HTTP and is known by host names shares a Gateway or an Ingress, which has to have an address and healthy backends first. No reader gives metrics of load balancers, so that an address with ready endpoints is taken to carry traffic: its clients are pointed elsewhere by people, its address is reserved, and only then does its load balancer go. Without known host names no Service is put behind a shared front, and no path gets two owners.',
  capability: 'networking',
  prior: { alpha: 17, beta: 3, basis: 'what is taken away first is unused; clients that nobody knows of are the risk' },
  durationMs: { optimistic: HOUR / 12, likely: HOUR / 2, pessimistic: 4 * HOUR },
  baseRisk: 0.06,
  propose: (planning) => remedies(planning),
};

/** What goes. */
interface Chosen {
  readonly orphans: readonly Balancer[];
  readonly waiting: readonly Balancer[];
  /** Those that wait and whose workload is reached in another way. */
  readonly spare: readonly Balancer[];
  readonly doubled: readonly Moved[];
  readonly fronts: readonly (readonly Balancer[])[];
  /** Whether more quota is asked for, for those that go on waiting. */
  readonly isAsking?: boolean;
  /** Default 1; less where somebody's wish for an address is dropped without need. */
  readonly fit?: number;
}

function* remedies(planning: Planning): Iterable<Remedy> {
  const goals = goalsAbout(planning);
  if (goals.length === 0) return;
  const all = reducible(planning);
  const seen = new Set<string>();
  for (const chosen of choices(all, planning)) {
    const drafts = draftsFor(chosen, planning);
    const reached = reachedBy(chosen, goals, planning);
    const key = drafts.map((draft) => draftId(draft)).join();
    if (goneOf(chosen).size === 0 || reached.length === 0 || seen.has(key)) continue;
    seen.add(key);
    yield { title: titleOf(chosen), resolves: reached, fit: chosen.fit ?? 1, drafts };
  }
}

/** From what nobody notices to what takes people; each goes further than the one before. */
function choices(
  { orphans, waiting: all, spare, doubled, shareable }: Reducible,
  planning: Planning,
): readonly Chosen[] {
  const total = balancersOf(planning).length;
  const most = planning.policy.targets.loadBalancers - 1;
  const open = Math.max(0, total - orphans.length - most);
  // What asks for an address and is not too many is not to be talked out of it.
  const waiting = open > 0 ? all : spare;
  const without = waiting.slice(0, open);
  const isExhausted = planning.causesOf('load-balancer-quota-exhausted').length > 0;
  const fit = without.every((one) => spare.includes(one)) ? 1 : isExhausted ? WANTED.exhausted : WANTED.otherwise;
  const unused = { orphans, spare, waiting: without, doubled: [], fronts: [], fit };
  const left = Math.max(0, open - unused.waiting.length);
  const fewest = { ...unused, doubled: doubled.slice(0, left) };
  const groups = shareableGroups(shareable, planning);
  return [
    unused,
    { ...unused, isAsking: true },
    { ...unused, waiting, fit: waiting.slice(open).every((one) => spare.includes(one)) ? fit : WANTED.more },
    fewest,
    { ...unused, waiting, doubled },
    ...(groups.length === 0 ? [] : [{ ...unused, waiting, doubled, fronts: groups }]),
  ];
}

/** How well it is to drop somebody's wish for an address: where none is left to be had, where one could be, and without need. */
const WANTED = { exhausted: 0.85, otherwise: 0.6, more: 0.55 } as const;

function goalsAbout(planning: Planning): readonly Goal[] {
  const causes = new Set(planning.causesOf('load-balancer-*').map(({ id }) => id));
  const quotas = new Set(neededMetrics(planning).map((key) => `kpi:quota/${key}`));
  return planning.goals.filter(({ id }) => id === 'kpi:active-load-balancers' || causes.has(id) || quotas.has(id));
}

/** Quotas that load balancers of this cluster draw on. */
function neededMetrics(planning: Planning): readonly string[] {
  return [...new Set(balancersOf(planning).flatMap((one) => needsOf(one, planning).map(({ key }) => key)))];
}

function needsOf({ service }: Balancer, planning: Planning) {
  return quotaNeedOfLoadBalancer(service).map(({ metric, region, amount }) => ({
    key: quotaKeyOf({ metric, region: region === 'global' ? 'global' : regionOf(planning) }),
    amount,
  }));
}

function reachedBy(chosen: Chosen, goals: readonly Goal[], planning: Planning): readonly string[] {
  const gone = goneOf(chosen);
  const left = balancersOf(planning).filter((one) => !gone.has(one.key));
  const isFew = left.length + chosen.fronts.length < planning.policy.targets.loadBalancers;
  const before = usageAfter(gone, chosen.fronts.length, planning);
  const usage = chosen.isAsking === true ? granted(before, asksFor(chosen, planning)) : before;
  return goals
    .filter(({ id }) => {
      if (id === 'kpi:active-load-balancers') return isFew;
      if (id.startsWith('kpi:quota/')) {
        const quota = usage.get(id.slice('kpi:quota/'.length));
        return quota !== undefined && quota.usage <= quota.limit * planning.policy.targets.quotaShare;
      }
      return isCauseGone(id, { gone, left, isFew, usage }, planning);
    })
    .map(({ id }) => id);
}

function goneOf({ orphans, waiting, doubled, fronts }: Chosen): ReadonlySet<string> {
  return new Set([...orphans, ...waiting, ...doubled.map(({ from }) => from), ...fronts.flat()].map(({ key }) => key));
}

interface After {
  readonly gone: ReadonlySet<string>;
  readonly left: readonly Balancer[];
  readonly isFew: boolean;
  readonly usage: ReadonlyMap<string, Quota>;
}

/** Either none of those that wait is left, or those left find room. */
function isCauseGone(id: string, { gone, left, isFew, usage }: After, planning: Planning): boolean {
  const cause = planning.assessment.rootCauses.find((one) => one.id === id);
  if (cause === undefined) return false;
  if (cause.class === 'load-balancer-proliferation') return isFew;
  if (LEAVES_WANTED.has(cause.class)) return false;
  const waiting = planning
    .findingsOf(cause)
    .filter(({ code }) => code === 'load-balancer-pending')
    .map(({ resource }) => `${resource.namespace}/${resource.name}`)
    .filter((key) => !gone.has(key));
  if (waiting.length === 0) return true;
  if (cause.class !== 'load-balancer-quota-exhausted') return false;
  const needs = left.filter(({ key }) => waiting.includes(key)).flatMap((one) => needsOf(one, planning));
  return [...Map.groupBy(needs, ({ key }) => key)].every(([key, same]) => {
    const quota = usage.get(key);
    const amount = same.reduce((sum, one) => sum + one.amount, 0);
    return quota === undefined || quota.usage + amount <= quota.limit;
  });
}

/** Quotas once these load balancers are gone; what never had an address gives none back. Fronts of HTTP take global ones. */
function usageAfter(gone: ReadonlySet<string>, fronts: number, planning: Planning): ReadonlyMap<string, Quota> {
  const usage = new Map((planning.snapshot.cloud.quotas ?? []).map((quota) => [quotaKeyOf(quota), quota]));
  const add = (key: string, amount: number): void => {
    const quota = usage.get(key);
    if (quota !== undefined) usage.set(key, { ...quota, usage: quota.usage + amount });
  };
  for (const one of balancersOf(planning))
    if (gone.has(one.key) && one.addresses.length > 0)
      for (const { key, amount } of needsOf(one, planning)) add(key, -amount);
  add('global/FORWARDING_RULES', fronts);
  return usage;
}

interface FewerAsk {
  readonly ask: QuotaAsk;
  readonly why: string;
}

/** More quota for those that go on waiting and do not fit in once the others are gone. */
function asksFor(chosen: Chosen, planning: Planning): readonly FewerAsk[] {
  if (chosen.isAsking !== true) return [];
  const gone = goneOf(chosen);
  const waiting = balancersOf(planning).filter(({ key, isWaiting }) => isWaiting && !gone.has(key));
  const usage = usageAfter(gone, 0, planning);
  const needs = Map.groupBy(
    waiting.flatMap((one) => needsOf(one, planning)),
    ({ key }) => key,
  );
  return [...needs].flatMap(([key, same]) => {
    const quota = usage.get(key);
    const more = same.reduce((sum, { amount }) => sum + amount, 0);
    if (quota === undefined || quota.usage + more <= quota.limit) return [];
    return [{ ask: quotaAskOf(quota, more, planning), why: `${listed(waiting)} are wanted and find no room.` }];
  });
}

function granted(usage: ReadonlyMap<string, Quota>, asks: readonly FewerAsk[]): ReadonlyMap<string, Quota> {
  const raised = asks.flatMap(({ ask }) => {
    const quota = usage.get(quotaKeyOf(ask));
    return quota === undefined ? [] : [[quotaKeyOf(ask), { ...quota, limit: ask.to }] as const];
  });
  return new Map([...usage, ...raised]);
}

function draftsFor(chosen: Chosen, planning: Planning): readonly ActionDraft[] {
  const { orphans, waiting, doubled, fronts } = chosen;
  const byFrom = new Map(doubled.map((one) => [one.from, one]));
  return [
    ...grouped(orphans).map(deletionDraft),
    ...grouped(waiting).map((group) =>
      waitingDraft(
        group,
        group.filter((one) => !chosen.spare.includes(one)),
      ),
    ),
    ...grouped(doubled.map(({ from }) => from)).flatMap((group) =>
      cutoverDrafts(group, (one) => destinationOf(byFrom.get(one) ?? { from: one, to: undefined }), planning),
    ),
    ...fronts.flatMap((group) => frontDrafts(group, planning)),
    ...asksFor(chosen, planning).map(({ ask, why }) => quotaRequestDraft(ask, why)),
  ];
}

/** `wanted`: those of the group whose workload outside reaches in no other way. */
function waitingDraft(group: readonly Balancer[], wanted: readonly Balancer[]): ActionDraft {
  const why = 'They never had an address, so that nobody outside can be using them.';
  if (wanted.length === 0) return internaliseDraft(group, { part: 'waiting', why, confidence: 0.88 });
  return internaliseDraft(group, {
    part: 'waiting',
    why: `${why} ${listed(wanted)} would have been the only way in from outside: whoever asked for that has to be told, and to come in by a shared front.`,
    confidence: 0.78,
    risks: [{ reason: `somebody wanted ${listed(wanted)} to be reached from outside`, adds: 0.05 }],
  });
}

function titleOf({ orphans, waiting, doubled, fronts }: Chosen): string {
  const parts = [
    [orphans.length, 'delete', 'that lead nowhere'],
    [waiting.length, 'make ClusterIP', 'that never had an address'],
    [doubled.length, 'fold', 'that lead to the same as others'],
    [fronts.flat().length, 'put behind a shared front', 'that speak HTTP'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, verb, which]) => `${verb} ${count} ${which}`);
  return `Have fewer load balancers: ${said.join(', ')}`;
}
