/** What changes do to cloud quotas, by the tables of `cluster/src/cloud` that diagnosis and the simulated cloud share. */
import {
  quotaNeedOfLoadBalancer,
  quotaNeedOfNode,
  type ClusterSnapshot,
  type KubeObject,
  type QuotaNeed,
} from '@aia/cluster';
import type { Change, CloudCall, QuotaEffect } from '@aia/contract';
import { changedObjects } from './changed-objects.ts';

/** Sums over all changes, by region and metric; quotas that were not read are left out. */
export function quotaEffects(changes: readonly Change[], snapshot: ClusterSnapshot): readonly QuotaEffect[] {
  const sums = new Map<string, QuotaEffect>();
  const add = (needs: readonly QuotaNeed[], times: number) => {
    for (const { metric, region, amount } of needs) {
      const where = region === 'global' ? 'global' : regionOf(snapshot);
      if (snapshot.cloud.quotas?.some((quota) => quota.metric === metric && quota.region === where) !== true) continue;
      const key = `${where}/${metric}`;
      sums.set(key, { metric, region: where, amount: (sums.get(key)?.amount ?? 0) + amount * times });
    }
  };
  for (const { before, after } of changedObjects(changes, snapshot)) {
    add(needsOf(before), -1);
    add(needsOf(after), 1);
  }
  for (const change of changes) if (change.kind === 'cloud') addCall(change.call, snapshot, add);
  return [...sums.entries()]
    .filter(([, { amount }]) => amount !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, effect]) => effect);
}

/** What is there draws on; a Service that has no address yet draws on nothing. */
function needsOf(object: KubeObject | undefined): readonly QuotaNeed[] {
  if (object?.kind !== 'Service') return [];
  const service = object as Parameters<typeof quotaNeedOfLoadBalancer>[0];
  const isServed = (service.status?.loadBalancer?.ingress ?? []).length > 0;
  return service.spec?.type === 'LoadBalancer' && isServed ? quotaNeedOfLoadBalancer(service) : [];
}

function addCall(
  call: CloudCall,
  snapshot: ClusterSnapshot,
  add: (needs: readonly QuotaNeed[], times: number) => void,
) {
  if (call.operation === 'resize-node-pool') {
    const pool = snapshot.cloud.cluster?.nodePools.find(({ name }) => name === call.pool);
    if (pool !== undefined) add(quotaNeedOfNode(pool), call.to - call.from);
  }
}

function regionOf({ cloud }: ClusterSnapshot): string {
  const location = cloud.cluster?.location ?? '';
  return /-[a-z]$/.test(location) ? location.slice(0, -2) : location;
}
