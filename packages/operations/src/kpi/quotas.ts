/** The cloud quotas that a cluster draws on: use, what is free, what waits for them, how far autoscaling may go, when growth reaches them. */
import type { AssessedQuota } from '@aia/contract';
import { ceilings } from '../diagnose/nodes/autoscaler-ceiling.ts';
import { isDrawnOn, isNearCluster, sortedQuotas, usedShare } from '../diagnose/cloud/cloud-quota.ts';
import type { Examination } from '../diagnose/examination.ts';
import { keyOf, quotaDemands, quotaForecast, type Demand } from '../diagnose/cloud/quota-outlook.ts';

/** Quotas in use or needed, of the cluster's region and the project, fullest first; `undefined` when none were read. */
export function quotaRows(examination: Examination): readonly AssessedQuota[] | undefined {
  const { snapshot } = examination;
  const { quotas } = snapshot.cloud;
  if (quotas === undefined) return undefined;
  const { each, together } = quotaDemands(examination);
  const demands = Map.groupBy(each, ({ quota }) => keyOf(quota));
  const ceiling = new Map(ceilings(snapshot).map((one) => [keyOf(one.quota), one]));
  const matters = (key: string, usage: number, metric: string): boolean =>
    together.has(key) || ceiling.has(key) || (usage > 0 && isDrawnOn(snapshot, metric));
  const rows = sortedQuotas(quotas)
    .filter((quota) => isNearCluster(snapshot, quota.region) && matters(keyOf(quota), quota.usage, quota.metric))
    .map((quota): AssessedQuota => {
      const { metric, region, limit, usage } = quota;
      const key = keyOf(quota);
      const forecast = quotaForecast(snapshot, quota);
      const top = ceiling.get(key);
      return {
        metric,
        region,
        limit,
        usage,
        share: usedShare(quota),
        ...(limit >= 0 && { free: Math.max(0, limit - usage) }),
        needed: together.get(key) ?? 0,
        needs: (demands.get(key) ?? []).map(needOf),
        ...(top !== undefined && { ceiling: usage + top.need }),
        ...(forecast !== undefined && {
          forecast: {
            at: forecast.at,
            earliestAt: forecast.earliestAt,
            ...(forecast.latestAt !== undefined && { latestAt: forecast.latestAt }),
            perDay: forecast.perDay,
          },
        }),
      };
    });
  return rows.sort((a, b) => b.share - a.share);
}

function needOf({ by, amount, through }: Demand): AssessedQuota['needs'][number] {
  return { by, amount, ...(through !== undefined && { through }) };
}
