/** How full ResourceQuotas are. */
import { amountOf, type ResourceQuota } from '@aia/cluster';

/** One resource of one quota; `hard` and `used` as Kubernetes writes them. */
export interface QuotaUse {
  readonly resource: string;
  readonly hard: string;
  readonly used: string;
  readonly share: number;
}

/** Every resource with a positive limit, fullest first. */
export function quotaUses(quota: ResourceQuota): readonly QuotaUse[] {
  const hard = quota.status?.hard ?? {};
  const used = quota.status?.used ?? {};
  return Object.keys(hard)
    .map((resource) => ({ resource, hard: String(hard[resource]), used: String(used[resource] ?? '0') }))
    .map((use) => ({ ...use, share: shareOf(use) }))
    .sort((a, b) => b.share - a.share || (a.resource < b.resource ? -1 : 1));
}

function shareOf({ resource, hard, used }: Omit<QuotaUse, 'share'>): number {
  const name = resource.replace(/^(?:requests|limits)\./, '');
  const limit = amountOf(name, hard) ?? 0;
  return limit > 0 ? (amountOf(name, used) ?? 0) / limit : 0;
}
