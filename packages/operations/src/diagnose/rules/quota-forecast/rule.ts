/** A cloud quota will be used up if its usage goes on growing as it did. */
import { quotaEvidence, quotaRef, quotaSeverity, sortedQuotas } from '../../cloud/cloud-quota.ts';
import type { Severity } from '../../finding.ts';
import { DAY_MS } from '../../forecast/daily-maxima.ts';
import { quotaForecast } from '../../cloud/quota-outlook.ts';
import type { TimeToLimit } from '../../forecast/time-to-limit.ts';
import type { Rule } from '../../rule.ts';

/** A raise of a quota is asked for and granted within days, not hours. */
const SOON_MS = 7 * DAY_MS;
const MONTH_MS = 30 * DAY_MS;

/** Facts: metric, region, limit, usage, at, earliestAt, latestAt (epoch milliseconds; the last absent where the band holds no growth), perDay, basis (`slope` or `trend`). */
export const rule: Rule = {
  code: 'quota-forecast',
  title: 'Cloud quota will be used up',
  severity: 'medium',
  explanation:
    'The history of a quota grows towards its limit. Usage moves in steps, so it is judged by the highest value of each day: by the median ' +
    'slope between all days (Theil–Sen) and by the smoothed trend of the last 28 days (Holt); the earlier of the two counts, with a band of ' +
    '80 %. It is medium within a week, low within a month, information up to 90 days; lower for metrics that this cluster does not draw on ' +
    'and for other regions, as for quota-near-limit. The rule stays silent with fewer than seven days of history or with one that ended days ' +
    'ago, while less than 60 % is used, after a single jump, and where usage does not grow. What waits for quota already is named by ' +
    'pod-unschedulable and load-balancer-pending, and counted in the list of quotas.',
  remediation: {
    class: 'free-quota',
    text: 'Ask for more quota before the date, or find out what grows and free what is not needed.',
  },
  aliases: {},
  needs: ['quotas'],
  *check({ snapshot, now }) {
    if (snapshot.cloud.quotaHistory === undefined) return;
    for (const quota of sortedQuotas(snapshot.cloud.quotas)) {
      const found = quotaForecast(snapshot, quota);
      if (found === undefined) continue;
      const { metric, region, limit, usage } = quota;
      const { at, earliestAt, latestAt, perDay, basis, days } = found;
      yield {
        resource: quotaRef(metric, region),
        severity: quotaSeverity(snapshot, quota, severityOf(at - now)),
        message: `Quota ${metric} in ${region} (${usage} of ${limit}) grows by ${Number(perDay.toFixed(1))} a day and would be used up around ${dayOf(at)} (${bandText(found)}).`,
        evidence: [
          quotaEvidence(quota),
          {
            kind: 'calculation',
            text: `${basis === 'slope' ? 'median slope (Theil–Sen)' : 'smoothed trend (Holt)'} of the daily maxima of ${days} days: ${Number(perDay.toFixed(2))} a day; ${Number((limit - usage).toFixed(1))} are free`,
          },
        ],
        facts: {
          metric,
          region,
          limit,
          usage,
          at,
          earliestAt,
          ...(latestAt !== undefined && { latestAt }),
          perDay: Math.round(perDay * 1000) / 1000,
          basis,
        },
      };
    }
  },
};

function severityOf(aheadMs: number): Severity {
  if (aheadMs <= SOON_MS) return 'medium';
  return aheadMs <= MONTH_MS ? 'low' : 'info';
}

function bandText({ earliestAt, latestAt }: TimeToLimit): string {
  return latestAt === undefined
    ? `not before ${dayOf(earliestAt)}`
    : `between ${dayOf(earliestAt)} and ${dayOf(latestAt)}`;
}

/** A date far beyond the range of dates is one all the same. */
function dayOf(at: number): string {
  return new Date(Math.min(at, 8.64e15)).toISOString().slice(0, 10);
}
