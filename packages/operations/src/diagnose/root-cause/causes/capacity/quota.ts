/** What a case of waiting pods says about quotas: which one, how sure, and which findings speak of it. */
import type { ResourceRef } from '@aia/cluster';
import type { Weighing } from '@aia/contract';
import { quotaRef } from '../../../cloud/cloud-quota.ts';
import { unique } from '../../../order.ts';
import { partsOf, STRENGTH, type DirectEffect } from '../../hypothesis.ts';
import { atMaximum, quotaFindings, refusalFinding, type Case } from './case.ts';

/** The metric that a refusal names, one without room first; else the fullest one that a node needs. */
export function metricOf({ refused, full }: Case): string | undefined {
  const said = unique((refused.get('quota') ?? []).flatMap(({ refusal }) => refusal.metric ?? []));
  const short = full.map(({ quota }) => quota.metric);
  return said.find((metric) => short.includes(metric)) ?? said[0] ?? short[0];
}

function quotaRegion(one: Case): string {
  const metric = metricOf(one);
  const row = one.full.find(({ quota }) => quota.metric === metric)?.quota.region;
  const said = one.refused.get('quota')?.find(({ refusal }) => refusal.metric === metric)?.refusal.region;
  return row ?? said ?? one.region;
}

/** The quota as a resource. */
export function quotaResource(one: Case): ResourceRef {
  return quotaRef(metricOf(one) ?? '(not named)', quotaRegion(one) || 'unknown');
}

/**
 * `quota CPUS in us-central1`, `quotas CPUS and IN_USE_ADDRESSES in us-central1` where several bind, or that it is not known
 * which.
 */
export function quotaName(one: Case): string {
  const metrics = metricsOf(one);
  if (metrics.length === 0) return `a cloud quota${placeText(quotaRegion(one))}`;
  const regions = new Map(one.full.map(({ quota }) => [quota.metric, quota.region]));
  const places = Map.groupBy(metrics, (metric) => placeText(regions.get(metric) ?? quotaRegion(one)));
  const rows = [...places].map(([where, names]) => `${listed(names)}${where}`);
  return `${metrics.length === 1 ? 'quota' : 'quotas'} ${listed(rows)}`;
}

/** Every metric that keeps the next node away: the one that the cause is named after first. */
export function metricsOf(one: Case): readonly string[] {
  return unique([metricOf(one), ...one.full.map(({ quota }) => quota.metric)].filter((metric) => metric !== undefined));
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

function placeText(region: string): string {
  if (region === '') return '';
  return region === 'global' ? ' (all regions)' : ` in ${region}`;
}

/** For and against a quota as the reason. */
export function quotaWeighings(one: Case): readonly Weighing[] {
  const said = one.refused.get('quota');
  const named = said?.some(({ refusal }) => refusal.metric !== undefined) ?? false;
  return [
    ...(said === undefined
      ? []
      : [
          {
            observation: named ? 'the refusal names the quota metric' : 'the refusal says quota, without a metric',
            ratio: named ? STRENGTH.stated : STRENGTH.measured,
          },
        ]),
    ...tableWeighings(one, named),
    ...(one.refused.has('stock-out')
      ? [{ observation: 'another refusal says stock-out', ratio: STRENGTH.unlikely }]
      : []),
    ...(atMaximum(one)
      ? [
          {
            observation: 'the pool is at its own maximum, so that no node is asked of the cloud',
            ratio: STRENGTH.unlikely,
          },
        ]
      : []),
  ];
}

/** A table with room excludes an unnamed quota; a named one may have been full at the moment of the refusal. */
function tableWeighings({ full, knowsQuotas }: Case, named: boolean): readonly Weighing[] {
  if (full.length > 0) {
    const metrics = full.map(({ quota }) => quota.metric).join(', ');
    return [{ observation: `the quota table has no room for one more node (${metrics})`, ratio: STRENGTH.measured }];
  }
  if (!knowsQuotas) return [];
  return [
    {
      observation: 'the quota table has room for another node',
      ratio: named ? STRENGTH.unlikely : STRENGTH.contradicted,
    },
  ];
}

/** For a reason other than quota. */
export function roomWeighing(one: Case): Weighing {
  return one.full.length > 0
    ? { observation: 'a quota is full as well', ratio: 1 }
    : { observation: 'every quota has room for another node', ratio: STRENGTH.typical };
}

/** Findings about the quota and about the refusal that it brings about. */
export function quotaEffects(one: Case): readonly DirectEffect[] {
  const said = refusalFinding(one, 'quota');
  return [
    ...partsOf(quotaFindings(one, metricOf(one), quotaRegion(one)), 'the quota itself leaves no room for a node'),
    ...(said === undefined ? [] : partsOf([said], 'the cloud refuses a node beyond the quota')),
  ];
}
