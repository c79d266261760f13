/** What all actions of a plan together may take: numbers, outages, money and quotas. */
import type { ClusterSnapshot } from '@aia/cluster';
import type { Action, QuotaEffect } from '@aia/contract';
import type { Policy } from '../../policy/policy.ts';
import { outagesOf } from '../../policy/reach.ts';

/** How a set exceeds its limits. */
export interface Excess {
  readonly because: 'budget' | 'quota';
  readonly reason: string;
}

/** Usage and limit of a quota as actions change them; absent limits are not kept. */
export interface QuotaState {
  usage: number;
  limit: number;
}

/** The quotas of a snapshot, by {@link quotaKey}. */
export function quotaStates({ cloud: { quotas = [] } }: ClusterSnapshot): Map<string, QuotaState> {
  return new Map(quotas.map((one) => [quotaKey(one), { usage: one.usage, limit: one.limit }]));
}

/** Names a quota. */
export function quotaKey({ metric, region }: Pick<QuotaEffect, 'metric' | 'region'>): string {
  return `${metric} in ${region}`;
}

/**
 * The first limit that a set of actions exceeds, whatever their order; `undefined` where it keeps all.
 * `done`: what the plan has already; the snapshot's quotas know of it.
 */
export function excessOf(
  actions: readonly Action[],
  done: readonly Action[],
  policy: Policy,
  snapshot: ClusterSnapshot,
): Excess | undefined {
  const all = [...done, ...actions];
  const { actions: most, outages, monthly, currency } = policy.budgets;
  if (most !== undefined && all.length > most)
    return budget(`budgets.blastRadius.actions: ${most}`, `the plan would have ${all.length} actions`);
  const out = all.reduce((sum, action) => sum + outagesOf(action), 0);
  if (outages !== undefined && out > outages)
    return budget(`budgets.disruption.outages: ${outages}`, `${out} Services would stop answering for a while`);
  const spent = round(all.reduce((sum, { money }) => sum + money.monthly, 0));
  if (monthly !== undefined && spent > monthly)
    return budget(`budgets.money.monthly: ${monthly}`, `the plan would add ${spent} ${currency} a month`);
  return excessOfQuotas(actions, policy, snapshot);
}

function budget(line: string, what: string): Excess {
  return { because: 'budget', reason: `The policy forbids it (${line}): ${what}.` };
}

function round(amount: number): number {
  return Math.round(amount * 100) / 100;
}

/** Quotas when everything is given back before anything is taken: what no order can mend. */
function excessOfQuotas(
  actions: readonly Action[],
  { budgets: { quotaShare } }: Policy,
  snapshot: ClusterSnapshot,
): Excess | undefined {
  if (actions.every(({ quota }) => quota.every(({ amount }) => amount <= 0))) return undefined;
  const states = quotaStates(snapshot);
  for (const action of actions) grant(action, states);
  const sums = new Map<string, { taken: number; given: number }>();
  for (const effect of actions.flatMap(({ quota }) => quota)) {
    const key = quotaKey(effect);
    const sum = sums.get(key) ?? { taken: 0, given: 0 };
    sums.set(key, sum);
    if (effect.amount > 0) sum.taken += effect.amount;
    else sum.given -= effect.amount;
  }
  for (const [key, { taken, given }] of sums) {
    const state = states.get(key);
    if (state === undefined || taken === 0) continue;
    const reason = exceeds({ ...state, usage: state.usage - given + taken }, key, taken, quotaShare);
    if (reason !== undefined) return { because: 'quota', reason };
  }
  return undefined;
}

/** Books an action; in words how it exceeds a quota that it takes from. */
export function carryOut(action: Action, states: Map<string, QuotaState>, share: number): string | undefined {
  grant(action, states);
  for (const effect of action.quota) {
    const state = states.get(quotaKey(effect));
    if (state === undefined) continue;
    state.usage += effect.amount;
    const reason = effect.amount > 0 ? exceeds(state, quotaKey(effect), effect.amount, share) : undefined;
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** What is asked for is granted. */
function grant({ steps }: Action, states: Map<string, QuotaState>): void {
  for (const { change } of steps) {
    if (change.kind !== 'cloud' || change.call.operation !== 'request-quota') continue;
    const state = states.get(quotaKey(change.call));
    if (state !== undefined && state.limit >= 0) state.limit = Math.max(state.limit, change.call.to);
  }
}

function exceeds({ usage, limit }: QuotaState, key: string, taken: number, share: number): string | undefined {
  if (limit < 0 || usage <= limit * share) return undefined;
  return `It takes ${round(taken)} of ${key}, of which ${round(usage)} of ${limit} would then be used; no action may bring a quota above ${Math.round(share * 1000) / 10} % (budgets.quotaShare).`;
}
