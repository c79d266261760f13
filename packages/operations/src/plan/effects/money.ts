/** What changes do to the estimated cost, by list prices. */
import { HOURS_PER_MONTH, LIST_PRICES, machineType, type ClusterSnapshot } from '@aia/cluster';
import type { Action, Change } from '@aia/contract';

/** More to pay per month; never a bill. */
export function moneyOf(changes: readonly Change[], snapshot: ClusterSnapshot): Action['money'] {
  const monthly = changes.reduce((sum, change) => sum + monthlyOf(change, snapshot), 0);
  const rounded = Math.round(monthly * 100) / 100;
  return {
    monthly: rounded,
    currency: LIST_PRICES.currency,
    text: rounded === 0 ? 'no effect on what is priced' : 'estimate, list prices, discounts not included',
  };
}

function monthlyOf(change: Change, { cloud }: ClusterSnapshot): number {
  if (change.kind !== 'cloud' || change.call.operation !== 'resize-node-pool') return 0;
  const { pool: name, from, to } = change.call;
  const pool = cloud.cluster?.nodePools.find((one) => one.name === name);
  return pool === undefined ? 0 : (to - from) * hourlyOf(pool.machineType) * HOURS_PER_MONTH;
}

function hourlyOf(name: string): number {
  const type = machineType(name);
  const family = type === undefined ? undefined : LIST_PRICES.machineFamilies[type.family];
  if (type === undefined || family === undefined) return LIST_PRICES.machineTypeHourly[name] ?? 0;
  const own = LIST_PRICES.machineTypeHourly[name];
  return own ?? type.vcpus * family.vcpuHourly + (type.memoryBytes / 2 ** 30) * family.gibHourly;
}
