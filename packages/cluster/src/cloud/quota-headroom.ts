/** How much of a quota is free, and what runs out first. Not knowing is told apart from zero throughout. */
import type { Quota } from './cloud.ts';
import type { QuotaNeed } from './quota-need.ts';

/** What is free of one quota. */
export interface Headroom {
  readonly quota: Quota;
  /** Limit − usage, at least 0; `Infinity` for limits below 0, by which Google writes "unlimited". */
  readonly free: number;
  /** Usage ÷ limit; 0 when unlimited, 1 for a limit of 0. */
  readonly share: number;
}

/** How often one need fits into what is free. */
export interface NeedFit {
  readonly need: QuotaNeed;
  readonly headroom: Headroom;
  /** Whole times; `Infinity` when unlimited. */
  readonly fits: number;
}

/** How many more of a thing fit. */
export interface QuotaFit {
  /** Whole number; `Infinity` when every quota is unlimited; `undefined` when no quota of the needs is known. */
  readonly fits: number | undefined;
  /** What binds first: the fewest fits, then the fuller quota, then by name. */
  readonly binding: NeedFit | undefined;
  /** All that is known, tightest first. */
  readonly known: readonly NeedFit[];
  /** Metrics needed but not reported, sorted; `fits` is an upper bound when there are any. */
  readonly unknown: readonly string[];
}

/** Sums of doubles such as fractional SSD gigabytes may fall short of a whole number by a few bits. */
const ROUNDING = 1e-9;

/** What is free of a metric in a region (or `global`); `undefined` when it is not reported. */
export function headroom(quotas: readonly Quota[], metric: string, region: string): Headroom | undefined {
  const quota = quotas.find((candidate) => candidate.metric === metric && candidate.region === region);
  if (quota === undefined) return undefined;
  if (quota.limit < 0) return { quota, free: Infinity, share: 0 };
  return {
    quota,
    free: Math.max(0, quota.limit - quota.usage),
    share: quota.limit === 0 ? 1 : quota.usage / quota.limit,
  };
}

/** How often `needs`, taken together, fit into what is free in `region` and project-wide, and which quota binds first. */
export function bindingQuota(needs: readonly QuotaNeed[], quotas: readonly Quota[], region: string): QuotaFit {
  const known: NeedFit[] = [];
  const missing: QuotaNeed[] = [];
  for (const need of needs) {
    if (need.amount <= 0) continue;
    const free = chargedTo(need, quotas, need.region === 'global' ? 'global' : region);
    if (free === undefined) missing.push(need);
    else known.push({ need, headroom: free, fits: Math.floor(free.free / need.amount + ROUNDING) });
  }
  known.sort(tightestFirst);
  const knownGroups = new Set(known.map(({ need }) => need.group));
  const gaps = missing.filter(({ group }) => group === undefined || !knownGroups.has(group));
  const unknown = [...new Set(gaps.map(({ metric }) => metric))].sort();
  return { fits: known[0]?.fits, binding: known[0], known, unknown };
}

function chargedTo(need: QuotaNeed, quotas: readonly Quota[], region: string): Headroom | undefined {
  const own = headroom(quotas, need.metric, region);
  if (need.otherwise === undefined || (own !== undefined && own.quota.limit !== 0)) return own;
  return headroom(quotas, need.otherwise, region);
}

function tightestFirst(a: NeedFit, b: NeedFit): number {
  if (a.fits !== b.fits) return a.fits < b.fits ? -1 : 1;
  if (a.headroom.share !== b.headroom.share) return b.headroom.share - a.headroom.share;
  const [nameA, nameB] = [a, b].map(({ headroom: { quota } }) => `${quota.metric}/${quota.region}`) as [string, string];
  return nameA < nameB ? -1 : nameA > nameB ? 1 : 0;
}
