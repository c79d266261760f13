/** What changes do to the estimated cost, by list prices. Never a bill. */
import {
  costOf,
  HOURS_PER_MONTH,
  LIST_PRICES,
  NO_CLOUD,
  quotaNeedOfLoadBalancer,
  rulesHourly,
  type CloudAddress,
  type CloudDisk,
  type ClusterSnapshot,
  type CostEstimate,
  type Node,
  type NodePool,
  type QuotaNeed,
} from '@aia/cluster';
import type { Action, Change } from '@aia/contract';
import { cloudThings, servedAddresses, type CloudThing } from './cloud-things.ts';

/** Of changes to nothing that has a price. */
export const NO_MONEY = 'no effect on what is priced';

/** More to pay per month. `earlier`: what is made before. */
export function moneyOf(
  changes: readonly Change[],
  snapshot: ClusterSnapshot,
  earlier: readonly Change[] = [],
): Action['money'] {
  const things = cloudThings(changes, snapshot, earlier);
  const currency = LIST_PRICES.currency;
  if (things.length === 0) return { monthly: 0, currency, text: NO_MONEY };
  const [more, less] = [partOf(things, 1, snapshot), partOf(things, -1, snapshot)];
  const rules = rulesDelta(things, snapshot);
  const monthly = more.monthly - less.monthly + rules.monthly;
  const counted = [...linesOf(more, '+'), ...linesOf(less, '−'), ...rules.lines];
  const unpriced = [...more.unpriced, ...less.unpriced].filter(
    ({ about }) => about !== 'traffic' && about !== 'Cloud NAT',
  );
  return {
    monthly: Math.round(monthly * 100) / 100 + 0,
    currency,
    text: [
      counted.length === 0 ? 'nothing of it is priced' : counted.join(', '),
      ...unpriced.map(({ about, why }) => `${about}: ${why}`),
      ...(things.some((one) => one.kind === 'node' && one.isPotential === true)
        ? ['as far as the autoscaler adds nodes']
        : []),
      'estimate, list prices, discounts not included',
    ].join('; '),
  };
}

function linesOf({ lines }: CostEstimate, sign: string): readonly string[] {
  return lines
    .filter(({ item }) => item !== 'cluster-fee')
    .map(({ about, quantity, unit }) => `${sign}${quantity} ${unit === 'GB' ? 'GB of ' : '× '}${about}`);
}

/** The cost of what is taken (`sign` 1) or given back (−1), forwarding rules aside: their bundle makes their price depend on all of them. */
function partOf(things: readonly CloudThing[], sign: 1 | -1, { cloud: { cluster } }: ClusterSnapshot): CostEstimate {
  const counted = things.map((thing) => ({ ...thing, count: thing.count * sign })).filter(({ count }) => count > 0);
  const times = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));
  const pools = counted.flatMap((one) => (one.kind === 'node' ? [one.pool] : []));
  return costOf({
    nodes: counted.flatMap((one) => (one.kind === 'node' ? times(one.count, (i) => nodeOf(one.pool, i)) : [])),
    volumes: [],
    storageClasses: [],
    cloud: {
      ...NO_CLOUD,
      ...(cluster !== undefined && {
        cluster: { ...cluster, nodePools: [...new Map(pools.map((pool) => [pool.name, pool])).values()] },
      }),
      disks: counted.flatMap((one) =>
        one.kind === 'disk'
          ? times(one.count, (): CloudDisk => ({
              ...NO_DISK,
              type: one.shape.type,
              sizeGb: one.shape.sizeGb,
              zone: one.shape.isRegional ? '' : 'a',
            }))
          : [],
      ),
      addresses: counted.flatMap((one) => (one.kind === 'unused-address' ? times(one.count, () => UNUSED) : [])),
      forwardingRules: [],
    },
  });
}

const NO_DISK: CloudDisk = {
  ...{ name: '', zone: 'a', region: '', type: '', sizeGb: 0, users: [], description: '', labels: {} },
  ...{ createdAt: undefined, lastDetachedAt: undefined },
};
const UNUSED: CloudAddress = {
  name: '',
  address: '',
  region: '',
  status: 'RESERVED',
  addressType: 'EXTERNAL',
  users: [],
};

/** A machine of a pool, as prices look at it. */
function nodeOf({ name, machineType, spot, privateNodes }: NodePool, i: number): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: `${name}-${i}`,
      labels: {
        'cloud.google.com/gke-nodepool': name,
        'node.kubernetes.io/instance-type': machineType,
        ...(spot && { 'cloud.google.com/gke-spot': 'true' }),
      },
    },
    status: { addresses: privateNodes ? [] : [{ type: 'ExternalIP', address: `${name}-${i}` }] },
  };
}

function rulesDelta(
  things: readonly CloudThing[],
  snapshot: ClusterSnapshot,
): { readonly monthly: number; readonly lines: readonly string[] } {
  const change = things.reduce((sum, one) => sum + (one.kind === 'front' ? rulesOf(one.needs) * one.count : 0), 0);
  if (change === 0) return { monthly: 0, lines: [] };
  const before = snapshot.cloud.forwardingRules?.length ?? servedRules(snapshot);
  const after = Math.max(0, before + change);
  const hourly = rulesHourly(after, LIST_PRICES) - rulesHourly(before, LIST_PRICES);
  return { monthly: hourly * HOURS_PER_MONTH, lines: [`${before} → ${after} forwarding rules`] };
}

/** Metrics of one group count the same rules under several names. */
function rulesOf(needs: readonly QuotaNeed[]): number {
  return Math.max(0, ...needs.filter(({ group }) => group === 'forwarding rules').map(({ amount }) => amount));
}

/** Where rules were not listed: those of Services with an address. */
function servedRules(snapshot: ClusterSnapshot): number {
  return snapshot
    .list('Service')
    .filter((service) => servedAddresses(service).length > 0)
    .reduce((sum, service) => sum + rulesOf(quotaNeedOfLoadBalancer(service)), 0);
}
