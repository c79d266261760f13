/** What changes do to cloud quotas, by the tables of `cluster/src/cloud` that diagnosis and the simulated cloud share. */
import {
  quotaNeedOfDisk,
  quotaNeedOfNode,
  regionOfZone,
  type ClusterSnapshot,
  type Quota,
  type QuotaNeed,
} from '@aia/cluster';
import type { Change, QuotaEffect } from '@aia/contract';
import { cloudThings, type CloudThing } from './cloud-things.ts';

/** Sums over all changes, by region and metric; quotas that were not read are left out. `earlier`: what is made before. */
export function quotaEffects(
  changes: readonly Change[],
  snapshot: ClusterSnapshot,
  earlier: readonly Change[] = [],
): readonly QuotaEffect[] {
  const quotas = new Map((snapshot.cloud.quotas ?? []).map((quota) => [`${quota.region}/${quota.metric}`, quota]));
  if (quotas.size === 0) return [];
  const region = regionOf(snapshot);
  const sums = new Map<string, QuotaEffect>();
  for (const thing of cloudThings(changes, snapshot, earlier))
    for (const need of needsOf(thing)) {
      const key = chargedTo(need, quotas, need.region === 'global' ? 'global' : region);
      const quota = quotas.get(key);
      if (quota === undefined) continue;
      const amount = (sums.get(key)?.amount ?? 0) + need.amount * thing.count;
      sums.set(key, { metric: quota.metric, region: quota.region, amount });
    }
  return [...sums.entries()]
    .filter(([, { amount }]) => amount !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, effect]) => effect);
}

/** Another metric is charged where the first is not reported, or is 0. */
function chargedTo({ metric, otherwise }: QuotaNeed, quotas: ReadonlyMap<string, Quota>, where: string): string {
  const own = `${where}/${metric}`;
  const isOwn = otherwise === undefined || (quotas.get(own)?.limit ?? 0) !== 0;
  return isOwn ? own : `${where}/${otherwise}`;
}

function needsOf(thing: CloudThing): readonly QuotaNeed[] {
  switch (thing.kind) {
    case 'node':
      return quotaNeedOfNode(thing.pool);
    case 'disk':
      return quotaNeedOfDisk(thing.shape);
    case 'front':
      return thing.needs;
    case 'reservation':
      return [
        { metric: thing.isInternal ? 'INTERNAL_ADDRESSES' : 'STATIC_ADDRESSES', region: thing.region, amount: 1 },
      ];
    case 'ephemeral-address':
      return [{ metric: 'IN_USE_ADDRESSES', region: thing.region, amount: 1 }];
    case 'unused-address':
      return [];
  }
}

function regionOf({ cloud }: ClusterSnapshot): string {
  const location = cloud.cluster?.location ?? '';
  return /-[a-z]$/.test(location) ? regionOfZone(location) : location;
}
