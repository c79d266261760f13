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

/** `quota CPUS in us-central1`, or that it is not known which. */
export function quotaName(one: Case): string {
  const metric = metricOf(one);
  const region = quotaRegion(one);
  const where = region === '' ? '' : region === 'global' ? ' (all regions)' : ` in ${region}`;
  return metric === undefined ? `a cloud quota${where}` : `quota ${metric}${where}`;
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
