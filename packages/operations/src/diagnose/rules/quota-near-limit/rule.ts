/** A cloud quota near its limit. */
import { quotaEvidence, quotaRef, quotaSeverity, sortedQuotas, usedShare } from '../../cloud/cloud-quota.ts';
import type { Rule } from '../../rule.ts';

/** Facts: metric, region, limit, usage. */
export const rule: Rule = {
  code: 'quota-near-limit',
  title: 'Cloud quota is nearly used up',
  severity: 'medium',
  explanation:
    'More than 80 % of a quota is used (threshold quotaShare). A surge upgrade, a scale-up or one more load balancer may be refused soon. Metrics that this cluster does not draw on (machine families, Spot and accelerators that it has no node for; commitments) are low, and those of regions in which the cluster has no nodes are information. The rule stays silent below that and for what is used up, which quota-exhausted reports.',
  remediation: { class: 'free-quota', text: 'Free what is not needed, or ask for more quota before it is needed.' },
  aliases: {},
  needs: ['quotas'],
  *check({ snapshot, thresholds }) {
    for (const quota of sortedQuotas(snapshot.cloud.quotas)) {
      const share = usedShare(quota);
      if (share < thresholds.quotaShare || share >= 1) continue;
      const { metric, region, limit, usage } = quota;
      yield {
        resource: quotaRef(metric, region),
        severity: quotaSeverity(snapshot, quota, 'medium'),
        message: `Quota ${metric} in ${region} is ${Math.floor(share * 100)} % used: ${usage} of ${limit}.`,
        evidence: [quotaEvidence(quota)],
        facts: { metric, region, limit, usage },
      };
    }
  },
};
